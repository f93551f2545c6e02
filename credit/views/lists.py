"""The public lists and their entries, as they stand today; a date narrows them and opens nothing that left.

Source: 应急管理部令第11号; docs/decisions/0019.
"""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from credit.acts.persons import shown_with
from credit.models import Enterprise, ListEntry
from credit.models.namesakes import namesakes
from credit.models.rulesets import in_force
from credit.views.asof import as_of, unindexed
from credit.views.narrowing import narrowing, query_of
from credit.views.timeline import picture

PAGE_SIZE = 20


def standing(colour: str, today: date, day: date | None = None) -> QuerySet[ListEntry]:
    """What the public may read of a list: what stands today and, with ``day``, stood then already."""
    entries = ListEntry.objects.in_force(today).filter(colour=colour)
    entries = entries.with_grounds()
    return entries.filter(listed_on__lte=day) if day else entries


@require_safe
def listed(request: HttpRequest, colour: str) -> HttpResponse:
    """The black or the red list, narrowed by place, sector, ground, year, name and day."""
    asked = as_of(request)
    by = narrowing(request)
    ruleset = in_force(asked.today)
    grounds = [ground for ground in ruleset.grounds.values() if ground.list == colour]
    entries = standing(colour, asked.today, asked.day)
    years = [day.year for day in entries.order_by().dates("listed_on", "year", order="DESC")]
    chosen = {
        **by.chosen,
        "ground": _one_of(request, "ground", [ground.code for ground in grounds]),
        "year": _one_of(request, "year", [str(year) for year in years]),
        "q": request.GET.get("q", "").replace("\x00", "").strip()[:60],
    }
    entries = _narrow(by.narrow(entries, "enterprise__"), chosen)
    entries = entries.select_related("case", "enterprise__place", "enterprise__sector")
    page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
    day = {"as_of": asked.day.isoformat() if asked.day else ""}
    context = {
        "colour": colour,
        "page": page,
        "by": by,
        "grounds": grounds,
        "years": years,
        "chosen": chosen,
        "narrowed": any(chosen.values()),
        "term": ruleset.terms[f"{colour}.term"],
        "query": query_of({**chosen, **day}),
        "asked": asked,
        "namesakes": namesakes(entry.enterprise for entry in page),
        "persons": shown_with(page),
        "unindexed": asked.day is not None,
    }
    answer = render(request, "credit/list.html", context, status=asked.status)
    return unindexed(answer, asked.day is not None)  # type: ignore[no-any-return]


def _one_of(request: HttpRequest, name: str, offered: list[str]) -> str:
    said = request.GET.get(name, "")
    return said if said in offered else ""


def _narrow(entries: QuerySet[ListEntry], chosen: dict[str, str]) -> QuerySet[ListEntry]:
    if chosen["year"]:
        entries = entries.filter(listed_on__year=int(chosen["year"]))
    if chosen["ground"]:  # both databases print JSON with one space after the colon
        said = Cast(Coalesce("left_grounds", "case__grounds"), TextField())
        entries = entries.alias(said=said).filter(said__contains=f'"code": "{chosen["ground"]}"')
    if words := chosen["q"]:
        named = Enterprise.objects.matching(words).order_by()
        code = Q(enterprise__uscc=words.upper()) | Q(enterprise__legacy_number=words)
        entries = entries.filter(code | Q(enterprise__in=named.values("pk")))
    return entries


@require_safe
def entry(request: HttpRequest, colour: str, pk: int) -> HttpResponse:
    """One entry with its way; when it left the list its address is an address of nothing (404)."""
    asked = as_of(request)
    entries = standing(colour, asked.today).select_related(
        "case", "enterprise__place", "enterprise__sector"
    )
    found: Any = get_object_or_404(entries, pk=pk)
    day = asked.day or asked.today
    context = {
        "colour": colour,
        "entry": found,
        "picture": picture(found, day),
        "asked": asked,
        "stood": found.listed_on <= day,
        "persons": shown_with([found]).get(found.pk, []),
        "namesakes": namesakes([found.enterprise]).get(found.enterprise_id, []),
        "unindexed": asked.day is not None,
    }
    answer = render(request, "credit/entry.html", context, status=asked.status)
    return unindexed(answer, asked.day is not None)  # type: ignore[no-any-return]


__all__ = ["entry", "listed"]
