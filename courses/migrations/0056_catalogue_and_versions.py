"""Courses by trade, level of induction and stage; courses that come before others; versions of courses.

Whoever takes a course already gets the version as the course stands on the day of this migration. A version is
never changed, and nobody's is exchanged for another.
"""

import hashlib
import json

import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models
from django.utils import timezone

import courses.models.pages
from credit.locks import Guard, comes_new, guarding, never_emptied
from credit.operations import RunSchema, at_once, triggers_aside

VERSION = "courses_courseversion"
SET_AGAIN, TAKEN = triggers_aside("courses_enrolment")


def guards(vendor):
    return [
        Guard("courses_version_stays", VERSION, "DELETE", "a version is never deleted"),
        Guard("courses_version_is_written_once", VERSION, "UPDATE", "a version is never edited"),
        comes_new(VERSION, "(o.course_id = NEW.course_id AND o.number = NEW.number)"),
        never_emptied(VERSION),
        Guard(
            "courses_enrolment_keeps_its_version", "courses_enrolment", "UPDATE",
            "a learner finishes the version that was begun",
            "OLD.version_id IS NULL OR NEW.version_id = OLD.version_id",
        ),
    ]  # fmt: skip


def first_versions(schema_editor):
    """Version 1 of each course that somebody took, in plain SQL."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.page_ptr_id, c.required_minutes, p.path, p.depth FROM courses_coursepage c "
            "JOIN wagtailcore_page p ON p.id = c.page_ptr_id WHERE c.page_ptr_id IN "
            "(SELECT course_id FROM courses_enrolment)"
        )
        for course, required, path, depth in cursor.fetchall():
            lessons, exam = _lessons(cursor, path, depth), _exam(cursor, course)
            said = [required, [[one["lesson"], one["minutes"]] for one in lessons], exam]
            digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
            cursor.execute(
                "INSERT INTO courses_courseversion (course_id, number, required_minutes, lessons, exam, digest, "
                "made_at) VALUES (%s, 1, %s, %s, %s, %s, %s)",
                [
                    course, required, json.dumps(lessons),
                    None if exam is None else json.dumps(exam), digest, timezone.now(),
                ],
            )  # fmt: skip
            cursor.execute(
                "UPDATE courses_enrolment SET version_id = (SELECT id FROM courses_courseversion "
                "WHERE course_id = %s) WHERE course_id = %s AND version_id IS NULL",
                [course, course],
            )


def _lessons(cursor, path, depth):
    cursor.execute(
        "SELECT l.page_ptr_id, l.min_minutes, p.title, p.live_revision_id FROM courses_lessonpage l "
        "JOIN wagtailcore_page p ON p.id = l.page_ptr_id WHERE p.live AND p.depth = %s "
        "AND p.path LIKE %s ORDER BY p.path",
        [depth + 1, f"{path}%"],
    )
    names = ("lesson", "minutes", "title", "revision")
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _exam(cursor, course):
    cursor.execute(
        "SELECT id, minutes, pass_mark, attempts_allowed, wait_hours FROM courses_exam "
        "WHERE course_id = %s",
        [course],
    )
    found = cursor.fetchone()
    if found is None:
        return None
    cursor.execute(
        'SELECT kind, topic, count, points FROM courses_blueprint WHERE exam_id = %s ORDER BY "order", id',
        [found[0]],
    )
    names = ("minutes", "pass_mark", "attempts_allowed", "wait_hours")
    rows = [list(row) for row in cursor.fetchall()]
    return {**dict(zip(names, found[1:], strict=True)), "blueprint": rows}


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0055_plan_figures"),
    ]

    operations = [
        SET_AGAIN,
        *at_once(
            [
                migrations.AddField(
                    model_name="coursepage",
                    name="induction",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("plant", "厂级（公司级）"),
                            ("workshop", "车间级（项目级）"),
                            ("team", "班组级"),
                        ],
                        max_length=10,
                        null=True,
                        verbose_name="三级安全教育",
                    ),
                ),
                migrations.AddField(
                    model_name="coursepage",
                    name="stage",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("kindergarten", "幼儿园"),
                            ("lower", "小学低年级（1至3年级）"),
                            ("upper", "小学高年级（4至6年级）"),
                            ("junior", "初中"),
                            ("senior", "高中、中职"),
                            ("college", "大学、高职"),
                        ],
                        max_length=12,
                        null=True,
                        verbose_name="学段",
                    ),
                ),
                migrations.AddField(
                    model_name="coursepage",
                    name="trade",
                    field=models.CharField(
                        blank=True,
                        choices=courses.models.pages.trade_choices,
                        max_length=30,
                        null=True,
                        verbose_name="特种作业工种",
                    ),
                ),
                migrations.CreateModel(
                    name="CourseVersion",
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
                        ("number", models.PositiveIntegerField(verbose_name="第几版")),
                        (
                            "required_minutes",
                            models.PositiveSmallIntegerField(verbose_name="本课学习时间（分钟）"),
                        ),
                        ("lessons", models.JSONField(verbose_name="课时")),
                        ("exam", models.JSONField(blank=True, null=True, verbose_name="考试")),
                        ("digest", models.CharField(max_length=64, verbose_name="指纹")),
                        (
                            "made_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="开始使用"),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="courses.coursepage",
                                verbose_name="课程",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "课程版本",
                        "verbose_name_plural": "课程版本",
                        "ordering": ["course_id", "number"],
                    },
                ),
                migrations.AddField(
                    model_name="enrolment",
                    name="version",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="courses.courseversion",
                        verbose_name="课程版本",
                    ),
                ),
                migrations.CreateModel(
                    name="Prerequisite",
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
                        ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                        (
                            "needs",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="needed_by",
                                to="courses.coursepage",
                                verbose_name="先修课程",
                            ),
                        ),
                        (
                            "page",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="prerequisites",
                                to="courses.coursepage",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "先修课程",
                        "verbose_name_plural": "先修课程",
                        "ordering": ["sort_order"],
                        "abstract": False,
                    },
                ),
                migrations.AddConstraint(
                    model_name="courseversion",
                    constraint=models.UniqueConstraint(
                        fields=("course", "number"), name="one_version_per_number_in_course"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="courseversion",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="versions_begin_with_1"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="prerequisite",
                    constraint=models.UniqueConstraint(
                        fields=("page", "needs"), name="a_course_is_needed_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="prerequisite",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("page", models.F("needs")), _negated=True),
                        name="no_course_needs_itself",
                    ),
                ),
            ]
        ),
        RunSchema(first_versions),
        TAKEN,
        guarding(guards),
    ]
