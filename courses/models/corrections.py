"""Corrections of study time: asked by a named person with a reason; more time needs a second person's look."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from courses.models.enrolment import Enrolment
from credit.models.locked import Written, WrittenOnce

# The tab of correcting events; their sequence is the key of the correction. No page may report under it.
OFFICE_TAB: Final = UUID(int=0)


class CorrectionQuerySet(Written):
    """Questions about corrections."""

    def waiting(self) -> "CorrectionQuerySet":
        """Those that add time and nobody else has looked at."""
        return self.filter(minutes__gt=0, look__isnull=True)


class Correction(WrittenOnce):
    """更正: so many minutes more or less in a lesson, who says so, and why.

    Less takes effect at once, more when a second person agrees. Its effect is an event of the ledger.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="corrections")
    lesson = models.ForeignKey("courses.LessonPage", models.PROTECT, related_name="corrections")
    minutes = models.IntegerField("加减（分钟）")
    reason = models.CharField("原因", max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="更正人"
    )
    at = models.DateTimeField("时间")

    objects = CorrectionQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "学时更正"
        verbose_name_plural = "学时更正"
        ordering = ["-id"]
        permissions = [
            ("correct_hours", "可以更正学时"),
            ("oversee_training", "可以查看辖区学员的学时和可疑记录"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(minutes=0), name="correction_changes_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.minutes:+} 分钟"

    @property
    def time(self) -> timedelta:
        """What it adds (or takes away)."""
        return timedelta(minutes=self.minutes)


class CorrectionLook(WrittenOnce):
    """复核: a second person agrees to more time, or does not, with a word why."""

    correction = models.OneToOneField(Correction, models.PROTECT, related_name="look")
    agreed = models.BooleanField("同意")
    remark = models.CharField("意见", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="复核人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "学时更正复核"
        verbose_name_plural = "学时更正复核"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed=True) | ~Q(remark=""), name="refused_correction_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"{self.correction} {'同意' if self.agreed else '不同意'}"
