"""The ledger of a round as lines that a person can read: by day, by lesson and window, corrections apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone

from courses.models.corrections import Correction
from courses.models.enrolment import Enrolment
from courses.models.ledger import StudyEvent
from courses.models.turn import midnight
from courses.rules import hours

MINUTE = 60_000  # milliseconds


@dataclass(slots=True)
class Line:
    """Events of one tab and lesson in a row: from, to, counted milliseconds; ``late`` of these offline."""

    lesson: str
    begin: datetime
    end: datetime
    counted: int = 0
    late: int = 0
    events: int = 0
    notes: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the ledger; visits of less than a minute are one line together."""

    day: date
    lines: list[Line]
    visits: int
    visits_counted: int
    fixes: list[dict[str, Any]]
    counted: int
    events: int


def days_of(enrolment: Enrolment) -> list[Day]:
    """Day by day what was counted and why; one query for the events, one for the corrections."""
    events = StudyEvent.objects.filter(enrolment=enrolment).order_by("at", "number")
    rows: Any = events.values(
        "at", "began_at", "received_at", "tab", "kind", "lesson__title", "credited_ms", "note",
        "sequence", "by__real_name",
    )  # fmt: skip
    looks = Correction.objects.filter(enrolment=enrolment, look__agreed=True)
    seconds = dict(looks.values_list("pk", "look__by__real_name"))
    by_day = groupby(rows.iterator(), key=lambda row: timezone.localdate(row["at"]))
    return [_day(day, [*found], seconds) for day, found in by_day]


def _day(day: date, rows: list[dict[str, Any]], seconds: dict[int, str]) -> Day:
    fixes = [row for row in rows if row["kind"] == StudyEvent.Kind.CORRECTION]
    studied = [row for row in rows if row["kind"] != StudyEvent.Kind.CORRECTION]
    lines = list(_lines(studied))
    short = [line for line in lines if line.counted < MINUTE and not line.notes]
    for row in fixes:
        row["second"] = seconds.get(row["sequence"], "")
    return Day(
        day=day,
        lines=[line for line in lines if line not in short],
        visits=len(short),
        visits_counted=sum(line.counted for line in short),
        fixes=fixes,
        counted=sum(row["credited_ms"] for row in rows),
        events=len(rows),
    )


def _lines(rows: list[dict[str, Any]]) -> Iterator[Line]:
    silence = hours.clock().silence
    for (_, lesson, taught), found in groupby(rows, key=_window):
        events = list(found)
        first = (taught and events[0]["began_at"]) or events[0]["at"]
        begin, end = timezone.localtime(first), timezone.localtime(events[-1]["at"])
        line = Line(lesson, begin, end)
        for event in events:
            line.events += 1
            line.counted += event["credited_ms"]
            if not taught and event["received_at"] - event["at"] > silence:
                line.late += event["credited_ms"]
            if event["note"]:
                line.notes[event["note"]] = True
        yield line


def _window(row: dict[str, Any]) -> tuple[Any, str, int]:
    """What one line tells together: a tab's lesson; each attendance of a class for itself."""
    taught = row["sequence"] if row["kind"] in StudyEvent.TAUGHT else 0
    return row["tab"], row["lesson__title"], taught


def events_of_day(enrolment: Enrolment, day: date) -> Any:
    """The entries of one day as they stand in the ledger, with their numbers and digests."""
    events = StudyEvent.objects.filter(
        enrolment=enrolment, at__gte=midnight(day), at__lt=midnight(day + timedelta(days=1))
    )
    return events.select_related("lesson", "by").order_by("at", "number")
