"""Eight further kinds of facts, locked as penalties and accidents are; withdrawals of any kind; source systems.

SQLite remakes the table of withdrawals for its new constraint: its guards are taken off first and set again.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema, at_once

guards_of = import_module("credit.migrations.0022_facts_stay").guards_of
WITHDRAWALS = import_module("credit.migrations.0024_withdrawals").GUARDS
SPANS = (
    "MajorHazard", "PermitChange", "Commendation", "Standardisation", "LiabilityInsurance",
    "DutyReport", "TrainingFact", "ExternalFact",
)  # fmt: skip
UNDO = "credit_importundo"
UNDOS = [
    Guard("credit_undo_stays", UNDO, "DELETE", "an undo is never deleted"),
    Guard("credit_undo_is_written_once", UNDO, "UPDATE", "an undo is never edited"),
    comes_new(UNDO, "o.batch_id = NEW.batch_id"),
    never_emptied(UNDO),
]


def guards(apps, vendor):
    spans = [apps.get_model("credit", name) for name in SPANS]
    return [*UNDOS, *(guard for model in spans for guard in guards_of(model, vendor))]


def lock(apps, schema_editor):
    for guard in guards(apps, schema_editor.connection.vendor):
        guard.up(schema_editor)


def unlock(apps, schema_editor):
    for guard in guards(apps, schema_editor.connection.vendor):
        guard.down(schema_editor)


def lock_withdrawals(schema_editor):
    for guard in WITHDRAWALS:
        guard.up(schema_editor)


def unlock_withdrawals(schema_editor):
    for guard in WITHDRAWALS:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0027_search_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        RunSchema(unlock_withdrawals, lock_withdrawals),
        migrations.CreateModel(
            name="Commendation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=60, verbose_name="来源")),
                ("source_key", models.CharField(max_length=120, verbose_name="来源编号")),
                (
                    "identity",
                    models.CharField(
                        editable=False,
                        help_text="credit.rules.documents",
                        max_length=200,
                        verbose_name="来源编号（统一写法）",
                    ),
                ),
                ("happened_on", models.DateField(db_index=True, verbose_name="发生日期")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="撤销时间"),
                ),
                (
                    "replaced_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="被更正时间"),
                ),
                (
                    "ended_on",
                    models.DateField(blank=True, db_index=True, null=True, verbose_name="终止日期"),
                ),
                ("title", models.CharField(max_length=200, verbose_name="表彰名称")),
                ("authority", models.CharField(max_length=120, verbose_name="表彰单位")),
            ],
            options={
                "verbose_name": "守信表彰",
                "verbose_name_plural": "守信表彰",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DutyReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=60, verbose_name="来源")),
                ("source_key", models.CharField(max_length=120, verbose_name="来源编号")),
                (
                    "identity",
                    models.CharField(
                        editable=False,
                        help_text="credit.rules.documents",
                        max_length=200,
                        verbose_name="来源编号（统一写法）",
                    ),
                ),
                ("happened_on", models.DateField(db_index=True, verbose_name="发生日期")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="撤销时间"),
                ),
                (
                    "replaced_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="被更正时间"),
                ),
                (
                    "ended_on",
                    models.DateField(blank=True, db_index=True, null=True, verbose_name="终止日期"),
                ),
                ("leader", models.CharField(max_length=60, verbose_name="带班领导")),
                ("shift", models.CharField(blank=True, max_length=60, verbose_name="班次")),
                ("content", models.TextField(blank=True, verbose_name="带班情况")),
            ],
            options={
                "verbose_name": "领导带班",
                "verbose_name_plural": "领导带班",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ExternalFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=60, verbose_name="来源")),
                ("source_key", models.CharField(max_length=120, verbose_name="来源编号")),
                (
                    "identity",
                    models.CharField(
                        editable=False,
                        help_text="credit.rules.documents",
                        max_length=200,
                        verbose_name="来源编号（统一写法）",
                    ),
                ),
                ("happened_on", models.DateField(db_index=True, verbose_name="发生日期")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="撤销时间"),
                ),
                (
                    "replaced_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="被更正时间"),
                ),
                (
                    "ended_on",
                    models.DateField(blank=True, db_index=True, null=True, verbose_name="终止日期"),
                ),
                ("category", models.CharField(max_length=60, verbose_name="类别")),
                ("title", models.CharField(max_length=200, verbose_name="事项")),
                ("content", models.TextField(blank=True, verbose_name="内容")),
                ("authority", models.CharField(max_length=120, verbose_name="提供单位")),
            ],
            options={
                "verbose_name": "其他系统信息",
                "verbose_name_plural": "其他系统信息",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ImportUndo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("reason", models.TextField(verbose_name="理由")),
                ("withdrawn", models.PositiveIntegerField(verbose_name="撤销的记录")),
                ("put_back", models.PositiveIntegerField(verbose_name="恢复原内容的记录")),
                (
                    "left",
                    models.PositiveIntegerField(verbose_name="后来已有新内容、没有改动的记录"),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
            ],
            options={
                "verbose_name": "撤销导入",
                "verbose_name_plural": "撤销导入",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="LiabilityInsurance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=60, verbose_name="来源")),
                ("source_key", models.CharField(max_length=120, verbose_name="来源编号")),
                (
                    "identity",
                    models.CharField(
                        editable=False,
                        help_text="credit.rules.documents",
                        max_length=200,
                        verbose_name="来源编号（统一写法）",
                    ),
                ),
                ("happened_on", models.DateField(db_index=True, verbose_name="发生日期")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="撤销时间"),
                ),
                (
                    "replaced_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="被更正时间"),
                ),
                (
                    "ended_on",
                    models.DateField(blank=True, db_index=True, null=True, verbose_name="终止日期"),
                ),
                ("insurer", models.CharField(max_length=120, verbose_name="保险公司")),
                (
                    "insured",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=16, verbose_name="保险金额（元）"
                    ),
                ),
                ("people", models.PositiveIntegerField(default=0, verbose_name="投保人数")),
            ],
            options={
                "verbose_name": "安全生产责任保险",
                "verbose_name_plural": "安全生产责任保险",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MajorHazard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=60, verbose_name="来源")),
                ("source_key", models.CharField(max_length=120, verbose_name="来源编号")),
                (
                    "identity",
                    models.CharField(
                        editable=False,
                        help_text="credit.rules.documents",
                        max_length=200,
                        verbose_name="来源编号（统一写法）",
                    ),
                ),
                ("happened_on", models.DateField(db_index=True, verbose_name="发生日期")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="撤销时间"),
                ),
                (
                    "replaced_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="被更正时间"),
                ),
                (
                    "ended_on",
                    models.DateField(blank=True, db_index=True, null=True, verbose_name="终止日期"),
                ),
                ("title", models.CharField(max_length=200, verbose_name="隐患")),
                (
                    "supervision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "未挂牌"),
                            ("district", "区级"),
                            ("city", "市级"),
                            ("province", "省级"),
                            ("state", "国家级"),
                        ],
                        max_length=10,
                        verbose_name="挂牌督办级别",
                    ),
                ),
                (
                    "authority",
                    models.CharField(blank=True, max_length=120, verbose_name="督办单位"),
                ),
                ("deadline", models.DateField(blank=True, null=True, verbose_name="整改期限")),
            ],
            options={
                "verbose_name": "重大事故隐患",
                "verbose_name_plural": "重大事故隐患",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PermitChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=60, verbose_name="来源")),
                ("source_key", models.CharField(max_length=120, verbose_name="来源编号")),
                (
                    "identity",
                    models.CharField(
                        editable=False,
                        help_text="credit.rules.documents",
                        max_length=200,
                        verbose_name="来源编号（统一写法）",
                    ),
                ),
                ("happened_on", models.DateField(db_index=True, verbose_name="发生日期")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="撤销时间"),
                ),
                (
                    "replaced_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="被更正时间"),
                ),
                (
                    "ended_on",
                    models.DateField(blank=True, db_index=True, null=True, verbose_name="终止日期"),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("granted", "取得"),
                            ("changed", "变更"),
                            ("suspended", "暂扣"),
                            ("revoked", "吊销"),
                            ("cancelled", "注销"),
                        ],
                        max_length=10,
                        verbose_name="变动",
                    ),
                ),
                ("permit_kind", models.CharField(max_length=100, verbose_name="许可类别")),
                (
                    "title",
                    models.CharField(blank=True, max_length=200, verbose_name="许可证书名称"),
                ),
                (
                    "permit_number",
                    models.CharField(blank=True, max_length=120, verbose_name="许可编号"),
                ),
                ("content", models.TextField(blank=True, verbose_name="许可内容")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="有效期自")),
                ("authority", models.CharField(max_length=120, verbose_name="许可机关")),
            ],
            options={
                "verbose_name": "行政许可",
                "verbose_name_plural": "行政许可",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SourceSystem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="系统名称")),
                (
                    "key_hash",
                    models.CharField(
                        editable=False, max_length=64, unique=True, verbose_name="密钥指纹"
                    ),
                ),
                ("kinds", models.JSONField(default=list, verbose_name="可报送的类别")),
                ("active", models.BooleanField(default=True, verbose_name="启用")),
                (
                    "expires_on",
                    models.DateField(blank=True, null=True, verbose_name="密钥有效期至"),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "报送系统",
                "verbose_name_plural": "报送系统",
                "ordering": ["name"],
                "permissions": [("issue_source_key", "可以发放报送系统密钥")],
            },
        ),
        migrations.CreateModel(
            name="Standardisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=60, verbose_name="来源")),
                ("source_key", models.CharField(max_length=120, verbose_name="来源编号")),
                (
                    "identity",
                    models.CharField(
                        editable=False,
                        help_text="credit.rules.documents",
                        max_length=200,
                        verbose_name="来源编号（统一写法）",
                    ),
                ),
                ("happened_on", models.DateField(db_index=True, verbose_name="发生日期")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="撤销时间"),
                ),
                (
                    "replaced_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="被更正时间"),
                ),
                (
                    "ended_on",
                    models.DateField(blank=True, db_index=True, null=True, verbose_name="终止日期"),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "一级"), (2, "二级"), (3, "三级")], verbose_name="标准化等级"
                    ),
                ),
                ("authority", models.CharField(max_length=120, verbose_name="评定单位")),
            ],
            options={
                "verbose_name": "标准化达标",
                "verbose_name_plural": "标准化达标",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TrainingFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=60, verbose_name="来源")),
                ("source_key", models.CharField(max_length=120, verbose_name="来源编号")),
                (
                    "identity",
                    models.CharField(
                        editable=False,
                        help_text="credit.rules.documents",
                        max_length=200,
                        verbose_name="来源编号（统一写法）",
                    ),
                ),
                ("happened_on", models.DateField(db_index=True, verbose_name="发生日期")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="撤销时间"),
                ),
                (
                    "replaced_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="被更正时间"),
                ),
                (
                    "ended_on",
                    models.DateField(blank=True, db_index=True, null=True, verbose_name="终止日期"),
                ),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("certificate", "取得证书"),
                            ("completed", "培训班完成"),
                            ("missed", "未按期培训"),
                        ],
                        max_length=12,
                        verbose_name="培训事项",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="课程或培训班")),
                ("people", models.PositiveIntegerField(default=1, verbose_name="人数")),
            ],
            options={
                "verbose_name": "培训情况",
                "verbose_name_plural": "培训情况",
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="withdrawal",
            name="withdrawal_is_of_one_fact",
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="paper_on",
            field=models.DateField(blank=True, null=True, verbose_name="文书日期"),
        ),
        migrations.AlterField(
            model_name="importbatch",
            name="kind",
            field=models.CharField(
                choices=[
                    ("enterprises", "企业"),
                    ("violations", "行政处罚"),
                    ("accidents", "事故"),
                    ("hazards", "重大事故隐患"),
                    ("permits", "行政许可"),
                    ("commendations", "守信表彰"),
                    ("standardisations", "标准化达标"),
                    ("insurances", "安全生产责任保险"),
                    ("duty_reports", "领导带班"),
                    ("trainings", "培训情况"),
                    ("external_facts", "其他系统信息"),
                ],
                max_length=20,
                verbose_name="类别",
            ),
        ),
        migrations.AlterField(
            model_name="scoreline",
            name="record_type",
            field=models.CharField(
                choices=[
                    ("violation", "行政处罚"),
                    ("accident", "事故"),
                    ("majorhazard", "重大事故隐患"),
                    ("trainingfact", "培训情况"),
                    ("liabilityinsurance", "安全生产责任保险"),
                    ("commendation", "守信表彰"),
                ],
                max_length=20,
                verbose_name="记录种类",
            ),
        ),
        migrations.AddField(
            model_name="commendation",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="credit.importbatch",
            ),
        ),
        migrations.AddField(
            model_name="commendation",
            name="enterprise",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="credit.enterprise",
            ),
        ),
        migrations.AddField(
            model_name="commendation",
            name="supersedes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="credit.commendation",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="commendation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="credit.commendation",
            ),
        ),
        migrations.AddField(
            model_name="dutyreport",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="credit.importbatch",
            ),
        ),
        migrations.AddField(
            model_name="dutyreport",
            name="enterprise",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="credit.enterprise",
            ),
        ),
        migrations.AddField(
            model_name="dutyreport",
            name="supersedes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="credit.dutyreport",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="dutyreport",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="credit.dutyreport",
            ),
        ),
        migrations.AddField(
            model_name="externalfact",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="credit.importbatch",
            ),
        ),
        migrations.AddField(
            model_name="externalfact",
            name="enterprise",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="credit.enterprise",
            ),
        ),
        migrations.AddField(
            model_name="externalfact",
            name="supersedes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="credit.externalfact",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="externalfact",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="credit.externalfact",
            ),
        ),
        migrations.AddField(
            model_name="importundo",
            name="batch",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="undo",
                to="credit.importbatch",
            ),
        ),
        migrations.AddField(
            model_name="importundo",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="undo",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="credit.importundo",
            ),
        ),
        migrations.AddField(
            model_name="liabilityinsurance",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="credit.importbatch",
            ),
        ),
        migrations.AddField(
            model_name="liabilityinsurance",
            name="enterprise",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="credit.enterprise",
            ),
        ),
        migrations.AddField(
            model_name="liabilityinsurance",
            name="supersedes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="credit.liabilityinsurance",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="liabilityinsurance",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="credit.liabilityinsurance",
            ),
        ),
        migrations.AddField(
            model_name="majorhazard",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="credit.importbatch",
            ),
        ),
        migrations.AddField(
            model_name="majorhazard",
            name="enterprise",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="credit.enterprise",
            ),
        ),
        migrations.AddField(
            model_name="majorhazard",
            name="supersedes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="credit.majorhazard",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="majorhazard",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="credit.majorhazard",
            ),
        ),
        migrations.AddField(
            model_name="permitchange",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="credit.importbatch",
            ),
        ),
        migrations.AddField(
            model_name="permitchange",
            name="enterprise",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="credit.enterprise",
            ),
        ),
        migrations.AddField(
            model_name="permitchange",
            name="supersedes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="credit.permitchange",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="permitchange",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="credit.permitchange",
            ),
        ),
        migrations.AddField(
            model_name="sourcesystem",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sourcesystem",
            name="place",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="credit.jurisdiction",
                verbose_name="属地（含下级）",
            ),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="told",
            field=models.BooleanField(editable=False, null=True, verbose_name="不是文件，是数据"),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="system",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="batches",
                to="credit.sourcesystem",
            ),
        ),
        migrations.AddField(
            model_name="standardisation",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="credit.importbatch",
            ),
        ),
        migrations.AddField(
            model_name="standardisation",
            name="enterprise",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="credit.enterprise",
            ),
        ),
        migrations.AddField(
            model_name="standardisation",
            name="supersedes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="credit.standardisation",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="standardisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="credit.standardisation",
            ),
        ),
        migrations.AddField(
            model_name="trainingfact",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="credit.importbatch",
            ),
        ),
        migrations.AddField(
            model_name="trainingfact",
            name="enterprise",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="credit.enterprise",
            ),
        ),
        migrations.AddField(
            model_name="trainingfact",
            name="supersedes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="credit.trainingfact",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="trainingfact",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="credit.trainingfact",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("accident__isnull", True),
                        ("commendation__isnull", True),
                        ("dutyreport__isnull", True),
                        ("externalfact__isnull", True),
                        ("liabilityinsurance__isnull", True),
                        ("majorhazard__isnull", True),
                        ("permitchange__isnull", True),
                        ("standardisation__isnull", True),
                        ("trainingfact__isnull", True),
                        ("violation__isnull", False),
                    ),
                    models.Q(
                        ("accident__isnull", False),
                        ("commendation__isnull", True),
                        ("dutyreport__isnull", True),
                        ("externalfact__isnull", True),
                        ("liabilityinsurance__isnull", True),
                        ("majorhazard__isnull", True),
                        ("permitchange__isnull", True),
                        ("standardisation__isnull", True),
                        ("trainingfact__isnull", True),
                        ("violation__isnull", True),
                    ),
                    models.Q(
                        ("accident__isnull", True),
                        ("commendation__isnull", True),
                        ("dutyreport__isnull", True),
                        ("externalfact__isnull", True),
                        ("liabilityinsurance__isnull", True),
                        ("majorhazard__isnull", False),
                        ("permitchange__isnull", True),
                        ("standardisation__isnull", True),
                        ("trainingfact__isnull", True),
                        ("violation__isnull", True),
                    ),
                    models.Q(
                        ("accident__isnull", True),
                        ("commendation__isnull", True),
                        ("dutyreport__isnull", True),
                        ("externalfact__isnull", True),
                        ("liabilityinsurance__isnull", True),
                        ("majorhazard__isnull", True),
                        ("permitchange__isnull", False),
                        ("standardisation__isnull", True),
                        ("trainingfact__isnull", True),
                        ("violation__isnull", True),
                    ),
                    models.Q(
                        ("accident__isnull", True),
                        ("commendation__isnull", False),
                        ("dutyreport__isnull", True),
                        ("externalfact__isnull", True),
                        ("liabilityinsurance__isnull", True),
                        ("majorhazard__isnull", True),
                        ("permitchange__isnull", True),
                        ("standardisation__isnull", True),
                        ("trainingfact__isnull", True),
                        ("violation__isnull", True),
                    ),
                    models.Q(
                        ("accident__isnull", True),
                        ("commendation__isnull", True),
                        ("dutyreport__isnull", True),
                        ("externalfact__isnull", True),
                        ("liabilityinsurance__isnull", True),
                        ("majorhazard__isnull", True),
                        ("permitchange__isnull", True),
                        ("standardisation__isnull", False),
                        ("trainingfact__isnull", True),
                        ("violation__isnull", True),
                    ),
                    models.Q(
                        ("accident__isnull", True),
                        ("commendation__isnull", True),
                        ("dutyreport__isnull", True),
                        ("externalfact__isnull", True),
                        ("liabilityinsurance__isnull", False),
                        ("majorhazard__isnull", True),
                        ("permitchange__isnull", True),
                        ("standardisation__isnull", True),
                        ("trainingfact__isnull", True),
                        ("violation__isnull", True),
                    ),
                    models.Q(
                        ("accident__isnull", True),
                        ("commendation__isnull", True),
                        ("dutyreport__isnull", False),
                        ("externalfact__isnull", True),
                        ("liabilityinsurance__isnull", True),
                        ("majorhazard__isnull", True),
                        ("permitchange__isnull", True),
                        ("standardisation__isnull", True),
                        ("trainingfact__isnull", True),
                        ("violation__isnull", True),
                    ),
                    models.Q(
                        ("accident__isnull", True),
                        ("commendation__isnull", True),
                        ("dutyreport__isnull", True),
                        ("externalfact__isnull", True),
                        ("liabilityinsurance__isnull", True),
                        ("majorhazard__isnull", True),
                        ("permitchange__isnull", True),
                        ("standardisation__isnull", True),
                        ("trainingfact__isnull", False),
                        ("violation__isnull", True),
                    ),
                    models.Q(
                        ("accident__isnull", True),
                        ("commendation__isnull", True),
                        ("dutyreport__isnull", True),
                        ("externalfact__isnull", False),
                        ("liabilityinsurance__isnull", True),
                        ("majorhazard__isnull", True),
                        ("permitchange__isnull", True),
                        ("standardisation__isnull", True),
                        ("trainingfact__isnull", True),
                        ("violation__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="withdrawal_is_of_one_fact",
            ),
        ),
        migrations.AddConstraint(
            model_name="commendation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True)),
                fields=("source", "identity", "enterprise"),
                name="one_current_commendation_per_source_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="commendation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True),
                    ("ended_on__gte", models.F("happened_on")),
                    _connector="OR",
                ),
                name="commendation_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyreport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True)),
                fields=("source", "identity", "enterprise"),
                name="one_current_dutyreport_per_source_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True),
                    ("ended_on__gte", models.F("happened_on")),
                    _connector="OR",
                ),
                name="dutyreport_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="externalfact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True)),
                fields=("source", "identity", "enterprise"),
                name="one_current_externalfact_per_source_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="externalfact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True),
                    ("ended_on__gte", models.F("happened_on")),
                    _connector="OR",
                ),
                name="externalfact_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="liabilityinsurance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True)),
                fields=("source", "identity", "enterprise"),
                name="one_current_liabilityinsurance_per_source_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="liabilityinsurance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True),
                    ("ended_on__gte", models.F("happened_on")),
                    _connector="OR",
                ),
                name="liabilityinsurance_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="majorhazard",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True)),
                fields=("source", "identity", "enterprise"),
                name="one_current_majorhazard_per_source_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="majorhazard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True),
                    ("ended_on__gte", models.F("happened_on")),
                    _connector="OR",
                ),
                name="majorhazard_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="permitchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True)),
                fields=("source", "identity", "enterprise"),
                name="one_current_permitchange_per_source_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="permitchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True),
                    ("ended_on__gte", models.F("happened_on")),
                    _connector="OR",
                ),
                name="permitchange_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="standardisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True)),
                fields=("source", "identity", "enterprise"),
                name="one_current_standardisation_per_source_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="standardisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True),
                    ("ended_on__gte", models.F("happened_on")),
                    _connector="OR",
                ),
                name="standardisation_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingfact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True)),
                fields=("source", "identity", "enterprise"),
                name="one_current_trainingfact_per_source_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingfact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True),
                    ("ended_on__gte", models.F("happened_on")),
                    _connector="OR",
                ),
                name="trainingfact_ends_after_it_began",
            ),
        ),
        RunSchema(lock_withdrawals, unlock_withdrawals),
        migrations.RunPython(lock, unlock),
    ]
    operations = at_once(operations)
