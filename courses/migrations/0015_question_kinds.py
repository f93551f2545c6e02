"""Questions of ten kinds, with a body, a picture, a sector and a level.

SQLite makes the table of questions anew, so its guard is set again.
"""

import django.db.models.deletion
from django.db import migrations, models

from credit.locks import Guard
from credit.operations import RunSchema

HISTORY_STAYS = Guard(
    "courses_question_history_stays",
    "courses_question",
    "DELETE",
    "a corrected or drawn question is never deleted",
    "OLD.supersedes_id IS NULL AND NOT EXISTS "
    "(SELECT 1 FROM courses_paperquestion p WHERE p.question_id = OLD.id)",
)


def guard(schema_editor):
    HISTORY_STAYS.down(schema_editor)
    HISTORY_STAYS.up(schema_editor)


def nothing(schema_editor):
    pass


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0012_suspicions"),
        ("credit", "0071_hearing_notices"),
    ]

    operations = [
        RunSchema(nothing, guard),
        migrations.CreateModel(
            name="QuestionPicture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="指纹")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("png", "png"),
                            ("jpeg", "jpeg"),
                            ("webp", "webp"),
                            ("gif", "gif"),
                        ],
                        max_length=5,
                        verbose_name="格式",
                    ),
                ),
                ("width", models.PositiveSmallIntegerField(verbose_name="宽（像素）")),
                ("height", models.PositiveSmallIntegerField(verbose_name="高（像素）")),
                ("size", models.PositiveIntegerField(verbose_name="字节数")),
                ("file", models.CharField(max_length=300, verbose_name="存放位置")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
            ],
            options={
                "verbose_name": "试题图片",
                "verbose_name_plural": "试题图片",
            },
        ),
        migrations.RemoveConstraint(
            model_name="question",
            name="question_kind_is_known",
        ),
        migrations.AddField(
            model_name="question",
            name="body",
            field=models.JSONField(blank=True, default=dict, verbose_name="题目内容"),
        ),
        migrations.AddField(
            model_name="question",
            name="level",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "未定"), (1, "易"), (2, "中"), (3, "难")],
                default=0,
                verbose_name="难度",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="picture_alt",
            field=models.CharField(blank=True, max_length=200, verbose_name="图片说明"),
        ),
        migrations.AddField(
            model_name="question",
            name="sector",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="credit.sector",
                verbose_name="行业领域",
            ),
        ),
        migrations.AlterField(
            model_name="blueprint",
            name="kind",
            field=models.CharField(
                choices=[
                    ("single", "单选题"),
                    ("multiple", "多选题"),
                    ("true_false", "判断题"),
                    ("fill", "填空题"),
                    ("numeric", "计算题"),
                    ("ordering", "排序题"),
                    ("matching", "连线题"),
                    ("hotspot", "找隐患题"),
                    ("case", "案例题"),
                    ("short", "简答题"),
                ],
                max_length=12,
                verbose_name="题型",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="kind",
            field=models.CharField(
                choices=[
                    ("single", "单选题"),
                    ("multiple", "多选题"),
                    ("true_false", "判断题"),
                    ("fill", "填空题"),
                    ("numeric", "计算题"),
                    ("ordering", "排序题"),
                    ("matching", "连线题"),
                    ("hotspot", "找隐患题"),
                    ("case", "案例题"),
                    ("short", "简答题"),
                ],
                max_length=12,
                verbose_name="题型",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions",
                to="courses.questionpicture",
                verbose_name="图片",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "single",
                            "multiple",
                            "true_false",
                            "fill",
                            "numeric",
                            "ordering",
                            "matching",
                            "hotspot",
                            "case",
                            "short",
                        ],
                    )
                ),
                name="question_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", [0, 1, 2, 3])), name="question_level_is_known"
            ),
        ),
        RunSchema(guard),
    ]
