"""What training is required of whom: role × sector → hours and certificates, with article and plain words.

Sources: 生产经营单位安全培训规定 (3号令, as amended by 80号令), 建教〔1997〕83号 (construction),
特种作业人员安全技术培训考核管理规定 (30号令). Every row is data in ``courses/rulesets/training-*.toml``; a row with
``confirmed`` false rests on a text that was not checked.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from courses.rules.hours import FILE, hours

OF_MANAGERS: Final = frozenset({"principal", "safety_manager"})
THREE_POSTS: Final = OF_MANAGERS | {"special_operator"}  # 三项岗位人员


class RequirementError(ValueError):
    """A row of the rule-set that cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One thing that a post asks for.

    ``hours`` are 学时; ``months`` run from the first day in the post until it is due (0: before the work
    begins); ``every`` months a new cycle begins (0: once); ``ahead`` days before that it must be asked for;
    ``looks_back``: how many months before the post what was learned still counts; ``paper``: only
    a paper of the state meets it.
    """

    code: str
    positions: tuple[str, ...]
    step: str
    sectors: tuple[str, ...]
    not_in: tuple[str, ...]
    high_risk: str
    hours: int
    months: int
    every: int
    ahead: int
    looks_back: int
    paper: bool
    name: str
    why: str
    article: str
    effective_from: date
    confirmed: bool


@cache
def rows() -> tuple[Requirement, ...]:
    """Every row as it is written, hours of the table by number. Raises RequirementError."""
    return tuple(_row(said) for said in _file()["requirement"])


@cache
def trades() -> Mapping[str, str]:
    """Trades of special operators by code. Source: the catalogue of 30号令."""
    return MappingProxyType({row["code"]: row["name"] for row in _file()["trade"]})


@cache
def reminder_days() -> tuple[int, ...]:
    """Days before the due day on which a person is reminded, the nearest first."""
    return tuple(sorted(row["days"] for row in _file()["reminder"]))


@cache
def figure(code: str) -> int:
    """The bare number of a figure of the ``clock`` table. Raises KeyError."""
    return int({row["code"]: row["amount"] for row in _file()["clock"]}[code])


def version() -> str:
    """The code of the rule-set that is read."""
    return str(_file()["code"])


def required_of(
    position: str,
    *,
    sector: str,
    high_risk: bool,
    trades_of: Iterable[str] = (),
    today: date,
) -> list[Requirement]:
    """What a post in a sector asks for on ``today``, in the order of the rule-set.

    A sector with rows of its own for a step has only these. What asks for a state's certificate is asked
    for each trade; the code then ends with the trade (``operator-certificate.welding``).
    """
    fitting = [row for row in rows() if _fits(row, position, sector, high_risk, today)]
    own = {row.step for row in fitting if row.sectors}
    kept = [row for row in fitting if row.sectors or row.step not in own]
    return [one for row in kept for one in _by_trade(row, list(trades_of))]


def _fits(row: Requirement, position: str, sector: str, high_risk: bool, today: date) -> bool:
    return (
        position in row.positions
        and row.effective_from <= today
        and (not row.sectors or sector in row.sectors)
        and sector not in row.not_in
        and row.high_risk in ("any", "yes" if high_risk else "no")
    )


def _by_trade(row: Requirement, codes: list[str]) -> list[Requirement]:
    """One for each trade. Who is entered without a trade is asked for it by name."""
    if "{trade}" not in row.name:
        return [row]
    named = [(f".{code}", trades().get(code, code)) for code in codes] or [("", "特种作业")]
    return [
        replace(
            row,
            code=f"{row.code}{end}",
            name=row.name.replace("{trade}", name),
            why=row.why.replace("{trade}", name),
        )
        for end, name in named
    ]


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _row(said: Mapping[str, Any]) -> Requirement:
    if missing := set(Requirement.__dataclass_fields__) ^ set(said):
        raise RequirementError(f"{said.get('code')}: {', '.join(sorted(missing))}")
    listed = {name: tuple(said[name]) for name in ("positions", "sectors", "not_in")}
    found = Requirement(**{**said, **listed, "hours": _hours(said)})
    return replace(found, why=found.why.replace("{hours}", str(found.hours)))


def _hours(said: Mapping[str, Any]) -> int:
    """A number, or that of the table of hours."""
    if isinstance(said["hours"], int):
        return said["hours"]
    manager = OF_MANAGERS & set(said["positions"])
    found = hours(
        "manager" if manager else "worker",
        high_risk=said["high_risk"] == "yes" or "construction" in said["sectors"],
        sector="".join(said["sectors"][:1]),
    )
    if found is None:
        raise RequirementError(f"{said['code']}: no such hours")
    return int(getattr(found, said["hours"]))
