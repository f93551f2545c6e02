"""Classes of production-safety accidents (国务院令第493号 生产安全事故报告和调查处理条例)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

ARTICLE: Final = "国务院令第493号 第三条"
ARTICLE_WINDOW: Final = "国务院令第493号 第十三条"


class AccidentClass(StrEnum):
    """From the lightest to the gravest; the values are those of the database."""

    GENERAL = "general"
    LARGER = "larger"
    MAJOR = "major"
    EXTRAORDINARY = "extraordinary"

    @property
    def rank(self) -> int:
        """0 for 一般 to 3 for 特别重大, for comparing."""
        return tuple(AccidentClass).index(self)

    @property
    def label(self) -> str:
        """The printed name."""
        return ("一般事故", "较大事故", "重大事故", "特别重大事故")[self.rank]


class WindowKind(StrEnum):
    """Which window for changed casualty counts an accident falls under."""

    ORDINARY = "ordinary"
    TRAFFIC = "traffic"
    FIRE = "fire"


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Lowest counts, inclusive, of one class; loss in yuan."""

    deaths: int
    serious_injuries: int
    direct_loss: Decimal
    grade: AccidentClass


_GRAVEST_FIRST: Final = (
    _Bounds(30, 100, Decimal(100_000_000), AccidentClass.EXTRAORDINARY),
    _Bounds(10, 50, Decimal(50_000_000), AccidentClass.MAJOR),
    _Bounds(3, 10, Decimal(10_000_000), AccidentClass.LARGER),
)
_WINDOW_DAYS: Final = {WindowKind.ORDINARY: 30, WindowKind.TRAFFIC: 7, WindowKind.FIRE: 7}


def classify(*, deaths: int, serious_injuries: int, direct_loss: Decimal | int) -> AccidentClass:
    """The class of an accident: any one trigger suffices, the highest wins, bounds inclusive.

    ``direct_loss`` is in yuan (元). Raises ValueError for negative figures.
    Source: 国务院令第493号 第三条.
    """
    if deaths < 0 or serious_injuries < 0 or direct_loss < 0:
        raise ValueError("deaths, serious injuries and direct loss cannot be negative")
    for bounds in _GRAVEST_FIRST:
        if (
            deaths >= bounds.deaths
            or serious_injuries >= bounds.serious_injuries
            or direct_loss >= bounds.direct_loss
        ):
            return bounds.grade
    return AccidentClass.GENERAL


def casualties_open_until(happened_on: date, kind: WindowKind = WindowKind.ORDINARY) -> date:
    """The last day on which a changed number of casualties reclassifies the accident.

    30 days from the accident; 7 for road traffic and fire. Source: 国务院令第493号 第十三条.
    """
    return happened_on + timedelta(days=_WINDOW_DAYS[kind])
