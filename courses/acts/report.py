"""The training report put together: lines of a cut with their sum, and what the plan asked beside what is there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from courses.acts import reporting
from courses.acts.reporting import Asked, Coverage, Exams, Rotation
from courses.models import PlanFigure
from courses.rules.reports import Indicator, reached, share
from credit.models import Jurisdiction


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the report."""

    key: Any
    name: str
    coverage: Coverage
    exams: Exams
    migrants: int


@dataclass(frozen=True, slots=True)
class Against:
    """A figure of a plan and what is there; ``actual`` None where nothing can be counted."""

    figure: PlanFigure
    actual: int | None
    reached: bool | None

    @property
    def is_target(self) -> bool:
        """Whether it asks for something."""
        return self.figure.kind == PlanFigure.Kind.TARGET

    @property
    def missing(self) -> Decimal:
        """What is missing to the target; 0 when it is reached."""
        return max(self.figure.amount - (self.actual or 0), Decimal(0)).normalize()


@dataclass(frozen=True, slots=True)
class Official:
    """The rotation of a place's officials."""

    name: str
    people: int
    trained: int
    part: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """All that the page and the workbook show."""

    asked: Asked
    lines: list[Line]
    total: Line
    plan: list[Against]
    officials: list[Official]
    rotation: Rotation


def make(asked: Asked, places: Mapping[int, Jurisdiction], narrowed: Asked | None = None) -> Report:
    """The report of ``asked``; the lines are those of ``narrowed``, the plan is always of the whole."""
    cut = narrowed or asked
    lines = _lines(cut)
    turned = reporting.rotation(cut)
    total = Line(
        None, "合计", _sum(Coverage, (one.coverage for one in lines)),
        _sum(Exams, (one.exams for one in lines)), sum(one.migrants for one in lines),
    )  # fmt: skip
    everybody = Rotation()
    for one in turned.values():
        everybody.people |= one.people
        everybody.trained |= one.trained
    officials = [
        Official(places[key].name, len(one.people), len(one.trained), one.part)
        for key, one in sorted(turned.items(), key=lambda item: places[item[0]].path)
    ]
    return Report(cut, lines, total, _plan(asked, places), officials, everybody)


def _lines(asked: Asked) -> list[Line]:
    """By year in order; else who has most that is late first."""
    owed, sat, migrants = (
        reporting.coverage(asked), reporting.exams(asked), reporting.migrants(asked)
    )  # fmt: skip
    keys = {*owed, *sat, *migrants}
    named = reporting.names(asked, keys)
    rows = [
        Line(key, named.get(key, "—"), owed.get(key, Coverage()), sat.get(key, Exams()),
             migrants.get(key, 0))
        for key in keys
    ]  # fmt: skip
    if asked.by == "year":
        return sorted(rows, key=lambda one: one.key)
    return sorted(rows, key=lambda one: (-one.coverage.late, one.coverage.part or 0, one.name))


def _sum(kind: Any, parts: Iterable[Any]) -> Any:
    counted = list(parts)
    names = [one.name for one in fields(kind)]
    return kind(**{name: sum(getattr(part, name) for part in counted) for name in names})


# -- Against the plan ------------------------------------------------------------------------------------


def _plan(asked: Asked, places: Mapping[int, Jurisdiction]) -> list[Against]:
    """Each figure of the year beside the sum of its place and all below: five statements, however many figures."""
    rows = PlanFigure.objects.current().filter(year=asked.year, place__in=asked.places)
    figures = list(rows.select_related("place", "by").order_by("place__path", "indicator", "kind"))
    whole = replace(asked, by="place")
    counted: dict[Indicator, Mapping[int, Any]] = {
        Indicator.COVERAGE: reporting.coverage(whole),
        Indicator.PASSED: reporting.exams(whole),
        Indicator.MIGRANTS: reporting.migrants(whole),
        Indicator.ROTATION: reporting.rotation(whole),
    }
    return [_against(figure, counted[Indicator(figure.indicator)], places) for figure in figures]


def _against(
    figure: PlanFigure, counted: Mapping[int, Any], places: Mapping[int, Jurisdiction]
) -> Against:
    below = [one for key, one in counted.items() if places[key].path.startswith(figure.place.path)]
    actual = _actual(Indicator(figure.indicator), below)
    return Against(figure, actual, reached(actual, figure.amount))


def _actual(indicator: Indicator, below: list[Any]) -> int | None:
    if indicator == Indicator.MIGRANTS:
        return int(sum(below))
    if indicator == Indicator.ROTATION:
        people = {who for one in below for who in one.people}
        trained = {who for one in below for who in one.trained}
        return share(len(trained), len(people))
    kind: Any = Coverage if indicator == Indicator.COVERAGE else Exams
    part: int | None = _sum(kind, below).part
    return part


def narrowed(asked: Asked, *, place: Jurisdiction | None, sector: int | None) -> Asked:
    """The same for one place with all below it, or one sector."""
    register, places = asked.register, asked.places
    if place is not None:
        register = register.filter(place__path__startswith=place.path)
        places = places.filter(path__startswith=place.path)
    if sector is not None:
        register = register.filter(sector=sector)
    return replace(asked, register=register, places=places)


__all__ = ["Against", "Line", "Official", "Report", "make", "narrowed"]
