"""Practice: cards, the question of the day, mock exams. Aids to learning: nothing here is evidence."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.operations import at_once


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("courses", "0036_appeals"),
    ]

    operations = [
        *at_once(
            [
                migrations.CreateModel(
                    name="DailyAnswer",
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
                        ("day", models.DateField(verbose_name="日期")),
                        ("chosen", models.JSONField(default=list, verbose_name="所选")),
                        ("right", models.BooleanField(verbose_name="答对")),
                    ],
                    options={
                        "verbose_name": "每日一题",
                        "verbose_name_plural": "每日一题",
                        "ordering": ["-day"],
                    },
                ),
                migrations.CreateModel(
                    name="Mock",
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
                        ("paper", models.JSONField(default=list, verbose_name="试卷")),
                        ("answers", models.JSONField(default=list, verbose_name="作答")),
                        ("started_at", models.DateTimeField(verbose_name="开始时间")),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="交卷时间"),
                        ),
                        (
                            "points",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="得分"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "模拟考试",
                        "verbose_name_plural": "模拟考试",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="PracticeCard",
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
                        ("box", models.PositiveSmallIntegerField(default=1, verbose_name="盒")),
                        ("due_on", models.DateField(verbose_name="下次练习")),
                        (
                            "streak",
                            models.PositiveSmallIntegerField(default=0, verbose_name="连续答对"),
                        ),
                        ("right", models.PositiveIntegerField(default=0, verbose_name="答对次数")),
                        ("wrong", models.PositiveIntegerField(default=0, verbose_name="答错次数")),
                        ("in_book", models.BooleanField(default=False, verbose_name="在错题本里")),
                        (
                            "changed_at",
                            models.DateTimeField(auto_now=True, verbose_name="最近一次"),
                        ),
                    ],
                    options={
                        "verbose_name": "练习卡",
                        "verbose_name_plural": "练习卡",
                    },
                ),
                migrations.AddField(
                    model_name="dailyanswer",
                    name="person",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="dailyanswer",
                    name="question",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="courses.question",
                    ),
                ),
                migrations.AddField(
                    model_name="mock",
                    name="exam",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mocks",
                        to="courses.exam",
                    ),
                ),
                migrations.AddField(
                    model_name="mock",
                    name="person",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="practicecard",
                    name="person",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="practicecard",
                    name="question",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cards",
                        to="courses.question",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dailyanswer",
                    constraint=models.UniqueConstraint(
                        fields=("person", "day"), name="one_daily_answer_a_day"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="mock",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=("person", "exam"),
                        name="one_open_mock_per_person_and_exam",
                    ),
                ),
                migrations.AddIndex(
                    model_name="practicecard",
                    index=models.Index(fields=["person", "due_on"], name="card_due"),
                ),
                migrations.AddConstraint(
                    model_name="practicecard",
                    constraint=models.UniqueConstraint(
                        fields=("person", "question"), name="one_card_per_person_and_question"
                    ),
                ),
            ]
        ),
        migrations.AddField(
            model_name="questionbank",
            name="for_practice",
            field=models.BooleanField(default=True, verbose_name="学员可以用来练习"),
        ),
    ]
