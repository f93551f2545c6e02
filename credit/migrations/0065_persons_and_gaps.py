"""Kinds of units, responsible persons (written once), and the memory of the gap finder."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import at_once

same = import_module("credit.migrations.0005_tighter_lock").same
TABLE = "credit_responsibleperson"
SEALED = {"number_sealed", "number_fingerprint"}  # sealed anew when the keys are changed


def guards(apps, vendor):
    person = apps.get_model("credit", "ResponsiblePerson")
    fixed = [f.column for f in person._meta.concrete_fields if f.column not in SEALED]
    return [
        Guard(f"{TABLE}_stays", TABLE, "DELETE", "a responsible person is withdrawn, not deleted"),
        Guard(
            f"{TABLE}_is_written_once", TABLE, "UPDATE",
            "a responsible person is corrected by a new row, never edited", same(vendor, fixed),
        ),
        comes_new(TABLE, "o.supersedes_id = NEW.supersedes_id"),
        never_emptied(TABLE),
    ]  # fmt: skip


def lock(apps, schema_editor):
    for guard in guards(apps, schema_editor.connection.vendor):
        guard.up(schema_editor)


def unlock(apps, schema_editor):
    for guard in guards(apps, schema_editor.connection.vendor):
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0062_credit_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="enterprise",
            name="unit_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("producer", "生产经营单位"),
                    ("assessment", "安全评价机构"),
                    ("testing", "检测检验机构"),
                ],
                db_index=True,
                max_length=12,
                null=True,
                verbose_name="单位类别",
            ),
        ),
        migrations.CreateModel(
            name="GapSeen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="差异")),
                ("seen_at", models.DateTimeField(auto_now_add=True, verbose_name="首次发现")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="credit.enterprise",
                    ),
                ),
            ],
            options={
                "verbose_name": "名单差异",
                "verbose_name_plural": "名单差异",
            },
        ),
        migrations.CreateModel(
            name="ResponsiblePerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "number_sealed",
                    models.TextField(blank=True, editable=False, verbose_name="证件号码（密封）"),
                ),
                (
                    "number_masked",
                    models.CharField(
                        blank=True, editable=False, max_length=30, verbose_name="证件号码（隐去）"
                    ),
                ),
                (
                    "number_fingerprint",
                    models.CharField(blank=True, db_index=True, editable=False, max_length=64),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("principal", "主要负责人"),
                            ("controller", "实际控制人"),
                            ("supervisor", "直接负责的主管人员"),
                            ("direct", "其他直接责任人员"),
                        ],
                        max_length=12,
                        verbose_name="责任身份",
                    ),
                ),
                ("finding", models.TextField(verbose_name="认定的责任和处理")),
                (
                    "notice_served_on",
                    models.DateField(blank=True, null=True, verbose_name="本人告知书送达日期"),
                ),
                ("void", models.BooleanField(default=False, verbose_name="撤销")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                (
                    "accident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="persons",
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
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="credit.responsibleperson",
                    ),
                ),
                (
                    "violation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="persons",
                        to="credit.violation",
                    ),
                ),
            ],
            options={
                "verbose_name": "责任人员",
                "verbose_name_plural": "责任人员",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("violation__isnull", True),
                            ("accident__isnull", True),
                            _connector="XOR",
                        ),
                        name="responsible_in_one_fact",
                    )
                ],
            },
        ),
        migrations.RunPython(lock, unlock),
    ]
    operations = at_once(operations)
