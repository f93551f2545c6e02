"""What each marked place earned, a fact, and what it says of the questions, counted anew each night."""

import django.db.models.deletion
from django.db import migrations, models

from credit.locks import Guard
from credit.operations import RunSchema

GUARDS = [
    Guard(
        "courses_earned_is_written_once",
        "courses_earned",
        "UPDATE",
        "points earned are never edited",
    ),
    Guard(
        "courses_earned_stays",
        "courses_earned",
        "DELETE",
        "points earned are never deleted",
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
        ("courses", "0016_hand_marks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Earned",
            fields=[
                (
                    "place",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="earned",
                        serialize=False,
                        to="courses.paperquestion",
                        verbose_name="试卷题目",
                    ),
                ),
                ("points", models.PositiveSmallIntegerField(verbose_name="得分")),
            ],
            options={
                "verbose_name": "小题得分",
                "verbose_name_plural": "小题得分",
            },
        ),
        migrations.CreateModel(
            name="QuestionStatistic",
            fields=[
                (
                    "question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="statistic",
                        serialize=False,
                        to="courses.question",
                        verbose_name="试题",
                    ),
                ),
                ("answers", models.PositiveIntegerField(verbose_name="作答人次")),
                ("ease", models.FloatField(null=True, verbose_name="得分率")),
                ("biserial", models.FloatField(null=True, verbose_name="区分度（相关）")),
                ("spread", models.FloatField(null=True, verbose_name="区分度（高低分组）")),
                ("computed_at", models.DateTimeField(verbose_name="统计时间")),
            ],
            options={
                "verbose_name": "试题统计",
                "verbose_name_plural": "试题统计",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ease__isnull", True),
                            models.Q(("ease__gte", 0), ("ease__lte", 1)),
                            _connector="OR",
                        ),
                        name="question_ease_is_a_share",
                    )
                ],
            },
        ),
        RunSchema(lock, unlock),
    ]
