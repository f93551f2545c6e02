"""Rule-sets: every figure of the score and the lists, read from versioned TOML files.

Each entry names its article and whether its text was checked (``confirmed``). An unknown
key, a missing key or an impossible value is an error that names the file and the place.
"""

import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar, get_args, get_origin

DEFAULT: Final = "anxin-2026"
FOLDER: Final = Path(__file__).resolve().parent.parent / "rulesets"
GRADES: Final = ("A", "B", "C", "D")
NORMAL: Final = "normal"
ACCIDENT_CLASSES: Final = ("larger", "major", "extraordinary")  # what is below the first is 一般

Row = TypeVar("Row", bound="Entry")
Key = TypeVar("Key", str, int)


class RulesetError(ValueError):
    """A rule-set file that cannot be used; the message says where and why."""


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
    """The rule-set in ``credit/rulesets/<code>.toml``. Raises RulesetError."""
    path = FOLDER / f"{code}.toml"
    if not path.is_file():
        raise RulesetError(f"no rule-set {code!r} in {FOLDER}")
    return parse_ruleset(path.read_text(encoding="utf-8"), source=path.name)


def parse_ruleset(text: str, *, source: str = "rule-set") -> Ruleset:
    """A checked rule-set from TOML text. Raises RulesetError naming ``source`` and the place."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulesetError(f"{source}: not TOML: {error}") from error
    try:
        ruleset = _build(data)
        _check(ruleset)
    except (TypeError, KeyError, ValueError) as error:
        raise RulesetError(f"{source}: {error}") from error
    return ruleset


def _build(data: dict[str, Any]) -> Ruleset:
    """Turn tables into dataclasses."""
    return Ruleset(
        **{key: _take(data, key) for key in ("code", "version", "name", "effective_from")},
        lowest=_take(data, "lowest"),
        highest=_take(data, "highest"),
        bases=_by(_rows(data, "base", Base), lambda row: row.level),
        deductions=_by(_rows(data, "deduction", Deduction), lambda row: row.kind),
        weights=_by(_rows(data, "weight", Weight), lambda row: row.circumstance),
        decays=_by(_rows(data, "decay", Decay), lambda row: row.code),
        caps=_by(_rows(data, "cap", Cap), lambda row: row.code),
        bounds=tuple(_rows(data, "bound", Bound)),
        vetoes=tuple(_rows(data, "veto", Veto)),
        grounds=_by(_rows(data, "ground", Ground), lambda row: row.code),
        terms=_by(_rows(data, "term", Term), lambda row: row.code),
        accident_bounds=tuple(_rows(data, "accident_class", AccidentBound)),
        switches=_by(_rows(data, "switch", Switch), lambda row: row.code),
    )


def _take(data: dict[str, Any], key: str) -> Any:
    if key not in data:
        raise ValueError(f"{key} is missing")
    return data[key]


def _rows(data: dict[str, Any], table: str, kind: type[Row]) -> list[Row]:
    """Every ``[[table]]`` as a ``kind``, each field present and of its type."""
    return [
        _row(row, kind, f"[[{table}]] {place}")
        for place, row in enumerate(_take(data, table), start=1)
    ]


def _row(row: dict[str, Any], kind: type[Row], where: str) -> Row:
    names = [field.name for field in fields(kind)]
    if missing := [name for name in names if name not in row]:
        raise ValueError(f"{where}: missing {', '.join(missing)}")
    if unknown := sorted(set(row) - set(names)):
        raise ValueError(f"{where}: unknown {', '.join(unknown)}")
    return kind(
        **{field.name: _typed(row[field.name], field.type, where) for field in fields(kind)}
    )


def _typed(value: Any, expected: Any, where: str) -> Any:
    """The value in the field's type. Raises ValueError: a wrong type is never converted."""
    if get_origin(expected) is tuple and isinstance(value, list):
        return tuple(_typed(item, get_args(expected)[0], where) for item in value)
    accepted = (int, float) if expected is float else expected
    is_flag = isinstance(value, bool)
    if get_origin(expected) is tuple or is_flag != (expected is bool):
        raise ValueError(f"{where}: {value!r} is not {expected}")
    if not isinstance(value, accepted):
        raise ValueError(f"{where}: {value!r} is not {expected}")
    return value


def _by(rows: list[Row], key: Callable[[Row], Key]) -> Mapping[Key, Row]:
    """Rows by their code. Raises ValueError when a code comes twice."""
    found: dict[Key, Row] = {}
    for row in rows:
        if key(row) in found:
            raise ValueError(f"{key(row)!r} comes twice")
        found[key(row)] = row
    return MappingProxyType(found)


def _check(ruleset: Ruleset) -> None:
    """Names that refer to others exist, and figures make sense. Raises ValueError."""
    for deduction in ruleset.deductions.values():
        _known(deduction.decay, ruleset.decays, f"decay of {deduction.kind}")
        _known(deduction.cap, ruleset.caps, f"cap of {deduction.kind}")
    for veto in ruleset.vetoes:
        _known(veto.grade, GRADES, f"grade of {veto.code}")
        for kind in veto.kinds:
            _known(kind, ruleset.deductions, f"kind of {veto.code}")
    for decay in ruleset.decays.values():
        _check_decay(decay)
    _check_figures(ruleset)
    _check_accidents(ruleset.accident_bounds)


def _known(name: str, names: Collection[str], what: str) -> None:
    if name not in names:
        raise ValueError(f"{what}: {name!r} is not defined")


def _check_decay(decay: Decay) -> None:
    steps_match = len(decay.months) == len(decay.parts)
    rising = all(a < b for a, b in pairwise((0, *decay.months)))
    fading = all(a >= b for a, b in pairwise((decay.whole, *decay.parts, 0)))
    if not (steps_match and rising and fading and decay.whole > 0):
        raise ValueError(f"decay {decay.code}: months must rise and parts fade from the whole")


def _check_figures(ruleset: Ruleset) -> None:
    lowest = [bound.lowest for bound in ruleset.bounds]
    if tuple(bound.grade for bound in ruleset.bounds) != GRADES:
        raise ValueError("bounds must name the grades A, B, C, D in this order")
    if lowest != sorted(set(lowest), reverse=True) or lowest[-1] != ruleset.lowest:
        raise ValueError("bounds must fall from A to D, and D must begin at the lowest points")
    if not all(ruleset.lowest <= base.points <= ruleset.highest for base in ruleset.bases.values()):
        raise ValueError("base points must lie between the lowest and the highest")
    if NORMAL not in ruleset.weights or min(w.factor for w in ruleset.weights.values()) < 0:
        raise ValueError(f"weights must be at least 0 and include {NORMAL!r}")
    if min(cap.points for cap in ruleset.caps.values()) < 0:
        raise ValueError("caps must be at least 0")


def _check_accidents(bounds: tuple[AccidentBound, ...]) -> None:
    figures = [(b.deaths, b.serious_injuries, b.direct_loss) for b in bounds]
    if tuple(bound.grade for bound in bounds) != ACCIDENT_CLASSES:
        raise ValueError(f"accident classes must be {', '.join(ACCIDENT_CLASSES)} in this order")
    if not all(a < b for low, high in pairwise(figures) for a, b in zip(low, high, strict=True)):
        raise ValueError("the bounds of accident classes must rise")
