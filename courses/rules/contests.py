"""Rules of knowledge contests 知识竞赛: who may play, what looks like a script, how lots are drawn. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

from courses.rules.exams import Figures, figures_in_force
from credit.rules.ruling import Ruling

LEAST_MS: Final = 300  # milliseconds that a hand needs at least, however short the question
LONGEST_SEED: Final = 200
RULE: Final = "竞赛规则"


@dataclass(frozen=True, slots=True)
class Timed:
    """One answered question: how much there was to read, and how long the server waited (milliseconds)."""

    characters: int
    milliseconds: int


def may_play(
    *,
    opens_at: datetime,
    closes_at: datetime,
    taken: int,
    allowed: int,
    admitted: bool,
    now: datetime,
) -> Ruling:
    """Whether somebody may begin a play of a round at ``now``; ``taken`` plays were begun before.

    ``admitted`` tells whether the round before lets this person through. Times are shown in ``now``'s zone.
    """
    if now < opens_at:
        return Ruling(False, f"{_when(opens_at, now)}开始，还没到时间", RULE)
    if now >= closes_at:
        return Ruling(False, f"{_when(closes_at, now)}已经结束", RULE)
    if not admitted:
        return Ruling(False, "这一轮只有上一轮晋级的人可以参加", RULE)
    if taken >= allowed:
        return Ruling(False, f"{allowed} 次机会已经用完，按最好的一次算", RULE)
    return Ruling(True, f"第 {taken + 1} 次，共 {allowed} 次机会", RULE)


def _when(moment: datetime, now: datetime) -> str:
    local = moment.astimezone(now.tzinfo)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def characters_of(shown: Mapping[str, Any]) -> int:
    """What there is to read of a question, in characters; the questions of a case as well."""
    texts = [str(shown.get("stem", "")), *shown.get("options", []), *shown.get("lefts", [])]
    return sum(map(len, texts)) + sum(map(characters_of, shown.get("parts", [])))


def doubts(answers: Sequence[Timed], figures: Figures) -> list[str]:
    """Why an officer should look at a play, in words that the player may read; none is the rule.

    Nothing follows by itself: the play is not ranked until a person has looked.
    """
    if len(answers) < figures.amount("fewest"):
        return []
    found = []
    reading = figures.amount("reading")
    fast = [one for one in answers if one.milliseconds < _least(one.characters, reading)]
    if len(fast) * 100 > len(answers) * figures.amount("too_fast"):
        found.append(
            f"{len(answers)} 道题里有 {len(fast)} 道答得比读得还快（一秒钟最多读 {reading} 字）"
        )
    times = [one.milliseconds for one in answers]
    even = figures.amount("even")
    if max(times) - min(times) < even:
        found.append(f"{len(answers)} 道题用的时间几乎一样，相差不到 {even} 毫秒")
    return found


def _least(characters: int, reading: int) -> float:
    return max(LEAST_MS, characters * 1000 / reading)


# -- Lots --------------------------------------------------------------------------------------------


def printed_tickets(rows: Sequence[tuple[int, str]]) -> str:
    """The list that is published before the draw: a line ``number,masked name`` for each ticket."""
    return "".join(f"{number},{name}\n" for number, name in rows)


def digest_of(printed: str) -> str:
    """SHA-256 of the published list in UTF-8, as 64 hex digits: whoever has the list can check it."""
    return sha256(printed.encode()).hexdigest()


def lot_of(seed: str, digest: str, number: int) -> str:
    """SHA-256 of ``seed|digest|number`` in UTF-8, as 64 hex digits: the smallest win."""
    return sha256(f"{seed}|{digest}|{number}".encode()).hexdigest()


def winners(seed: str, digest: str, tickets: int, places: int) -> list[int]:
    """The numbers that win, the first prize first: tickets 1 to ``tickets`` in the order of their lots."""
    order = sorted(range(1, tickets + 1), key=lambda number: lot_of(seed, digest, number))
    return order[:places]


def seed_fault(seed: str) -> str:
    """Why these words are no seed; "" for none."""
    if not seed.strip():
        return "请填写公开的种子"
    if len(seed) > LONGEST_SEED or not seed.isprintable() or "|" in seed:
        return f"种子最多 {LONGEST_SEED} 个字，不能有换行和“|”"
    return ""


# -- Figures -----------------------------------------------------------------------------------------


def contest_figures(today: date) -> Figures:
    """The figures of contests in force on ``today``. Raises FiguresError."""
    return figures_in_force(today, "contests")
