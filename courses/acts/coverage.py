"""How far an enterprise's people are with what they owe: by team, by requirement, by person. Reads only."""

from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from courses.models import Obligation
from courses.models.roster import at_work
from credit.models import Employment, Enterprise


def _late(today: date, prefix: str = "") -> Q:
    return Q(
        **{
            f"{prefix}met_on__isnull": True,
            f"{prefix}closed_on__isnull": True,
            f"{prefix}due_on__lt": today,
        }
    )


def _waits(today: date, prefix: str = "") -> Q:
    """A first cycle that is neither met nor late."""
    return Q(
        **{
            f"{prefix}met_on__isnull": True,
            f"{prefix}closed_on__isnull": True,
            f"{prefix}due_on__gte": today,
            f"{prefix}cycle": 1,
        }
    )


def staff(firm: Enterprise, today: date) -> QuerySet[Employment]:
    """Who works there today or begins later."""
    return at_work(Employment.objects.filter(enterprise=firm), today)


def _newest(firm: Enterprise, today: date) -> QuerySet[Obligation]:
    works = staff(firm, today).values("pk")
    return Obligation.objects.newest().filter(employment__in=works, closed_on__isnull=True)


def _counted(rows: Any, today: date, **by: Any) -> list[dict[str, Any]]:
    """``people`` and obligations ``asked``, ``late``, ``waiting``, ``covered`` with their part in percent."""
    grouped = rows.order_by().values(**by)
    counts = grouped.annotate(
        people=Count("employment", distinct=True),
        asked=Count("pk"),
        late=Count("pk", filter=_late(today)),
        waiting=Count("pk", filter=_waits(today)),
        late_people=Count("employment", filter=_late(today), distinct=True),
    )
    return [_with_part(row) for row in counts.order_by(*by)]


def _with_part(row: dict[str, Any]) -> dict[str, Any]:
    covered = row["asked"] - row["late"] - row["waiting"]
    part = covered * 100 // row["asked"] if row["asked"] else 100
    return {**row, "covered": covered, "part": part}


def by_team(firm: Enterprise, today: date) -> list[dict[str, Any]]:
    """One line a team: one query."""
    rows = _newest(firm, today)
    return _counted(rows, today, team=Coalesce(F("employment__team"), Value("")))


def by_requirement(firm: Enterprise, today: date) -> list[dict[str, Any]]:
    """One line for each thing that is asked for, with its article: one query."""
    rows = _newest(firm, today)
    return _counted(rows, today, title=F("name"), law=F("article"), sure=F("confirmed"))


def total(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The sum of some lines."""
    names = ("asked", "late", "waiting")
    return _with_part({name: sum(line[name] for line in lines) for name in names})


def of_register(register: QuerySet[Enterprise], today: date) -> QuerySet[Enterprise]:
    """The enterprises of a register that have people: how many obligations are ``asked`` and ``late``, the late first.

    What is asked is the open cycles and those that were met.
    """
    asked = Count("employments__obligations", filter=Q(employments__obligations__closed_on=None))
    late = Count("employments__obligations", filter=_late(today, "employments__obligations__"))
    rows = register.annotate(asked=asked, late=late).filter(asked__gt=0)
    return rows.select_related("place").order_by("-late", "pk")


def people(firm: Enterprise, today: date) -> QuerySet[Employment]:
    """Each employment with how many obligations are ``late``, ``open`` in time and ``met`` (all cycles)."""
    met = Count("obligations", filter=Q(obligations__met_on__isnull=False), distinct=True)
    late = Count("obligations", filter=_late(today, "obligations__"), distinct=True)
    is_open = Q(
        obligations__met_on__isnull=True,
        obligations__closed_on__isnull=True,
        obligations__due_on__gte=today,
    )
    waiting = Count("obligations", filter=is_open, distinct=True)
    rows = staff(firm, today).select_related("person").annotate(met=met, late=late, open=waiting)
    return rows.order_by("-late", "team", "pk")
