"""Teams that learn on one phone: foremen, PINs, lessons, presence, answers, closing; written once.

The ledger takes the hours of a team's lesson for a worker who came, answered at the end, and only once it is closed.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, guarding, never_emptied
from credit.operations import at_once

LESSON, PRESENCE, ANSWER = "courses_teamlesson", "courses_teampresence", "courses_teamanswer"
CLOSING, FOREMAN, ENDING = "courses_teamclosing", "courses_foreman", "courses_foremanend"
PIN = "courses_workerpin"
TABLES = {
    FOREMAN: ("a foreman", ()),
    ENDING: ("an ending", ("o.foreman_id = NEW.foreman_id",)),
    PIN: ("a PIN", ()),
    LESSON: ("a lesson of a team", ()),
    PRESENCE: (
        "a presence",
        ("(o.team_lesson_id = NEW.team_lesson_id AND o.person_id = NEW.person_id)",),
    ),
    ANSWER: ("an answer", ("o.presence_id = NEW.presence_id",)),
    CLOSING: ("a closing", ("o.team_lesson_id = NEW.team_lesson_id",)),
}
TAB = {
    "sqlite": "7ea30000000040008000000000000000",
    "postgresql": "7ea30000-0000-4000-8000-000000000000",
}


def guards(vendor):
    late = "nothing comes into a lesson of a team after its closing"
    closed = f"NOT EXISTS (SELECT 1 FROM {CLOSING} c WHERE c.team_lesson_id = "  # noqa: S608
    return [
        *(
            guard
            for table, (what, keys) in TABLES.items()
            for guard in (
                Guard(f"{table}_stays", table, "DELETE", f"{what} is never deleted"),
                Guard(f"{table}_is_written_once", table, "UPDATE", f"{what} is never edited"),
                comes_new(table, *keys),
                never_emptied(table),
            )
        ),
        Guard(
            f"{PRESENCE}_before_closing", PRESENCE, "INSERT", late, f"{closed}NEW.team_lesson_id)"
        ),
        Guard(
            f"{ANSWER}_before_closing", ANSWER, "INSERT", late,
            f"{closed}(SELECT p.team_lesson_id FROM {PRESENCE} p WHERE p.id = NEW.presence_id))",  # noqa: S608
        ),
        Guard(
            f"{PRESENCE}_has_the_round", PRESENCE, "INSERT",
            "a worker is there with the own round of the course",
            f"EXISTS (SELECT 1 FROM courses_enrolment e JOIN {LESSON} t ON t.id = NEW.team_lesson_id "  # noqa: S608
            "WHERE e.id = NEW.enrolment_id AND e.person_id = NEW.person_id "
            "AND e.course_id = t.course_id AND NEW.at >= t.opened_at)",
        ),
        Guard(
            "courses_study_event_of_a_team", "courses_studyevent", "INSERT",
            "hours of a team rest on coming and answering, and on the closing",
            f"NEW.kind <> 'team' OR (NEW.tab = '{TAB[vendor]}' AND EXISTS (SELECT 1 FROM {PRESENCE} p "  # noqa: S608
            f"JOIN {ANSWER} a ON a.presence_id = p.id JOIN {LESSON} t ON t.id = p.team_lesson_id "
            f"JOIN {CLOSING} c ON c.team_lesson_id = t.id WHERE p.id = NEW.sequence "
            "AND p.person_id = NEW.person_id AND p.enrolment_id = NEW.enrolment_id "
            "AND t.lesson_id = NEW.lesson_id AND NEW.at <= a.at "
            "AND NEW.credited_ms <= t.minutes * 60000 "
            "AND (NEW.credited_ms = 0 OR NEW.began_at >= p.at)))",
        ),
    ]  # fmt: skip


STEPS = [
    migrations.CreateModel(
        name="Foreman",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("team", models.CharField(max_length=60, verbose_name="班组")),
            ("at", models.DateTimeField(verbose_name="指定时间")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "employment",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="leads",
                    to="credit.employment",
                ),
            ),
        ],
        options={
            "verbose_name": "班组长",
            "verbose_name_plural": "班组长",
            "ordering": ["team", "id"],
        },
    ),
    migrations.CreateModel(
        name="ForemanEnd",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("at", models.DateTimeField(verbose_name="免去时间")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "foreman",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="ending",
                    to="courses.foreman",
                ),
            ),
        ],
        options={
            "verbose_name": "免去班组长",
            "verbose_name_plural": "免去班组长",
        },
    ),
    migrations.CreateModel(
        name="TeamLesson",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("minutes", models.PositiveSmallIntegerField(verbose_name="课时时间（分钟）")),
            ("opened_at", models.DateTimeField(verbose_name="开课时间")),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="courses.coursepage",
                ),
            ),
            (
                "foreman",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="lessons",
                    to="courses.foreman",
                ),
            ),
            (
                "lesson",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="team_lessons",
                    to="courses.lessonpage",
                ),
            ),
        ],
        options={
            "verbose_name": "班组课",
            "verbose_name_plural": "班组课",
            "ordering": ["-id"],
        },
    ),
    migrations.CreateModel(
        name="TeamClosing",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("people", models.PositiveIntegerField(verbose_name="计入学时的人数")),
            ("at", models.DateTimeField(verbose_name="下课时间")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "team_lesson",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="closing",
                    to="courses.teamlesson",
                ),
            ),
        ],
        options={
            "verbose_name": "班组课结束",
            "verbose_name_plural": "班组课结束",
        },
    ),
    migrations.CreateModel(
        name="TeamPresence",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("at", models.DateTimeField(verbose_name="到场时间")),
            (
                "enrolment",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="team_presences",
                    to="courses.enrolment",
                ),
            ),
            (
                "person",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="team_presences",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "team_lesson",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="presences",
                    to="courses.teamlesson",
                ),
            ),
        ],
        options={
            "verbose_name": "班组课到场",
            "verbose_name_plural": "班组课到场",
            "ordering": ["id"],
        },
    ),
    migrations.CreateModel(
        name="TeamAnswer",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("chosen", models.JSONField(default=list, verbose_name="所选")),
            ("correct", models.BooleanField(null=True, verbose_name="答对")),
            ("at", models.DateTimeField(verbose_name="答题时间")),
            (
                "question",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="courses.question",
                ),
            ),
            (
                "presence",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="answer",
                    to="courses.teampresence",
                ),
            ),
        ],
        options={
            "verbose_name": "班组课答题",
            "verbose_name_plural": "班组课答题",
            "ordering": ["id"],
        },
    ),
    migrations.CreateModel(
        name="WorkerPin",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("salt", models.CharField(max_length=32)),
            ("digest", models.CharField(max_length=64)),
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
                "person",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="learning_pins",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
        options={
            "verbose_name": "学习密码",
            "verbose_name_plural": "学习密码",
            "ordering": ["-id"],
            "default_permissions": (),
        },
    ),
    migrations.CreateModel(
        name="PinTry",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("at", models.DateTimeField()),
            (
                "person",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
        options={
            "default_permissions": (),
            "indexes": [models.Index(fields=["person", "at"], name="pin_try_by_person")],
        },
    ),
    migrations.AddConstraint(
        model_name="teamlesson",
        constraint=models.CheckConstraint(
            condition=models.Q(("minutes__gt", 0)), name="team_lesson_takes_time"
        ),
    ),
    migrations.AddConstraint(
        model_name="teampresence",
        constraint=models.UniqueConstraint(
            fields=("team_lesson", "person"), name="once_in_a_team_lesson"
        ),
    ),
    migrations.AddConstraint(
        model_name="teamanswer",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("correct__isnull", True), ("question__isnull", True)),
                models.Q(("correct__isnull", False), ("question__isnull", False)),
                _connector="OR",
            ),
            name="team_answer_is_marked",
        ),
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0030_classes"),
        ("credit", "0080_teams_and_trades"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [*at_once(STEPS), guarding(guards)]
