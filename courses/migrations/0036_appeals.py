"""Appeals: raised once, decided by somebody who did not mark; a marked attempt changes with that row and no other."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, guarding, never_emptied
from credit.operations import RunSchema, at_once

_TERMS = " AND ".join(
    f"NEW.{column} = OLD.{column}"
    for column in (
        "enrolment_id", "exam_id", "number", "seed", "started_at", "deadline", "pass_mark", "figures",
        "submitted_at", "ended_by",
    )
)  # fmt: skip
TABLES = {
    "courses_appeal": "an appeal",
    "courses_appealdecision": "the decision of an appeal",
    "courses_remark": "a changed mark",
}
KEYS = {
    "courses_appeal": ["o.attempt_id = NEW.attempt_id"],
    "courses_appealdecision": ["o.appeal_id = NEW.appeal_id"],
    "courses_remark": ["o.place_id = NEW.place_id"],
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
GUARDS = [
    *ONCE,
    Guard(
        "courses_appeal_is_against_marks",
        "courses_appeal",
        "INSERT",
        "an appeal is against a marked attempt",
        "EXISTS (SELECT 1 FROM courses_attempt a WHERE a.id = NEW.attempt_id AND a.points IS NOT NULL)",
    ),
    Guard(
        "courses_appeal_is_decided_by_another",
        "courses_appealdecision",
        "INSERT",
        "an appeal is decided by somebody who neither sat nor marked, from the points that stand",
        "EXISTS (SELECT 1 FROM courses_appeal p JOIN courses_attempt a ON a.id = p.attempt_id "
        "JOIN courses_enrolment e ON e.id = a.enrolment_id WHERE p.id = NEW.appeal_id "
        "AND e.person_id <> NEW.by_id AND a.points = NEW.points_before) "
        "AND NOT EXISTS (SELECT 1 FROM courses_appeal p "
        "JOIN courses_paperquestion q ON q.attempt_id = p.attempt_id "
        "JOIN courses_handmark h ON h.paper_question_id = q.id "
        "WHERE p.id = NEW.appeal_id AND h.marker_id = NEW.by_id)",
    ),
    Guard(
        "courses_remark_within_points",
        "courses_remark",
        "INSERT",
        "a changed mark is of a place of the paper, and within its points",
        "EXISTS (SELECT 1 FROM courses_paperquestion q "
        "JOIN courses_appeal p ON p.attempt_id = q.attempt_id "
        "JOIN courses_appealdecision d ON d.appeal_id = p.id "
        "WHERE q.id = NEW.place_id AND d.id = NEW.decision_id AND NEW.points_after <= q.points)",
    ),
]


def _final(allowed):
    return Guard(
        "courses_mark_is_final",
        "courses_attempt",
        "UPDATE",
        "a marked attempt is never edited",
        allowed,
    )


_SAME_AS_NOW = f"OLD.submitted_at IS NULL OR (OLD.points IS NULL AND {_TERMS})"
BEFORE = _final(_SAME_AS_NOW)
_APPEALED = (
    "EXISTS (SELECT 1 FROM courses_appealdecision d "
    "JOIN courses_appeal p ON p.id = d.appeal_id WHERE p.attempt_id = OLD.id "
    "AND d.points_before = OLD.points AND d.points_after = NEW.points "
    "AND d.passed_after = NEW.passed)"
)
AFTER = _final(f"{_SAME_AS_NOW} OR ({_TERMS} AND {_APPEALED})")


def open_to_appeals(schema_editor):
    BEFORE.down(schema_editor)
    AFTER.up(schema_editor)


def close_to_appeals(schema_editor):
    AFTER.down(schema_editor)
    BEFORE.up(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("courses", "0035_rooms"),
    ]

    operations = [
        *at_once(
            [
                migrations.CreateModel(
                    name="Appeal",
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
                        ("reason", models.CharField(max_length=1000, verbose_name="申诉理由")),
                        ("at", models.DateTimeField(verbose_name="申诉时间")),
                        ("due_on", models.DateField(verbose_name="处理期限")),
                    ],
                    options={
                        "verbose_name": "考试申诉",
                        "verbose_name_plural": "考试申诉",
                        "ordering": ["due_on", "id"],
                        "permissions": [("decide_appeal", "可以处理考试申诉")],
                    },
                ),
                migrations.CreateModel(
                    name="AppealDecision",
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
                            "points_before",
                            models.PositiveSmallIntegerField(verbose_name="原来的得分"),
                        ),
                        (
                            "points_after",
                            models.PositiveSmallIntegerField(verbose_name="现在的得分"),
                        ),
                        ("passed_after", models.BooleanField(verbose_name="现在合格")),
                        ("reason", models.CharField(max_length=1000, verbose_name="处理理由")),
                        ("at", models.DateTimeField(verbose_name="处理时间")),
                    ],
                    options={
                        "verbose_name": "申诉处理",
                        "verbose_name_plural": "申诉处理",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Remark",
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
                            "points_before",
                            models.PositiveSmallIntegerField(verbose_name="原来的得分"),
                        ),
                        (
                            "points_after",
                            models.PositiveSmallIntegerField(verbose_name="现在的得分"),
                        ),
                    ],
                    options={
                        "verbose_name": "改分",
                        "verbose_name_plural": "改分",
                        "ordering": ["id"],
                    },
                ),
                migrations.AddField(
                    model_name="appeal",
                    name="attempt",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal",
                        to="courses.attempt",
                    ),
                ),
                migrations.AddField(
                    model_name="appealdecision",
                    name="appeal",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="courses.appeal",
                    ),
                ),
                migrations.AddField(
                    model_name="appealdecision",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
                migrations.AddField(
                    model_name="remark",
                    name="decision",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="courses.appealdecision",
                    ),
                ),
                migrations.AddField(
                    model_name="remark",
                    name="place",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remark",
                        to="courses.paperquestion",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="appeal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="appeal_says_why"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="appealdecision",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="appeal_decision_says_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="appealdecision",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("points_after__lte", 100)),
                        name="appeal_decision_within_100",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="remark",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("points_before", models.F("points_after")), _negated=True
                        ),
                        name="remark_changes_something",
                    ),
                ),
            ]
        ),
        guarding(lambda vendor: GUARDS),
        RunSchema(open_to_appeals, close_to_appeals),
    ]
