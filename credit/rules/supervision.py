"""Classified supervision (分级分类监管): how often, by whom, and when the next inspection is due.

Source: the bureau's plan in ``credit/rulesets/supervision-*.toml``, each figure with its article; 安委办〔2015〕14号
for those on the black list.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from credit.rules.ruleset import FOLDER, GRADES
from credit.rules.terms import add_months

DEFAULT: Final = "supervision-2026"
OFFICES: Final = {"district": "区局", "street": "属地街道（镇、开发区）"}
_EACH_YEAR: Final = (1, 2, 3, 4, 6, 12)


class PlanError(ValueError):
    """A plan that cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the plan with its source."""

    amount: int
    name: str
    article: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """The inspections of one kind of enterprise: ``per_year`` in twelve months, by an office."""

    per_year: int
    by: str
    name: str
    article: str
    confirmed: bool

    @property
    def every_months(self) -> int:
        """Months from one inspection to the next."""
        return 12 // self.per_year

    @property
    def office(self) -> str:
        """Who inspects, in words."""
        return OFFICES[self.by]


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of the plan; ``cells`` by grade and by whether the sector is of high risk."""

    code: str
    version: str
    name: str
    effective_from: date
    soon: Figure
    peers: Figure
    listed: Cell
    cells: Mapping[tuple[str, bool], Cell]

    @property
    def label(self) -> str:
        """Code and version."""
        return f"{self.code}@{self.version}"

    def cell(self, grade: str, high_risk: bool, listed: bool = False) -> Cell:
        """What holds for an enterprise; the black list makes it no rarer than its own rule says."""
        own = self.cells[grade, high_risk]
        return self.listed if listed and self.listed.per_year > own.per_year else own


@cache
def load_plan(code: str = DEFAULT) -> Plan:
    """The plan in ``credit/rulesets/<code>.toml``. Raises PlanError."""
    return parse_plan((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))


def parse_plan(text: str) -> Plan:
    """A checked plan from TOML text. Raises PlanError."""
    try:
        data = tomllib.loads(text)
        rows = data.pop("visits")
        cells = {(row.pop("grade"), row.pop("high_risk")): Cell(**row) for row in rows}
        parts: dict[str, Any] = {
            "soon": Figure(**data.pop("soon")),
            "peers": Figure(**data.pop("peers")),
            "listed": Cell(**data.pop("listed")),
        }
        plan = Plan(cells=cells, **parts, **data)
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as fault:
        raise PlanError(f"监督检查频次表读不懂：{fault}") from fault
    _check(plan, len(rows))
    return plan


def _check(plan: Plan, rows: int) -> None:
    wanted = {(grade, risk) for grade in GRADES for risk in (False, True)}
    if set(plan.cells) != wanted or rows != len(wanted):
        raise PlanError("每个等级和行业风险都要有且只有一行频次")
    for cell in (plan.listed, *plan.cells.values()):
        if cell.per_year not in _EACH_YEAR:
            raise PlanError(
                f"{cell.name}：每年次数只能是 1、2、3、4、6、12，不能是 {cell.per_year}"
            )
        if cell.by not in OFFICES:
            raise PlanError(f"{cell.name}：检查单位只能是 district 或 street，不能是 {cell.by}")


def due_on(since: date, cell: Cell) -> date:
    """The day by which the next inspection is due, counted from the last one (or from the beginning)."""
    return add_months(since, cell.every_months)


def latest_start(cell: Cell, day: date) -> date:
    """The latest ``since`` for which ``due_on`` is no later than ``day``: what a query can compare with.

    Months differ in length, so several days may have the same day of being due.
    """
    since = add_months(day, -cell.every_months)
    while due_on(since + timedelta(days=1), cell) <= day:
        since += timedelta(days=1)
    return since
