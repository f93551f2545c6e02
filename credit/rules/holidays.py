"""A year's holidays as a list that somebody pastes: every line is read, every problem is named.

Source: 国务院办公厅's yearly notice on holidays; 全国年节及纪念日放假办法.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from credit.rules.workdays import Exceptions, has_calendar

LONGEST_NOTE: Final = 60
MOST_LINES: Final = 400
_DAY: Final = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
_LINE: Final = re.compile(
    rf"^{_DAY}(?:\s*[至到~～—–]\s*{_DAY})?\s*[,，;；\t ]\s*(\S+?)(?:[,，;；\t ]+(.*))?$"
)
_OFF: Final = {"放假", "休", "休息", "假", "off", "false", "0"}
_ON: Final = {"上班", "班", "调休上班", "工作", "on", "true", "1"}
_HEAD: Final = ("日期", "date", "#")


@dataclass(frozen=True, slots=True)
class Holiday:
    """An exceptional day: is it worked, and why."""

    day: date
    is_working: bool
    note: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line and what to do; row 0 is the whole list."""

    row: int
    value: str
    advice: str


def read_holidays(text: str, year: int) -> tuple[list[Holiday], list[Problem]]:
    """The days of a list such as ``2027-10-01至2027-10-07,放假,国庆节``, and every problem of it."""
    found: dict[date, Holiday] = {}
    problems: list[Problem] = []
    lines = text.replace("\ufeff", "").splitlines()
    if len(lines) > MOST_LINES:
        return [], [Problem(0, "", f"有{len(lines)}行，一年的安排不会超过{MOST_LINES}行")]
    for row, line in enumerate(lines, start=1):
        plain = line.strip().strip('"')
        if not plain or plain.lower().startswith(_HEAD):
            continue
        try:
            for one in _read(plain, year):
                if one.day in found:
                    raise ValueError(f"{one.day}写了两次，请留一行")
                found[one.day] = one
        except ValueError as fault:
            problems.append(Problem(row, plain[:60], str(fault)))
    if not problems and not has_calendar(year, {day: one.is_working for day, one in found.items()}):
        problems.append(
            Problem(0, "", f"没有{year}年10月1日放假这一行，不像完整的一年安排，请补齐")
        )
    return sorted(found.values(), key=lambda one: one.day), problems


def _read(line: str, year: int) -> Iterable[Holiday]:
    """The days of one line. Raises ValueError with what to do."""
    parts = _LINE.match(line)
    if parts is None:
        raise ValueError("看不懂，请写成：2027-10-01,放假,国庆节")
    first = _day(parts[1], parts[2], parts[3])
    last = _day(parts[4], parts[5], parts[6]) if parts[4] else first
    note = (parts[8] or "").strip().strip('"')
    if first.year != year or last.year != year:
        raise ValueError(f"不是{year}年的日期")
    if last < first:
        raise ValueError("止日早于起日")
    if len(note) > LONGEST_NOTE or "\x00" in note:
        raise ValueError(f"说明最多{LONGEST_NOTE}个字")
    working = _working(parts[7])
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    for day in days:
        if problem := day_problem(day, working):
            raise ValueError(problem)
    return [Holiday(day, working, note) for day in days]


def day_problem(day: date, is_working: bool) -> str:
    """Why an exception makes no sense; "" when it does. 放假 on a weekend day of a holiday does."""
    if is_working and day.weekday() < 5:
        return f"{day}是星期{'一二三四五'[day.weekday()]}，本来就上班，不用写"
    return ""


def _working(word: str) -> bool:
    plain = word.strip('"').lower()
    if plain in _OFF:
        return False
    if plain in _ON:
        return True
    raise ValueError(f"“{word[:10]}”应写“放假”或“上班”")


def _day(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError as fault:
        raise ValueError(f"没有{year}年{int(month)}月{int(day)}日这一天") from fault


def differences(before: Exceptions, after: Iterable[Holiday]) -> list[str]:
    """What a new list changes, in words, day by day."""
    new = {one.day: one.is_working for one in after}
    word = {True: "上班", False: "放假", None: "照常"}
    return [
        f"{day}：{word[before.get(day)]} → {word[new.get(day)]}"
        for day in sorted({*before, *new})
        if before.get(day) != new.get(day)
    ]
