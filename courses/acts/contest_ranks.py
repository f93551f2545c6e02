"""Who leads a round of a knowledge contest: people, units, streets. Each a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from django.db.models import Count, F, Q, Sum, Window
from django.db.models.functions import Rank, RowNumber

from courses.models import ContestRound, Entrant, Play
from credit.rules.masking import mask_name

SHOWN: Final = 100  # lines of a table


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table. ``score``: points of a person, mean points of a unit or street, two decimals."""

    rank: int
    name: str
    beside: str
    score: str
    people: int = 0
    milliseconds: int = 0


def people(of: ContestRound) -> list[Line]:
    """The first hundred, names masked: points, then time."""
    at = Window(Rank(), order_by=[F("points").desc(), F("milliseconds").asc()])
    rows = (
        Play.objects.filter(pk__in=_best(of))
        .annotate(at=at)
        .select_related("entrant__person", "entrant__enterprise", "entrant__place")
        .order_by("at", "ended_at")[:SHOWN]
    )
    return [
        Line(
            rank=row.at,  # type: ignore[attr-defined]  # annotated above
            name=mask_name(row.entrant.person.real_name),
            beside=_side(row.entrant),
            score=str(row.points),
            milliseconds=row.milliseconds or 0,
        )
        for row in rows
    ]


def _side(entrant: Entrant) -> str:
    return str(entrant.enterprise.name if entrant.enterprise else entrant.place.name)


def units(of: ContestRound) -> list[Line]:
    """Enterprises by the mean of their best people; who is missing counts nothing."""
    return _grouped(of, "entrant__enterprise", of.contest.unit_best)


def streets(of: ContestRound) -> list[Line]:
    """Streets by the mean of their best people."""
    return _grouped(of, "entrant__place", of.contest.street_best)


def _best(of: ContestRound) -> Any:
    """The keys of the plays that count: one for each entrant."""
    return Play.objects.filter(round=of).best().values("pk")


def _grouped(of: ContestRound, group: str, best: int) -> list[Line]:
    within = Window(
        RowNumber(),
        partition_by=[F(group)],
        order_by=[F("points").desc(), F("milliseconds").asc(), F("ended_at").asc()],
    )
    counted = (
        Play.objects.filter(Q(**{f"{group}__isnull": False}), pk__in=_best(of))
        .annotate(at=within)
        .filter(at__lte=best)
        .values("pk")
    )
    rows = (
        Play.objects.filter(pk__in=counted)
        .values(name=F(f"{group}__name"), group=F(group))
        .annotate(total=Sum("points"), people=Count("pk"), time=Sum("milliseconds"))
        .order_by("-total", "time", "group")[:SHOWN]
    )
    return _ranked(list(rows), best)


def _ranked(rows: Sequence[dict[str, Any]], best: int) -> list[Line]:
    """Equal totals share a rank."""
    lines: list[Line] = []
    for place, row in enumerate(rows, start=1):
        same = bool(lines) and rows[place - 2]["total"] == row["total"]
        mean = f"{float(Fraction(row['total'], best)):.2f}"
        lines.append(Line(lines[-1].rank if same else place, row["name"], "", mean, row["people"]))
    return lines


def own(of: ContestRound, entrant: Entrant) -> tuple[int, int] | None:
    """The rank of an entrant and how many are ranked; None without a play that counts."""
    found = place(of, entrant)
    return None if found is None else (found, Play.objects.filter(pk__in=_best(of)).count())


def place(of: ContestRound, entrant: Entrant) -> int | None:
    """The rank of an entrant in a round, from 1; None without a play that counts."""
    ranked = Play.objects.filter(pk__in=_best(of))
    mine = ranked.filter(entrant=entrant).first()
    if mine is None:
        return None
    better = Q(points__gt=mine.points) | Q(points=mine.points, milliseconds__lt=mine.milliseconds)
    return ranked.filter(better).count() + 1
