"""The room: when an exam is open, more time for one person, refused answers, identity, leaving the page.

The terms of an attempt stay as they were at its start; only its deadline moves, with the row that says who and why.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, guarding, never_emptied
from credit.operations import at_once

TABLES = {
    "courses_extratime": "extra time",
    "courses_refusedanswer": "a refused answer",
    "courses_identitycheck": "an identity check",
    "courses_identityuse": "the use of an identity check",
    "courses_leaveevent": "a leaving of the page",
}
KEYS = {
    "courses_refusedanswer": [
        "o.paper_question_id = NEW.paper_question_id AND o.sequence = NEW.sequence"
    ],
    "courses_identityuse": ["o.check_of_id = NEW.check_of_id", "o.attempt_id = NEW.attempt_id"],
    "courses_leaveevent": [
        "o.attempt_id = NEW.attempt_id AND o.told_at = NEW.told_at AND o.kind = NEW.kind"
    ],
}
ONCE = [
    guard
    for table, what in TABLES.items()
    for guard in (
        Guard(f"{table}_stays", table, "DELETE", f"{what} is never deleted"),
        Guard(f"{table}_is_written_once", table, "UPDATE", f"{what} is never edited"),
        comes_new(table, *KEYS.get(table, [])),
        never_emptied(table),
    )
]
_TERMS = " AND ".join(
    f"NEW.{column} = OLD.{column}"
    for column in (
        "enrolment_id", "exam_id", "number", "seed", "started_at", "pass_mark", "figures",
    )
)  # fmt: skip
_MOVED = (
    "EXISTS (SELECT 1 FROM courses_extratime x WHERE x.attempt_id = OLD.id "
    "AND x.deadline_before = OLD.deadline AND x.deadline_after = NEW.deadline)"
)
GUARDS = [
    *ONCE,
    Guard(
        "courses_attempt_terms_stay",
        "courses_attempt",
        "UPDATE",
        "the terms of an attempt stay; its deadline moves with extra time only",
        f"{_TERMS} AND (NEW.deadline = OLD.deadline OR (OLD.submitted_at IS NULL AND {_MOVED}))",
    ),
    Guard(
        "courses_extratime_is_another_s",
        "courses_extratime",
        "INSERT",
        "extra time is given by another person, for an attempt that runs",
        "EXISTS (SELECT 1 FROM courses_enrolment e WHERE e.id = NEW.enrolment_id "
        "AND e.person_id <> NEW.by_id) AND (NEW.attempt_id IS NULL OR EXISTS "
        "(SELECT 1 FROM courses_attempt a WHERE a.id = NEW.attempt_id "
        "AND a.enrolment_id = NEW.enrolment_id AND a.submitted_at IS NULL "
        "AND a.deadline = NEW.deadline_before))",
    ),
    Guard(
        "courses_answer_comes_in_time",
        "courses_answer",
        "INSERT",
        "an answer belongs to a place of its own paper, while the attempt is open",
        "EXISTS (SELECT 1 FROM courses_paperquestion p JOIN courses_attempt a ON a.id = p.attempt_id "
        "WHERE p.id = NEW.paper_question_id AND a.id = NEW.attempt_id AND a.submitted_at IS NULL)",
    ),
    Guard(
        "courses_identity_is_another_s",
        "courses_identitycheck",
        "INSERT",
        "nobody confirms the own identity",
        "NEW.by_id IS NULL OR EXISTS (SELECT 1 FROM courses_enrolment e "
        "WHERE e.id = NEW.enrolment_id AND e.person_id <> NEW.by_id)",
    ),
    Guard(
        "courses_identity_opens_its_attempt",
        "courses_identityuse",
        "INSERT",
        "an identity check opens an attempt of its own enrolment",
        "EXISTS (SELECT 1 FROM courses_identitycheck c JOIN courses_attempt a "
        "ON a.enrolment_id = c.enrolment_id WHERE c.id = NEW.check_of_id AND a.id = NEW.attempt_id "
        "AND a.started_at >= c.at AND a.started_at < c.until)",
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("courses", "0031_teams"),
    ]

    operations = [
        *at_once(
            [
                migrations.CreateModel(
                    name="ExtraTime",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("minutes", models.PositiveSmallIntegerField(verbose_name="延长（分钟）")),
                        ("reason", models.CharField(max_length=300, verbose_name="原因")),
                        (
                            "deadline_before",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="原来的截止时间"
                            ),
                        ),
                        (
                            "deadline_after",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="延长后的截止时间"
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "考试延时",
                        "verbose_name_plural": "考试延时",
                        "ordering": ["id"],
                        "permissions": [("invigilate", "可以管考场（延时、核对身份、看离开记录）")],
                    },
                ),
                migrations.CreateModel(
                    name="IdentityCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("backend", models.SlugField(max_length=20, verbose_name="方式")),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        ("until", models.DateTimeField(verbose_name="有效期至")),
                    ],
                    options={
                        "verbose_name": "考前身份核对",
                        "verbose_name_plural": "考前身份核对",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="IdentityCode",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("digest", models.CharField(max_length=128, verbose_name="口令摘要")),
                        ("at", models.DateTimeField(verbose_name="发出时间")),
                        ("until", models.DateTimeField(verbose_name="有效期至")),
                        (
                            "tries",
                            models.PositiveSmallIntegerField(default=0, verbose_name="输错次数"),
                        ),
                        (
                            "used_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="使用时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "身份口令",
                        "verbose_name_plural": "身份口令",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="IdentityUse",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "身份核对的使用",
                        "verbose_name_plural": "身份核对的使用",
                    },
                ),
                migrations.CreateModel(
                    name="LeaveEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("left", "离开"), ("back", "回来")],
                                max_length=4,
                                verbose_name="情况",
                            ),
                        ),
                        ("told_at", models.DateTimeField(verbose_name="时间")),
                        ("received_at", models.DateTimeField(verbose_name="收到时间")),
                    ],
                    options={
                        "verbose_name": "离开考试页面",
                        "verbose_name_plural": "离开考试页面",
                        "ordering": ["told_at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="RefusedAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("chosen", models.JSONField(default=list, verbose_name="所选")),
                        ("sequence", models.BigIntegerField(verbose_name="次序号")),
                        ("received_at", models.DateTimeField(verbose_name="收到时间")),
                        ("reason", models.CharField(max_length=100, verbose_name="没有采用的原因")),
                    ],
                    options={
                        "verbose_name": "没有采用的答案",
                        "verbose_name_plural": "没有采用的答案",
                        "ordering": ["id"],
                    },
                ),
                migrations.AddField(
                    model_name="exam",
                    name="closes_at",
                    field=models.DateTimeField(
                        blank=True, null=True, verbose_name="停止进场时间（已经开始的可以考完）"
                    ),
                ),
                migrations.AddField(
                    model_name="exam",
                    name="identity_check",
                    field=models.BooleanField(default=False, verbose_name="开考前由人核对身份"),
                ),
                migrations.AddField(
                    model_name="exam",
                    name="opens_at",
                    field=models.DateTimeField(
                        blank=True, null=True, verbose_name="开放时间（从这时起可以开始考）"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="exam",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("opens_at__isnull", True),
                            ("closes_at__isnull", True),
                            ("closes_at__gt", models.F("opens_at")),
                            _connector="OR",
                        ),
                        name="exam_closes_after_it_opens",
                    ),
                ),
                migrations.AddField(
                    model_name="extratime",
                    name="attempt",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extra_time",
                        to="courses.attempt",
                    ),
                ),
                migrations.AddField(
                    model_name="extratime",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批准人",
                    ),
                ),
                migrations.AddField(
                    model_name="extratime",
                    name="enrolment",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extra_time",
                        to="courses.enrolment",
                    ),
                ),
                migrations.AddField(
                    model_name="identitycheck",
                    name="by",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核对人",
                    ),
                ),
                migrations.AddField(
                    model_name="identitycheck",
                    name="enrolment",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_checks",
                        to="courses.enrolment",
                    ),
                ),
                migrations.AddField(
                    model_name="identitycode",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核对人",
                    ),
                ),
                migrations.AddField(
                    model_name="identitycode",
                    name="enrolment",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_codes",
                        to="courses.enrolment",
                    ),
                ),
                migrations.AddField(
                    model_name="identityuse",
                    name="attempt",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity",
                        to="courses.attempt",
                    ),
                ),
                migrations.AddField(
                    model_name="identityuse",
                    name="check_of",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="use",
                        to="courses.identitycheck",
                    ),
                ),
                migrations.AddField(
                    model_name="leaveevent",
                    name="attempt",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaves",
                        to="courses.attempt",
                    ),
                ),
                migrations.AddField(
                    model_name="refusedanswer",
                    name="paper_question",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refused",
                        to="courses.paperquestion",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="extratime",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 1)), name="extra_time_is_some_time"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="extratime",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="extra_time_says_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="extratime",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("attempt__isnull", True),
                                ("deadline_after__isnull", True),
                                ("deadline_before__isnull", True),
                            ),
                            models.Q(
                                ("attempt__isnull", False),
                                ("deadline_after__gt", models.F("deadline_before")),
                            ),
                            _connector="OR",
                        ),
                        name="extra_time_moves_the_deadline_of_its_attempt",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="identitycheck",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("at"))),
                        name="identity_check_holds_for_a_while",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="leaveevent",
                    constraint=models.UniqueConstraint(
                        fields=("attempt", "told_at", "kind"), name="one_leave_event_per_moment"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="refusedanswer",
                    constraint=models.UniqueConstraint(
                        fields=("paper_question", "sequence"), name="an_answer_is_refused_once"
                    ),
                ),
            ]
        ),
        guarding(lambda vendor: GUARDS),
    ]
