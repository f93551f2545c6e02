"""Statements (xAPI) with keys and documents; cmi5 courses, their sessions and results."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.operations import at_once


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0047_passport"),
        ("credit", "0080_teams_and_trades"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = at_once(
        [
            migrations.CreateModel(
                name="AuSession",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "key",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, unique=True, verbose_name="会话编号"
                        ),
                    ),
                    ("mode", models.CharField(max_length=6, verbose_name="模式")),
                    ("at", models.DateTimeField(verbose_name="打开时间")),
                    ("expires_at", models.DateTimeField(verbose_name="最迟到")),
                ],
                options={
                    "verbose_name": "课件会话",
                    "verbose_name_plural": "课件会话",
                    "ordering": ["-id"],
                },
            ),
            migrations.CreateModel(
                name="DerivedUpTo",
                fields=[
                    (
                        "fact",
                        models.CharField(
                            max_length=20, primary_key=True, serialize=False, verbose_name="事实"
                        ),
                    ),
                    ("last", models.BigIntegerField(default=0, verbose_name="到第几行")),
                ],
                options={
                    "verbose_name": "陈述进度",
                    "verbose_name_plural": "陈述进度",
                },
            ),
            migrations.CreateModel(
                name="AuSessionEnd",
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
                            choices=[("terminated", "正常结束"), ("abandoned", "中断")],
                            max_length=10,
                            verbose_name="怎样结束",
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="时间")),
                    (
                        "session",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="end",
                            to="courses.ausession",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "课件会话结束",
                    "verbose_name_plural": "课件会话结束",
                },
            ),
            migrations.CreateModel(
                name="AuToken",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("secret_hash", models.CharField(max_length=64)),
                    ("at", models.DateTimeField(verbose_name="领取时间")),
                    (
                        "session",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="token",
                            to="courses.ausession",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "课件令牌",
                    "verbose_name_plural": "课件令牌",
                },
            ),
            migrations.CreateModel(
                name="Cmi5Course",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("publisher", models.CharField(max_length=2000, verbose_name="出版编号")),
                    ("title", models.CharField(max_length=300, verbose_name="标题")),
                    ("description", models.TextField(blank=True, verbose_name="说明")),
                    ("digest", models.CharField(max_length=64, verbose_name="文件指纹")),
                    ("at", models.DateTimeField(verbose_name="导入时间")),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="导入人",
                        ),
                    ),
                    (
                        "course",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="cmi5_courses",
                            to="courses.coursepage",
                            verbose_name="课程",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "cmi5 课程",
                    "verbose_name_plural": "cmi5 课程",
                    "ordering": ["-id"],
                },
            ),
            migrations.CreateModel(
                name="Cmi5Block",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("publisher", models.CharField(max_length=2000, verbose_name="出版编号")),
                    ("title", models.CharField(max_length=300, verbose_name="标题")),
                    (
                        "parent",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="blocks",
                            to="courses.cmi5block",
                        ),
                    ),
                    (
                        "structure",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="blocks",
                            to="courses.cmi5course",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "cmi5 块",
                    "verbose_name_plural": "cmi5 块",
                    "ordering": ["id"],
                },
            ),
            migrations.CreateModel(
                name="Cmi5Unit",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("order", models.PositiveSmallIntegerField(verbose_name="顺序")),
                    ("publisher", models.CharField(max_length=2000, verbose_name="出版编号")),
                    ("title", models.CharField(max_length=300, verbose_name="标题")),
                    ("description", models.TextField(blank=True, verbose_name="说明")),
                    ("url", models.CharField(max_length=2000, verbose_name="启动地址")),
                    (
                        "move_on",
                        models.CharField(
                            choices=[
                                ("Passed", "Passed"),
                                ("Completed", "Completed"),
                                ("CompletedAndPassed", "CompletedAndPassed"),
                                ("CompletedOrPassed", "CompletedOrPassed"),
                                ("NotApplicable", "NotApplicable"),
                            ],
                            max_length=18,
                            verbose_name="完成条件",
                        ),
                    ),
                    (
                        "mastery",
                        models.DecimalField(
                            decimal_places=4, max_digits=5, null=True, verbose_name="及格线"
                        ),
                    ),
                    ("launch_method", models.CharField(max_length=9, verbose_name="打开方式")),
                    ("launch_parameters", models.TextField(blank=True, verbose_name="启动参数")),
                    ("entitlement_key", models.TextField(blank=True, verbose_name="授权码")),
                    (
                        "activity_type",
                        models.CharField(blank=True, max_length=2000, verbose_name="活动类型"),
                    ),
                    (
                        "block",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="units",
                            to="courses.cmi5block",
                        ),
                    ),
                    (
                        "lesson",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="units",
                            to="courses.lessonpage",
                            verbose_name="课时",
                        ),
                    ),
                    (
                        "structure",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="units",
                            to="courses.cmi5course",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "cmi5 课件",
                    "verbose_name_plural": "cmi5 课件",
                    "ordering": ["structure_id", "order"],
                },
            ),
            migrations.AddField(
                model_name="ausession",
                name="unit",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="sessions",
                    to="courses.cmi5unit",
                ),
            ),
            migrations.CreateModel(
                name="LearnerAccount",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "name",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, unique=True, verbose_name="编号"
                        ),
                    ),
                    (
                        "person",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="learner_account",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "学习记录编号",
                    "verbose_name_plural": "学习记录编号",
                },
            ),
            migrations.CreateModel(
                name="LrsKey",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=60, unique=True, verbose_name="系统名称")),
                    (
                        "secret_hash",
                        models.CharField(editable=False, max_length=64, verbose_name="密钥指纹"),
                    ),
                    ("scopes", models.JSONField(default=list, verbose_name="权限")),
                    ("active", models.BooleanField(default=True, verbose_name="启用")),
                    (
                        "expires_on",
                        models.DateField(blank=True, null=True, verbose_name="密钥有效期至"),
                    ),
                    ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                    (
                        "made_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "place",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="credit.jurisdiction",
                            verbose_name="属地（含下级）",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "学习记录接口密钥",
                    "verbose_name_plural": "学习记录接口密钥",
                    "ordering": ["name"],
                    "permissions": [("issue_lrs_key", "可以发放学习记录接口密钥")],
                },
            ),
            migrations.CreateModel(
                name="Registration",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "key",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, unique=True, verbose_name="编号"
                        ),
                    ),
                    (
                        "enrolment",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="registration",
                            to="courses.enrolment",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "报名编号",
                    "verbose_name_plural": "报名编号",
                },
            ),
            migrations.AddField(
                model_name="ausession",
                name="registration",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="sessions",
                    to="courses.registration",
                ),
            ),
            migrations.CreateModel(
                name="XapiDocument",
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
                                ("state", "学习状态"),
                                ("activity", "课件资料"),
                                ("agent", "学员资料"),
                            ],
                            max_length=8,
                            verbose_name="种类",
                        ),
                    ),
                    ("scope", models.CharField(max_length=32)),
                    ("name", models.CharField(max_length=400, verbose_name="名称")),
                    (
                        "activity",
                        models.CharField(blank=True, max_length=2000, verbose_name="课件"),
                    ),
                    ("agent", models.CharField(blank=True, max_length=2500, verbose_name="学员")),
                    (
                        "registration",
                        models.CharField(blank=True, max_length=36, verbose_name="报名编号"),
                    ),
                    ("content", models.BinaryField(verbose_name="内容")),
                    ("content_type", models.CharField(max_length=250, verbose_name="内容类型")),
                    ("etag", models.CharField(max_length=40)),
                    ("updated_at", models.DateTimeField(verbose_name="更新时间")),
                ],
                options={
                    "verbose_name": "学习状态文档",
                    "verbose_name_plural": "学习状态文档",
                    "ordering": ["name"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("scope", "name"), name="one_document_per_name"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="XapiStatement",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("stored", models.DateTimeField(verbose_name="收到时间")),
                    ("said_at", models.DateTimeField(verbose_name="发生时间")),
                    ("verb", models.CharField(max_length=2000, verbose_name="动词")),
                    ("body", models.TextField(verbose_name="内容")),
                    ("fact", models.CharField(blank=True, max_length=20, verbose_name="事实")),
                    ("fact_id", models.BigIntegerField(null=True)),
                    ("target", models.UUIDField(null=True, verbose_name="所指的陈述")),
                    ("voids", models.BooleanField(default=False, verbose_name="作废")),
                    ("defined", models.BooleanField(default=False, verbose_name="cmi5")),
                    (
                        "account",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="statements",
                            to="courses.learneraccount",
                            verbose_name="学员",
                        ),
                    ),
                    (
                        "key",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="statements",
                            to="courses.lrskey",
                        ),
                    ),
                    (
                        "session",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="statements",
                            to="courses.ausession",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "学习陈述",
                    "verbose_name_plural": "学习陈述",
                    "ordering": ["-stored", "-id"],
                },
            ),
            migrations.CreateModel(
                name="XapiMention",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("kind", models.CharField(max_length=14)),
                    ("key", models.CharField(max_length=32)),
                    (
                        "statement",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="mentions",
                            to="courses.xapistatement",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "学习陈述的索引",
                    "verbose_name_plural": "学习陈述的索引",
                },
            ),
            migrations.CreateModel(
                name="UnitResult",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "verb",
                        models.CharField(
                            choices=[
                                ("completed", "完成"),
                                ("passed", "通过"),
                                ("failed", "未通过"),
                                ("waived", "免学"),
                            ],
                            max_length=9,
                            verbose_name="结果",
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="时间")),
                    (
                        "reason",
                        models.CharField(blank=True, max_length=200, verbose_name="免学原因"),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="经办人",
                        ),
                    ),
                    (
                        "registration",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="unit_results",
                            to="courses.registration",
                        ),
                    ),
                    (
                        "session",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="results",
                            to="courses.ausession",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="results",
                            to="courses.cmi5unit",
                        ),
                    ),
                    (
                        "statement",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="unit_result",
                            to="courses.xapistatement",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "课件结果",
                    "verbose_name_plural": "课件结果",
                    "ordering": ["id"],
                },
            ),
            migrations.CreateModel(
                name="Satisfaction",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="时间")),
                    (
                        "block",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="satisfactions",
                            to="courses.cmi5block",
                        ),
                    ),
                    (
                        "registration",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="satisfactions",
                            to="courses.registration",
                        ),
                    ),
                    (
                        "structure",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="satisfactions",
                            to="courses.cmi5course",
                        ),
                    ),
                    (
                        "statement",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="satisfaction",
                            to="courses.xapistatement",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "cmi5 达成",
                    "verbose_name_plural": "cmi5 达成",
                },
            ),
            migrations.AddConstraint(
                model_name="cmi5unit",
                constraint=models.UniqueConstraint(
                    fields=("structure", "order"), name="one_unit_per_place"
                ),
            ),
            migrations.AddConstraint(
                model_name="cmi5unit",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        ("mastery__isnull", True),
                        models.Q(("mastery__gte", 0), ("mastery__lte", 1)),
                        _connector="OR",
                    ),
                    name="mastery_score_within_one",
                ),
            ),
            migrations.AddIndex(
                model_name="ausession",
                index=models.Index(fields=["registration", "unit"], name="session_by_unit"),
            ),
            migrations.AddIndex(
                model_name="xapistatement",
                index=models.Index(fields=["stored", "id"], name="statement_by_time"),
            ),
            migrations.AddIndex(
                model_name="xapistatement",
                index=models.Index(
                    condition=models.Q(("target__isnull", False)),
                    fields=["target"],
                    name="statement_by_target",
                ),
            ),
            migrations.AddConstraint(
                model_name="xapistatement",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("fact_id__isnull", False)),
                    fields=("fact", "fact_id"),
                    name="one_statement_per_fact",
                ),
            ),
            migrations.AddConstraint(
                model_name="xapistatement",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        ("key__isnull", True), ("session__isnull", True), _connector="OR"
                    ),
                    name="statement_has_one_sender",
                ),
            ),
            migrations.AddConstraint(
                model_name="xapistatement",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("fact", ""), ("fact_id__isnull", True)),
                        models.Q(
                            models.Q(("fact", ""), _negated=True),
                            ("fact_id__isnull", False),
                            ("key__isnull", True),
                            ("session__isnull", True),
                        ),
                        _connector="OR",
                    ),
                    name="only_we_tell_our_facts",
                ),
            ),
            migrations.AddConstraint(
                model_name="xapistatement",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        ("voids", False), ("target__isnull", False), _connector="OR"
                    ),
                    name="voiding_has_a_target",
                ),
            ),
            migrations.AddIndex(
                model_name="xapimention",
                index=models.Index(fields=["kind", "key", "statement"], name="mention_by_key"),
            ),
            migrations.AddConstraint(
                model_name="xapimention",
                constraint=models.UniqueConstraint(
                    fields=("statement", "kind", "key"), name="one_mention_per_statement"
                ),
            ),
            migrations.AddConstraint(
                model_name="unitresult",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("verb", "failed"), _negated=True),
                    fields=("registration", "unit", "verb"),
                    name="one_result_per_registration",
                ),
            ),
            migrations.AddConstraint(
                model_name="unitresult",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("by__isnull", False),
                            ("session__isnull", True),
                            ("verb", "waived"),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        models.Q(
                            models.Q(("verb", "waived"), _negated=True),
                            ("by__isnull", True),
                            ("reason", ""),
                            ("session__isnull", False),
                        ),
                        _connector="OR",
                    ),
                    name="waiver_names_who_and_why",
                ),
            ),
            migrations.AddConstraint(
                model_name="satisfaction",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("block__isnull", False)),
                    fields=("registration", "block"),
                    name="one_satisfaction_per_block",
                ),
            ),
            migrations.AddConstraint(
                model_name="satisfaction",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("block__isnull", True)),
                    fields=("registration", "structure"),
                    name="one_satisfaction_per_course",
                ),
            ),
        ]
    )
