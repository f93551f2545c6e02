"""Agencies that are told of the lists, and what each of them was told."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema, at_once

DELIVERY = "credit_delivery"
GUARDS = [
    Guard("credit_delivery_stays", DELIVERY, "DELETE", "what an agency was told is never deleted"),
    Guard(
        "credit_delivery_says_the_same",
        DELIVERY,
        "UPDATE",
        "what an agency was told is never changed, nor a confirmation taken back",
        """NEW.agency_id = OLD.agency_id AND NEW.entry_id = OLD.entry_id AND NEW.op = OLD.op
        AND NEW.event = OLD.event AND NEW.body_sha256 = OLD.body_sha256 AND NEW.made_at = OLD.made_at
        AND (OLD.acknowledged_at IS NULL OR NEW.acknowledged_at = OLD.acknowledged_at)""",
    ),
    comes_new(DELIVERY, "o.event = NEW.event"),
    never_emptied(DELIVERY),
    Guard("credit_agency_stays", "credit_agency", "DELETE", "an agency is paused, never deleted"),
]


def lock(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0060_open_data"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Agency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="名称")),
                ("url", models.CharField(max_length=300, verbose_name="推送地址")),
                ("lists", models.JSONField(default=list, verbose_name="名单")),
                ("active", models.BooleanField(default=True, verbose_name="推送中")),
                (
                    "secret_sealed",
                    models.TextField(editable=False, verbose_name="签名密钥（加密）"),
                ),
                (
                    "key_sha256",
                    models.CharField(
                        editable=False, max_length=64, unique=True, verbose_name="回执密钥指纹"
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "推送机构",
                "verbose_name_plural": "推送机构",
                "ordering": ["name"],
                "permissions": [("manage_agencies", "可以登记和停用推送机构")],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event", models.UUIDField(unique=True, verbose_name="消息编号")),
                (
                    "op",
                    models.CharField(
                        choices=[("ADD", "列入"), ("MOD", "变更"), ("DEL", "移出")],
                        max_length=3,
                        verbose_name="事项",
                    ),
                ),
                (
                    "row_sha256",
                    models.CharField(blank=True, max_length=64, verbose_name="内容指纹"),
                ),
                ("body", models.TextField(blank=True, verbose_name="消息")),
                ("body_sha256", models.CharField(max_length=64, verbose_name="消息指纹")),
                ("current", models.BooleanField(default=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "待推送"),
                            ("sent", "已送达，未确认"),
                            ("acknowledged", "已确认"),
                            ("superseded", "已被新消息代替"),
                            ("failed", "推送失败"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="次数")),
                (
                    "next_at",
                    models.DateTimeField(db_index=True, null=True, verbose_name="下次推送"),
                ),
                (
                    "last_fault",
                    models.CharField(blank=True, max_length=200, verbose_name="上次结果"),
                ),
                ("made_at", models.DateTimeField(db_index=True, verbose_name="产生时间")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="送达时间")),
                ("acknowledged_at", models.DateTimeField(null=True, verbose_name="确认时间")),
                (
                    "acknowledged_how",
                    models.CharField(blank=True, max_length=20, verbose_name="确认方式"),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="credit.agency",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="credit.openentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "推送记录",
                "verbose_name_plural": "推送记录",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("current", True)),
                        fields=("agency", "entry"),
                        name="one_current_push_per_agency_and_entry",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("acknowledged_at__isnull", False), ("status", "acknowledged")
                            ),
                            models.Q(
                                models.Q(("status", "acknowledged"), _negated=True),
                                ("acknowledged_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="push_acknowledged_has_a_time",
                    ),
                ],
            },
        ),
        RunSchema(lock, unlock),
    ]
    operations = at_once(operations)
