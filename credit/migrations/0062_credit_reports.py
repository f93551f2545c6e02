"""Certificates of a clean record and reports: signed, and never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema

TABLE = "credit_creditreport"
GUARDS = [
    Guard("credit_report_stays", TABLE, "DELETE", "a report that was issued is never deleted"),
    Guard("credit_report_is_written_once", TABLE, "UPDATE", "a report is never edited"),
    comes_new(TABLE, "o.number = NEW.number"),
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
        ("credit", "0061_agencies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("clean", "无安全生产违法违规记录证明"),
                            ("report", "安全生产信用信息查询报告"),
                        ],
                        max_length=6,
                        verbose_name="种类",
                    ),
                ),
                ("as_of", models.DateTimeField(verbose_name="截至时间")),
                ("content", models.TextField(verbose_name="内容")),
                ("token", models.TextField(verbose_name="签名内容")),
                ("refs", models.JSONField(default=list, verbose_name="所列记录")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="credit.enterprise",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="credit.signingkey",
                    ),
                ),
            ],
            options={
                "verbose_name": "信用证明和报告",
                "verbose_name_plural": "信用证明和报告",
                "ordering": ["-pk"],
            },
        ),
        RunSchema(lock, unlock),
    ]
