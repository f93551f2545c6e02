"""The hours ledger (学时): append-only events by the server's clock, and their sum for each lesson."""

from django.conf import settings
from django.db import models

from courses.models.enrolment import Enrolment


class StudyEvent(models.Model):
    """What a tab reported, when it reached the server, and the time that it earned. Never edited.

    The client says only "I am here". ``credited_ms`` (milliseconds) is what the server's clock gave it;
    the credited spans of one person never overlap, whatever the number of tabs and devices.
    """

    class Kind(models.TextChoices):
        """What happened."""

        OPEN = "open", "打开"
        BEAT = "beat", "学习中"
        FINISH = "finish", "学完"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="study_events"
    )
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="events")
    lesson = models.ForeignKey("courses.LessonPage", models.PROTECT, related_name="events")
    tab = models.UUIDField("窗口")
    kind = models.CharField("事件", max_length=6, choices=Kind.choices)
    at = models.DateTimeField("服务器时间")
    credited_ms = models.PositiveIntegerField("计入（毫秒）", default=0)
    note = models.CharField("未计入的原因", max_length=60, blank=True)

    class Meta:
        verbose_name = "学习记录"
        verbose_name_plural = "学习记录"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["person", "at"], name="study_event_by_person"),
            models.Index(fields=["enrolment", "tab", "at"], name="study_event_by_tab"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.kind} {self.credited_ms}"


class LessonProgress(models.Model):
    """The sum of a lesson's events, and where the media stopped. Derived, in the same transaction."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="progress")
    lesson = models.ForeignKey("courses.LessonPage", models.PROTECT, related_name="progress")
    credited_ms = models.PositiveIntegerField("已学（毫秒）", default=0)
    position = models.PositiveIntegerField("媒体位置（秒）", default=0)
    finished_at = models.DateTimeField("学完时间", null=True, blank=True)

    class Meta:
        verbose_name = "课时进度"
        verbose_name_plural = "课时进度"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson"], name="one_progress_per_lesson")
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.credited_ms}"
