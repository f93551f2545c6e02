"""The public's pages: find an enterprise, read its record, read the lists. They carry, they do not decide."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from credit.acts.cases import calendar
from credit.models import (
    Accident,
    Enterprise,
    Jurisdiction,
    ListCase,
    ListEntry,
    Score,
    ScoreLine,
    Sector,
    Violation,
)
from credit.rules.cases import State, hearing_due
from credit.rules.ruleset import Ruleset, load_ruleset

PAGE_SIZE = 20


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find enterprises by two or more characters of name, code or pinyin initials."""
    words = request.GET.get("q", "").strip()[:60]
    found = Enterprise.objects.matching(words).select_related("place", "sector")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    query = f"{urlencode({'q': words})}&"
    return render(request, "credit/search.html", {"words": words, "page": page, "query": query})


@require_safe
def enterprise(request: HttpRequest, number: str) -> HttpResponse:
    """One enterprise by its code: standing, each line of the score, current public facts."""
    today = timezone.localdate()
    of_number = Q(uscc=number.upper()) | Q(legacy_number=number)
    found = get_object_or_404(Enterprise.objects.select_related("place", "sector"), of_number)
    return render(request, "credit/enterprise.html", shown_of(found, today))


def shown_of(found: Enterprise, today: date) -> dict[str, Any]:
    """All that the public reads of an enterprise; the preview of a listing shows the same."""
    violations = list(
        Violation.objects.public(today).filter(enterprise=found).order_by("-happened_on")
    )
    accidents = Accident.objects.current().filter(enterprise=found).order_by("-happened_on")
    return {
        "enterprise": found,
        "violations": violations,
        "accidents": accidents,
        "entries": ListEntry.objects.in_force(today)
        .filter(enterprise=found)
        .select_related("case"),
        **_score(found, {violation.pk for violation in violations}),
    }


def _score(found: Enterprise, shown_violations: set[int]) -> dict[str, Any]:
    """The score and its lines; a penalty past its publication still counts but is not printed."""
    score = Score.objects.filter(enterprise=found).first()
    if score is None:
        return {"score": None}
    ruleset = load_ruleset()
    lines = list(ScoreLine.objects.filter(enterprise=found).order_by("-happened_on", "pk"))
    hidden = [
        line
        for line in lines
        if line.record_type == "violation" and line.record_id not in shown_violations
    ]
    return {
        "score": score,
        "lines": [line for line in lines if line not in hidden],
        "hidden_points": sum(line.deducted for line in hidden),
        "hidden_count": len(hidden),
        "ruleset": ruleset,
        "base_confirmed": ruleset.bases[found.standardisation_level].confirmed,
        "limit": _limit(score, ruleset),
    }


def _limit(score: Score, ruleset: Ruleset) -> str:
    """Why the sum and the points differ, when they do: points stay between a lowest and a highest."""
    exact = float(score.base - score.deducted)
    if exact < ruleset.lowest:
        return f"扣到最低 {ruleset.lowest:g} 分为止"
    return f"最高 {ruleset.highest:g} 分" if exact > ruleset.highest else ""


@require_safe
def listed(request: HttpRequest, colour: str) -> HttpResponse:
    """The black or the red list as it stands today; narrowed by place (with all below it) and sector."""
    today = timezone.localdate()
    places, sectors = list(Jurisdiction.objects.all()), list(Sector.objects.all())
    place = next((one for one in places if one.code == request.GET.get("place")), None)
    sector = next((one for one in sectors if one.code == request.GET.get("sector")), None)
    entries = ListEntry.objects.in_force(today).filter(colour=colour)
    if place:
        entries = entries.filter(enterprise__place__path__startswith=place.path)
    if sector:
        entries = entries.filter(enterprise__sector=sector)
    entries = entries.select_related("case", "enterprise__place", "enterprise__sector")
    chosen = {"place": place.code if place else "", "sector": sector.code if sector else ""}
    context = {
        "colour": colour,
        "page": Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page")),
        "places": places,
        "sectors": sectors,
        "chosen": chosen,
        "term": load_ruleset().terms[f"{colour}.term"],
        "query": f"{urlencode({k: v for k, v in chosen.items() if v})}&",
    }
    return render(request, "credit/list.html", context)


@require_safe
def announced(request: HttpRequest) -> HttpResponse:
    """The red list's public announcement: who is to be listed, and until when anybody may object.

    The one public page that reads cases: red ones between announcement and the close of the objections.
    A black case is never public before its entry. Source: 安监总办〔2017〕133号.
    """
    cases = ListCase.objects.filter(colour="red", state=State.NOTICE_SENT)
    cases = cases.select_related("enterprise__place", "enterprise__sector")
    page = Paginator(cases.order_by("-notice_served_on", "-pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    holidays = calendar()
    shown = [
        (case, hearing_due(case.notice_served_on, holidays))
        for case in page
        if case.notice_served_on
    ]
    context = {"page": page, "shown": shown, "today": timezone.localdate()}
    return render(request, "credit/announced.html", context)
