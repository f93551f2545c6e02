"""The question bank, exams with frozen papers, answers, certificates; what is done stays as it was."""

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
from django.conf import settings
from django.db import migrations, models

import courses.models.exams
from credit.locks import Guard
from credit.operations import RunSchema, at_once

# What was given, drawn, marked or issued is never edited, whatever the code says.
GUARDS = [
    Guard(
        "courses_answer_event_is_written_once",
        "courses_answerevent",
        "UPDATE",
        "an answer given is never edited",
    ),
    Guard(
        "courses_paper_is_frozen",
        "courses_paperquestion",
        "UPDATE",
        "a drawn paper is never edited",
    ),
    Guard(
        "courses_mark_is_final",
        "courses_attempt",
        "UPDATE",
        "a marked attempt is never edited",
        "OLD.submitted_at IS NULL",
    ),
    Guard(
        "courses_certificate_is_written_once",
        "courses_certificate",
        "UPDATE",
        "a certificate is never edited",
    ),
    Guard(
        "courses_revocation_is_written_once",
        "courses_revocation",
        "UPDATE",
        "a revocation is never edited",
    ),
]


def lock(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几次")),
                ("seed", models.BigIntegerField(verbose_name="抽题种子")),
                ("started_at", models.DateTimeField(verbose_name="开始时间")),
                ("deadline", models.DateTimeField(db_index=True, verbose_name="截止时间")),
                ("pass_mark", models.PositiveSmallIntegerField(verbose_name="当时的合格线")),
                ("figures", models.CharField(max_length=40, verbose_name="规则版本")),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="交卷时间"),
                ),
                (
                    "ended_by",
                    models.CharField(
                        blank=True,
                        choices=[("learner", "本人交卷"), ("clock", "到时自动交卷")],
                        max_length=8,
                        verbose_name="交卷方式",
                    ),
                ),
                (
                    "points",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="得分"),
                ),
                ("passed", models.BooleanField(blank=True, null=True, verbose_name="合格")),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="courses.enrolment",
                    ),
                ),
            ],
            options={
                "verbose_name": "考试记录",
                "verbose_name_plural": "考试记录",
                "ordering": ["enrolment_id", "number"],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="证书编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("worker", "从业人员"),
                            ("manager", "主要负责人、安全管理人员"),
                            ("special_operator", "特种作业人员"),
                        ],
                        max_length=20,
                        verbose_name="证书对象",
                    ),
                ),
                ("person_name", models.CharField(max_length=60, verbose_name="姓名")),
                ("course_title", models.CharField(max_length=255, verbose_name="课程")),
                ("points", models.PositiveSmallIntegerField(verbose_name="考试成绩")),
                ("studied_minutes", models.PositiveIntegerField(verbose_name="学习时间（分钟）")),
                ("issued_on", models.DateField(verbose_name="发证日期")),
                ("valid_until", models.DateField(verbose_name="有效期至")),
                ("article", models.CharField(max_length=200, verbose_name="依据")),
                (
                    "attempt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate",
                        to="courses.attempt",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="courses.enrolment",
                    ),
                ),
            ],
            options={
                "verbose_name": "证书",
                "verbose_name_plural": "证书",
                "ordering": ["-issued_on", "-id"],
                "permissions": [("revoke_certificate", "可以撤销证书")],
            },
        ),
        migrations.CreateModel(
            name="Exam",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="考试名称")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        default=courses.models.exams.default_minutes,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="考试时间（分钟）",
                    ),
                ),
                (
                    "pass_mark",
                    models.PositiveSmallIntegerField(
                        default=courses.models.exams.default_pass_mark,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="合格线（满分100）",
                    ),
                ),
                (
                    "attempts_allowed",
                    models.PositiveSmallIntegerField(
                        default=courses.models.exams.default_attempts,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="考试次数（含补考）",
                    ),
                ),
                (
                    "wait_hours",
                    models.PositiveSmallIntegerField(
                        default=courses.models.exams.default_wait,
                        verbose_name="两次考试间隔（小时）",
                    ),
                ),
                (
                    "certificate_kind",
                    models.CharField(
                        choices=[
                            ("worker", "从业人员"),
                            ("manager", "主要负责人、安全管理人员"),
                            ("special_operator", "特种作业人员"),
                        ],
                        default="worker",
                        max_length=20,
                        verbose_name="证书对象",
                    ),
                ),
                (
                    "course",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exam",
                        to="courses.coursepage",
                        verbose_name="课程",
                    ),
                ),
            ],
            options={
                "verbose_name": "考试",
                "verbose_name_plural": "考试",
            },
        ),
        migrations.CreateModel(
            name="Blueprint",
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
                            ("single", "单选题"),
                            ("multiple", "多选题"),
                            ("true_false", "判断题"),
                        ],
                        max_length=12,
                        verbose_name="题型",
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="知识点（空白为不限）"
                    ),
                ),
                (
                    "count",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="题数",
                    ),
                ),
                (
                    "points",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="每题分值",
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, verbose_name="顺序"
                    ),
                ),
                (
                    "exam",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="blueprint",
                        to="courses.exam",
                    ),
                ),
            ],
            options={
                "verbose_name": "组卷规则",
                "verbose_name_plural": "组卷规则",
                "ordering": ["order", "id"],
            },
        ),
        migrations.AddField(
            model_name="attempt",
            name="exam",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="courses.exam",
            ),
        ),
        migrations.CreateModel(
            name="PaperQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="题号")),
                ("points", models.PositiveSmallIntegerField(verbose_name="分值")),
                ("option_order", models.JSONField(default=list, verbose_name="选项次序")),
                ("shown", models.JSONField(default=dict, verbose_name="题面")),
                ("sealed", models.JSONField(default=dict, verbose_name="答案与解析")),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper",
                        to="courses.attempt",
                    ),
                ),
            ],
            options={
                "verbose_name": "试卷题目",
                "verbose_name_plural": "试卷题目",
                "ordering": ["attempt_id", "position"],
            },
        ),
        migrations.CreateModel(
            name="AnswerEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chosen", models.JSONField(default=list, verbose_name="所选")),
                ("sequence", models.BigIntegerField(verbose_name="次序号")),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
                ("kept", models.BooleanField(verbose_name="已采用")),
                (
                    "paper_question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="courses.paperquestion",
                    ),
                ),
            ],
            options={
                "verbose_name": "作答流水",
                "verbose_name_plural": "作答流水",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chosen", models.JSONField(default=list, verbose_name="所选")),
                ("sequence", models.BigIntegerField(verbose_name="次序号")),
                ("saved_at", models.DateTimeField(verbose_name="保存时间")),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="courses.attempt",
                    ),
                ),
                (
                    "paper_question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="courses.paperquestion",
                    ),
                ),
            ],
            options={
                "verbose_name": "作答",
                "verbose_name_plural": "作答",
            },
        ),
        migrations.CreateModel(
            name="Question",
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
                            ("single", "单选题"),
                            ("multiple", "多选题"),
                            ("true_false", "判断题"),
                        ],
                        max_length=12,
                        verbose_name="题型",
                    ),
                ),
                ("topic", models.CharField(blank=True, max_length=40, verbose_name="知识点")),
                ("stem", models.TextField(verbose_name="题干")),
                ("explanation", models.TextField(blank=True, verbose_name="解析")),
                (
                    "basis",
                    models.CharField(blank=True, max_length=200, verbose_name="依据（法规条文）"),
                ),
                ("active", models.BooleanField(default=True, verbose_name="可用于组卷")),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="版本"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="courses.question",
                        verbose_name="替换的旧题",
                    ),
                ),
            ],
            options={
                "verbose_name": "试题",
                "verbose_name_plural": "试题",
                "ordering": ["bank_id", "id"],
            },
        ),
        migrations.AddField(
            model_name="paperquestion",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="drawn",
                to="courses.question",
            ),
        ),
        migrations.CreateModel(
            name="Option",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="选项")),
                ("correct", models.BooleanField(default=False, verbose_name="正确")),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, verbose_name="顺序"
                    ),
                ),
                (
                    "question",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="options",
                        to="courses.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "选项",
                "verbose_name_plural": "选项",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="QuestionBank",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="banks",
                        to="courses.coursepage",
                        verbose_name="课程",
                    ),
                ),
            ],
            options={
                "verbose_name": "题库",
                "verbose_name_plural": "题库",
                "ordering": ["course_id", "name"],
            },
        ),
        migrations.AddField(
            model_name="question",
            name="bank",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions",
                to="courses.questionbank",
                verbose_name="题库",
            ),
        ),
        migrations.CreateModel(
            name="Revocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revoked_on", models.DateField(verbose_name="撤销日期")),
                ("reason", models.CharField(max_length=300, verbose_name="撤销原因")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                (
                    "certificate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revocation",
                        to="courses.certificate",
                        verbose_name="证书",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revocations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "证书撤销",
                "verbose_name_plural": "证书撤销",
            },
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gte", models.F("issued_on"))),
                name="certificate_is_valid_when_issued",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("person_name", ""), _negated=True),
                name="certificate_bears_a_real_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="exam",
            constraint=models.CheckConstraint(
                condition=models.Q(("pass_mark__gte", 1), ("pass_mark__lte", 100)),
                name="exam_pass_mark_within_100",
            ),
        ),
        migrations.AddConstraint(
            model_name="exam",
            constraint=models.CheckConstraint(
                condition=models.Q(("attempts_allowed__gte", 1), ("minutes__gte", 1)),
                name="exam_has_time_and_attempts",
            ),
        ),
        migrations.AddConstraint(
            model_name="blueprint",
            constraint=models.UniqueConstraint(
                fields=("exam", "kind", "topic"), name="one_blueprint_line_per_kind_and_topic"
            ),
        ),
        migrations.AddConstraint(
            model_name="blueprint",
            constraint=models.CheckConstraint(
                condition=models.Q(("count__gte", 1), ("points__gte", 1)),
                name="blueprint_line_counts_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("submitted_at__isnull", True)),
                fields=("enrolment",),
                name="one_open_attempt_per_enrolment",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                fields=("enrolment", "exam", "number"), name="one_attempt_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("passed", True)),
                fields=("enrolment", "exam"),
                name="one_passed_attempt_per_enrolment",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("deadline__gt", models.F("started_at"))),
                name="attempt_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_by", ""),
                        ("passed__isnull", True),
                        ("points__isnull", True),
                        ("submitted_at__isnull", True),
                    ),
                    models.Q(
                        ("passed__isnull", False),
                        ("points__isnull", False),
                        ("submitted_at__isnull", False),
                        models.Q(("ended_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="attempt_is_marked_when_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("sequence__gt", 0)), name="answer_sequence_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperquestion",
            constraint=models.UniqueConstraint(
                fields=("attempt", "position"), name="one_question_per_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperquestion",
            constraint=models.UniqueConstraint(
                fields=("attempt", "question"), name="no_question_twice_on_a_paper"
            ),
        ),
        migrations.AddConstraint(
            model_name="questionbank",
            constraint=models.UniqueConstraint(
                fields=("course", "name"), name="one_bank_per_name_in_course"
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["bank", "active", "kind"], name="question_pool"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["single", "multiple", "true_false"])),
                name="question_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("supersedes__isnull", True),
                    models.Q(("supersedes", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="question_never_supersedes_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="revocation",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="revocation_names_its_reason",
            ),
        ),
        RunSchema(lock, unlock),
    ]
    operations = at_once(operations)
