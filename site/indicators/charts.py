"""The small chart of an indicator: bars for the years, a line for the path. Only places in a drawing, no markup."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from indicators import rules

WIDTH, HEIGHT = 360, 170
LOW = 76  # where all values are zero: no empty room above them
TOP, BOTTOM, LEFT, RIGHT = 26, 28, 6, 6
BAR = Decimal("0.56")  # of the room that a year has


@dataclass(frozen=True, slots=True)
class Bar:
    """A year: its place, and its value when it was reported."""

    year: int
    middle: str
    x: str = ""
    y: str = ""
    width: str = ""
    height: str = ""
    label_y: str = ""
    label: str = ""
    is_base: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the template draws."""

    bars: list[Bar]
    path: str  # the points of the line, "" while the base is unknown
    height: int
    floor: int
    width: int = WIDTH


def draw(target: rules.Target, values: Mapping[int, Decimal]) -> Chart | None:
    """The chart from base year to last year; None while there is nothing to draw."""
    shown = {y: v for y, v in values.items() if target.base_year <= y <= target.last_year}
    if target.base is not None:
        shown.setdefault(target.base_year, target.base)
    if not shown:
        return None
    years = [target.base_year, *range(target.first_year, target.last_year + 1)]
    room = Decimal(WIDTH - LEFT - RIGHT) / len(years)
    line = [rules.path_value(target, year) for year in years]
    highest = max([*shown.values(), *(v for v in line if v is not None)])
    height = HEIGHT if highest else LOW
    scale = _Scale(height - BOTTOM, highest or Decimal(1))
    middles = [LEFT + room * place + room / 2 for place in range(len(years))]
    bars = [
        _bar(year, middle, room, shown.get(year), scale, goal, is_base=year == target.base_year)
        for year, middle, goal in zip(years, middles, line, strict=True)
    ]
    points = [
        f"{_n(middle)},{_n(scale.y(value))}"
        for middle, value in zip(middles, line, strict=True)
        if value is not None
    ]
    return Chart(bars, " ".join(points), height, scale.floor)


@dataclass(frozen=True, slots=True)
class _Scale:
    floor: int
    highest: Decimal

    def y(self, value: Decimal) -> Decimal:
        return self.floor - (self.floor - TOP) * value / self.highest


def _bar(
    year: int,
    middle: Decimal,
    room: Decimal,
    value: Decimal | None,
    scale: _Scale,
    goal: Decimal | None,
    *,
    is_base: bool,
) -> Bar:
    if value is None:
        return Bar(year, _n(middle), is_base=is_base)
    wide, y = room * BAR, scale.y(value)
    clear = min(y, scale.y(goal)) if goal is not None else y  # the line never runs through a number
    return Bar(
        year, _n(middle), _n(middle - wide / 2), _n(y), _n(wide), _n(scale.floor - y), _n(clear - 7),
        rules.printed(value), is_base,
    )  # fmt: skip


def _n(number: Decimal) -> str:
    return f"{number:.1f}"
