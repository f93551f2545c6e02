"""The officers' list of measures in force: who carries out what, on whom, since when."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from credit.models import Colour, Measure
from credit.rules.measures import catalogue
from credit.views.cases import cases_seen_by, office

PAGE_SIZE = 20


@office
@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """Measures in force in reach, newest first; narrowed by department and list."""
    departments = sorted({rule.department for rule in catalogue()})
    chosen = {
        "department": request.GET.get("department", ""),
        "colour": request.GET.get("colour", ""),
    }
    found = Measure.objects.in_force(timezone.localdate()).filter(
        entry__case__in=cases_seen_by(request).values("pk")
    )
    if chosen["department"] in departments:
        found = found.filter(department=chosen["department"])
    if chosen["colour"] in Colour.values:
        found = found.filter(entry__colour=chosen["colour"])
    rows = found.select_related("entry__enterprise__place").order_by("-begun_on", "-entry", "pk")
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "departments": departments,
        "colours": Colour.choices,
        "chosen": chosen,
        "query": _query(chosen),
    }
    return render(request, "credit/office/measures.html", context)


def _query(chosen: dict[str, str]) -> str:
    kept = {name: value for name, value in chosen.items() if value}
    return f"{urlencode(kept)}&" if kept else ""
