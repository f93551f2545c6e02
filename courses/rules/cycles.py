"""The cycles of a training obligation: when each is due, how it stands, when to remind, in the words that we print.

Source: 生产经营单位安全培训规定 (3号令, as amended by 80号令): before work, within six months of taking up a post, each
year; 特种作业人员安全技术培训考核管理规定 (30号令): review every three years, asked for 60 days ahead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from courses.rules.requirements import Requirement, figure, reminder_days
from credit.rules.terms import add_months, printed

DAY = timedelta(days=1)


class State(StrEnum):
    """How an obligation stands on a day."""

    MET = "met"
    MET_LATE = "met_late"
    CLOSED = "closed"
    OVERDUE = "overdue"
    SOON = "soon"
    OPEN = "open"


NAMES = {
    State.MET: "已完成",
    State.MET_LATE: "超期后完成",
    State.CLOSED: "不再需要",
    State.OVERDUE: "已超期",
    State.SOON: "快到期",
    State.OPEN: "还没完成",
}


@dataclass(frozen=True, slots=True)
class Cycle:
    """One round of an obligation: what is learned from ``from_on`` counts, ``due_on`` is the last day in time."""

    number: int
    from_on: date
    due_on: date
    explanation: str


def first_cycle(asked: Requirement, *, began_on: date, known_on: date) -> Cycle:
    """The first cycle of somebody who took the post on ``began_on`` and was entered here on ``known_on``.

    Who is entered when the day of the law is past or near has some days more to bring the proof; a yearly duty
    begins with the anniversary of the post that comes next.
    """
    soonest = known_on + timedelta(days=figure("grace"))
    if asked.step == "yearly":
        return _first_yearly(asked, began_on, soonest)
    lawful = add_months(began_on, asked.months)
    due = max(lawful, soonest) if began_on < soonest else lawful
    begin = add_months(began_on, -asked.looks_back)
    when = f"法规要求在{printed(lawful)}{'' if asked.months else '上岗'}前完成"
    if due > lawful:
        when += f"；您是{printed(known_on)}登记的，请在{printed(due)}前补齐"
    return Cycle(1, begin, due, f"{asked.why}{when}。")


def _first_yearly(asked: Requirement, began_on: date, soonest: date) -> Cycle:
    rounds = 1
    while (due := add_months(began_on, asked.every * rounds)) < soonest:
        rounds += 1
    begin = add_months(began_on, asked.every * (rounds - 1))
    words = f"您{printed(began_on)}上岗，这一年的要在{printed(due)}前学完。"
    return Cycle(1, begin, due, asked.why + words)


def next_cycle(
    asked: Requirement,
    *,
    number: int,
    met_on: date,
    known_on: date,
    revoked_on: date | None = None,
) -> Cycle | None:
    """The cycle after one that was met on ``met_on``; None for what is asked once.

    A certificate taken back (``revoked_on``) asks for the same anew, whatever it is. Nobody is late on the day
    on which it is told: what is known late leaves some days more.
    """
    if revoked_on is not None:
        due = revoked_on + timedelta(days=figure("grace"))
        words = f"原来的证书{printed(revoked_on)}撤销了，请在{printed(due)}前重新学习。"
        return Cycle(number + 1, revoked_on, due, asked.why + words)
    if not asked.every:
        return None
    end = add_months(met_on, asked.every)
    due = end - timedelta(days=asked.ahead)
    words = f"上一次是{printed(met_on)}完成的，这一次要在{printed(due)}前完成"
    if due < known_on:
        due = known_on + timedelta(days=figure("grace"))
        words += f"；我们{printed(known_on)}才知道，请在{printed(due)}前补齐"
    return Cycle(number + 1, met_on + DAY, due, f"{asked.why}{words}。")


def reached(needed: int, minutes: Sequence[int]) -> tuple[int, int | None]:
    """The sum of what was learned, oldest first, and the place of what reached ``needed`` minutes; else None.

    With ``needed`` 0 the first of all meets it: a paper.
    """
    total = 0
    for place, earned in enumerate(minutes):
        total += earned
        if total >= needed:
            return total, place
    return total, None


def standing(*, due_on: date, met_on: date | None, closed_on: date | None, today: date) -> State:
    """How an obligation stands on ``today``; the due day itself is still in time."""
    if met_on is not None:
        return State.MET if met_on <= due_on else State.MET_LATE
    if closed_on is not None:
        return State.CLOSED
    if today > due_on:
        return State.OVERDUE
    return State.SOON if reminder(due_on, today) is not None else State.OPEN


def reminder(due_on: date, today: date) -> int | None:
    """Which reminder is due: the smallest number of days (60, 30, 7) not below those left; else None."""
    left = (due_on - today).days
    return next((days for days in reminder_days() if 0 <= left <= days), None)
