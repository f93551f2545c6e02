"""Records of study that no honest learner leaves: found by rules, told in words, judged by a person.

A finding is a question, never an answer: nothing follows from it by itself. The figures are data
(``courses/rulesets/suspicion-2026.toml``). Sources: 安全生产法 第二十八条、第九十七条 (records of training are
kept truthfully); AQ 8011-2023 4.4.4 (not seen). Cases behind the rules: 27 workers whose 72 hours were all
booked on one day; eleven full marks that were 55 to 95 when tested again.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).resolve().parent.parent / "rulesets" / "suspicion-2026.toml"
LONGEST_LIST: Final = 30  # lines of evidence


class Kind(StrEnum):
    """What looks impossible."""

    LONG_DAY = "long_day"
    ELSEWHERE = "elsewhere"
    SAME_TIMES = "same_times"
    ALL_FULL = "all_full"
    ONE_DEVICE = "one_device"
    TOO_FAST = "too_fast"


LABELS: Final = {
    Kind.LONG_DAY: "一天学得太久",
    Kind.ELSEWHERE: "学习时人在别处",
    Kind.SAME_TIMES: "多人时间一秒不差",
    Kind.ALL_FULL: "全部满分",
    Kind.ONE_DEVICE: "一台设备多人学",
    Kind.TOO_FAST: "读得太快",
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """One figure, with its source."""

    amount: int
    name: str
    article: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to be looked at. ``key`` is the same whenever the same thing is found again.

    ``explanation`` says in Chinese what was seen and what an honest reason could be.
    """

    kind: Kind
    key: str
    people: tuple[int, ...]
    course: int | None
    first_day: date
    last_day: date
    explanation: str
    evidence: tuple[str, ...]
    article: str


@cache
def thresholds() -> dict[str, Threshold]:
    """The figures in force."""
    rows = tomllib.loads(FILE.read_text())["threshold"]
    return {
        row["code"]: Threshold(row["amount"], row["name"], row["article"], row["confirmed"])
        for row in rows
    }


def amount(code: str) -> int:
    """One figure's amount, in the unit of the file."""
    return thresholds()[code].amount


# -- One person ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DayTotal:
    """The credited minutes of a person on a day, corrections included."""

    person: int
    day: date
    minutes: int


def long_days(totals: Iterable[DayTotal]) -> Iterator[Finding]:
    """More study in a day than a day of study holds."""
    limit = thresholds()["day_minutes"]
    for one in totals:
        if one.minutes > limit.amount:
            yield Finding(
                Kind.LONG_DAY, f"{Kind.LONG_DAY}:{one.person}:{one.day}", (one.person,), None, one.day,
                one.day,
                f"这名学员{_day(one.day)}计入 {one.minutes} 分钟，超过一天 {limit.amount} 分钟。"
                "可能是补录时把几天的学时记在了一天，请核对原始记录。",
                (f"{one.day} 计入 {one.minutes} 分钟",), limit.article,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clash:
    """Credited minutes of a person while they were somewhere else: ``source`` is "work" or "exam"."""

    person: int
    source: str
    row: int
    where: str
    began_at: datetime
    ended_at: datetime
    minutes: int


def elsewhere(clashes: Iterable[Clash]) -> Iterator[Finding]:
    """Study while the person worked in another place, or sat an exam."""
    for one in clashes:
        limit = thresholds()[f"{one.source}_minutes"]
        if one.minutes < limit.amount:
            continue
        span = f"{one.began_at:%m-%d %H:%M} 至 {one.ended_at:%m-%d %H:%M}"
        yield Finding(
            Kind.ELSEWHERE, f"{Kind.ELSEWHERE}:{one.source}:{one.row}", (one.person,), None,
            one.began_at.date(), one.ended_at.date(),
            f"{span}，这名学员在{one.where}，同时又计入学习 {one.minutes} 分钟。"
            "可能是别人代学，也可能是考勤时间登记错了，请问清楚。",
            (f"{span} 在{one.where}", f"同一时间计入学习 {one.minutes} 分钟"), limit.article,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """A finished lesson: the characters of its text, and the credited minutes that it took."""

    person: int
    course: int
    lesson: str
    characters: int
    minutes: float
    day: date

    @property
    def speed(self) -> float:
        """Characters a minute."""
        return self.characters / max(self.minutes, 0.1)


def too_fast(readings: Iterable[Reading]) -> Iterator[Finding]:
    """Text that was passed faster than anybody reads, in more than one lesson."""
    speed, lessons = thresholds()["reading_speed"], amount("reading_lessons")
    found: dict[tuple[int, int], list[Reading]] = defaultdict(list)
    for one in readings:
        if one.speed > speed.amount:
            found[one.person, one.course].append(one)
    for (person, course), fast in found.items():
        if len(fast) < lessons:
            continue
        days = sorted(one.day for one in fast)
        yield Finding(
            Kind.TOO_FAST, f"{Kind.TOO_FAST}:{person}:{course}:{days[0]}", (person,), course, days[0],
            days[-1],
            f"这名学员有 {len(fast)} 课平均每分钟读过 {speed.amount} 字以上，一般人默读每分钟 300 至 500 字。"
            "可能只是翻过没有读，也可能以前读过，请问清楚。",
            _cut(
                f"《{one.lesson}》{one.characters} 字，用了 {one.minutes:.1f} 分钟，每分钟 {one.speed:.0f} 字"
                for one in fast
            ),
            speed.article,
        )  # fmt: skip


# -- Many people ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sitting:
    """When a person's credited study of a lesson began and ended."""

    person: int
    course: int
    lesson: str
    began_at: datetime
    ended_at: datetime


def same_times(sittings: Iterable[Sitting]) -> Iterator[Finding]:
    """Many people whose lessons begin and end at the same second, in more than one lesson of a course."""
    people, lessons = thresholds()["same_people"], amount("same_lessons")
    together: dict[tuple[int, str, datetime, datetime], set[int]] = defaultdict(set)
    for one in sittings:
        begin, end = (at.replace(microsecond=0) for at in (one.began_at, one.ended_at))
        together[one.course, one.lesson, begin, end].add(one.person)
    groups: dict[tuple[int, frozenset[int]], list[tuple[str, datetime, datetime]]] = defaultdict(
        list
    )
    for (course, lesson, begin, end), several in together.items():
        if len(several) >= people.amount:
            groups[course, frozenset(several)].append((lesson, begin, end))
    for (course, who), same in groups.items():
        if len(same) < lessons:
            continue
        first, last = min(begin for _, begin, _ in same), max(end for *_, end in same)
        yield Finding(
            Kind.SAME_TIMES, f"{Kind.SAME_TIMES}:{course}:{first:%Y%m%d%H%M%S}:{min(who)}",
            tuple(sorted(who)), course, first.date(), last.date(),
            f"{len(who)} 名学员有 {len(same)} 课的开始和结束时间一秒不差。"
            "坐在一间教室里也不会这样整齐，可能是成批补的记录，请核对。",
            _cut(f"《{lesson}》{begin:%m-%d %H:%M:%S} 至 {end:%m-%d %H:%M:%S}" for lesson, begin, end in same),
            people.article,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marks:
    """The first attempts of one unit's people (``unit`` 0: of none) at an exam on a day."""

    exam: int
    title: str
    course: int
    unit: int
    unit_name: str
    day: date
    points: tuple[tuple[int, int], ...]  # person, points


def all_full(groups: Iterable[Marks]) -> Iterator[Finding]:
    """Everybody of a group has full marks at the first attempt."""
    limit = thresholds()["full_people"]
    for one in groups:
        if len(one.points) < limit.amount or any(points < 100 for _, points in one.points):
            continue
        who = one.unit_name or "没有登记单位的学员"
        yield Finding(
            Kind.ALL_FULL, f"{Kind.ALL_FULL}:{one.exam}:{one.unit}:{one.day}",
            tuple(sorted(person for person, _ in one.points)), one.course, one.day, one.day,
            f"{_day(one.day)}{who} {len(one.points)} 人考《{one.title}》，第一次就全部 100 分。"
            "可能是漏题或者替考，也可能真的学得好，可以抽几个人当面再考。",
            (f"{one.day} {len(one.points)} 人，全部 100 分",), limit.article,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeviceUse:
    """The people who studied on one device on a day; ``device`` is a digest that names nobody."""

    device: str
    day: date
    people: tuple[int, ...]


def one_device(uses: Iterable[DeviceUse]) -> Iterator[Finding]:
    """One device on which many people study in a day."""
    limit = thresholds()["device_people"]
    for one in uses:
        if len(one.people) < limit.amount:
            continue
        yield Finding(
            Kind.ONE_DEVICE, f"{Kind.ONE_DEVICE}:{one.device[:16]}:{one.day}",
            tuple(sorted(one.people)), None, one.day, one.day,
            f"{_day(one.day)}有 {len(one.people)} 名学员在同一台设备上学习。"
            "可能是一个人替大家刷课，也可能是机房的公用电脑，请问培训单位。",
            (f"{one.day} 设备 {one.device[:8]}，{len(one.people)} 人",), limit.article,
        )  # fmt: skip


def _cut(lines: Iterable[str]) -> tuple[str, ...]:
    """The first lines, and how many more there are."""
    found = list(lines)
    more = len(found) - LONGEST_LIST
    return (*found[:LONGEST_LIST], *([f"还有 {more} 条"] if more > 0 else []))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
