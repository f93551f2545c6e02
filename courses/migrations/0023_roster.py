"""The enterprise's roster: imports, every change with its undoing, courses that were assigned; written once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema, at_once

TABLES = {
    "courses_rosterimport": "an import of a roster",
    "courses_rosterchange": "a change of a roster",
    "courses_courseassignment": "an assignment",
}
GUARDS = [
    guard
    for table, what in TABLES.items()
    for guard in (
        Guard(f"{table}_stays", table, "DELETE", f"{what} is never deleted"),
        Guard(f"{table}_is_written_once", table, "UPDATE", f"{what} is never edited"),
        comes_new(table),
        never_emptied(table),
    )
]


def lock(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0022_facts_for_credit"),
        ("credit", "0080_teams_and_trades"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *at_once(
            [
                migrations.CreateModel(
                    name="RosterImport",
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
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                        ("file_name", models.CharField(max_length=200, verbose_name="文件")),
                        ("sha256", models.CharField(max_length=64, verbose_name="文件指纹")),
                        ("joined", models.PositiveIntegerField(default=0, verbose_name="入职")),
                        ("left", models.PositiveIntegerField(default=0, verbose_name="离职")),
                        ("moved", models.PositiveIntegerField(default=0, verbose_name="变动")),
                        ("same", models.PositiveIntegerField(default=0, verbose_name="没有变化")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="roster_imports",
                                to="credit.enterprise",
                                verbose_name="企业",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "花名册导入",
                        "verbose_name_plural": "花名册导入",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="CourseAssignment",
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
                        ("until", models.DateField(verbose_name="学完期限")),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="安排时间")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to="courses.coursepage",
                            ),
                        ),
                        (
                            "employment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to="credit.employment",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "课程安排",
                        "verbose_name_plural": "课程安排",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("employment", "course", "until"),
                                name="one_assignment_per_day",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RosterChange",
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
                            "action",
                            models.CharField(
                                choices=[
                                    ("join", "入职"),
                                    ("leave", "离职"),
                                    ("move", "变动"),
                                    ("undo", "撤销"),
                                ],
                                max_length=6,
                                verbose_name="事项",
                            ),
                        ),
                        ("row", models.PositiveIntegerField(default=0, verbose_name="文件里的行")),
                        ("before", models.JSONField(default=dict, verbose_name="原来")),
                        ("after", models.JSONField(default=dict, verbose_name="现在")),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=200, verbose_name="撤销的理由"),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
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
                                related_name="changes",
                                to="credit.employment",
                            ),
                        ),
                        (
                            "undoes",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="undone",
                                to="courses.rosterchange",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="changes",
                                to="courses.rosterimport",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "花名册变动",
                        "verbose_name_plural": "花名册变动",
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("action", "undo"),
                                        ("undoes__isnull", False),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("action", "undo"), _negated=True),
                                        ("undoes__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="undoing_names_what_and_why",
                            )
                        ],
                    },
                ),
            ]
        ),
        RunSchema(lock, unlock),
    ]
