"""Working days (工作日) from a calendar that the caller passes in.

The calendar maps exceptional days to "is a working day": public holidays are False, weekend
days that are worked instead are True; other days follow the week. A year whose official calendar is not
in yet is counted by the week and by what is known, and named in the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

Exceptions = Mapping[date, bool]


@dataclass(frozen=True, slots=True)
class DueDay:
    """A counted day, and the years on the way that have no official calendar yet."""

    day: date
    years_without_calendar: tuple[int, ...] = ()

    @property
    def warning(self) -> str:
        """What to print beside the day; "" when the calendar was complete."""
        if not self.years_without_calendar:
            return ""
        years = "、".join(f"{year}年" for year in self.years_without_calendar)
        return f"{years}尚无官方节假日安排，仅按周末推算"


def is_working_day(day: date, exceptions: Exceptions) -> bool:
    """Whether ``day`` is worked: an exception decides, else Monday to Friday."""
    return exceptions.get(day, day.weekday() < 5)


def add_working_days(start: date, days: int, exceptions: Exceptions) -> DueDay:
    """The ``days``-th working day after ``start``; the start itself is not counted.

    With ``days`` 0 it is ``start``. Raises ValueError for a negative count.
    Source: 行政处罚法 第八十五条 (days in 2, 3, 5 and 7-day terms are working days).
    """
    if days < 0:
        raise ValueError("cannot count a negative number of working days")
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day, exceptions)
    return DueDay(day, years_without_calendar(start, day, exceptions))


def working_days_between(start: date, end: date, exceptions: Exceptions) -> int:
    """Working days after ``start`` up to and including ``end``; 0 when ``end`` is not later."""
    span = range(1, (end - start).days + 1)
    return sum(is_working_day(start + timedelta(days=n), exceptions) for n in span)


def has_calendar(year: int, exceptions: Exceptions) -> bool:
    """Whether the official calendar of a year is in: it names National Day, which every year has.

    A single day that the bureau entered for itself does not make a calendar.
    Source: 全国年节及纪念日放假办法.
    """
    return not exceptions.get(date(year, 10, 1), True)


def years_without_calendar(start: date, end: date, exceptions: Exceptions) -> tuple[int, ...]:
    """The years from ``start`` to ``end`` whose official calendar is not in."""
    years = range(start.year, end.year + 1)
    return tuple(year for year in years if not has_calendar(year, exceptions))
