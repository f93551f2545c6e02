"""What a plan says of training, for a year and a place: written once. Courses may be for migrant workers."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, guarding, never_emptied

FIGURE = "courses_planfigure"


def guards(vendor: str) -> list[Guard]:
    return [
        Guard("courses_plan_figure_stays", FIGURE, "DELETE", "a plan figure is never deleted"),
        Guard(
            "courses_plan_figure_is_written_once", FIGURE, "UPDATE", "a plan figure is never edited"
        ),
        comes_new(FIGURE),
        never_emptied(FIGURE),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0051_lrs_stays"),
        ("credit", "0080_teams_and_trades"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="coursepage",
            name="audience",
            field=models.CharField(
                choices=[
                    ("principal", "主要负责人"),
                    ("safety_manager", "安全生产管理人员"),
                    ("special_operator", "特种作业人员"),
                    ("worker", "从业人员"),
                    ("migrant", "农民工"),
                    ("student", "学生"),
                    ("official", "机关干部"),
                ],
                default="worker",
                max_length=20,
                verbose_name="对象",
            ),
        ),
        migrations.CreateModel(
            name="PlanFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="年份",
                    ),
                ),
                (
                    "indicator",
                    models.CharField(
                        choices=[
                            ("coverage", "培训完成率"),
                            ("pass_rate", "考试合格率"),
                            ("migrants", "全年培训农民工"),
                            ("rotation", "干部轮训率"),
                        ],
                        max_length=12,
                        verbose_name="指标",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("target", "目标"), ("past", "往年情况")],
                        default="target",
                        max_length=6,
                        verbose_name="性质",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=11, verbose_name="数值"),
                ),
                ("source", models.CharField(max_length=200, verbose_name="来源（文件、条款）")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="更改原因")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="credit.jurisdiction",
                        verbose_name="属地",
                    ),
                ),
            ],
            options={
                "verbose_name": "培训计划指标",
                "verbose_name_plural": "培训计划指标",
                "ordering": ["-year", "place", "indicator", "-id"],
                "permissions": [("read_training_reports", "可以看培训统计")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="plan_figure_names_its_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="plan_figure_is_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("indicator", "migrants"), ("amount__lte", 100), _connector="OR"
                        ),
                        name="plan_share_ends_at_100",
                    ),
                ],
            },
        ),
        guarding(guards),
    ]
