"""A question whether somebody is there, asked of one page, and when it was answered; the database keeps both."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from courses.models.enrolment import Enrolment


class PresenceCheck(models.Model):
    """在场确认: asked by the server's clock; ``answered_at`` is written once and never before the question."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="presence_checks")
    lesson = models.ForeignKey("courses.LessonPage", models.PROTECT, related_name="+")
    tab = models.UUIDField("页面")
    asked_at = models.DateTimeField("提问时间")
    answered_at = models.DateTimeField("回答时间", null=True, blank=True)

    class Meta:
        verbose_name = "在场确认"
        verbose_name_plural = "在场确认"
        ordering = ["id"]
        indexes = [models.Index(fields=["tab", "-asked_at"], name="presence_of_tab")]
        constraints = [
            models.UniqueConstraint(
                fields=["tab"], condition=Q(answered_at=None), name="one_open_presence_check"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_at__gte=F("asked_at")),
                name="presence_answered_after_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.asked_at:%Y-%m-%d %H:%M}"
