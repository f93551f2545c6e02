"""Open data: signing keys, signed manifests and deletion records that only grow, files, public ids."""

import django.db.models.deletion
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema, at_once

PAPERS = ("credit_openday", "credit_redaction")
CHAIN = """CASE WHEN NEW.number = 1 THEN NOT EXISTS (SELECT 1 FROM {0})
    ELSE EXISTS (SELECT 1 FROM {0} o WHERE o.number = NEW.number - 1) END"""


def written_once(table: str, *keys: str) -> list[Guard]:
    return [
        Guard(f"{table}_stays", table, "DELETE", "what was signed is never deleted"),
        Guard(f"{table}_is_written_once", table, "UPDATE", "what was signed is never edited"),
        comes_new(table, *keys),
        never_emptied(table),
    ]


GUARDS = [
    *(guard for table in PAPERS for guard in written_once(table, "o.number = NEW.number")),
    *(
        Guard(
            f"{table}_is_a_chain",
            table,
            "INSERT",
            "a signed paper follows the one before it",
            CHAIN.format(table),
        )
        for table in PAPERS
    ),
    Guard("credit_signingkey_stays", "credit_signingkey", "DELETE", "a public key stays published"),
    Guard(
        "credit_signingkey_is_written_once",
        "credit_signingkey",
        "UPDATE",
        "a public key is never edited",
    ),
    never_emptied("credit_signingkey"),
    Guard("credit_openentry_stays", "credit_openentry", "DELETE", "a public id is never deleted"),
    Guard(
        "credit_openentry_ends_once",
        "credit_openentry",
        "UPDATE",
        "a public id belongs to one entry and ends once",
        "OLD.gone_on IS NULL AND NEW.entry_id = OLD.entry_id AND NEW.public_id = OLD.public_id",
    ),
    comes_new("credit_openentry", "o.public_id = NEW.public_id"),
    never_emptied("credit_openentry"),
]


def lock(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0055_enterprise_side"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpenDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="序号")),
                ("made_at", models.DateTimeField(verbose_name="时间")),
                ("text", models.TextField(verbose_name="内容")),
                ("sha256", models.CharField(max_length=64, verbose_name="指纹")),
                ("signature", models.TextField(verbose_name="签名")),
                ("day", models.DateField(unique=True, verbose_name="日期")),
            ],
            options={
                "verbose_name": "开放数据清单",
                "verbose_name_plural": "开放数据清单",
                "ordering": ["-number"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                (
                    "key_id",
                    models.CharField(
                        max_length=16, primary_key=True, serialize=False, verbose_name="编号"
                    ),
                ),
                ("public", models.CharField(max_length=44, verbose_name="公钥（base64）")),
                ("since", models.DateTimeField(auto_now_add=True, verbose_name="启用时间")),
            ],
            options={
                "verbose_name": "签名公钥",
                "verbose_name_plural": "签名公钥",
                "ordering": ["since", "key_id"],
            },
        ),
        migrations.CreateModel(
            name="OpenFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=80, unique=True, verbose_name="地址")),
                ("stored", models.CharField(max_length=200, verbose_name="存放位置")),
                ("original", models.CharField(max_length=64, verbose_name="最初的指纹")),
                ("sha256", models.CharField(max_length=64, verbose_name="指纹")),
                ("size", models.PositiveBigIntegerField(verbose_name="字节")),
                ("rows", models.PositiveIntegerField(verbose_name="行数")),
                (
                    "day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="credit.openday",
                    ),
                ),
            ],
            options={
                "verbose_name": "开放数据文件",
                "verbose_name_plural": "开放数据文件",
                "ordering": ["path"],
            },
        ),
        migrations.CreateModel(
            name="Redaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="序号")),
                ("made_at", models.DateTimeField(verbose_name="时间")),
                ("text", models.TextField(verbose_name="内容")),
                ("sha256", models.CharField(max_length=64, verbose_name="指纹")),
                ("signature", models.TextField(verbose_name="签名")),
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
                "verbose_name": "开放数据删除记录",
                "verbose_name_plural": "开放数据删除记录",
                "ordering": ["-number"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="openday",
            name="key",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="credit.signingkey",
            ),
        ),
        migrations.CreateModel(
            name="OpenEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(max_length=32, unique=True, verbose_name="公开编号"),
                ),
                ("since", models.DateField(verbose_name="首次公开")),
                ("gone_on", models.DateField(null=True, verbose_name="停止公开")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="open_entries",
                        to="credit.listentry",
                    ),
                ),
                (
                    "redaction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="credit.redaction",
                        verbose_name="删除记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "公开编号",
                "verbose_name_plural": "公开编号",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("gone_on__isnull", True)),
                        fields=("entry",),
                        name="one_public_id_per_entry",
                    )
                ],
            },
        ),
        RunSchema(lock, unlock),
    ]
    operations = at_once(operations)
