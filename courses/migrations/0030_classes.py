"""Classes in a hall: timetable, members, signing in and out, closing; written once, and their hours in the ledger.

The ledger takes the hours of a class only for a signing out that follows a signing in of the same person in that
session, within its timetable; nothing comes into a class after its closing.
"""

import django.db.models.deletion
import django.db.models.functions
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, guarding, never_emptied
from credit.operations import at_once

CLASS, SESSION, SIGN = "courses_trainingclass", "courses_classsession", "courses_classsign"
MEMBER, CANCELLING = "courses_classmember", "courses_sessioncancelling"
CLOSING, GIVEN, EVALUATION = (
    "courses_classclosing",
    "courses_evaluationgiven",
    "courses_evaluation",
)
TABLES = {
    CLASS: ("a class", ("o.join_code = NEW.join_code",)),
    SESSION: ("a session", ()),
    CANCELLING: ("a cancelling", ("o.session_id = NEW.session_id",)),
    MEMBER: (
        "a seat",
        ("(o.training_class_id = NEW.training_class_id AND o.person_id = NEW.person_id)",),
    ),
    SIGN: (
        "a signing",
        ("(o.session_id = NEW.session_id AND o.member_id = NEW.member_id AND o.way = NEW.way)",),
    ),
    CLOSING: ("a closing", ("o.training_class_id = NEW.training_class_id",)),
    GIVEN: ("an evaluation", ("o.member_id = NEW.member_id",)),
    EVALUATION: ("an evaluation", ()),
}
TAB = {
    "sqlite": "c1a55000000040008000000000000000",
    "postgresql": "c1a55000-0000-4000-8000-000000000000",
}


def _open(training_class):
    """No closing yet of the class with this key."""
    return f"NOT EXISTS (SELECT 1 FROM {CLOSING} c WHERE c.training_class_id = {training_class})"  # noqa: S608


def guards(vendor):
    found = [
        guard
        for table, (what, keys) in TABLES.items()
        for guard in (
            Guard(f"{table}_stays", table, "DELETE", f"{what} is never deleted"),
            Guard(f"{table}_is_written_once", table, "UPDATE", f"{what} is never edited"),
            comes_new(table, *keys),
            never_emptied(table),
        )
    ]
    late = "nothing comes into a class after its closing"
    of_session = f"(SELECT t.training_class_id FROM {SESSION} t WHERE t.id = NEW.session_id)"  # noqa: S608
    of_member = f"(SELECT m.training_class_id FROM {MEMBER} m WHERE m.id = NEW.member_id)"  # noqa: S608
    held = f"NOT EXISTS (SELECT 1 FROM {CANCELLING} x WHERE x.session_id = NEW.session_id)"  # noqa: S608
    return [
        *found,
        Guard(f"{SESSION}_before_closing", SESSION, "INSERT", late, _open("NEW.training_class_id")),
        Guard(f"{MEMBER}_before_closing", MEMBER, "INSERT", late, _open("NEW.training_class_id")),
        Guard(
            f"{EVALUATION}_before_closing", EVALUATION, "INSERT", late,
            _open("NEW.training_class_id"),
        ),
        Guard(
            f"{MEMBER}_has_the_round", MEMBER, "INSERT",
            "a seat is taken with the own round of the course",
            f"EXISTS (SELECT 1 FROM courses_enrolment e JOIN {CLASS} k ON k.id = NEW.training_class_id "  # noqa: S608
            "WHERE e.id = NEW.enrolment_id AND e.person_id = NEW.person_id "
            "AND e.course_id = k.course_id)",
        ),
        Guard(
            f"{CANCELLING}_of_an_empty_session", CANCELLING, "INSERT",
            "a session that somebody attended is not cancelled",
            f"NOT EXISTS (SELECT 1 FROM {SIGN} s WHERE s.session_id = NEW.session_id) "  # noqa: S608
            f"AND {_open(of_session)}",
        ),
        Guard(
            f"{SIGN}_of_a_member", SIGN, "INSERT",
            "members sign in a session of their own class, before its closing",
            f"{held} AND {of_session} = {of_member} AND {_open(of_session)}",
        ),
        Guard(
            f"{SIGN}_out_after_in", SIGN, "INSERT", "nobody signs out who did not sign in",
            f"NEW.way = 'in' OR EXISTS (SELECT 1 FROM {SIGN} s WHERE s.session_id = NEW.session_id "  # noqa: S608
            "AND s.member_id = NEW.member_id AND s.way = 'in' AND s.at <= NEW.at)",
        ),
        Guard(
            f"{SIGN}_by_another_hand", SIGN, "INSERT", "nobody signs for themselves by hand",
            f"NEW.by_id IS NULL OR NEW.by_id <> (SELECT m.person_id FROM {MEMBER} m "  # noqa: S608
            "WHERE m.id = NEW.member_id)",
        ),
        Guard(
            f"{CLOSING}_after_the_last_session", CLOSING, "INSERT",
            "a class is closed after its last session",
            f"NOT EXISTS (SELECT 1 FROM {SESSION} t LEFT JOIN {CANCELLING} x ON x.session_id = t.id "  # noqa: S608
            "WHERE t.training_class_id = NEW.training_class_id AND x.id IS NULL "
            "AND t.ends_at > NEW.at)",
        ),
        Guard(
            "courses_study_event_of_a_class", "courses_studyevent", "INSERT",
            "hours of a class rest on a signing in and out, within the timetable",
            f"NEW.kind <> 'class' OR (NEW.tab = '{TAB[vendor]}' AND EXISTS (SELECT 1 FROM {SIGN} s "  # noqa: S608
            f"JOIN {SESSION} t ON t.id = s.session_id JOIN {MEMBER} m ON m.id = s.member_id "
            f"JOIN {SIGN} i ON i.session_id = s.session_id AND i.member_id = s.member_id "
            "AND i.way = 'in' WHERE s.id = NEW.sequence AND s.way = 'out' "
            "AND m.person_id = NEW.person_id AND m.enrolment_id = NEW.enrolment_id "
            "AND t.lesson_id = NEW.lesson_id AND NEW.at <= s.at AND NEW.at <= t.ends_at "
            "AND NEW.credited_ms <= t.minutes * 60000 AND (NEW.credited_ms = 0 "
            "OR (NEW.began_at >= i.at AND NEW.began_at >= t.starts_at))))",
        ),
    ]  # fmt: skip


STEPS = [
    migrations.AlterField(
        model_name="studyevent",
        name="kind",
        field=models.CharField(
            choices=[
                ("open", "打开"),
                ("beat", "学习中"),
                ("finish", "学完"),
                ("fix", "更正"),
                ("class", "线下课"),
                ("team", "班组课"),
            ],
            max_length=6,
            verbose_name="事件",
        ),
    ),
    migrations.CreateModel(
        name="ClassMember",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            (
                "way",
                models.CharField(
                    choices=[
                        ("code", "扫码报名"),
                        ("enterprise", "企业报名"),
                        ("trainer", "开班人报名"),
                    ],
                    max_length=10,
                    verbose_name="报名方式",
                ),
            ),
            ("at", models.DateTimeField(verbose_name="报名时间")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "enrolment",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="class_members",
                    to="courses.enrolment",
                ),
            ),
            (
                "enterprise",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="credit.enterprise",
                ),
            ),
            (
                "person",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="classes",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="学员",
                ),
            ),
        ],
        options={
            "verbose_name": "培训班学员",
            "verbose_name_plural": "培训班学员",
            "ordering": ["id"],
        },
    ),
    migrations.CreateModel(
        name="EvaluationGiven",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            (
                "member",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="evaluated",
                    to="courses.classmember",
                ),
            ),
        ],
        options={
            "verbose_name": "已评价",
            "verbose_name_plural": "已评价",
        },
    ),
    migrations.CreateModel(
        name="Lecturer",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("name", models.CharField(max_length=60, verbose_name="姓名")),
            ("organisation", models.CharField(max_length=120, verbose_name="单位")),
            ("title", models.CharField(blank=True, max_length=60, verbose_name="职称或职务")),
            ("speciality", models.CharField(max_length=120, verbose_name="专业领域")),
            (
                "paper",
                models.CharField(blank=True, max_length=200, verbose_name="资格证明（名称和编号）"),
            ),
            ("active", models.BooleanField(default=True, verbose_name="现在可以授课")),
            (
                "sector",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="credit.sector",
                    verbose_name="行业领域",
                ),
            ),
        ],
        options={
            "verbose_name": "教员（专家）",
            "verbose_name_plural": "师资库",
            "ordering": ["name", "id"],
        },
    ),
    migrations.CreateModel(
        name="ClassSession",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("lecturer_said", models.CharField(max_length=250, verbose_name="当时的教员")),
            ("starts_at", models.DateTimeField(verbose_name="上课")),
            ("ends_at", models.DateTimeField(verbose_name="下课")),
            ("minutes", models.PositiveSmallIntegerField(verbose_name="课表时间（分钟）")),
            (
                "venue",
                models.CharField(blank=True, max_length=200, verbose_name="地点（和班里不同的话）"),
            ),
            ("at", models.DateTimeField(verbose_name="登记时间")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "lesson",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="class_sessions",
                    to="courses.lessonpage",
                    verbose_name="课时",
                ),
            ),
            (
                "lecturer",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="sessions",
                    to="courses.lecturer",
                    verbose_name="教员",
                ),
            ),
        ],
        options={
            "verbose_name": "课表",
            "verbose_name_plural": "课表",
            "ordering": ["starts_at", "id"],
        },
    ),
    migrations.CreateModel(
        name="SessionCancelling",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("reason", models.CharField(max_length=200, verbose_name="原因")),
            ("at", models.DateTimeField(verbose_name="时间")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "session",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="cancelling",
                    to="courses.classsession",
                ),
            ),
        ],
        options={
            "verbose_name": "取消的课",
            "verbose_name_plural": "取消的课",
        },
    ),
    migrations.CreateModel(
        name="TrainingClass",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("title", models.CharField(max_length=120, verbose_name="班名")),
            ("venue", models.CharField(max_length=200, verbose_name="地点")),
            (
                "seats",
                models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="最多人数"),
            ),
            ("join_code", models.CharField(max_length=32, unique=True, verbose_name="报名码")),
            ("at", models.DateTimeField(verbose_name="开班时间")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="classes",
                    to="courses.coursepage",
                    verbose_name="课程",
                ),
            ),
            (
                "enterprise",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="training_classes",
                    to="credit.enterprise",
                    verbose_name="企业",
                ),
            ),
            (
                "place",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="training_classes",
                    to="credit.jurisdiction",
                    verbose_name="属地",
                ),
            ),
        ],
        options={
            "verbose_name": "培训班",
            "verbose_name_plural": "培训班",
            "ordering": ["-id"],
            "permissions": [("run_classes", "可以开办辖区的培训班")],
        },
    ),
    migrations.CreateModel(
        name="Evaluation",
        fields=[
            ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
            ("marks", models.JSONField(verbose_name="评分")),
            ("words", models.CharField(blank=True, max_length=300, verbose_name="想说的话")),
            (
                "training_class",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="evaluations",
                    to="courses.trainingclass",
                    verbose_name="培训班",
                ),
            ),
        ],
        options={
            "verbose_name": "培训评价",
            "verbose_name_plural": "培训评价",
            "ordering": ["id"],
        },
    ),
    migrations.AddField(
        model_name="classsession",
        name="training_class",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT,
            related_name="sessions",
            to="courses.trainingclass",
            verbose_name="培训班",
        ),
    ),
    migrations.AddField(
        model_name="classmember",
        name="training_class",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT,
            related_name="members",
            to="courses.trainingclass",
            verbose_name="培训班",
        ),
    ),
    migrations.CreateModel(
        name="ClassClosing",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("people", models.PositiveIntegerField(verbose_name="参加完的人数")),
            ("note", models.CharField(blank=True, max_length=500, verbose_name="小结")),
            ("at", models.DateTimeField(verbose_name="结班时间")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "training_class",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="closing",
                    to="courses.trainingclass",
                ),
            ),
        ],
        options={
            "verbose_name": "结班",
            "verbose_name_plural": "结班",
        },
    ),
    migrations.CreateModel(
        name="ClassSign",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            (
                "way",
                models.CharField(
                    choices=[("in", "签到"), ("out", "签退")], max_length=3, verbose_name="事项"
                ),
            ),
            (
                "means",
                models.CharField(
                    choices=[("code", "扫码"), ("hand", "点名")], max_length=4, verbose_name="方式"
                ),
            ),
            ("at", models.DateTimeField(verbose_name="时间")),
            ("reason", models.CharField(blank=True, max_length=200, verbose_name="点名的原因")),
            (
                "by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "member",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="signs",
                    to="courses.classmember",
                ),
            ),
            (
                "session",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="signs",
                    to="courses.classsession",
                ),
            ),
        ],
        options={
            "verbose_name": "签到签退",
            "verbose_name_plural": "签到签退",
            "ordering": ["id"],
            "constraints": [
                models.UniqueConstraint(
                    fields=("session", "member", "way"), name="one_sign_per_session_and_way"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("by__isnull", False),
                            ("means", "hand"),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        models.Q(("by__isnull", True), ("means", "code"), ("reason", "")),
                        _connector="OR",
                    ),
                    name="sign_by_hand_names_who_and_why",
                ),
            ],
        },
    ),
    migrations.AddConstraint(
        model_name="lecturer",
        constraint=models.UniqueConstraint(
            fields=("name", "organisation"), name="one_lecturer_per_unit"
        ),
    ),
    migrations.AddConstraint(
        model_name="sessioncancelling",
        constraint=models.CheckConstraint(
            condition=models.Q(("reason", ""), _negated=True), name="session_cancelling_says_why"
        ),
    ),
    migrations.AddConstraint(
        model_name="trainingclass",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("title", ""), _negated=True), models.Q(("venue", ""), _negated=True)
            ),
            name="class_has_a_name",
        ),
    ),
    migrations.AddConstraint(
        model_name="classsession",
        constraint=models.CheckConstraint(
            condition=models.Q(("ends_at__gt", models.F("starts_at")), ("minutes__gt", 0)),
            name="session_ends_after_it_began",
        ),
    ),
    migrations.AddConstraint(
        model_name="classmember",
        constraint=models.UniqueConstraint(
            fields=("training_class", "person"), name="one_seat_per_person_in_a_class"
        ),
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0023_roster"),
        ("credit", "0080_teams_and_trades"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [*at_once(STEPS), guarding(guards)]
