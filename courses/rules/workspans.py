"""Reads what an office types from a paper about work elsewhere: one line for each person and span.

Uncertain input is an error with a line number, never a guess.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FORM: Final = (
    "手机号，开始，结束，地点，例如：13800000000，2026-11-24 08:00，2026-11-24 17:00，三号车间"
)
LONGEST: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Span:
    """A line: whose, from, to (local time without zone), where."""

    line: int
    phone: str
    began_at: datetime
    ended_at: datetime
    where: str


def read_spans(text: str) -> tuple[list[Span], list[str]]:
    """The lines that are right, and what is wrong with the others, in words."""
    spans, problems = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            spans.append(_read(number, line))
        except ValueError as fault:
            problems.append(f"第 {number} 行：{fault}")
    return spans, problems


def _read(number: int, line: str) -> Span:
    parts = [part.strip() for part in line.replace("，", ",").split(",")]
    if len(parts) != 4 or not all(parts):
        raise ValueError(f"应写成：{FORM}")
    phone, begin, end, where = parts
    began_at, ended_at = _moment(begin), _moment(end)
    if not timedelta() < ended_at - began_at <= LONGEST:
        raise ValueError("结束应晚于开始，一条最长 24 小时")
    if len(where) > 120:
        raise ValueError("地点太长，最多 120 字")
    return Span(number, phone, began_at, ended_at, where)


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M")  # local; the act adds the zone
    except ValueError as error:
        raise ValueError(f"“{text[:30]}”不是时间，应像 2026-11-24 08:00") from error
