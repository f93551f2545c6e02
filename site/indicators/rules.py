"""What a plan asks of an indicator, and where it stands. Pure Python, Decimal, no database.

Source: 区安全生产“十三五”规划 (2016–2020), table of main indicators: cumulative cuts against the base year,
indicators that aim at none (力争不发生) and indicators that must stay at none (杜绝). A five-year cut is
measured at the end; the line between is straight, which is our reading and no text of the plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CUT, AIM_ZERO, HARD_ZERO = "cut", "aim_zero", "hard_zero"
DOWN, UP = "down", "up"
MET, ON_PATH, BEHIND, UNKNOWN = "met", "on_path", "behind", "unknown"
ZERO, HUNDRED = Decimal(0), Decimal(100)
EMPLOYEES = Decimal(100_000)


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked: ``cut_percent`` is the cumulative change from base to last year, for ``CUT`` only.

    ``base`` is the base year's value, or None while nobody has reported it. ``direction`` is ``DOWN`` where
    less is better.
    """

    kind: str
    base_year: int
    first_year: int
    last_year: int
    base: Decimal | None = None
    cut_percent: Decimal | None = None
    direction: str = DOWN


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an indicator stands, and the reason as we print it."""

    code: str
    reason: str


def gdp_rate(deaths: Decimal, gdp: Decimal) -> Decimal:
    """亿元国内生产总值生产安全事故死亡率: deaths ÷ GDP in 亿元 (100 million yuan).

    Raises ValueError when there is no GDP to divide by.
    """
    return _ratio(deaths, gdp, "国内生产总值应大于0（单位：亿元）")


def employee_rate(deaths: Decimal, employed: Decimal) -> Decimal:
    """工矿商贸就业人员十万人生产安全事故死亡率: deaths ÷ employed persons × 100,000.

    Raises ValueError when nobody is employed.
    """
    return _ratio(deaths, employed, "就业人数应大于0（单位：人）") * EMPLOYEES


def target_value(target: Target) -> Decimal | None:
    """The value asked at the end of the last year; None while the base is unknown. A cut of zero is zero."""
    return path_value(target, target.last_year)


def path_value(target: Target, year: int) -> Decimal | None:
    """The value on the straight line from base to target in ``year``; zero in every year where none is asked.

    None while the base is unknown. Raises ValueError outside base year to last year.
    """
    if not target.base_year <= year <= target.last_year:
        raise ValueError(f"{year}年不在规划期内（{target.base_year}—{target.last_year}年）")
    if target.kind != CUT:
        return ZERO
    if target.base is None or target.cut_percent is None:
        return None
    gone = Decimal(year - target.base_year) / Decimal(target.last_year - target.base_year)
    sign = -1 if target.direction == DOWN else 1
    return target.base * (HUNDRED + sign * target.cut_percent * gone) / HUNDRED


def standing(target: Target, values: Mapping[int, Decimal]) -> Standing:
    """Where the reported ``values`` (by year) stand. Years outside the plan do not count."""
    counted = {y: v for y, v in values.items() if target.first_year <= y <= target.last_year}
    if not counted:
        return Standing(UNKNOWN, "规划期内还没有填报数据")
    if target.kind == CUT:
        return _standing_of_cut(target, max(counted), counted[max(counted)])
    return _standing_of_zero(target, counted)


def printed(value: Decimal, places: int = 4) -> str:
    """``value`` rounded half up to at most ``places`` decimals, without idle zeros."""
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _ratio(deaths: Decimal, by: Decimal, advice: str) -> Decimal:
    if by <= 0:
        raise ValueError(advice)
    return deaths / by


def _standing_of_cut(target: Target, year: int, value: Decimal) -> Standing:
    asked, line = target_value(target), path_value(target, year)
    if asked is None or line is None:
        return Standing(UNKNOWN, f"{target.base_year}年基期数待填报，暂时不能判断")
    word = "不高于" if target.direction == DOWN else "不低于"
    said = f"{year}年为{printed(value)}"
    if year == target.last_year:
        good, code, goal = _reached(target, value, asked), MET, f"期末目标{word}{printed(asked)}"
    else:
        good, code, goal = (
            _reached(target, value, line),
            ON_PATH,
            f"当年进度线{word}{printed(line)}",
        )
    return Standing(code if good else BEHIND, f"{said}，{goal}")


def _reached(target: Target, value: Decimal, goal: Decimal) -> bool:
    return value <= goal if target.direction == DOWN else value >= goal


def _standing_of_zero(target: Target, counted: Mapping[int, Decimal]) -> Standing:
    asked = "要求杜绝" if target.kind == HARD_ZERO else "力争不发生"
    happened = [
        f"{year}年为{printed(counted[year])}" for year in sorted(counted) if counted[year] > 0
    ]
    if happened:
        return Standing(BEHIND, f"{asked}，但{'、'.join(happened)}")
    missing = [y for y in range(target.first_year, target.last_year + 1) if y not in counted]
    if not missing:
        return Standing(MET, f"{asked}，{target.first_year}—{target.last_year}年没有发生")
    years = "、".join(str(year) for year in missing)
    return Standing(ON_PATH, f"{asked}，已填报的年份没有发生；{years}年还没有填报")
