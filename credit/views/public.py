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
from credit.acts.readers import reads_scores_of, register_of
from credit.models import (
    Accident,
    Commendation,
    Enterprise,
    LiabilityInsurance,
    ListCase,
    ListEntry,
    Score,
    ScoreLine,
    Violation,
)
from credit.models.kinds import PUBLIC_KINDS
from credit.models.managers import managed_by
from credit.models.namesakes import namesakes
from credit.models.rulesets import in_force, timeline
from credit.models.search import MOST_FOUND
from credit.rules.cases import State, hearing_due
from credit.rules.ruleset import Ruleset
from credit.views.asof import as_of, then, unindexed

PAGE_SIZE = 20


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find enterprises by two or more characters of name, code or pinyin initials."""
    words = request.GET.get("q", "").strip()[:60]
    found = Enterprise.objects.matching(words).select_related("place", "sector")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    query = f"{urlencode({'q': words})}&"
    context = {"words": words, "page": page, "query": query, "most": MOST_FOUND}
    context["namesakes"] = namesakes(page)
    return render(request, "credit/search.html", context)


def enterprise_of(number: str) -> Enterprise:
    """The enterprise of a code or an old number. Raises Http404."""
    of_number = Q(uscc=number.upper()) | Q(legacy_number=number)
    return get_object_or_404(Enterprise.objects.select_related("place", "sector"), of_number)


@require_safe
def enterprise(request: HttpRequest, number: str) -> HttpResponse:
    """One enterprise by its code: standing, each line of the score, current public facts.

    Search engines keep the page only while an entry stands: what left a list leaves them as well, and nobody
    can tell from the header that there was something (docs/decisions/0019).
    """
    asked = as_of(request)
    found = enterprise_of(number)
    context = shown_of(found, asked.today, score=not asked.day)
    entries = context["entries"]
    context |= _reader(request, found) | {
        "asked": asked,
        "namesakes": namesakes([found]).get(found.pk, []),
        "unindexed": not entries,
    }
    if asked.day:
        facts = [*context["violations"], *context["accidents"]]
        context |= then(asked.day, entries, facts)
        answer = render(request, "credit/enterprise_then.html", {**context, "unindexed": True})
        return unindexed(answer)  # type: ignore[no-any-return]
    answer = render(request, "credit/enterprise.html", context, status=asked.status)
    return unindexed(answer, not entries)  # type: ignore[no-any-return]


def _reader(request: HttpRequest, found: Enterprise) -> dict[str, bool]:
    """What this reader may open besides: the own file, the score in full."""
    person = request.user
    if not person.is_authenticated:
        return {}
    manages = managed_by(person, timezone.localdate()).filter(pk=found.pk).exists()
    by_office = reads_scores_of(person) and register_of(person).filter(pk=found.pk).exists()
    return {"manages": manages, "reads_score": manages or by_office}


def shown_of(found: Enterprise, today: date, *, score: bool = True) -> dict[str, Any]:
    """All that the public reads of an enterprise today; the preview of a listing shows the same."""
    violations = list(
        Violation.objects.public(today).filter(enterprise=found).order_by("-happened_on")
    )
    accidents = Accident.objects.current().filter(enterprise=found).order_by("-happened_on")
    entries = ListEntry.objects.in_force(today).filter(enterprise=found).with_grounds()
    return {
        "enterprise": found,
        "violations": violations,
        "accidents": list(accidents),
        "praises": _of(Commendation, found),
        "insurances": _of(LiabilityInsurance, found),
        "entries": list(entries.select_related("case").prefetch_related("measures")),
        **(_score(found, {violation.pk for violation in violations}) if score else {}),
    }


def _of(model: type[Any], found: Enterprise) -> Any:
    """The current facts of a kind that lasts, newest first; a page that does not show them asks nothing."""
    return model.objects.current().filter(enterprise=found).order_by("-happened_on")


def _score(found: Enterprise, shown_violations: set[int]) -> dict[str, Any]:
    """The score and its lines; what counts and is not public (any more) is told as one sum."""
    score = Score.objects.filter(enterprise=found).first()
    if score is None:
        return {"score": None}
    ruleset = in_force(timezone.localdate())
    lines = list(ScoreLine.objects.filter(enterprise=found).order_by("-happened_on", "pk"))
    hidden = [
        line
        for line in lines
        if line.record_type not in PUBLIC_KINDS
        or (line.record_type == "violation" and line.record_id not in shown_violations)
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
        (case, hearing_due(case.notice_served_on, holidays, timeline()))
        for case in page
        if case.notice_served_on
    ]
    context = {"page": page, "shown": shown, "today": timezone.localdate()}
    return render(request, "credit/announced.html", context)
