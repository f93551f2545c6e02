"""Course packages, where a learner stopped in one, and what was done in a lesson's blocks.

A package and what was done are written once: the database keeps them so.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, guarding, never_emptied
from credit.operations import at_once

PACKAGE, ACTIVITY = "courses_coursepackage", "courses_activityevent"


def guards(vendor):
    return [
        Guard("courses_package_stays", PACKAGE, "DELETE", "a package is never deleted"),
        Guard("courses_package_is_written_once", PACKAGE, "UPDATE", "a package is never edited"),
        comes_new(PACKAGE, "(o.key = NEW.key)"),
        never_emptied(PACKAGE),
        Guard("courses_activity_stays", ACTIVITY, "DELETE", "what was done is never deleted"),
        Guard(
            "courses_activity_is_written_once", ACTIVITY, "UPDATE", "what was done is never edited"
        ),
        comes_new(ACTIVITY),
        never_emptied(ACTIVITY),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0038_snapshots"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *at_once(
            [
                migrations.CreateModel(
                    name="CoursePackage",
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
                            "key",
                            models.CharField(max_length=32, unique=True, verbose_name="存放编号"),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("scorm12", "SCORM 1.2"),
                                    ("scorm2004", "SCORM 2004"),
                                    ("h5p", "H5P"),
                                ],
                                max_length=12,
                                verbose_name="种类",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="标题")),
                        ("items", models.JSONField(verbose_name="各节")),
                        ("notes", models.JSONField(default=list, verbose_name="说明")),
                        ("files", models.PositiveIntegerField(verbose_name="文件数")),
                        ("size", models.PositiveBigIntegerField(verbose_name="大小（字节）")),
                        (
                            "file_name",
                            models.CharField(max_length=200, verbose_name="上传的文件名"),
                        ),
                        ("digest", models.CharField(max_length=64, verbose_name="指纹")),
                        ("at", models.DateTimeField(verbose_name="上传时间")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="上传人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "课件包",
                        "verbose_name_plural": "课件包",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="ActivityEvent",
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
                        ("block", models.UUIDField(verbose_name="内容块")),
                        ("item", models.CharField(blank=True, max_length=200, verbose_name="节")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("package", "课件包"),
                                    ("check", "清单"),
                                    ("question", "随堂小题"),
                                    ("case", "事故情景"),
                                    ("video", "视频"),
                                ],
                                max_length=10,
                                verbose_name="种类",
                            ),
                        ),
                        ("said", models.JSONField(default=dict, verbose_name="内容")),
                        ("done", models.BooleanField(verbose_name="完成")),
                        (
                            "score",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=5,
                                null=True,
                                verbose_name="得分",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        (
                            "enrolment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="activities",
                                to="courses.enrolment",
                            ),
                        ),
                        (
                            "lesson",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="courses.lessonpage",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "课内活动记录",
                        "verbose_name_plural": "课内活动记录",
                        "ordering": ["id"],
                        "indexes": [
                            models.Index(fields=["enrolment", "lesson"], name="activity_of_lesson")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("score", None),
                                    models.Q(("score__gte", 0), ("score__lte", 100)),
                                    _connector="OR",
                                ),
                                name="activity_score_is_of_a_hundred",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PackageState",
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
                        ("item", models.CharField(max_length=200, verbose_name="节")),
                        ("values", models.JSONField(default=dict, verbose_name="课件记录")),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        (
                            "enrolment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="package_states",
                                to="courses.enrolment",
                            ),
                        ),
                        (
                            "lesson",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="courses.lessonpage",
                            ),
                        ),
                        (
                            "package",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="courses.coursepackage",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "课件进度",
                        "verbose_name_plural": "课件进度",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("enrolment", "lesson", "package", "item"),
                                name="one_state_per_package_item",
                            )
                        ],
                    },
                ),
            ]
        ),
        guarding(guards),
    ]
