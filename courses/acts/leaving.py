"""Leaving the exam's page: noted as the page tells it, shown to who marks or looks on. Nothing follows by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import transaction

from courses.acts.answers import BadAnswerError
from courses.acts.sitting import figures, grace, lock
from courses.models import Attempt, LeaveEvent

MOST: Final = 1000  # events that are kept of one attempt
_AHEAD: Final = timedelta(seconds=5)  # a page's clock is set to the server's, but for the wire
_KINDS: Final = frozenset(LeaveEvent.Kind.values)


@dataclass(frozen=True, slots=True)
class Absence:
    """Away from ``left_at`` until ``back_at`` (None: the page never told)."""

    left_at: datetime
    back_at: datetime | None

    @property
    def seconds(self) -> int | None:
        """How long, in whole seconds."""
        return None if self.back_at is None else int((self.back_at - self.left_at).total_seconds())


@transaction.atomic
def note(
    attempt: Attempt, *, learner: Any, events: Sequence[tuple[str, int]], now: datetime
) -> int:
    """Keep what the page tells: kind and milliseconds of the server's clock; tells how many are new.

    Sent twice is kept once. Raises Attempt.DoesNotExist for somebody else's, BadAnswerError for odd messages and
    moments outside the attempt.
    """
    locked = lock(attempt, learner)
    wanted = {(kind, _moment(at)) for kind, at in events}
    end = (locked.submitted_at or locked.deadline) + grace(now)
    first = locked.started_at - _AHEAD
    if any(kind not in _KINDS or not first <= at <= min(now + _AHEAD, end) for kind, at in wanted):
        raise BadAnswerError("离开记录的格式不对")
    there = set(locked.leaves.values_list("kind", "told_at"))
    rows = [
        LeaveEvent(attempt=locked, kind=kind, told_at=at, received_at=now)
        for kind, at in sorted(wanted - there, key=lambda one: one[1])
    ]
    return len(LeaveEvent.objects.bulk_create(rows[: max(MOST - len(there), 0)]))


def absences(attempt: Attempt) -> list[Absence]:
    """Each time that the page was left, in order; one query, or none where ``leaves`` are prefetched.

    What was shorter than the figure ``leave`` is a reload and is left out; its events stay.
    """
    shortest = figures(attempt.started_at).amount("leave")
    return [one for one in _absences(attempt) if one.seconds is None or one.seconds >= shortest]


def _absences(attempt: Attempt) -> list[Absence]:
    found: list[Absence] = []
    left: datetime | None = None
    for kind, at in ((event.kind, event.told_at) for event in attempt.leaves.all()):
        if kind == LeaveEvent.Kind.LEFT:
            if left is not None:
                found.append(Absence(left, None))
            left = at
        elif left is not None:
            found.append(Absence(left, at))
            left = None
    return [*found, *([Absence(left, None)] if left is not None else [])]


def told(found: Sequence[Absence]) -> str:
    """In one line."""
    if not found:
        return "没有离开过考试页面"
    seconds = sum(one.seconds or 0 for one in found)
    minutes, rest = divmod(seconds, 60)
    return f"离开考试页面 {len(found)} 次，共 {minutes} 分 {rest} 秒"


def _moment(milliseconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError) as fault:
        raise BadAnswerError("离开记录的格式不对") from fault
