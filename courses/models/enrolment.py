"""A person takes a course, and takes it again when its certificate runs out: each time is a round."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Questions about enrolments."""

    def current(self) -> Self:
        """The newest round of each person in each course."""
        newer = Enrolment.objects.filter(
            person=OuterRef("person"), course=OuterRef("course"), round__gt=OuterRef("round")
        )
        return self.filter(~Exists(newer))

    def later_than(self, enrolment: "Enrolment") -> Self:
        """The rounds of the same person and course after ``enrolment``."""
        return self.filter(
            person=enrolment.person_id, course=enrolment.course_id, round__gt=enrolment.round
        )


class Enrolment(models.Model):
    """报名: one person, one course, one round; ``finished_at`` when lessons and minutes are done.

    A later round begins empty. Hours, attempts and certificates of the earlier ones stay with them.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments", verbose_name="学员"
    )
    course = models.ForeignKey(
        "courses.CoursePage", models.PROTECT, related_name="enrolments", verbose_name="课程"
    )
    round = models.PositiveSmallIntegerField("轮次", default=1)
    enrolled_at = models.DateTimeField("报名时间", default=timezone.now)
    version = models.ForeignKey(
        "courses.CourseVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="enrolments",
        verbose_name="课程版本",
    )
    finished_at = models.DateTimeField("学完时间", null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="安排人",
    )
    reason = models.CharField("重新学习的原因", max_length=300, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "报名"
        verbose_name_plural = "报名"
        ordering = ["-enrolled_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course", "round"], name="one_enrolment_per_round"
            ),
            models.CheckConstraint(
                condition=Q(round=1) | Q(round__gt=1, opened_by__isnull=False) & ~Q(reason=""),
                name="later_round_names_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.course} · 第{self.round}轮"
