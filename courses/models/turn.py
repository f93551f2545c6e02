"""What the ledger knows of a person at the moment of a report: one query, and none of it from the client."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from courses.models.enrolment import Enrolment
from courses.models.ledger import BEGINNING, LessonProgress, StudyEvent
from courses.models.presence import PresenceCheck
from courses.rules.hours import Span
from courses.rules.presence import Question

_MS = timedelta(milliseconds=1)
_REQUIRED = Coalesce("version__required_minutes", "course__required_minutes")


@dataclass(frozen=True, slots=True)
class Known:
    """The person's chain, the tab, what is credited already, and the sums of lesson and course.

    ``beat_at`` and ``sequence`` are those of the tab's last numbered beat, ``tab_seen_at`` of its last event.
    ``counted``: credited time by local day; ``covered``: spans credited since the moment asked for.
    ``asked_at``: of the tab's open question whether somebody is there; ``answered_at``: its last answer.
    ``studied`` and ``counted_ms`` (milliseconds) are those of the round and of the lesson.
    """

    number: int = 0
    digest: str = BEGINNING
    tab_seen_at: datetime | None = None
    beat_at: datetime | None = None
    sequence: int = 0
    covered: tuple[Span, ...] = ()
    counted: Mapping[date, timedelta] = field(default_factory=dict)
    counted_ms: int = 0
    position: int = 0
    finished_at: datetime | None = None
    studied: int = 0
    required_ms: int = 0
    course_finished_at: datetime | None = None
    asked_at: datetime | None = None
    answered_at: datetime | None = None

    @property
    def question(self) -> Question | None:
        """The open one."""
        return Question(self.asked_at) if self.asked_at else None

    def counted_on(self, day: date) -> timedelta:
        """What a day has already."""
        return self.counted.get(day, timedelta())


def known(
    person_id: int, enrolment_id: int, lesson_id: int, *, tab: UUID, since: datetime, now: datetime
) -> Known:
    """What a report of ``tab`` at ``now`` needs to know; spans that end after ``since``.

    One query where a chain has begun, whatever its length: the newest event, those since then, and the sums
    beside each.
    """
    today = timezone.localdate(now)
    own = StudyEvent.objects.filter(person=person_id)
    of_tab = own.filter(enrolment=enrolment_id, lesson=lesson_id, tab=tab).order_by("-at")
    of_tab_by_number = own.filter(tab=tab, sequence__isnull=False).order_by("-sequence")
    lesson = LessonProgress.objects.filter(enrolment=enrolment_id, lesson=lesson_id)
    enrolment = Enrolment.objects.filter(pk=enrolment_id)
    checks = PresenceCheck.objects.filter(tab=tab, person=person_id).order_by("-asked_at")
    sums = {
        "asked": Subquery(checks.filter(answered_at=None).values("asked_at")[:1]),
        "answered": Subquery(checks.exclude(answered_at=None).values("answered_at")[:1]),
        "tab_seen_at": Subquery(of_tab.values("at")[:1]),
        "tab_sequence": Subquery(of_tab_by_number.values("sequence")[:1]),
        "tab_beat_at": Subquery(of_tab_by_number.values("at")[:1]),
        "today": _sum(own.studied().filter(at__gte=midnight(today)), Sum("credited_ms")),
        "lesson_ms": Subquery(lesson.values("credited_ms")[:1]),
        "lesson_position": Subquery(lesson.values("position")[:1]),
        "lesson_finished_at": Subquery(lesson.values("finished_at")[:1]),
        "studied": _sum(LessonProgress.objects.filter(enrolment=enrolment_id), Sum("credited_ms")),
        "required": Subquery(enrolment.values(minutes=_REQUIRED)[:1]),
        "course_finished_at": Subquery(enrolment.values("finished_at")[:1]),
    }
    newest = Subquery(own.order_by("-number").values("number")[:1])
    rows = own.filter(Q(at__gt=since) | Q(number=newest)).annotate(**sums).order_by("number")
    found = list(rows.values("number", "digest", "kind", "began_at", "at", "credited_ms", *sums))
    return _known(found, today, since) if found else _without_events(enrolment, lesson)


def _known(rows: list[dict[str, Any]], today: date, since: datetime) -> Known:
    last = rows[-1]
    counted: dict[date, timedelta] = {}
    for row in rows:
        day = timezone.localdate(row["at"])
        if row["kind"] != StudyEvent.Kind.CORRECTION and row["at"] > since:
            counted[day] = counted.get(day, timedelta()) + row["credited_ms"] * _MS
    counted[today] = last["today"] * _MS
    return Known(
        number=last["number"],
        digest=last["digest"],
        tab_seen_at=last["tab_seen_at"],
        beat_at=last["tab_beat_at"],
        sequence=last["tab_sequence"] or 0,
        covered=tuple((row["began_at"], row["at"]) for row in rows if row["began_at"]),
        counted=counted,
        counted_ms=last["lesson_ms"] or 0,
        position=last["lesson_position"] or 0,
        finished_at=last["lesson_finished_at"],
        studied=last["studied"],
        required_ms=last["required"] * 60_000,
        course_finished_at=last["course_finished_at"],
        asked_at=last["asked"],
        answered_at=last["answered"],
    )


def _without_events(enrolment: Any, lesson: Any) -> Known:
    """Somebody's very first report."""
    required, finished_at = enrolment.values_list(_REQUIRED, "finished_at").get()
    done = lesson.values_list("finished_at", flat=True).first()
    return Known(finished_at=done, required_ms=required * 60_000, course_finished_at=finished_at)


def midnight(day: date) -> datetime:
    """When a day begins here."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _sum(rows: Any, what: Any) -> Any:
    """An aggregate over ``rows`` as a column, 0 where there are none."""
    grouped = rows.order_by().values("person_id" if rows.model is StudyEvent else "enrolment_id")
    return Coalesce(Subquery(grouped.annotate(found=what).values("found")), 0)
