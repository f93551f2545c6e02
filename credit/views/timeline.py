"""The way of an entry as a picture: only the steps that the public may know, with their days."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from credit.models import ListEntry

WIDTH: Final = 340  # units of the picture; the page scales it
_STEP: Final = 62
_TOP: Final = 70  # below the bar of the term
_BAR: Final = 300


@dataclass(frozen=True, slots=True)
class Step:
    """One public step: ``done`` on the day that the page is asked about."""

    label: str
    day: date
    done: bool
    y: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """The steps with their places, and how much of the term is over (``passed`` of ``_BAR`` units)."""

    steps: list[Step]
    passed: int
    share: int
    last_done: int
    height: int
    width: int = WIDTH
    top: int = _TOP

    @property
    def words(self) -> str:
        """The picture for those who hear it."""
        said = (f"{one.day:%Y-%m-%d}{one.label}" for one in self.steps)
        return f"{'，'.join(said)}。列入期已过{self.share}%。"


def public_steps(entry: ListEntry, day: date) -> list[Step]:
    """Notice, decision, service, publication and the end; removal only while it lies ahead."""
    case = entry.case
    notice = "公告" if entry.colour == "red" else "告知当事人"
    days = [
        (notice, case.notice_served_on),
        ("作出决定", case.decided_on),
        ("送达决定", case.served_on),
        ("列入并公示", entry.listed_on),
        ("移出", entry.removed_on),
        ("期满移出", None if entry.removed_on else entry.ends_on),
    ]
    return [Step(label, when, when <= day) for label, when in days if when]


def picture(entry: ListEntry, day: date) -> Picture:
    """The picture as of ``day``."""
    steps = [
        Step(one.label, one.day, one.done, _TOP + place * _STEP)
        for place, one in enumerate(public_steps(entry, day))
    ]
    whole = (entry.ends_on - entry.listed_on).days
    gone = min(max((day - entry.listed_on).days, 0), whole)
    done: list[Any] = [one.y for one in steps if one.done]
    return Picture(
        steps, _BAR * gone // whole, 100 * gone // whole, done[-1] if done else _TOP,
        _TOP + (len(steps) - 1) * _STEP + 40,
    )  # fmt: skip
