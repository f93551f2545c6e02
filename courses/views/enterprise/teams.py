"""The manager's page of teams: who leads which, PINs that are handed out, and the lessons that teams held."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.acts import foremen, pins
from courses.acts.coverage import staff
from courses.acts.exams import RefusedError
from courses.models import Foreman, TeamLesson
from courses.views.enterprise.gate import manager, reader
from credit.models import Enterprise

LATEST = 20


def _key(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


@reader
@never_cache
@require_safe
def teams(request: HttpRequest, firm: Enterprise, *, acts: bool) -> HttpResponse:
    """Each team with its people, foremen and how many have no PIN."""
    today = timezone.localdate()
    works = staff(firm, today).filter(began_on__lte=today).select_related("person")
    rows = list(works.exclude(team=None).exclude(team="").order_by("team", "pk"))
    leading = Foreman.objects.leading(today).filter(employment__enterprise=firm)
    leaders: dict[str, list[Foreman]] = {}
    for one in leading.select_related("employment__person"):
        leaders.setdefault(one.team, []).append(one)
    without = pins.without(rows) if acts else set()
    found: dict[str, list[object]] = {}
    for work in rows:
        found.setdefault(work.team or "", []).append(work)
    lessons = TeamLesson.objects.filter(foreman__employment__enterprise=firm).annotate(
        people=Count("presences")
    )
    context = {
        "firm": firm, "acts": acts,
        "teams": [
            (name, crew, leaders.get(name, []), sum(w.person_id in without for w in crew))  # type: ignore[attr-defined]
            for name, crew in found.items()
        ],
        "lessons": lessons.select_related("lesson", "foreman__employment__person", "closing")[
            :LATEST
        ],
    }  # fmt: skip
    return render(request, "courses/enterprise/teams.html", context)


@manager
@require_POST
def name(request: HttpRequest, firm: Enterprise) -> HttpResponse:
    """Somebody leads a team."""
    try:
        made = foremen.name(
            firm, _key(request.POST.get("employment", "")), by=request.user, now=timezone.now()
        )
        messages.success(request, f"{made.employment.person}现在是{made.team}的班组长。")
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("enterprise:teams", firm.pk)


@manager
@require_POST
def end(request: HttpRequest, firm: Enterprise, pk: int) -> HttpResponse:
    """No longer."""
    rows = Foreman.objects.filter(employment__enterprise=firm)
    found = get_object_or_404(rows.select_related("employment__enterprise"), pk=pk)
    try:
        foremen.end(found, by=request.user, now=timezone.now())
        messages.success(request, "已免去。")
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("enterprise:teams", firm.pk)


@manager
@never_cache
@require_POST
def hand_out(request: HttpRequest, firm: Enterprise) -> HttpResponse:
    """New PINs on a page that is shown once, to be printed or read out; they are kept nowhere."""
    anew = request.POST.get("anew", "")
    team = request.POST.get("team", "")[:60]
    try:
        made = pins.hand_out(
            firm, team=team, by=request.user, now=timezone.now(), anew=_key(anew) if anew else None
        )
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
        return redirect("enterprise:teams", firm.pk)
    context = {"firm": firm, "acts": True, "team": team, "pins": made}
    return render(request, "courses/enterprise/pins.html", context)
