"""Everything that is known of one class, for its page, its attendance sheet and its file (一期一档). Reads only.

``whole`` takes seven queries, however many people and sessions there are.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum

from courses.acts import evaluations
from courses.models import ClassClosing, ClassMember, ClassSession, ClassSign, StudyEvent
from courses.models.classes import CLASS_TAB
from courses.rules import classes as rules


@dataclass(frozen=True, slots=True)
class Sign:
    """One signing: ``by`` and ``reason`` say who signed by hand and why; empty for the code."""

    at: datetime
    means: str
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A session of the timetable; ``cancelled`` says why it was not held, empty where it was."""

    pk: int
    starts_at: datetime
    ends_at: datetime
    minutes: int
    lesson: str
    lecturer: str
    venue: str
    cancelled: str


@dataclass(frozen=True, slots=True)
class Presence:
    """One person in one session; ``credited_ms`` is what the ledger holds of it."""

    came: Sign | None
    left: Sign | None
    present: timedelta
    credited_ms: int


@dataclass(frozen=True, slots=True)
class Participant:
    """Who joined, from which enterprise, and was where how long; ``presences`` by the key of the session."""

    pk: int
    person_id: int
    name: str
    phone: str  # masked
    enterprise: str
    way: str
    joined_at: datetime
    presences: dict[int, Presence]
    present: timedelta
    credited_ms: int
    completed: bool


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """A class as a whole; ``timetable`` is the time of the sessions that were not cancelled."""

    pk: int
    title: str
    course: str
    organiser: str
    venue: str
    opened_by: str
    opened_at: datetime
    sessions: tuple[Held, ...]
    lecturers: tuple[str, ...]
    participants: tuple[Participant, ...]
    timetable: timedelta
    evaluation: evaluations.Results
    closed_at: datetime | None
    closed_by: str
    note: str

    @property
    def people_completed(self) -> int:
        """How many completed it."""
        return sum(one.completed for one in self.participants)


def whole(training_class: Any) -> ClassFacts:
    """The facts of a class."""
    sessions = _sessions(training_class)
    timetable = _timetable(sessions)
    closings = ClassClosing.objects.select_related("by").filter(training_class=training_class)
    closing = closings.first()
    lecturers = [one.lecturer for one in sessions if not one.cancelled]
    return ClassFacts(
        pk=training_class.pk,
        title=training_class.title,
        course=training_class.course.title,
        organiser=training_class.organiser,
        venue=training_class.venue,
        opened_by=str(training_class.by),
        opened_at=training_class.at,
        sessions=sessions,
        lecturers=tuple(dict.fromkeys(lecturers)),
        participants=_participants(training_class, sessions, timetable),
        timetable=timetable,
        evaluation=evaluations.results(training_class),
        closed_at=closing.at if closing else None,
        closed_by=str(closing.by) if closing else "",
        note=closing.note if closing else "",
    )


def completed(training_class: Any) -> list[int]:
    """The keys of the members who were there for enough of the timetable."""
    sessions = _sessions(training_class)
    found = _participants(training_class, sessions, _timetable(sessions))
    return [one.pk for one in found if one.completed]


def _sessions(training_class: Any) -> tuple[Held, ...]:
    rows = ClassSession.objects.filter(training_class=training_class)
    return tuple(
        Held(
            one.pk, one.starts_at, one.ends_at, one.minutes, one.lesson.title, one.lecturer_said,
            one.venue or training_class.venue,
            one.cancelling.reason if hasattr(one, "cancelling") else "",
        )
        for one in rows.select_related("lesson", "cancelling")
    )  # fmt: skip


def _timetable(sessions: tuple[Held, ...]) -> timedelta:
    lengths = (one.ends_at - one.starts_at for one in sessions if not one.cancelled)
    return sum(lengths, timedelta())


def _participants(
    training_class: Any, sessions: tuple[Held, ...], timetable: timedelta
) -> tuple[Participant, ...]:
    members = ClassMember.objects.filter(training_class=training_class)
    rows = list(members.select_related("person", "enterprise").order_by("pk"))
    signs = _signs(training_class)
    credited = _credited([row.person_id for row in rows], signs)
    return tuple(_participant(row, sessions, timetable, signs, credited) for row in rows)


def _signs(training_class: Any) -> dict[tuple[int, int, str], ClassSign]:
    rows = ClassSign.objects.filter(session__training_class=training_class)
    return {(one.member_id, one.session_id, one.way): one for one in rows.select_related("by")}


def _credited(people: list[int], signs: dict[tuple[int, int, str], ClassSign]) -> dict[int, int]:
    """Credited milliseconds by the key of the signing out."""
    keys = [one.pk for (_, _, way), one in signs.items() if way == rules.OUT]
    events = StudyEvent.objects.filter(tab=CLASS_TAB, person__in=people, sequence__in=keys)
    totals = events.order_by().values("sequence").annotate(total=Sum("credited_ms"))
    return {row["sequence"]: row["total"] for row in totals}


def _participant(
    row: ClassMember,
    sessions: tuple[Held, ...],
    timetable: timedelta,
    signs: dict[tuple[int, int, str], ClassSign],
    credited: dict[int, int],
) -> Participant:
    presences = {}
    for session in sessions:
        came = signs.get((row.pk, session.pk, rules.IN))
        left = signs.get((row.pk, session.pk, rules.OUT))
        if came is not None:
            amount = credited.get(left.pk, 0) if left else 0
            presences[session.pk] = Presence(
                _sign(came), _sign(left), _present(session, came, left), amount
            )
    present = sum((one.present for one in presences.values()), timedelta())
    return Participant(
        row.pk, row.person_id, str(row.person), row.person.masked_phone,
        row.enterprise.name if row.enterprise else "", row.get_way_display(), row.at, presences,
        present, sum(one.credited_ms for one in presences.values()),
        rules.completed(present, timetable),
    )  # fmt: skip


def _sign(one: ClassSign | None) -> Sign | None:
    if one is None:
        return None
    return Sign(one.at, one.get_means_display(), str(one.by) if one.by else "", one.reason)


def _present(session: Held, came: ClassSign, left: ClassSign | None) -> timedelta:
    """The time within the timetable; nothing for who never signed out."""
    if left is None:
        return timedelta()
    begin, end = max(came.at, session.starts_at), min(left.at, session.ends_at)
    return max(end - begin, timedelta())
