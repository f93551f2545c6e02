"""The papers of cases: templates, numbers without gaps, documents and proof of service that stay."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema, at_once

same = import_module("credit.migrations.0005_tighter_lock").same
TEMPLATES, COUNTERS = "credit_documenttemplate", "credit_documentcounter"
DOCUMENTS, SERVICES = "credit_casedocument", "credit_servicerecord"
CONTENT = [
    "id", "kind", "version", "title", "addressee", "text", "written_by_id", "written_at",
]  # fmt: skip


def guards(vendor):
    return [
        Guard("credit_template_stays", TEMPLATES, "DELETE", "a template is never deleted"),
        Guard(
            "credit_template_is_written_once", TEMPLATES, "UPDATE",
            "a template is approved once, never edited",
            f"{same(vendor, CONTENT)} AND OLD.approved_by_id IS NULL"
            " AND NEW.approved_by_id IS NOT NULL AND NEW.approved_at IS NOT NULL",
        ),
        Guard(
            "credit_template_comes_unapproved", TEMPLATES, "INSERT",
            "a template is approved by another person, later",
            "NEW.approved_by_id IS NULL AND NEW.approved_at IS NULL",
        ),
        comes_new(TEMPLATES, "(o.kind = NEW.kind AND o.version = NEW.version)"),
        never_emptied(TEMPLATES),
        Guard("credit_counter_stays", COUNTERS, "DELETE", "a counter is never deleted"),
        Guard("credit_counter_begins", COUNTERS, "INSERT", "a counter begins at 0", "NEW.last = 0"),
        Guard(
            "credit_counter_moves_by_one", COUNTERS, "UPDATE", "numbers have no gaps",
            f"{same(vendor, ['id', 'prefix', 'kind', 'year'])} AND NEW.last = OLD.last + 1",
        ),
        comes_new(
            COUNTERS, "(o.prefix = NEW.prefix AND o.kind = NEW.kind AND o.year = NEW.year)"
        ),
        never_emptied(COUNTERS),
        Guard("credit_document_stays", DOCUMENTS, "DELETE", "a document is never deleted"),
        Guard("credit_document_is_written_once", DOCUMENTS, "UPDATE", "a document is never edited"),
        Guard(
            "credit_document_replaces_its_own", DOCUMENTS, "INSERT",
            "a later version stands under the number, case and kind of the former",
            f"""NEW.replaces_id IS NULL OR EXISTS (
            SELECT 1 FROM {DOCUMENTS} o WHERE o.id = NEW.replaces_id AND o.number = NEW.number
            AND o.case_id = NEW.case_id AND o.kind = NEW.kind AND o.version = NEW.version - 1)""",  # noqa: S608
        ),
        comes_new(
            DOCUMENTS,
            "o.code = NEW.code",
            "(o.number = NEW.number AND o.version = NEW.version)",
            "o.replaces_id = NEW.replaces_id",
        ),
        never_emptied(DOCUMENTS),
        Guard("credit_service_stays", SERVICES, "DELETE", "proof of service is never deleted"),
        Guard(
            "credit_service_is_written_once", SERVICES, "UPDATE", "proof of service is never edited"
        ),
        comes_new(SERVICES),
        never_emptied(SERVICES),
    ]  # fmt: skip


def lock(schema_editor):
    for guard in guards(schema_editor.connection.vendor):
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in guards(schema_editor.connection.vendor):
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0046_standing_and_measures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="workdayexception",
            options={
                "ordering": ["day"],
                "permissions": [("edit_calendar", "可以修改节假日安排")],
                "verbose_name": "节假日安排",
                "verbose_name_plural": "节假日安排",
            },
        ),
        migrations.CreateModel(
            name="DocumentCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("prefix", models.CharField(max_length=20, verbose_name="机关代字")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("listing_notice", "列入告知书"),
                            ("hearing_notice", "听证通知书"),
                            ("listing_decision", "列入决定书"),
                            ("repair_letter", "信用修复告知书"),
                            ("service_receipt", "送达回证"),
                            ("removal_decision", "移出决定书"),
                            ("not_listed", "不予列入（撤案）通知书"),
                            ("objection_answer", "异议答复书"),
                            ("repair_decision", "信用修复决定书"),
                        ],
                        max_length=20,
                        verbose_name="文书",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="最后一号")),
            ],
            options={
                "verbose_name": "文号",
                "verbose_name_plural": "文号",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("prefix", "kind", "year"), name="one_counter_per_kind_and_year"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("listing_notice", "列入告知书"),
                            ("hearing_notice", "听证通知书"),
                            ("listing_decision", "列入决定书"),
                            ("repair_letter", "信用修复告知书"),
                            ("service_receipt", "送达回证"),
                            ("removal_decision", "移出决定书"),
                            ("not_listed", "不予列入（撤案）通知书"),
                            ("objection_answer", "异议答复书"),
                            ("repair_decision", "信用修复决定书"),
                        ],
                        max_length=20,
                        verbose_name="文书",
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="版本")),
                ("title", models.CharField(max_length=60, verbose_name="标题")),
                ("addressee", models.CharField(blank=True, max_length=120, verbose_name="抬头")),
                ("text", models.TextField(verbose_name="正文")),
                ("written_at", models.DateTimeField(auto_now_add=True, verbose_name="写于")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="批准于")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "文书模板",
                "verbose_name_plural": "文书模板",
                "ordering": ["kind", "-version"],
                "permissions": [
                    ("edit_templates", "可以修改文书模板"),
                    ("approve_templates", "可以批准文书模板"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("listing_notice", "列入告知书"),
                            ("hearing_notice", "听证通知书"),
                            ("listing_decision", "列入决定书"),
                            ("repair_letter", "信用修复告知书"),
                            ("service_receipt", "送达回证"),
                            ("removal_decision", "移出决定书"),
                            ("not_listed", "不予列入（撤案）通知书"),
                            ("objection_answer", "异议答复书"),
                            ("repair_decision", "信用修复决定书"),
                        ],
                        max_length=20,
                        verbose_name="文书",
                    ),
                ),
                ("number", models.CharField(max_length=80, verbose_name="文号")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版次")),
                ("texts", models.JSONField(verbose_name="文字")),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="核验码")),
                ("file", models.CharField(max_length=200, verbose_name="文件")),
                ("sha256", models.CharField(max_length=64, verbose_name="文件指纹")),
                ("made_on", models.DateField(verbose_name="文书日期")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="制作时间")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="credit.listcase",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="credit.casedocument",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="credit.documenttemplate",
                    ),
                ),
            ],
            options={
                "verbose_name": "案件文书",
                "verbose_name_plural": "案件文书",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ServiceRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("direct", "直接送达"),
                            ("left", "留置送达"),
                            ("post", "邮寄送达"),
                            ("electronic", "电子送达"),
                            ("announced", "公告送达"),
                        ],
                        max_length=12,
                        verbose_name="送达方式",
                    ),
                ),
                ("recipient", models.CharField(max_length=60, verbose_name="收件人")),
                ("witness", models.CharField(blank=True, max_length=60, verbose_name="见证人")),
                ("served_on", models.DateField(verbose_name="送达日期")),
                ("announced_on", models.DateField(blank=True, null=True, verbose_name="公告日期")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="备注")),
                ("scan", models.CharField(blank=True, max_length=200, verbose_name="扫描件")),
                (
                    "scan_type",
                    models.CharField(blank=True, max_length=20, verbose_name="扫描件类型"),
                ),
                (
                    "scan_sha256",
                    models.CharField(blank=True, max_length=64, verbose_name="扫描件指纹"),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="credit.casedocument",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "送达记录",
                "verbose_name_plural": "送达记录",
                "ordering": ["-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="documenttemplate",
            constraint=models.UniqueConstraint(
                fields=("kind", "version"), name="one_template_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="documenttemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    models.Q(("approved_by", models.F("written_by")), _negated=True),
                    _connector="OR",
                ),
                name="template_is_approved_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="casedocument",
            constraint=models.UniqueConstraint(
                fields=("number", "version"), name="one_document_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="casedocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replaces__isnull", True), ("version", 1)),
                    models.Q(("replaces__isnull", False), ("version__gt", 1)),
                    _connector="OR",
                ),
                name="a_later_version_names_the_former",
            ),
        ),
        RunSchema(lock, unlock),
    ]
    operations = at_once(operations)
