"""Rule-sets as immutable versions in time, their drafts, and simulations of these.

A version needs a finished simulation of exactly its text, and is adopted by one who neither drafted it nor
ran the simulation; the database asks for both itself.
"""

from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema, at_once

VERSION = "credit_rulesetversion"
SIMULATION = "credit_simulation"
DRAFT = "credit_rulesetdraft"
FIXED = (
    "id", "draft_id", "text", "sha256", "as_of", "every_record", "against", "run_by_id", "created_at",
)  # fmt: skip
UNCHANGED = " AND ".join(f"NEW.{column} = OLD.{column}" for column in FIXED)
SAID = (
    "id", "code", "version", "text", "sha256", "effective_from", "proposed_by_id", "adopted_by_id",
    "adopted_on", "recorded_at", "reason", "simulation_id",
)  # fmt: skip
GUARDS = [
    Guard(
        "credit_ruleset_is_simulated_and_adopted_by_a_second_person",
        VERSION,
        "INSERT",
        "a rule-set needs a finished simulation of its text, and a second person to adopt it",
        f"""CASE WHEN NEW.simulation_id IS NULL THEN NOT EXISTS (SELECT 1 FROM {VERSION})
        ELSE EXISTS (SELECT 1 FROM {SIMULATION} s JOIN {DRAFT} d ON d.id = s.draft_id
                     WHERE s.id = NEW.simulation_id AND s.state = 'done'
                     AND s.text = NEW.text AND s.sha256 = NEW.sha256
                     AND d.drafted_by_id = NEW.proposed_by_id
                     AND s.run_by_id <> NEW.adopted_by_id
                     AND d.drafted_by_id <> NEW.adopted_by_id) END""",  # noqa: S608
    ),
    Guard("credit_ruleset_stays", VERSION, "DELETE", "a rule-set is never deleted"),
    comes_new(
        VERSION,
        "o.effective_from = NEW.effective_from",
        "(o.code = NEW.code AND o.version = NEW.version)",
        "o.simulation_id = NEW.simulation_id",
    ),
    never_emptied(VERSION),
    Guard(
        "credit_simulation_begins_waiting",
        SIMULATION,
        "INSERT",
        "a simulation is run, not written",
        "NEW.state = 'waiting'",
    ),
    Guard(
        "credit_simulation_is_of_one_text",
        SIMULATION,
        "UPDATE",
        "what a simulation ran, and what came of it, is never edited",
        f"OLD.state <> 'done' AND {UNCHANGED}",
    ),
    Guard("credit_simulation_stays", SIMULATION, "DELETE", "a simulation is never deleted"),
    comes_new(SIMULATION),
    never_emptied(SIMULATION),
    Guard(
        "credit_draft_has_one_drafter",
        DRAFT,
        "UPDATE",
        "a draft stays with its drafter",
        "NEW.drafted_by_id = OLD.drafted_by_id",
    ),
    comes_new(DRAFT),
]


def guards(vendor):
    """An update that changes nothing is let through: tests put back what the migrations wrote."""
    same = import_module("credit.migrations.0005_tighter_lock").same
    edited = Guard(
        "credit_ruleset_is_written_once",
        VERSION,
        "UPDATE",
        "a rule-set is never edited",
        same(vendor, SAID),
    )
    return [*GUARDS, edited]


def lock(schema_editor):
    for guard in guards(schema_editor.connection.vendor):
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in guards(schema_editor.connection.vendor):
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0031_names_and_casualties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RulesetDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="标题")),
                ("text", models.TextField(verbose_name="内容（TOML）")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="开始时间")),
                ("edited_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="起草人",
                    ),
                ),
            ],
            options={
                "verbose_name": "规则集草案",
                "verbose_name_plural": "规则集草案",
                "ordering": ["-id"],
                "permissions": [("draft_ruleset", "可以起草、模拟规则集")],
            },
        ),
        migrations.CreateModel(
            name="Simulation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="内容（TOML）")),
                ("sha256", models.CharField(db_index=True, max_length=64, verbose_name="内容指纹")),
                ("as_of", models.DateField(verbose_name="截至日期")),
                ("every_record", models.BooleanField(default=True, verbose_name="全部记录按草案")),
                ("against", models.CharField(max_length=60, verbose_name="对照的规则集")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "排队中"),
                            ("running", "模拟中"),
                            ("done", "已完成"),
                            ("failed", "失败"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0, verbose_name="已算企业")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="企业总数")),
                ("result", models.JSONField(default=dict, verbose_name="结果")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="开始时间")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="完成时间")),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="simulations",
                        to="credit.rulesetdraft",
                    ),
                ),
                (
                    "run_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="模拟人",
                    ),
                ),
            ],
            options={
                "verbose_name": "规则集模拟",
                "verbose_name_plural": "规则集模拟",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="RulesetVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="代码")),
                ("version", models.CharField(max_length=15, verbose_name="版本")),
                ("text", models.TextField(verbose_name="内容（TOML）")),
                ("sha256", models.CharField(max_length=64, verbose_name="内容指纹")),
                ("effective_from", models.DateField(unique=True, verbose_name="施行日期")),
                ("adopted_on", models.DateField(null=True, verbose_name="批准日期")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="记录时间"
                    ),
                ),
                ("reason", models.TextField(verbose_name="理由")),
                (
                    "adopted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批准人",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="起草人",
                    ),
                ),
                (
                    "simulation",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adopted",
                        to="credit.simulation",
                        verbose_name="模拟",
                    ),
                ),
            ],
            options={
                "verbose_name": "规则集",
                "verbose_name_plural": "规则集",
                "ordering": ["-effective_from"],
                "permissions": [("adopt_ruleset", "可以批准规则集施行")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "version"), name="one_ruleset_per_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("adopted_by__isnull", True),
                                ("proposed_by__isnull", True),
                                ("simulation__isnull", True),
                            ),
                            models.Q(
                                ("adopted_by__isnull", False),
                                ("adopted_on__isnull", False),
                                ("proposed_by__isnull", False),
                                ("simulation__isnull", False),
                                models.Q(("adopted_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="ruleset_adopted_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("adopted_on__isnull", True),
                            ("effective_from__gte", models.F("adopted_on")),
                            _connector="OR",
                        ),
                        name="ruleset_does_not_reach_back",
                    ),
                ],
            },
        ),
        RunSchema(lock, unlock),
    ]
    operations = at_once(operations)
