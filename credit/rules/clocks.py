"""Every deadline as data: which event starts it, how long it runs, under which article, when it is due.

The figures stand in ``credit/rulesets/clocks/``; a clock that the rule-set knows as a term takes its
figure from there. A further clock is one entry in that file and one query in ``credit.acts.clocks``.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from credit.rules.ruleset import FOLDER, Ruleset, RulesetError, load_ruleset
from credit.rules.terms import add_months
from credit.rules.workdays import (
    DueDay,
    Exceptions,
    add_working_days,
    years_without_calendar,
)

UNITS: Final = {"working_days": "个工作日", "days": "日", "months": "个月"}
WHOSE: Final = ("office", "party")
_OWN: Final = ("amount", "unit", "article", "confirmed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A deadline: ``amount`` of ``unit`` after the event ``start``.

    ``whose``: "office" for what the bureau must do, "party" for a right of others that ends.
    ``confirmed``: the article's text was checked. ``remind``: working days before the last day.
    """

    code: str
    name: str
    start: str
    whose: str
    amount: int
    unit: str
    article: str
    confirmed: bool
    remind: tuple[int, ...]

    @property
    def length(self) -> str:
        """5个工作日."""
        return f"{self.amount}{UNITS[self.unit]}"


class Standing(StrEnum):
    """How a clock stands today; ``OVER``: a party's right has ended, the next step is open."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    OVER = "over"

    @property
    def label(self) -> str:
        """The printed name."""
        return _LABELS[self]


_LABELS: Final = {
    Standing.OVERDUE: "已经超期",
    Standing.TODAY: "今天到期",
    Standing.WEEK: "本周到期",
    Standing.LATER: "以后到期",
    Standing.OVER: "当事人的期限已届满，可以办理下一步",
}


@cache
def load_clocks(code: str = "anxin-2026") -> Mapping[str, Clock]:
    """The clocks of ``credit/rulesets/clocks/<code>.toml`` by code. Raises RulesetError."""
    path: Path = FOLDER / "clocks" / f"{code}.toml"
    return parse_clocks(path.read_text(encoding="utf-8"), load_ruleset(), source=path.name)


def parse_clocks(text: str, ruleset: Ruleset, *, source: str = "clocks") -> Mapping[str, Clock]:
    """Checked clocks from TOML. Raises RulesetError naming ``source`` and the entry."""
    try:
        data = tomllib.loads(text)
        remind = tuple(sorted((int(days) for days in data["remind"]), reverse=True))
        found: dict[str, Clock] = {}
        for row in data["clock"]:
            clock = _clock(row, remind, ruleset)
            if clock.code in found:
                raise ValueError(f"{clock.code!r} comes twice")
            found[clock.code] = clock
    except (KeyError, TypeError, ValueError) as fault:
        raise RulesetError.at(source, "[[clock]]", str(fault)) from fault
    return MappingProxyType(found)


def _clock(row: Mapping[str, Any], remind: tuple[int, ...], ruleset: Ruleset) -> Clock:
    own = {name: row[name] for name in ("code", "name", "start", "whose")}
    if "term" in row:
        term = ruleset.terms[row["term"]]
        figure = {name: getattr(term, name) for name in _OWN}
    else:
        figure = {name: row[name] for name in _OWN}
    clock = Clock(**own, **figure, remind=remind)
    if clock.unit not in UNITS or clock.whose not in WHOSE or clock.amount < 1:
        raise ValueError(f"{clock.code}: unit, whose or amount is not possible")
    return clock


def due_day(clock: Clock, started_on: date, calendar: Exceptions) -> DueDay:
    """The last day of a clock that started on ``started_on`` (that day is not counted).

    A term in days or months that ends on a day which is not worked ends on the next one that is.
    Sources: 行政处罚法 第八十五条; 民法典 第二百零一条至第二百零三条 (the day of the event is not counted,
    a last day that is a holiday moves to the day after it).
    """
    if clock.unit == "working_days":
        return add_working_days(started_on, clock.amount, calendar)
    end = (
        started_on + timedelta(days=clock.amount)
        if clock.unit == "days"
        else add_months(started_on, clock.amount)
    )
    last = add_working_days(end - timedelta(days=1), 1, calendar).day
    return DueDay(last, years_without_calendar(last, last, calendar))


def standing(clock: Clock, due: date, today: date) -> Standing:
    """How the clock stands on ``today``; the week ends on Sunday."""
    if today > due:
        return Standing.OVER if clock.whose == "party" else Standing.OVERDUE
    if today == due:
        return Standing.TODAY
    sunday = today + timedelta(days=6 - today.weekday())
    return Standing.WEEK if due <= sunday else Standing.LATER


def reminder(clock: Clock, left: int) -> int | None:
    """Which reminder is due when ``left`` working days remain; None when none is yet.

    A day on which nothing ran is made up for: the nearest reminder that has come is the one.
    """
    return min((days for days in clock.remind if days >= left), default=None)
