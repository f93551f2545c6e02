"""The officers' desk: proposals, cases and their steps. It carries: the acts decide what is allowed."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from credit.acts import cases as acts
from credit.acts import documents, outcomes, removals, restorations, services, suspensions
from credit.acts.casework import chairs, checked_grounds, hearing_notice, unchecked
from credit.acts.evidence import gone
from credit.acts.proposals import candidates, still_holds
from credit.acts.reach import register_of, sees_all
from credit.models import (
    ListCase,
    ListEntry,
)
from credit.models.rulesets import timeline
from credit.rules.cases import OPEN_STATES, State, hearing_due, service_due
from credit.rules.hearings import earliest_hearing
from credit.rules.papers import NOTICE_OF, SERVED_WITH, PaperKind
from credit.views.case_forms import (
    ACTIONS,
    Offers,
    StepForm,
    blank_forms,
    worded,
)

PAGE_SIZE = 20
WORKS = (acts.OPEN, acts.DECIDE, acts.REVIEW)
SEES = ("credit.view_listcase", *WORKS)
View = Callable[..., HttpResponseBase]


def office(view: View) -> View:
    """Only for those who may see cases."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not any(request.user.has_perm(permission) for permission in SEES):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


def cases_seen_by(request: HttpRequest) -> QuerySet[ListCase]:
    """The cases that this person may see."""
    cases = ListCase.objects.select_related("enterprise__place", "opened_by", "decided_by")
    if sees_all(request.user):
        return cases
    return cases.filter(pk__in=ListCase.objects.in_reach_of(request.user).values("pk"))


@office
@require_safe
def proposals(request: HttpRequest, colour: str = "black") -> HttpResponse:
    """Enterprises that meet the grounds of a list, with the reasons and the evidence."""
    if colour not in {"black", "red"}:
        raise Http404
    found = candidates(colour, timezone.localdate(), among=register_of(request.user))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"colour": colour, "page": page, "may_open": request.user.has_perm(acts.OPEN)}
    return render(request, "credit/office/proposals.html", context)


@office
@require_POST
def open_case(request: HttpRequest, colour: str, pk: int) -> HttpResponse:
    """Open a case on a proposal."""
    enterprise = get_object_or_404(register_of(request.user), pk=pk)
    try:
        case = acts.open_case(enterprise, colour, officer=request.user, today=timezone.localdate())
    except acts.RefusedError as refused:
        messages.error(request, refused.printed)
        return redirect("credit:proposals", colour)
    following = "逐项核实条件，再公告" if colour == "red" else "告知当事人"
    messages.success(request, f"已立案。下一步：{following}。")
    return redirect("credit:case", case.pk)


@office
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Every case in reach, newest first; ``state`` narrows."""
    found = cases_seen_by(request)
    state = request.GET.get("state", "")
    if state in set(State):
        found = found.filter(state=state)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    query = f"state={state}&" if state else ""
    context = {"page": page, "states": list(State), "state": state, "query": query}
    return render(request, "credit/office/cases.html", context)


@office
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole file of a case, and what can be done next."""
    return _show_case(request, get_object_or_404(cases_seen_by(request), pk=pk))


def _show_case(
    request: HttpRequest,
    found: ListCase,
    bound: StepForm | None = None,
    action: str = "",
    refusal: str = "",
) -> HttpResponse:
    today = timezone.localdate()
    calendar = acts.calendar()
    offers = _offers(found)
    offered = blank_forms(found, today, offers)
    _from_papers(found, offered)
    if bound is not None:
        offered[action] = bound
    context: dict[str, Any] = {
        "case": found,
        "refusal": refusal,
        "events": found.events.select_related("actor"),
        "entry": (entry := ListEntry.objects.filter(case=found).first()),
        "conditions": offers.conditions,
        "arguments": found.arguments.select_related("answered_by"),
        "waiting": offers.arguments,
        "meetings": found.meetings.select_related("recorded_by").prefetch_related("votes"),
        "grounds": checked_grounds(found),
        "due": documents.due(found),
        "may_make": any(request.user.has_perm(each) for each in (acts.OPEN, acts.DECIDE)),
        "steps": {s.action: s for s in acts.steps(found, officer=request.user, today=today)},
        "forms": offered,
        "may_write": request.user.has_perm(acts.OPEN),
        "today": today,
    }
    if found.state in OPEN_STATES and not (stands := still_holds(found, today)):
        context["fallen"] = stands
    if entry:
        context["measures"] = entry.measures.all()
        context["outcomes"] = entry.outcomes.select_related("registered_by")
        context["restorable"] = entry.removed_on and restorations.may_restore(found)
        context |= _judged(entry, request.user, today)
    if entry and not entry.removed_on and entry.ends_on > today:
        context |= _what_may_happen(entry, request.user, today)
        context |= {
            "standing": True,
            "lost": gone(found),
            "asked": (asked := removals.pending(found)),
            "answer": removals.answer_ruling(found, request.user, asked),
        }
    if found.hearing_requested_on:
        context["hearing"] = hearing_notice(found)
        context["hearing_earliest"] = earliest_hearing(today, calendar, timeline())
    if found.notice_served_on:
        context["hearing_due"] = hearing_due(found.notice_served_on, calendar, timeline())
    if found.decided_on:
        context["service_due"] = service_due(found.decided_on, calendar, timeline())
    return render(request, "credit/office/case.html", context, status=422 if bound else 200)


def _from_papers(case: ListCase, offered: dict[str, StepForm]) -> None:
    """What the papers and the proofs of their service say already need not be typed again."""
    if made := documents.notice_text(case):
        offered["send_notice"].initial["text"] = made
    if case.state == State.PROPOSED and (
        proof := services.last_service(case, NOTICE_OF[case.colour])
    ):
        offered["send_notice"].initial["served_on"] = proof.served_on
    if told := hearing_notice(case) if case.hearing_requested_on else None:
        offered["hold_hearing"].initial["held_on"] = told.set_for
    if case.hearing_requested_on and (
        proof := services.last_service(case, PaperKind.HEARING_NOTICE)
    ):
        offered["announce_hearing"].initial["told_on"] = proof.served_on
    if case.state == State.DECIDED and (
        proof := services.last_service(case, SERVED_WITH[case.colour][0])
    ):
        how = proof.get_how_display()
        offered["serve"].initial.update(served_on=proof.served_on, how=how)


def _what_may_happen(entry: ListEntry, officer: Any, today: date) -> dict[str, Any]:
    """A suspension that waits for a second officer, and whether this one may answer."""
    suspended = entry.colour == "red" and not ListEntry.objects.in_force(today).filter(pk=entry.pk)
    resume = suspensions.pending(entry.case) if suspended else None
    return {
        "suspension": entry.suspensions.last() if suspended else None,
        "resume_asked": resume,
        "may_resume": suspensions.answer_ruling(officer, resume),
    }


def _judged(entry: ListEntry, officer: Any, today: date) -> dict[str, Any]:
    """What a judgment asks for, of an entry that stands or left, and whether this officer may carry it out."""
    change = outcomes.pending_change(entry)
    annulled = outcomes.pending_annulment(entry, today)
    return {
        "void": ListEntry.objects.void().filter(pk=entry.pk).exists(),
        "rests_on_void": entry.former_id
        and ListEntry.objects.void().filter(pk=entry.former_id).exists(),
        "change": change,
        "may_change": outcomes.change_ruling(officer, change),
        "annulled": annulled,
        "may_annul": outcomes.annulment_ruling(officer, annulled),
    }


def _offers(case: ListCase) -> Offers:
    """What the forms of this case offer to choose from."""
    hearing = case.state == State.NOTICE_SENT
    return Offers(
        conditions=unchecked(case) if case.state == State.PROPOSED else {},
        arguments=list(case.arguments.filter(opinion="")) if hearing else (),
        chairs=chairs(case),
        grounds=case.grounds,
    )


@office
@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Do one step of a case."""
    found = get_object_or_404(cases_seen_by(request), pk=pk)
    if action not in ACTIONS:
        raise Http404
    form_class, verb = ACTIONS[action]
    today = timezone.localdate()
    form = form_class(request.POST, today=today)
    _offers(found).fill(form)
    worded(form, found.colour)
    if not form.is_valid():
        return _show_case(request, found, form, action)
    try:
        done = verb(found, officer=request.user, today=today, **form.cleaned_data)
    except acts.RefusedError as refused:
        # As it stands, not as the act left it.
        found = get_object_or_404(cases_seen_by(request), pk=pk)
        return _show_case(request, found, form, action, refused.printed)
    messages.success(request, "已登记。")
    return redirect("credit:case", done.pk if isinstance(done, ListCase) else pk)


__all__ = [
    "act",
    "case",
    "cases",
    "office",
    "open_case",
    "proposals",
]
