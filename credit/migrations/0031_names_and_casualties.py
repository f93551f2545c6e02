"""Names that a person links to an enterprise, and late changes of casualties that a second person decides."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema, at_once

PROPOSALS, DECISIONS = "credit_casualtyproposal", "credit_casualtydecision"
GUARDS = [
    Guard("credit_casualty_proposal_stays", PROPOSALS, "DELETE", "a proposal is never deleted"),
    Guard("credit_casualty_proposal_is_fixed", PROPOSALS, "UPDATE", "a proposal is never edited"),
    comes_new(
        PROPOSALS,
        "(o.accident_id = NEW.accident_id AND o.deaths = NEW.deaths"
        " AND o.serious_injuries = NEW.serious_injuries)",
    ),
    never_emptied(PROPOSALS),
    Guard("credit_casualty_decision_stays", DECISIONS, "DELETE", "a decision is never deleted"),
    Guard("credit_casualty_decision_is_fixed", DECISIONS, "UPDATE", "a decision is never edited"),
    Guard(
        "credit_casualty_second_person", DECISIONS, "INSERT", "who proposed does not decide",
        f"NOT EXISTS (SELECT 1 FROM {PROPOSALS} p"  # noqa: S608
        " WHERE p.id = NEW.proposal_id AND p.by_id = NEW.by_id)",
    ),
    comes_new(DECISIONS, "o.proposal_id = NEW.proposal_id"),
    never_emptied(DECISIONS),
]  # fmt: skip


def lock(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0030_kinds_of_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CasualtyProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("deaths", models.PositiveIntegerField(verbose_name="死亡人数")),
                ("serious_injuries", models.PositiveIntegerField(verbose_name="重伤人数")),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("general", "一般事故"),
                            ("larger", "较大事故"),
                            ("major", "重大事故"),
                            ("extraordinary", "特别重大事故"),
                        ],
                        max_length=15,
                        verbose_name="拟定等级",
                    ),
                ),
                ("on", models.DateField(verbose_name="提出日期")),
                (
                    "accident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="casualty_proposals",
                        to="credit.accident",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="credit.importbatch",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "伤亡变更建议",
                "verbose_name_plural": "伤亡变更建议",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="CasualtyDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("accepted", models.BooleanField(verbose_name="同意更正")),
                ("reason", models.TextField(verbose_name="理由")),
                ("on", models.DateField(verbose_name="决定日期")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="credit.casualtyproposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "伤亡变更决定",
                "verbose_name_plural": "伤亡变更决定",
            },
        ),
        migrations.CreateModel(
            name="NameMatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=200, verbose_name="名称（统一写法）")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("said", models.CharField(blank=True, max_length=60, verbose_name="填写的号码")),
                ("candidates", models.JSONField(default=list, verbose_name="近似企业")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "待核对"),
                            ("linked", "就是这家企业"),
                            ("different", "都不是"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("decided_on", models.DateField(null=True, verbose_name="决定日期")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="name_matches",
                        to="credit.importbatch",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="name_matches",
                        to="credit.enterprise",
                    ),
                ),
            ],
            options={
                "verbose_name": "名称核对",
                "verbose_name_plural": "名称核对",
                "ordering": ["-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="casualtyproposal",
            constraint=models.UniqueConstraint(
                fields=("accident", "deaths", "serious_injuries"),
                name="one_casualty_proposal_per_figures",
            ),
        ),
        migrations.AddConstraint(
            model_name="namematch",
            constraint=models.UniqueConstraint(
                fields=("key", "said"), name="one_match_per_name_and_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="namematch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("enterprise__isnull", False), ("state", "linked")),
                    models.Q(
                        models.Q(("state", "linked"), _negated=True), ("enterprise__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="name_match_links_one_enterprise",
            ),
        ),
        RunSchema(lock, unlock),
    ]
    operations = at_once(operations)
