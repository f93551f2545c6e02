"""What a training report counts: shares in whole percent, the rotation of officials, and how a plan's figure stands.

Sources: 安全生产法 第二十八条 (who is not trained does not work); the district's plan of 2017 (three-year
rotation). The figures are data in ``courses/rulesets/reports-*.toml``.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from courses.rules.hours import FILE
from credit.rules.terms import add_months

_FILE: Final = FILE.parent / "reports-2026.toml"


class Indicator(StrEnum):
    """What a plan may ask of training. A share is in percent, a number in people a year."""

    COVERAGE = "coverage"
    PASSED = "pass_rate"
    MIGRANTS = "migrants"
    ROTATION = "rotation"


NAMES: Final = {
    Indicator.COVERAGE: "培训完成率",
    Indicator.PASSED: "考试合格率",
    Indicator.MIGRANTS: "全年培训农民工",
    Indicator.ROTATION: "干部轮训率",
}
UNITS: Final = {
    Indicator.COVERAGE: "%",
    Indicator.PASSED: "%",
    Indicator.MIGRANTS: "人",
    Indicator.ROTATION: "%",
}
HIGHEST: Final = 100_000_000  # people


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A bare number with its source."""

    amount: int
    unit: str
    name: str
    article: str
    confirmed: bool


@cache
def figures() -> Mapping[str, Figure]:
    """Every figure of the report by code."""
    said = tomllib.loads(_FILE.read_text(encoding="utf-8"))["figure"]
    rows = {row["code"]: Figure(**{k: v for k, v in row.items() if k != "code"}) for row in said}
    return MappingProxyType(rows)


def amount(code: str) -> int:
    """The bare number of a figure. Raises KeyError."""
    return figures()[code].amount


def share(part: int, whole: int) -> int | None:
    """Whole percent, rounded down, so that 100 means all; None of nothing."""
    return part * 100 // whole if whole else None


def day_of_report(year: int, today: date) -> date:
    """The day as of which a year is told: its last day, or today while it runs."""
    return min(date(year, 12, 31), today) if year <= today.year else today


def rotation_begins(on: date) -> date:
    """Training after this day counts for the rotation as it stands ``on`` a day.

    Source: the district's plan, three years.
    """
    return add_months(on, -12 * amount("rotation_years"))


def fault_of(indicator: str, target: Any) -> str:
    """Why a target cannot be one; empty when it can. Shares end at 100, numbers are whole."""
    if indicator not in NAMES:
        return "请选指标"
    if UNITS[Indicator(indicator)] == "%":
        return "" if 0 <= target <= 100 else "百分比请填 0 到 100"
    return "" if 0 <= target <= HIGHEST and target == int(target) else "人数请填 0 以上的整数"


def reached(actual: int | None, target: Any) -> bool | None:
    """Whether the plan's figure is reached; None while nothing can be counted."""
    return None if actual is None else actual >= target
