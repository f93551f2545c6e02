"""The hours ledger (学时): append-only, chained events by the server's clock, and their sum for each lesson."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from courses.models.enrolment import Enrolment
from courses.rules import hours
from credit.models.audit import BEGINNING, canonical

__all__ = ["BEGINNING", "HASHED", "LessonProgress", "StudyEvent", "digest_of"]

# Everything that an event says, in the order in which it is hashed; ``previous`` is the last.
HASHED: Final = (
    "person_id", "number", "enrolment_id", "lesson_id", "tab", "kind", "sequence", "began_at", "at",
    "received_at", "credited_ms", "position", "note", "by_id", "previous",
)  # fmt: skip


class StudyEventQuerySet(models.QuerySet["StudyEvent"]):
    """Questions about events."""

    def studied(self) -> Self:
        """What a page reported; corrections by the office are not among them."""
        return self.exclude(kind=StudyEvent.Kind.CORRECTION)


class StudyEvent(models.Model):
    """What a tab reported, when it reached the server, and the time that it earned. Never edited.

    The client says only "I am here". ``credited_ms`` (milliseconds) is what the server's clock gave it;
    the credited moments of one person are never counted twice, whatever the number of tabs and devices.
    ``at`` is the moment that a beat stands for, on the server's clock; ``received_at`` is later where the
    page was offline. ``began_at`` is the beginning of the credited span, which ends ``at``. A correction is
    an event too: what it adds or takes away, by whom, and in ``note`` why. So is what was taught to many at once
    (a class in a hall, a team on one phone), written when somebody left; it rests on their signing.

    ``number`` counts a person's events from 1 without gaps, and each carries the digest of the one before
    it: the chain is the person's own, so writers of different persons never wait for each other.
    """

    class Kind(models.TextChoices):
        """What happened."""

        OPEN = "open", "打开"
        BEAT = "beat", "学习中"
        FINISH = "finish", "学完"
        CORRECTION = "fix", "更正"
        CLASS = "class", "线下课"
        TEAM = "team", "班组课"

    # Written at the end of what was taught to many at once: its span begins before the event.
    TAUGHT = (Kind.CLASS, Kind.TEAM)

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="study_events"
    )
    number = models.PositiveIntegerField("序号")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="events")
    lesson = models.ForeignKey("courses.LessonPage", models.PROTECT, related_name="events")
    tab = models.UUIDField("窗口")
    sequence = models.PositiveIntegerField("窗口内序号", null=True)
    kind = models.CharField("事件", max_length=6, choices=Kind.choices)
    began_at = models.DateTimeField("计入时段开始", null=True)
    at = models.DateTimeField("服务器时间")
    received_at = models.DateTimeField("收到时间")
    credited_ms = models.IntegerField("计入（毫秒）", default=0)
    position = models.PositiveIntegerField("媒体位置（秒）", null=True)
    note = models.CharField("说明", max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="更正人"
    )
    previous = models.CharField("上一条指纹", max_length=64)
    digest = models.CharField("指纹", max_length=64)

    objects = StudyEventQuerySet.as_manager()

    class Meta:
        verbose_name = "学习记录"
        verbose_name_plural = "学习记录"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["person", "at"], name="study_event_by_person"),
            models.Index(fields=["enrolment", "tab", "at"], name="study_event_by_tab"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="one_study_event_per_number"),
            models.UniqueConstraint(
                fields=["person", "tab", "sequence"], name="one_study_event_per_beat"
            ),
            models.CheckConstraint(
                condition=Q(kind="fix", by__isnull=False) & ~Q(note="")
                | ~Q(kind="fix") & Q(by__isnull=True, credited_ms__gte=0),
                name="correction_names_who_and_why",
            ),
            models.CheckConstraint(
                condition=Q(credited_ms=0) | Q(kind="fix") | Q(began_at__lt=F("at")),
                name="credited_time_has_a_span",
            ),
            models.CheckConstraint(
                condition=Q(received_at__gte=F("at")), name="study_is_never_credited_ahead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.kind} {self.credited_ms}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add it as the person's next. What it does not say follows from what it says."""
        if self.number is None:
            self.received_at = self.received_at or self.at
            if self.credited_ms and self.began_at is None and self.kind != self.Kind.CORRECTION:
                self.began_at = self.at - timedelta(milliseconds=self.credited_ms)
            newest = StudyEvent.objects.filter(person=self.person_id).order_by("-number")
            number, digest = newest.values_list("number", "digest").first() or (0, BEGINNING)
            self.follow(number, digest)
        super().save(*args, **kwargs)

    @property
    def delay(self) -> timedelta:
        """How much later than it happened it reached the server."""
        return self.received_at - self.at

    @property
    def is_late(self) -> bool:
        """Whether the page was offline."""
        return self.delay > hours.clock().silence and self.kind not in self.TAUGHT

    def follow(self, number: int, previous: str) -> None:
        """Take the place after event ``number`` of the person, whose digest is ``previous``."""
        self.number, self.previous = number + 1, previous
        self.digest = self.computed_digest()

    def computed_digest(self) -> str:
        """SHA-256, in hex, of everything that the event says and of the event before it."""
        return digest_of([getattr(self, name) for name in HASHED])


class LessonProgress(models.Model):
    """The sum of a lesson's events, and where the media stopped: added up by the database with each event.

    A trigger does it (migration 0010), so that no writer can forget it and a heartbeat is one statement.
    """

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


def digest_of(content: list[Any]) -> str:
    """SHA-256, in hex, over the canonical JSON of an event's content, in the order of ``HASHED``."""
    return sha256(canonical([_plain(value) for value in content]).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Instants as text in UTC with microseconds; the rest is told by ``canonical``."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value
