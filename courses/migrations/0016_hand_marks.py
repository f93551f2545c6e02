"""Words are marked by hand: an attempt may end and wait, and each mark is a row that is written once.

SQLite makes the table of attempts anew: guards on it, and those that look into it, are set again.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new
from credit.operations import RunSchema

_SAME = " AND ".join(
    f"NEW.{column} = OLD.{column}"
    for column in (
        "enrolment_id", "exam_id", "number", "seed", "started_at", "deadline", "pass_mark", "figures",
        "submitted_at", "ended_by",
    )
)  # fmt: skip


def _final(allowed):
    return Guard(
        "courses_mark_is_final",
        "courses_attempt",
        "UPDATE",
        "a marked attempt is never edited",
        allowed,
    )


STANDING = [
    Guard(
        "courses_attempt_stays",
        "courses_attempt",
        "DELETE",
        "an attempt is never deleted",
    ),
    Guard(
        "courses_answer_is_final",
        "courses_answer",
        "UPDATE",
        "an answer is never edited after the attempt has ended",
        "EXISTS (SELECT 1 FROM courses_attempt a "
        "WHERE a.id = OLD.attempt_id AND a.submitted_at IS NULL)",
    ),
]
BEFORE = [_final("OLD.submitted_at IS NULL"), *STANDING]
AFTER = [
    # An ended attempt that waits for its marker changes once more: it gets its points.
    _final(f"OLD.submitted_at IS NULL OR (OLD.points IS NULL AND {_SAME})"),
    *STANDING,
]
MARKS = [
    Guard(
        "courses_hand_mark_is_written_once",
        "courses_handmark",
        "UPDATE",
        "a mark given by hand is never edited",
    ),
    Guard(
        "courses_hand_mark_stays",
        "courses_handmark",
        "DELETE",
        "a mark given by hand is never deleted",
    ),
    Guard(
        "courses_hand_mark_within_points",
        "courses_handmark",
        "INSERT",
        "a mark by hand lies between nothing and the points of its question",
        "NEW.points >= 0 AND NEW.points <= "
        "(SELECT p.points FROM courses_paperquestion p WHERE p.id = NEW.paper_question_id)",
    ),
    comes_new("courses_handmark", "o.paper_question_id = NEW.paper_question_id"),
]


def take_before(schema_editor):
    for guard in BEFORE:
        guard.down(schema_editor)


def set_before(schema_editor):
    for guard in BEFORE:
        guard.up(schema_editor)


def set_after(schema_editor):
    for guard in [*AFTER, *MARKS]:
        guard.up(schema_editor)


def take_after(schema_editor):
    for guard in [*AFTER, *MARKS]:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0015_question_kinds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        RunSchema(take_before, set_before),
        migrations.CreateModel(
            name="HandMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("points", models.PositiveSmallIntegerField(verbose_name="得分")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="评语")),
                ("marked_at", models.DateTimeField(verbose_name="评分时间")),
            ],
            options={
                "verbose_name": "人工评分",
                "verbose_name_plural": "人工评分",
            },
        ),
        migrations.RemoveConstraint(
            model_name="attempt",
            name="attempt_is_marked_when_it_ends",
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
                    models.Q(
                        ("passed__isnull", True),
                        ("points__isnull", True),
                        ("submitted_at__isnull", False),
                        models.Q(("ended_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="attempt_is_marked_whole_or_waits",
            ),
        ),
        migrations.AddField(
            model_name="handmark",
            name="marker",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="阅卷人",
            ),
        ),
        migrations.AddField(
            model_name="handmark",
            name="paper_question",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="hand_mark",
                to="courses.paperquestion",
                verbose_name="试卷题目",
            ),
        ),
        RunSchema(set_after, take_after),
    ]
