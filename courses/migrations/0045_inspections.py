"""Checks on the spot: who opened whose file, what was asked and answered; written once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, guarding, never_emptied
from credit.operations import at_once

SAME_PLACE = "o.position = NEW.position OR o.question_id = NEW.question_id"
TABLES = {
    "courses_inspection": ("an inspection", ()),
    "courses_spotquestion": (
        "a question on the spot",
        (f"(o.inspection_id = NEW.inspection_id AND ({SAME_PLACE}))",),
    ),
    "courses_spotanswer": ("an answer on the spot", ("o.place_id = NEW.place_id",)),
}


def guards(vendor):
    return [
        guard
        for table, (what, keys) in TABLES.items()
        for guard in (
            Guard(f"{table}_stays", table, "DELETE", f"{what} is never deleted"),
            Guard(f"{table}_is_written_once", table, "UPDATE", f"{what} is never edited"),
            comes_new(table, *keys),
            never_emptied(table),
        )
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0044_lesson_blocks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *at_once(
            [
                migrations.CreateModel(
                    name="Inspection",
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
                            "way",
                            models.CharField(
                                choices=[
                                    ("code", "本人出示的检查码"),
                                    ("certificate", "证书上的二维码"),
                                ],
                                max_length=12,
                                verbose_name="扫了什么",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        (
                            "certificate",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="inspections",
                                to="courses.certificate",
                            ),
                        ),
                        (
                            "officer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="检查人",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="inspections",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "现场检查",
                        "verbose_name_plural": "现场检查",
                        "ordering": ["-id"],
                        "permissions": [("inspect_training", "可以现场检查学员的培训档案并抽问")],
                    },
                ),
                migrations.CreateModel(
                    name="SpotQuestion",
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
                        ("position", models.PositiveSmallIntegerField(verbose_name="题号")),
                        ("shown", models.JSONField(verbose_name="题面")),
                        ("sealed", models.JSONField(verbose_name="答案与解析")),
                        (
                            "inspection",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questions",
                                to="courses.inspection",
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="asked_on_spot",
                                to="courses.question",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "现场抽问题目",
                        "verbose_name_plural": "现场抽问题目",
                        "ordering": ["inspection_id", "position"],
                    },
                ),
                migrations.CreateModel(
                    name="SpotAnswer",
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
                        ("right", models.BooleanField(verbose_name="答对")),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        (
                            "place",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="courses.spotquestion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "现场抽问作答",
                        "verbose_name_plural": "现场抽问作答",
                        "ordering": ["place_id"],
                    },
                ),
                migrations.AddConstraint(
                    model_name="inspection",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("person", models.F("officer")), _negated=True),
                        name="nobody_inspects_oneself",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="inspection",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("certificate__isnull", False), ("way", "certificate")),
                            models.Q(("certificate__isnull", True), ("way", "code")),
                            _connector="OR",
                        ),
                        name="inspection_names_what_was_scanned",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="spotquestion",
                    constraint=models.UniqueConstraint(
                        fields=("inspection", "position"), name="one_spot_question_per_position"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="spotquestion",
                    constraint=models.UniqueConstraint(
                        fields=("inspection", "question"), name="no_question_twice_on_the_spot"
                    ),
                ),
            ]
        ),
        guarding(guards),
    ]
