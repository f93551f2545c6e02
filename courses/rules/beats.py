"""Beats that a page counted on its own clock, as spans on the server's: what a batch of them earns.

A page gets a signed token with the server's time when a lesson is opened, and numbers its beats from 1. Each
beat says how many milliseconds of a monotonic clock have passed since the token. It stands for the token's
time plus these, and never for a moment that the server has not reached yet. So nothing that a page claims
adds up to more than the time that passed at the server, and nothing counts twice.
Sources: AQ 8011-2023 4.5 (its text was not seen: the figures are data).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from courses.rules.hours import Clock, Credit, Span, credit
from courses.rules.presence import UNANSWERED, Question


@dataclass(frozen=True, slots=True)
class Beat:
    """The number of a beat in its tab, how long after the token it was, and whether it answers “are you there”."""

    sequence: int
    elapsed: timedelta
    position: int | None = None
    answers: bool = False


class Fate(StrEnum):
    """What became of a beat. Only a beat that waits is worth sending again, with those before it."""

    COUNTED = "counted"
    AGAIN = "again"
    WAIT = "wait"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Settled:
    """A beat, its fate, the moment that it stands for and what it earned."""

    beat: Beat
    fate: Fate
    at: datetime
    credit: Credit


TOO_LATE = "超过 {days} 天才补报，这段时间不能计入"
GAP = "前面的记录还没有收到，先等一等"
TWICE = "这条记录已经收过"


def settle(
    beats: Iterable[Beat],
    *,
    opened_at: datetime,
    now: datetime,
    seen_at: datetime,
    sequence: int,
    covered: Iterable[Span],
    counted: Mapping[date, timedelta],
    zone: tzinfo,
    rules: Clock,
    question: Question | None = None,
) -> list[Settled]:
    """Each beat once, in the order of their numbers.

    ``opened_at``: the token's time; ``seen_at``: the moment of the tab's last event; ``sequence``: the
    number of the tab's last beat; ``covered``: the person's credited spans; ``counted``: credited time by
    local day; ``question``: one that is open in the tab: after its time nothing is credited until a beat answers.
    Whatever order and however often beats come, the same time is credited in the end.
    """
    settled, spans, days = [], list(covered), dict(counted)
    seen_at = max(seen_at, opened_at)
    for beat in sorted({one.sequence: one for one in beats}.values(), key=lambda one: one.sequence):
        at = max(min(opened_at + beat.elapsed, now), opened_at)
        fate, note = _fate(beat, sequence, now - opened_at, rules)
        if fate is not Fate.COUNTED:
            settled.append(Settled(beat, fate, at, Credit(0, note)))
            continue
        day = at.astimezone(zone).date()
        had = days.get(day, timedelta())
        earned = credit(at, tab_seen_at=seen_at, covered=spans, counted_today=had, rules=rules)
        if question is not None and question.blocks(at, rules):
            earned = Credit(0, UNANSWERED)
        question = None if beat.answers else question
        if earned.began_at is not None:
            spans.append((earned.began_at, at))
            days[day] = had + timedelta(milliseconds=earned.milliseconds)
        settled.append(Settled(beat, fate, at, earned))
        sequence, seen_at = beat.sequence, max(seen_at, at)
    return settled


def _fate(beat: Beat, last: int, age: timedelta, rules: Clock) -> tuple[Fate, str]:
    if beat.sequence <= last:
        return Fate.AGAIN, TWICE
    if age > rules.late:
        return Fate.REFUSED, TOO_LATE.format(days=rules.late.days)
    if beat.sequence != last + 1:
        return Fate.WAIT, GAP
    return Fate.COUNTED, ""
