"""Hours of study: what one report from a page earns, and how many hours the law asks for.

Only the server's clock counts. Sources: 生产经营单位安全培训规定 (3号令, as amended by 80号令) for hours;
AQ 8011-2023 4.4.4 and 4.5 for online training (its text was not seen: the figures are data).
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).resolve().parent.parent / "rulesets" / "training-2026.toml"


@dataclass(frozen=True, slots=True)
class Clock:
    """The figures of the ledger's clock.

    ``late``: how long after a page was opened its beats are still taken; ``batch``: how many at once;
    ``period``: one credit hour (学时) in minutes; ``presence_…``: see ``courses.rules.presence``;
    ``watch_percent``: the highest speed of a film's first viewing.
    """

    beat: timedelta
    silence: timedelta
    day: timedelta
    late: timedelta = timedelta(days=7)
    batch: int = 200
    period: int = 45
    presence_from: timedelta = timedelta(minutes=10)
    presence_to: timedelta = timedelta(minutes=20)
    presence_window: timedelta = timedelta(minutes=5)
    watch_percent: int = 125


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of the first training and of each later year, with the source."""

    initial: int
    yearly: int
    name: str
    article: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Credit:
    """What a report earned; ``note`` says in Chinese why it earned nothing or less.

    ``began_at``: where the credited span begins, None where nothing is credited.
    """

    milliseconds: int
    note: str = ""
    began_at: datetime | None = field(default=None, compare=False)


Span = tuple[datetime, datetime]


@cache
def clock() -> Clock:
    """The clock in force."""
    amounts = {row["code"]: row["amount"] for row in tomllib.loads(FILE.read_text())["clock"]}
    return Clock(
        timedelta(seconds=amounts["beat"]),
        timedelta(seconds=amounts["silence"]),
        timedelta(minutes=amounts["day"]),
        timedelta(days=amounts["late"]),
        amounts["batch"],
        amounts["hour"],
        timedelta(minutes=amounts["presence_from"]),
        timedelta(minutes=amounts["presence_to"]),
        timedelta(minutes=amounts["presence_window"]),
        amounts["watch_percent"],
    )


def periods(milliseconds: int) -> str:
    """Milliseconds as credit hours (学时), rounded down to a tenth: never more than there is."""
    tenths = milliseconds * 10 // (clock().period * 60_000)
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else str(whole)


@cache
def hours(audience: str, *, high_risk: bool, sector: str = "") -> Hours | None:
    """What the law asks of an audience ("manager", "worker"); None where it names no hours.

    A ``sector`` (its code) with rows of its own follows these alone.
    Sources: 生产经营单位安全培训规定 第九条、第十三条; 建教〔1997〕83号 (construction).
    """
    rows = tomllib.loads(FILE.read_text())["hours"]
    own = [row for row in rows if sector and row.get("sector") == sector]
    for row in own or [row for row in rows if "sector" not in row]:
        if row["audience"] == audience and (own or row["high_risk"] == high_risk):
            return Hours(
                row["initial"], row["yearly"], row["name"], row["article"], row["confirmed"]
            )
    return None


def free(begin: datetime, end: datetime, covered: Iterable[Span]) -> timedelta:
    """How much of the span from ``begin`` to ``end`` lies in none of ``covered``."""
    left, at = timedelta(), begin
    for start, stop in sorted(covered):
        if start > at:
            left += max(min(start, end) - at, timedelta())
        at = max(at, stop)
    return left + max(end - at, timedelta())


def credit(
    now: datetime,
    *,
    tab_seen_at: datetime | None,
    counted_today: timedelta,
    counted_until: datetime | None = None,
    covered: Iterable[Span] = (),
    rules: Clock | None = None,
) -> Credit:
    """What a report for the moment ``now`` earns.

    ``tab_seen_at``: the last report of the same page in the same tab; ``covered``: spans that this person was
    credited already, in any tab or device; ``counted_until``: all before it is covered; ``counted_today``: the
    credited time of the day. What is covered is not counted again, so no moment counts twice.
    """
    rules = rules or clock()
    if tab_seen_at is None or now <= tab_seen_at:
        return Credit(0)
    if now - tab_seen_at > rules.silence:
        return Credit(0, "离开太久，这段时间没有计入")
    counted = [*covered, (tab_seen_at, counted_until)] if counted_until else covered
    span = free(tab_seen_at, now, counted)
    left = min(span, max(rules.day - counted_today, timedelta()))
    earned = int(left / timedelta(milliseconds=1))
    note = ""
    if span < now - tab_seen_at:
        note = "同一时间已在另一个窗口计时"
    if left < span:
        note = "今天已学满上限，明天再学"
    return Credit(earned, note, tab_seen_at if earned else None)
