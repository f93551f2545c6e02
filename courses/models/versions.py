"""What a course consists of when somebody begins it: lessons with their minutes, minutes in all, the exam's plan.

Whoever begins a course has the version of that day, and finishes it (docs/decisions/0040). The text of a lesson
is always the newest: what is wrong or no longer law must not be learned by anybody.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from courses.rules.exams import Line
from credit.models.locked import WrittenOnce

if TYPE_CHECKING:
    from courses.models.enrolment import Enrolment
    from courses.models.exams import Exam
    from courses.models.pages import LessonPage


class CourseVersion(WrittenOnce):
    """One version, numbered from 1 within its course; the database lets nobody change it.

    ``lessons``: a row of key, minutes, title and the revision that was live; ``exam``: minutes, pass mark,
    attempts, hours between, blueprint rows, or nothing. ``digest`` is of what a learner has to do.
    """

    course = models.ForeignKey(
        "courses.CoursePage", models.PROTECT, related_name="versions", verbose_name="课程"
    )
    number = models.PositiveIntegerField("第几版")
    required_minutes = models.PositiveSmallIntegerField("本课学习时间（分钟）")
    lessons = models.JSONField("课时")
    exam = models.JSONField("考试", null=True, blank=True)
    digest = models.CharField("指纹", max_length=64)
    made_at = models.DateTimeField("开始使用", auto_now_add=True)

    class Meta:
        verbose_name = "课程版本"
        verbose_name_plural = "课程版本"
        ordering = ["course_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "number"], name="one_version_per_number_in_course"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="versions_begin_with_1"),
        ]

    def __str__(self) -> str:
        return f"{self.course} · 第{self.number}版"

    def minutes(self) -> dict[int, int]:
        """The minutes of each lesson by its key, in order."""
        return {row["lesson"]: row["minutes"] for row in self.lessons}


@dataclass(frozen=True, slots=True)
class Terms:
    """An exam as a learner takes it: their version's where it had an exam, else the course's of today."""

    title: str
    minutes: int
    pass_mark: int
    attempts_allowed: int
    wait_hours: int
    lines: tuple[Line, ...]


def digest_of(required: int, lessons: Any, exam: Any) -> str:
    """The fingerprint of what a learner has to do; titles and texts are not in it."""
    said = [required, [[row["lesson"], row["minutes"]] for row in lessons], exam]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def exam_said(exam: "Exam | None") -> dict[str, Any] | None:
    """The plan of an exam as a version keeps it."""
    if exam is None:
        return None
    return {
        "minutes": exam.minutes,
        "pass_mark": exam.pass_mark,
        "attempts_allowed": exam.attempts_allowed,
        "wait_hours": exam.wait_hours,
        "blueprint": [[one.kind, one.topic, one.count, one.points] for one in exam.lines()],
    }


# -- What somebody who takes a course has to do ----------------------------------------------------------


def required_minutes(enrolment: "Enrolment") -> int:
    """The minutes of the version, or of the course where a round began before there were versions."""
    holds = enrolment.version or enrolment.course
    return int(holds.required_minutes)


def lessons_of(enrolment: "Enrolment") -> list["LessonPage"]:
    """The lessons in order, each with its ``min_minutes`` of the version; a lesson taken offline stays in it."""
    from courses.models.pages import LessonPage

    if enrolment.version is None:
        return list(enrolment.course.lessons())
    minutes = enrolment.version.minutes()
    found = LessonPage.objects.in_bulk(list(minutes))
    return [as_taken(found[key], minutes[key]) for key in minutes if key in found]


def lesson_set(enrolment: "Enrolment") -> Any:
    """The same lessons as a queryset, without the minutes of the version."""
    from courses.models.pages import LessonPage

    if enrolment.version is None:
        return enrolment.course.lessons()
    return LessonPage.objects.filter(pk__in=list(enrolment.version.minutes())).order_by("path")


def as_taken(lesson: "LessonPage", minutes: int) -> "LessonPage":
    """The lesson with the minutes of a version: to read and to show, never to save."""
    lesson.min_minutes = minutes
    return lesson


def minutes_of(enrolment: "Enrolment", lesson: "LessonPage") -> int | None:
    """The minutes that this lesson asks of this learner; None when it is none of theirs."""
    if enrolment.version is None:
        return lesson.min_minutes if lesson.live else None
    return enrolment.version.minutes().get(lesson.pk)


def terms_of(enrolment: "Enrolment") -> Terms:
    """The exam's terms for this learner. The course must have an exam."""
    exam: Exam = enrolment.course.exam
    said = enrolment.version.exam if enrolment.version else None
    said = said or exam_said(exam)
    assert said is not None  # noqa: S101  # the course has an exam
    return Terms(
        exam.title, said["minutes"], said["pass_mark"], said["attempts_allowed"],
        said["wait_hours"], tuple(Line(*row) for row in said["blueprint"]),
    )  # fmt: skip
