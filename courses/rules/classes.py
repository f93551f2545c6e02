"""Classes in a hall (培训班): when one may sign in and out, what that is worth, and who has been there long enough.

The timetable bounds everything: nothing before a session begins or after it ends is credited. Sources: 安全生产法
第二十八条 (training and its attendance are recorded truthfully); AQ 8011-2023 4.4.4 (not seen). The figures are data
(``courses/rulesets/classes-2026.toml``).
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from courses.rules.hours import Credit, Span, clock, free
from credit.rules.ruling import Ruling

FILE: Final = Path(__file__).resolve().parent.parent / "rulesets" / "classes-2026.toml"
ARTICLE: Final = "安全生产法第二十八条（如实记录培训的时间、内容、参加人员）；平台规则"
IN: Final = "in"
OUT: Final = "out"
WAYS: Final = {IN: "签到", OUT: "签退"}
MARKS: Final = {5: "很好", 4: "好", 3: "一般", 2: "不太好", 1: "不好"}
_MS: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the evaluation; it is answered by a mark of 1 to 5."""

    code: str
    text: str


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def amount(code: str) -> int:
    """One figure's amount, in the unit of the file. Raises KeyError."""
    return int({row["code"]: row["amount"] for row in _file()["figure"]}[code])


@cache
def questions() -> tuple[Question, ...]:
    """What learners are asked about a class."""
    return tuple(Question(row["code"], row["text"]) for row in _file()["question"])


def minutes(code: str) -> timedelta:
    """A figure that counts minutes."""
    return timedelta(minutes=amount(code))


# -- The timetable -------------------------------------------------------------------------------------------


def may_hold(
    starts_at: datetime, ends_at: datetime, *, now: datetime, others: Iterable[Span]
) -> Ruling:
    """Whether a session may stand in the timetable: in one local day, not over yet, beside no other.

    The two moments bear the local time zone; ``others`` are the other sessions of the class.
    """
    longest = amount("session_minutes")
    if not timedelta() < ends_at - starts_at <= timedelta(minutes=longest):
        return Ruling(
            False, f"下课要晚于上课，一次课最长 {longest} 分钟；更长的请分成几次课", ARTICLE
        )
    if starts_at.date() != ends_at.date():
        return Ruling(False, "一次课要在同一天里，过了零点的请分成两次课", ARTICLE)
    if ends_at <= now:
        return Ruling(False, "这个时间已经过去了，不能补排课", ARTICLE)
    if any(starts_at < stop and start < ends_at for start, stop in others):
        return Ruling(False, "这个时间和本班另一次课重叠，请改时间", ARTICLE)
    return Ruling(True, "可以排课", ARTICLE)


# -- Codes that change ---------------------------------------------------------------------------------------


def step(at: datetime) -> int:
    """The number of the code that is shown at a moment."""
    return int(at.timestamp()) // amount("code_seconds")


def steps_taken(at: datetime) -> range:
    """The numbers of the codes that are taken at a moment: the one that is shown, and the one before."""
    return range(step(at) - amount("codes_before"), step(at) + 1)


# -- Teams on one phone ------------------------------------------------------------------------------------------


PIN: Final = re.compile(r"[0-9]{6}")


def pin_fault(pin: str) -> str:
    """Why it is no learning PIN (学习密码); empty for a sound one: six digits that are not the first guess."""
    if not PIN.fullmatch(pin):
        return "学习密码是 6 位数字"
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if steps in ({0}, {1}, {9}):
        return "这个密码太容易猜，不要用 111111、123456 这样的数字"
    return ""


def may_answer(*, opened_at: datetime, length: timedelta, now: datetime) -> Ruling:
    """Whether the check at the end of a team's lesson may begin: once the lesson's time has passed."""
    left = opened_at + length - now
    if left > timedelta():
        return Ruling(
            False, f"课还没有上完，再过 {-(-left // timedelta(minutes=1))} 分钟答题", ARTICLE
        )
    return Ruling(True, "可以答题", ARTICLE)


# -- Signing -------------------------------------------------------------------------------------------------


def may_sign(
    way: str, *, starts_at: datetime, ends_at: datetime, at: datetime, by_hand: bool = False
) -> Ruling:
    """Whether ``at`` is a time for signing in (until the end) or out (from the beginning until a while after)."""
    opens = starts_at - minutes("early_minutes") if way == IN else starts_at
    after = minutes("hand_minutes" if by_hand else "late_minutes") if way == OUT else timedelta()
    if at < opens:
        return Ruling(False, f"还没有开始{WAYS[way]}，{opens:%H:%M} 开始", ARTICLE)
    if at > ends_at + after:
        advice = "请找教员点名签退" if way == OUT and not by_hand else "时间已过，不能再签"
        return Ruling(False, f"{WAYS[way]}在 {ends_at + after:%H:%M} 已经结束。{advice}", ARTICLE)
    return Ruling(True, f"可以{WAYS[way]}", ARTICLE)


def attended(
    came_at: datetime,
    left_at: datetime,
    *,
    starts_at: datetime,
    ends_at: datetime,
    covered: Iterable[Span],
    counted: timedelta,
) -> tuple[Credit, datetime]:
    """What being there is worth, and the moment at which the credited span ends.

    From the later of coming and beginning to the earlier of leaving and end. ``covered`` was credited elsewhere and is
    not counted again; ``counted`` is the day's time so far, which has the same limit as study on the web.
    """
    begin, end = max(came_at, starts_at), min(left_at, ends_at)
    if end <= begin:
        return Credit(0, "不在上课时间里"), end
    span = free(begin, end, covered)
    left = min(span, max(clock().day - counted, timedelta()))
    notes = [
        "同一时间已在别处计时" if span < end - begin else "",
        "当天已学满上限" if clock().day - counted < span else "",
    ]
    earned = int(left / _MS)
    return Credit(earned, "；".join(note for note in notes if note), begin if earned else None), end


def completed(present: timedelta, timetable: timedelta) -> bool:
    """Whether somebody was there for enough of the timetable."""
    return timetable > timedelta() and present >= timetable * amount("complete_share") / 100
