"""The hash-chained log of acts on legal standing, which only grows, and messages to people."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema, at_once

TABLE = "credit_auditentry"
GUARDS = [
    Guard("credit_audit_stays", TABLE, "DELETE", "an audit entry is never deleted"),
    Guard("credit_audit_is_written_once", TABLE, "UPDATE", "an audit entry is never edited"),
    Guard(
        "credit_audit_is_a_chain",
        TABLE,
        "INSERT",
        "an audit entry follows the one before it",
        f"""CASE WHEN NEW.number = 1 THEN NOT EXISTS (SELECT 1 FROM {TABLE})
        ELSE EXISTS (SELECT 1 FROM {TABLE} o
                     WHERE o.number = NEW.number - 1 AND o.digest = NEW.previous) END""",  # noqa: S608
    ),
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
        ("credit", "0025_red_waits_for_objections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(unique=True, verbose_name="序号")),
                ("at", models.DateTimeField(db_index=True, verbose_name="时间")),
                ("verb", models.CharField(db_index=True, max_length=60, verbose_name="办理")),
                ("subject", models.CharField(db_index=True, max_length=80, verbose_name="对象")),
                ("said", models.TextField(verbose_name="内容")),
                ("previous", models.CharField(max_length=64, verbose_name="上一条指纹")),
                ("digest", models.CharField(max_length=64, verbose_name="指纹")),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audit_entries",
                        to="credit.enterprise",
                        verbose_name="企业",
                    ),
                ),
            ],
            options={
                "verbose_name": "审计记录",
                "verbose_name_plural": "审计记录",
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.SlugField(max_length=40, verbose_name="类别")),
                ("key", models.CharField(max_length=120, verbose_name="事由")),
                ("title", models.CharField(max_length=200, verbose_name="标题")),
                ("body", models.TextField(blank=True, verbose_name="内容")),
                ("link", models.CharField(blank=True, max_length=300, verbose_name="链接")),
                (
                    "sent_at",
                    models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="发出时间"),
                ),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="阅读时间")),
                ("texted_at", models.DateTimeField(blank=True, null=True, verbose_name="短信时间")),
                (
                    "enterprise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="credit.enterprise",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "消息",
                "verbose_name_plural": "消息",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("to", "key"), name="one_message_per_occasion")
                ],
            },
        ),
        RunSchema(lock, unlock),
    ]
    operations = at_once(operations)
