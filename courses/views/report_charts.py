"""The picture of a report: one bar a row, in percent, and the plan's figure as a line. Only places in a drawing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from courses.rules.reports import amount

WIDTH: Final = 360
_ROW: Final = 42
_SIDE: Final = 4
_UNIT: Final = (WIDTH - 2 * _SIDE) / 100


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: its name above, the bar below."""

    label: str
    part: int
    text_y: int
    bar_y: int
    width: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the template draws; ``left_out`` rows are in the table alone."""

    bars: list[Bar]
    height: int
    target: int | None
    target_x: str
    left_out: int
    x: int = _SIDE
    width: int = WIDTH

    @property
    def words(self) -> str:
        """The same for those who hear it."""
        told = "，".join(f"{bar.label}{bar.part}%" for bar in self.bars)
        return f"{told}。计划{self.target}%" if self.target is not None else told


def chart(rows: Iterable[tuple[str, int | None]], target: int | None = None) -> Chart | None:
    """The first rows that have a share; None where none has."""
    counted = [(name, part) for name, part in rows if part is not None]
    drawn = counted[: amount("bars")]
    if not drawn:
        return None
    bars = [
        Bar(name, part, place * _ROW + 16, place * _ROW + 22, f"{max(part, 0.5) * _UNIT:.1f}")
        for place, (name, part) in enumerate(drawn)
    ]
    x = f"{_SIDE + (target or 0) * _UNIT:.1f}"
    return Chart(bars, len(bars) * _ROW + 8, target, x, len(counted) - len(bars))
