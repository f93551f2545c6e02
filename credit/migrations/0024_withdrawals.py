"""A fact that is withdrawn or restored leaves a row that stays: who, why, on which paper."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema

TABLE = "credit_withdrawal"
GUARDS = [
    Guard("credit_withdrawal_stays", TABLE, "DELETE", "a withdrawal is never deleted"),
    Guard("credit_withdrawal_is_written_once", TABLE, "UPDATE", "a withdrawal is never edited"),
    comes_new(TABLE),
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
        ("credit", "0023_removal_by_two"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[("withdraw", "撤销"), ("restore", "恢复")],
                        max_length=10,
                        verbose_name="办理",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                ("reason", models.TextField(verbose_name="理由")),
                ("paper", models.CharField(max_length=200, verbose_name="文书名称和文号")),
                (
                    "accident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawals",
                        to="credit.accident",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "violation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawals",
                        to="credit.violation",
                    ),
                ),
            ],
            options={
                "verbose_name": "记录撤销",
                "verbose_name_plural": "记录撤销",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("violation__isnull", True),
                            ("accident__isnull", True),
                            _connector="XOR",
                        ),
                        name="withdrawal_is_of_one_fact",
                    )
                ],
            },
        ),
        RunSchema(lock, unlock),
    ]
