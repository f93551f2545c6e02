"""Exams as pure rules: figures in force, the paper's draw, when one may start and answer.

Source: 安全生产资格考试与证书管理暂行办法 (安监总培训〔2013〕104号) for time, points, pass mark and
resit; every figure is data in ``courses/rulesets/exams-*.toml`` with its article.
"""

import random
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from courses.rules.questions import KIND_NAMES, TRUE_FALSE
from credit.rules.ruling import Ruling

FOLDER: Final = Path(__file__).resolve().parent.parent / "rulesets"
TYPES: Final = {"amount": int, "confirmed": bool}


class FiguresError(ValueError):
    """A figures file that cannot be used; the message says where and why."""


class NotEnoughError(ValueError):
    """The bank cannot fill the blueprint; ``missing`` names, line by line, what is short."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__("；".join(missing))
        self.missing = list(missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: ``amount`` of ``unit``, its source, and whether that text was checked."""

    code: str
    amount: int
    unit: str
    name: str
    article: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures of exams and certificates of one version, by code."""

    code: str
    version: str
    name: str
    effective_from: date
    figures: Mapping[str, Figure]

    def amount(self, code: str) -> int:
        """The bare number of a figure. Raises KeyError for an unknown one."""
        return self.figures[code].amount

    def shares(self) -> dict[str, int]:
        """What an answer earns that is right in part, in percent, as ``marking`` takes it."""
        return {name: self.amount(name) for name in ("incomplete_multiple", "by_part")}

    def unconfirmed(self) -> list[Figure]:
        """Figures whose source text was not checked."""
        return [figure for figure in self.figures.values() if not figure.confirmed]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question of the pool, by its key; ``options`` counts its options."""

    key: int
    kind: str
    topic: str
    options: int


@dataclass(frozen=True, slots=True)
class Line:
    """A blueprint line: ``count`` questions of ``kind`` (topic "" means any), ``points`` each."""

    kind: str
    topic: str
    count: int
    points: int

    def __str__(self) -> str:
        topic = f"“{self.topic}”" if self.topic else ""
        return f"{KIND_NAMES[self.kind]}{topic}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """One place on the paper: the question, its options in the order shown, its points."""

    key: int
    options: tuple[int, ...]
    points: int


def draw(pool: Collection[Candidate], blueprint: Iterable[Line], seed: int) -> list[Drawn]:
    """The paper of ``seed``: the same pool (in any order), blueprint and seed give the same paper.

    No question comes twice. Kinds stay together, single first, as workers know it from paper
    exams; within a kind the order is random, and so are the options, except 正确/错误.
    Raises NotEnoughError. Source: 安监总培训〔2013〕104号 (papers are drawn at random).
    """
    lines = list(blueprint)
    if missing := shortfalls(pool, lines):
        raise NotEnoughError(missing)
    chance = random.Random(seed)  # noqa: S311  # the seed is secret and random, its draw repeatable
    left = sorted(pool, key=lambda candidate: candidate.key)
    paper: list[tuple[int, Candidate, int]] = []
    # Lines with a topic first: a line for any topic can use whatever remains.
    for line in sorted(lines, key=lambda line: (not line.topic, line.kind, line.topic)):
        chosen = chance.sample([item for item in left if _fits(item, line)], line.count)
        left = [item for item in left if item not in chosen]
        paper += [(list(KIND_NAMES).index(line.kind), item, line.points) for item in chosen]
    chance.shuffle(paper)
    paper.sort(key=lambda place: place[0])
    return [Drawn(item.key, _order(item, chance), points) for _, item, points in paper]


def shortfalls(pool: Collection[Candidate], blueprint: Iterable[Line]) -> list[str]:
    """What the pool lacks for the blueprint, in words that name kind, topic and number."""
    wanted: Counter[tuple[str, str]] = Counter()
    for line in blueprint:
        wanted[line.kind, line.topic] += line.count
    faults = []
    for kind in dict.fromkeys(kind for kind, _ in wanted):
        named = [Line(*at, count, 0) for at, count in wanted.items() if at[0] == kind and at[1]]
        short = [line for line in named if _lacks(line, pool) > 0]
        everything = Line(kind, "", sum(n for at, n in wanted.items() if at[0] == kind), 0)
        # What the named topics lack is told by their own lines.
        if _lacks(everything, pool) > sum(_lacks(line, pool) for line in short):
            short.append(everything)
        faults += [_short(line, pool) for line in short]
    return faults


def blueprint_faults(lines: Sequence[Line], full_points: int) -> list[str]:
    """What is wrong with a blueprint by itself: the points must sum to ``full_points``."""
    if not lines:
        return ["还没有组卷规则，请至少添加一行"]
    faults = []
    places = [(line.kind, line.topic) for line in lines]
    for line in dict.fromkeys(line for line in lines if places.count((line.kind, line.topic)) > 1):
        faults.append(f"{line}出现了两行，请合并成一行")
    total = sum(line.count * line.points for line in lines)
    if total != full_points:
        faults.append(f"各行合计 {total} 分，应为 {full_points} 分，请调整题数或每题分值")
    return list(dict.fromkeys(faults))


def may_start(
    *,
    taken: int,
    allowed: int,
    passed: bool,
    last_ended_at: datetime | None,
    wait: timedelta,
    now: datetime,
    article: str,
) -> Ruling:
    """Whether another attempt may begin at ``now``; ``taken`` counts the ended ones.

    Source: 安监总培训〔2013〕104号 (one resit); the wait between attempts is the exam's own.
    """
    if passed:
        return Ruling(False, "已经考试合格，不用再考", article)
    if taken >= allowed:
        return Ruling(False, f"{allowed}次考试机会已用完，请联系培训单位重新安排学习", article)
    if last_ended_at is not None and now < last_ended_at + wait:
        when = (last_ended_at + wait).astimezone(now.tzinfo)
        text = f"{when.month}月{when.day}日{when:%H:%M}"
        return Ruling(False, f"离上次考试时间太短，{text}以后可以再考", article)
    return Ruling(True, f"这是第{taken + 1}次考试，共有{allowed}次机会", article)


def may_answer(
    *, deadline: datetime, ended: bool, now: datetime, grace: timedelta, article: str
) -> Ruling:
    """Whether an answer that reaches the server at ``now`` still counts.

    The server's clock decides; ``grace`` only covers the time on the wire.
    """
    if ended:
        return Ruling(False, "已经交卷，不能再改答案", article)
    if now > deadline + grace:
        return Ruling(False, "考试时间已到，这个答案没有保存；之前保存的答案照常评分", article)
    return Ruling(True, "可以作答", article)


def figures_in_force(today: date, series: str = "exams") -> Figures:
    """The version of a series in force on ``today``; before the first, the first. Raises FiguresError."""
    versions = sorted(_all_versions(series), key=lambda version: version.effective_from)
    in_force = [version for version in versions if version.effective_from <= today]
    return in_force[-1] if in_force else versions[0]


def parse_figures(text: str, *, source: str = "figures") -> Figures:
    """Checked figures from TOML text. Raises FiguresError naming ``source`` and the place."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FiguresError(f"{source}: not TOML: {error}") from error
    found: dict[str, Figure] = {}
    for place, row in enumerate(data.pop("figure", []), start=1):
        figure = _figure(row, f"{source}: [[figure]] {place}")
        if figure.code in found:
            raise FiguresError(f"{source}: {figure.code!r} comes twice")
        found[figure.code] = figure
    expected = {"code": str, "version": str, "name": str, "effective_from": date}
    if {key: type(value) for key, value in data.items()} != expected:
        raise FiguresError(f"{source}: the head must be {', '.join(expected)}")
    return Figures(figures=MappingProxyType(found), **data)


@cache
def _all_versions(series: str) -> tuple[Figures, ...]:
    paths = sorted(FOLDER.glob(f"{series}-*.toml"))
    if not paths:
        raise FiguresError(f"no {series}-*.toml in {FOLDER}")
    return tuple(parse_figures(path.read_text("utf-8"), source=path.name) for path in paths)


def _figure(row: dict[str, Any], where: str) -> Figure:
    types = {field.name: TYPES.get(field.name, str) for field in fields(Figure)}
    given = {key: type(value) for key, value in row.items()}
    if given != types:
        wrong = sorted(key for key in types | given if types.get(key) != given.get(key))
        raise FiguresError(f"{where}: missing, unknown or of a wrong type: {', '.join(wrong)}")
    if row["amount"] < 0:
        raise FiguresError(f"{where}: amount {row['amount']} is below zero")
    return Figure(**row)


def _fits(candidate: Candidate, line: Line) -> bool:
    return candidate.kind == line.kind and line.topic in ("", candidate.topic)


def _lacks(line: Line, pool: Iterable[Candidate]) -> int:
    """How many questions are missing for the line; below zero: so many are spare."""
    return line.count - sum(_fits(candidate, line) for candidate in pool)


def _short(line: Line, pool: Iterable[Candidate]) -> str:
    lacks = _lacks(line, pool)
    return f"{line}需要 {line.count} 道，题库只有 {line.count - lacks} 道，还缺 {lacks} 道"


def _order(candidate: Candidate, chance: random.Random) -> tuple[int, ...]:
    order = list(range(candidate.options))
    if candidate.kind != TRUE_FALSE:
        chance.shuffle(order)
    return tuple(order)
