"""Inspections done under the supervision plan: added by an act, never edited or deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema

TABLE = "credit_supervisionvisit"
GUARDS = [
    Guard("credit_supervisionvisit_stays", TABLE, "DELETE", "a visit is never deleted"),
    Guard("credit_supervisionvisit_is_written_once", TABLE, "UPDATE", "a visit is never edited"),
    comes_new(
        TABLE,
        "(o.enterprise_id = NEW.enterprise_id AND o.visited_on = NEW.visited_on "
        "AND o.officer_id = NEW.officer_id)",
    ),
    never_emptied(TABLE),
]


def lock(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0040_next_change"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SupervisionVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("visited_on", models.DateField(db_index=True, verbose_name="检查日期")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("clean", "未发现问题"),
                            ("found", "发现问题，当场整改"),
                            ("ordered", "责令限期整改"),
                            ("penalty", "移交立案处罚"),
                            ("absent", "停产或无人，未能检查"),
                        ],
                        max_length=10,
                        verbose_name="检查结果",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="检查情况")),
                (
                    "grade",
                    models.CharField(blank=True, max_length=1, verbose_name="检查时的等级"),
                ),
                ("plan", models.CharField(max_length=60, verbose_name="频次表")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervision_visits",
                        to="credit.enterprise",
                        verbose_name="企业",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="检查人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "监督检查",
                "verbose_name_plural": "监督检查",
                "ordering": ["-visited_on", "-id"],
                "permissions": [("record_visit", "可以登记监督检查")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enterprise", "visited_on", "officer"),
                        name="one_visit_of_an_officer_a_day",
                    )
                ],
            },
        ),
        RunSchema(lock, unlock),
    ]
