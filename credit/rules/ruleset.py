"""Rule-sets: every figure of the score and the lists, read from versioned TOML texts.

Each entry names its article and whether its text was checked (``confirmed``). An unknown key, a missing key
or an impossible value is an error; all of them are named at once (``credit.rules.ruleset_checks``).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from credit.rules.ruleset_checks import (
    ACCIDENT_CLASSES,
    GRADES,
    NORMAL,
    Problem,
    Reader,
    check,
    check_against,
    read_toml,
)

__all__ = [
    "ACCIDENT_CLASSES", "DEFAULT", "FOLDER", "GRADES", "NORMAL", "Problem", "Ruleset", "RulesetError",
    "load_ruleset", "parse_ruleset", "problems_of", "shipped_text",
]  # fmt: skip

DEFAULT: Final = "anxin-2026"
FOLDER: Final = Path(__file__).resolve().parent.parent / "rulesets"


class RulesetError(ValueError):
    """A rule-set that cannot be used; the message names every place, and why."""

    def __init__(self, source: str, problems: list[Problem]) -> None:
        super().__init__(f"{source}: {'; '.join(str(problem) for problem in problems)}")
        self.problems = problems

    @classmethod
    def at(cls, source: str, entry: str, remedy: str) -> "RulesetError":
        """One problem alone."""
        return cls(source, [Problem(entry, "", remedy)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What every entry carries: its name in Chinese, its source, whether that was checked."""

    name: str
    article: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Base(Entry):
    """Points at the start for a standardisation level (0 none, 1 best, 3 lowest)."""

    level: int
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction(Entry):
    """Points taken (negative: granted) for one record of ``kind``, capped with its group."""

    kind: str
    points: float
    decay: str
    cap: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight(Entry):
    """Factor for the circumstance of a record (从轻, 从重, 次要责任)."""

    circumstance: str
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Decay(Entry):
    """Time weights: until ``months[i]`` after the record, ``parts[i]`` of ``whole`` count.

    Without steps the record counts in full for as long as it is open.
    """

    code: str
    months: tuple[int, ...]
    parts: tuple[int, ...]
    whole: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap(Entry):
    """The most points that one group of records can take (or grant) together."""

    code: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound(Entry):
    """Lowest points, inclusive, of a grade."""

    grade: str
    lowest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto(Entry):
    """``at_least`` records of ``kinds`` within ``months`` (0: while open): no better than grade."""

    code: str
    kinds: tuple[str, ...]
    at_least: int
    months: int
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground(Entry):
    """A ground for a list; ``list`` is "black" or "red"."""

    code: str
    list: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Entry):
    """A term: ``amount`` of ``unit`` ("months", "days", "working_days", "count")."""

    code: str
    amount: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccidentBound(Entry):
    """Lowest figures, each inclusive, of one class of accidents; ``direct_loss`` in yuan."""

    grade: str
    deaths: int
    serious_injuries: int
    direct_loss: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(Entry):
    """The day from which another regulation answers."""

    code: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """One version of the figures, in force from ``effective_from``; mappings are by code."""

    code: str
    version: str
    name: str
    effective_from: date
    lowest: float
    highest: float
    bases: Mapping[int, Base]
    deductions: Mapping[str, Deduction]
    weights: Mapping[str, Weight]
    decays: Mapping[str, Decay]
    caps: Mapping[str, Cap]
    bounds: tuple[Bound, ...]
    vetoes: tuple[Veto, ...]
    grounds: Mapping[str, Ground]
    terms: Mapping[str, Term]
    accident_bounds: tuple[AccidentBound, ...]
    switches: Mapping[str, Switch]

    @property
    def label(self) -> str:
        """Code and version, as stored beside a score."""
        return f"{self.code}@{self.version}"

    # A single rule-set is also a course of rules that never changed (credit.rules.timeline).

    @property
    def sets(self) -> tuple["Ruleset", ...]:
        """Itself alone."""
        return (self,)

    @property
    def now(self) -> "Ruleset":
        """Itself."""
        return self

    def on(self, day: date) -> "Ruleset":
        """Itself, on every day."""
        return self

    def until(self, day: date) -> "Ruleset":
        """Itself, as of every day."""
        return self

    def months(self, code: str) -> int:
        """The length in months of a term. Raises KeyError for an unknown one."""
        return self.terms[code].amount

    def unconfirmed(self) -> list[Entry]:
        """Entries whose source text was not checked; the admin shows them as such."""
        groups: tuple[Mapping[Any, Entry], ...] = (
            self.bases, self.deductions, self.weights, self.decays,
            self.caps, self.grounds, self.terms, self.switches,
        )  # fmt: skip
        entries = [entry for group in groups for entry in group.values()]
        entries += [*self.bounds, *self.vetoes, *self.accident_bounds]
        return [entry for entry in entries if not entry.confirmed]


@cache
def load_ruleset(code: str = DEFAULT) -> Ruleset:
    """The rule-set in ``credit/rulesets/<code>.toml``: the draft form, and what a new installation begins with.

    What is in force on a day is in the database: ``credit.models.rulesets.in_force``. Raises RulesetError.
    """
    return parse_ruleset(shipped_text(code), source=f"{code}.toml")


def shipped_text(code: str = DEFAULT) -> str:
    """The TOML of a shipped rule-set. Raises RulesetError for an unknown one."""
    path = FOLDER / f"{code}.toml"
    if not path.is_file():
        raise RulesetError(code, [Problem("整个文件", "", f"no rule-set {code!r} in {FOLDER}")])
    return path.read_text(encoding="utf-8")


def parse_ruleset(text: str, *, source: str = "rule-set", since: str = "") -> Ruleset:
    """A checked rule-set from TOML text. Raises RulesetError naming ``source`` and every problem.

    An adopted text may be older than the program: tables, terms and switches that the program reads and
    the text does not know are taken from ``since``, the TOML of the program's own rule-set.
    """
    data, problems = read_toml(text)
    reader = Reader(_filled(data, tomllib.loads(since)) if since else data)
    ruleset = _build(reader)
    problems = problems or [*reader.problems, *reader.unknown(), *check(ruleset, reader.data)]
    if problems:
        raise RulesetError(source, problems)
    return ruleset


def problems_of(text: str) -> list[Problem]:
    """Everything that keeps ``text`` from being adopted, at once; nothing when it is fit.

    Besides what ``parse_ruleset`` asks, a draft must know all that the program reads.
    """
    try:
        ruleset = parse_ruleset(text)
    except RulesetError as error:
        return error.problems
    return check_against(ruleset, load_ruleset())


def _filled(data: dict[str, Any], program: dict[str, Any]) -> dict[str, Any]:
    """``data`` with the tables, the terms and the switches that it lacks."""
    whole = {**program, **data}
    for table in ("term", "switch"):
        known = {row["code"] for row in data.get(table, [])}
        whole[table] = [
            *data.get(table, []),
            *(row for row in program[table] if row["code"] not in known),
        ]
    return whole


def _build(reader: Reader) -> Ruleset:
    """Turn tables into dataclasses; what cannot be read is among the reader's problems."""
    return Ruleset(
        code=reader.head("code", str, ""),
        version=reader.head("version", str, ""),
        name=reader.head("name", str, ""),
        effective_from=reader.head("effective_from", date, date.max),
        lowest=reader.head("lowest", float, 0.0),
        highest=reader.head("highest", float, 0.0),
        bases=MappingProxyType(reader.by("base", Base, "level")),
        deductions=MappingProxyType(reader.by("deduction", Deduction, "kind")),
        weights=MappingProxyType(reader.by("weight", Weight, "circumstance")),
        decays=MappingProxyType(reader.by("decay", Decay, "code")),
        caps=MappingProxyType(reader.by("cap", Cap, "code")),
        bounds=tuple(reader.by("bound", Bound, "grade").values()),
        vetoes=tuple(reader.by("veto", Veto, "code").values()),
        grounds=MappingProxyType(reader.by("ground", Ground, "code")),
        terms=MappingProxyType(reader.by("term", Term, "code")),
        accident_bounds=tuple(reader.by("accident_class", AccidentBound, "grade").values()),
        switches=MappingProxyType(reader.by("switch", Switch, "code")),
    )
