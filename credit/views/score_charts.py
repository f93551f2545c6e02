"""The pictures of a score: a waterfall and a decay curve. Only places in a drawing; the templates draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from credit.acts.forecast import Account, Line, Step

WIDTH: Final = 360
_ROW: Final = 46
_SIDE: Final = 4
MOST_BARS: Final = 20  # further records are one bar together: a phone's page has an end
FILLS: Final = {
    "base": "#14606a", "line": "#c2491d", "merit": "#1d7a3c", "cap": "#7d9195", "limit": "#7d9195",
    "result": "#0d474f",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of the waterfall."""

    label: str
    amount: str
    fill: str
    text_y: int
    bar_y: int
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """All that the template draws; ``bounds`` are the lowest points of the grades, as lines."""

    bars: list[Bar]
    bounds: list[tuple[str, str]]
    height: int
    width: int = WIDTH


def waterfall(account: Account) -> Waterfall:
    """From the base over every step to the points."""
    steps = _drawn(account.steps)
    ends = [Decimal(0)]
    for step in steps:
        ends.append(ends[-1] + step.amount)
    low = min(Decimal(str(account.ruleset.lowest)), *ends)
    high = max(Decimal(str(account.ruleset.highest)), *ends)
    unit = Decimal(WIDTH - 2 * _SIDE) / (high - low)

    def at(points: Decimal) -> Decimal:
        return _SIDE + (points - low) * unit

    spans = [*zip(steps, ends, ends[1:], strict=False)]
    bars = [
        _bar(place, step.label, _signed(step), _fill(step), at(min(a, b)), abs(b - a) * unit)
        for place, (step, a, b) in enumerate(spans)
    ]
    result = f"{_plain(account.points)} 分"
    width = (account.points - min(low, Decimal(0))) * unit
    bars.append(_bar(len(bars), "得分", result, FILLS["result"], at(min(low, Decimal(0))), width))
    bounds = [
        (bound.grade, _n(at(Decimal(str(bound.lowest)))))
        for bound in account.ruleset.bounds
        if bound.lowest > account.ruleset.lowest
    ]
    return Waterfall(bars, bounds, len(bars) * _ROW + 26)


def _drawn(steps: Sequence[Step]) -> list[Step]:
    """The steps, the records beyond the first twenty as one."""
    lines = [step for step in steps if step.sort == "line"]
    if len(lines) <= MOST_BARS:
        return list(steps)
    rest = lines[MOST_BARS - 1 :]
    amount = sum((step.amount for step in rest), Decimal())
    together = Step("line", f"其余 {len(rest)} 条记录", amount)
    others = [step for step in steps if step.sort != "line"]
    return [others[0], *lines[: MOST_BARS - 1], together, *others[1:]]


def _bar(place: int, label: str, amount: str, fill: str, x: Decimal, width: Decimal) -> Bar:
    top = place * _ROW
    return Bar(label, amount, fill, top + 16, top + 23, _n(x), _n(max(width, Decimal(2))))


def _fill(step: Step) -> str:
    return FILLS["merit" if step.sort == "line" and step.amount > 0 else step.sort]


def _signed(step: Step) -> str:
    if step.sort == "base":
        return _plain(step.amount)
    return f"{'+' if step.amount > 0 else '−' if step.amount < 0 else ''}{_plain(abs(step.amount))}"


def _plain(amount: Decimal) -> str:
    return f"{amount:.2f}".rstrip("0").rstrip(".")


def _n(value: Decimal) -> str:
    return f"{value:.1f}"


@dataclass(frozen=True, slots=True)
class Curve:
    """A decay curve: steps downwards, and where today is."""

    path: str
    today_x: str
    today_y: str
    open: bool
    width: int = 132
    height: int = 40


def curve(line: Line, today: date) -> Curve:
    """What share of a record counts from its day to its last; a record of an open matter stays whole."""
    left, right, top, bottom = 3, 129, 4, 36
    share = top + (1 - line.decay) * (bottom - top)
    if not line.steps:
        return Curve(f"M{left},{top}H{right}", _n(Decimal(right)), _n(share), open=True)
    end = line.steps[-1][0] + timedelta(
        days=max(1, (line.steps[-1][0] - line.happened_on).days // 12)
    )
    unit = Decimal(right - left) / (end - line.happened_on).days

    def at(day: date) -> str:
        return _n(left + min((day - line.happened_on).days, (end - line.happened_on).days) * unit)

    path = [f"M{left}"]
    for number, (until, part) in enumerate(line.steps):
        y = _n(top + (1 - part) * (bottom - top))
        path.append(f",{y}H{at(until)}" if number == 0 else f"V{y}H{at(until)}")
    return Curve("".join([*path, f"V{bottom}H{right}"]), at(today), _n(share), open=False)
