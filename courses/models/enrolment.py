"""A person takes a course."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Enrolment(models.Model):
    """报名: one person, one course, once; ``finished_at`` when every lesson and the hours are done."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    course = models.ForeignKey("courses.CoursePage", models.PROTECT, related_name="enrolments")
    enrolled_at = models.DateTimeField("报名时间", default=timezone.now)
    finished_at = models.DateTimeField("学完时间", null=True, blank=True)

    class Meta:
        verbose_name = "报名"
        verbose_name_plural = "报名"
        ordering = ["-enrolled_at"]
        constraints = [
            models.UniqueConstraint(fields=["person", "course"], name="one_enrolment_per_course")
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.course}"
