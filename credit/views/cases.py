"""The officers' desk: proposals, cases and their steps. It carries: the acts decide what is allowed."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from credit.acts import cases as acts
from credit.acts.proposals import candidates
from credit.models import Enterprise, ListCase, ListEntry
from credit.rules.cases import OPEN_STATES, State, hearing_due, service_due

PAGE_SIZE = 20
SEES = ("credit.view_listcase", acts.OPEN, acts.DECIDE)
View = Callable[..., HttpResponseBase]


def office(view: View) -> View:
    """Only for those who may see cases."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not any(request.user.has_perm(permission) for permission in SEES):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


def _cases(request: HttpRequest) -> QuerySet[ListCase]:
    """The cases in reach; one who holds no posting but may view (auditor) sees all."""
    cases = ListCase.objects.select_related("enterprise__place", "opened_by", "decided_by")
    if _sees_all(request):
        return cases
    return cases.filter(pk__in=ListCase.objects.in_reach_of(request.user).values("pk"))


def _register(request: HttpRequest) -> QuerySet[Enterprise]:
    if _sees_all(request):
        return Enterprise.objects.all()
    return Enterprise.objects.in_reach_of(request.user)


def _sees_all(request: HttpRequest) -> bool:
    acting = request.user.has_perm(acts.OPEN) or request.user.has_perm(acts.DECIDE)
    return bool(request.user.is_superuser) or not acting


@office
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits: proposals, and cases by state."""
    today = timezone.localdate()
    register = _register(request)
    counted = dict(_cases(request).order_by().values_list("state").annotate(Count("pk")))
    context = {
        "black": len(candidates("black", today, among=register)),
        "red": len(candidates("red", today, among=register)),
        "states": [(state, counted.get(state.value, 0)) for state in State],
        "waiting": _cases(request).filter(state__in=OPEN_STATES)[:10],
    }
    return render(request, "credit/office/desk.html", context)


@office
@require_safe
def proposals(request: HttpRequest, colour: str) -> HttpResponse:
    """Enterprises that meet the grounds of a list, with the reasons and the evidence."""
    if colour not in {"black", "red"}:
        raise Http404
    found = candidates(colour, timezone.localdate(), among=_register(request))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"colour": colour, "page": page, "may_open": request.user.has_perm(acts.OPEN)}
    return render(request, "credit/office/proposals.html", context)


@office
@require_POST
def open_case(request: HttpRequest, colour: str, pk: int) -> HttpResponse:
    """Open a case on a proposal."""
    enterprise = get_object_or_404(_register(request), pk=pk)
    try:
        case = acts.open_case(enterprise, colour, officer=request.user, today=timezone.localdate())
    except acts.RefusedError as refused:
        _tell(request, refused)
        return redirect("credit:proposals", colour)
    messages.success(request, "已立案。下一步：告知当事人。")
    return redirect("credit:case", case.pk)


@office
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Every case in reach, newest first; ``state`` narrows."""
    found = _cases(request)
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
    return _show_case(request, get_object_or_404(_cases(request), pk=pk))


def _show_case(
    request: HttpRequest, found: ListCase, bound: "StepForm | None" = None, action: str = ""
) -> HttpResponse:
    today = timezone.localdate()
    calendar = acts.calendar()
    offered = {name: form(today=today) for name, (form, _) in ACTIONS.items()}
    if bound is not None:
        offered[action] = bound
    context: dict[str, Any] = {
        "case": found,
        "events": found.events.select_related("actor"),
        "entry": ListEntry.objects.filter(case=found).first(),
        "steps": {s.action: s for s in acts.steps(found, officer=request.user, today=today)},
        "forms": offered,
        "may_write": request.user.has_perm(acts.OPEN),
        "today": today,
    }
    if found.notice_served_on:
        context["hearing_due"] = hearing_due(found.notice_served_on, calendar)
    if found.decided_on:
        context["service_due"] = service_due(found.decided_on, calendar)
    return render(request, "credit/office/case.html", context, status=422 if bound else 200)


# -- Forms: one for each step --------------------------------------------------------------------------


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-control"}, format="%Y-%m-%d")


class StepForm(forms.Form):
    """A step without words."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("class", "form-control")
            field.widget.attrs["id"] = f"{type(self).__name__}-{name}"
            if isinstance(field, forms.DateField):
                field.initial = today
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4


class NoticeForm(StepForm):
    text = forms.CharField(label="告知书正文（事实、理由、依据、权利）", widget=forms.Textarea)
    served_on = forms.DateField(label="当事人签收日期", widget=DayInput)


class StatementForm(StepForm):
    text = forms.CharField(label="陈述、申辩内容", widget=forms.Textarea)
    received_on = forms.DateField(label="收到日期", widget=DayInput)


class OpinionForm(StepForm):
    opinion = forms.CharField(label="对每条意见的复核结论", widget=forms.Textarea)


class HearingRequestForm(StepForm):
    requested_on = forms.DateField(label="申请日期", widget=DayInput)


class HearingForm(StepForm):
    held_on = forms.DateField(label="听证日期", widget=DayInput)
    record = forms.CharField(label="听证笔录要点", widget=forms.Textarea)


class WaiverForm(StepForm):
    waived_on = forms.DateField(label="书面放弃日期", widget=DayInput)
    reason = forms.CharField(label="书面材料名称和编号", max_length=200)


class DecisionForm(StepForm):
    number = forms.CharField(label="决定文号", max_length=60)
    reason = forms.CharField(label="决定理由", widget=forms.Textarea)


class ServiceForm(StepForm):
    served_on = forms.DateField(label="送达日期", widget=DayInput)
    how = forms.CharField(label="送达方式", max_length=100)


class DropForm(StepForm):
    reason = forms.CharField(label="撤回理由", widget=forms.Textarea)


ACTIONS: dict[str, tuple[type[StepForm], Callable[..., Any]]] = {
    "send_notice": (NoticeForm, acts.send_notice),
    "statement": (StatementForm, acts.record_statement),
    "consider": (OpinionForm, acts.consider_statement),
    "request_hearing": (HearingRequestForm, acts.request_hearing),
    "hold_hearing": (HearingForm, acts.hold_hearing),
    "waive": (WaiverForm, acts.waive),
    "hear": (StepForm, acts.close_hearing),
    "decide": (DecisionForm, acts.decide),
    "serve": (ServiceForm, acts.serve),
    "publish": (StepForm, acts.publish),
    "drop": (DropForm, acts.drop),
}


@office
@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Do one step of a case."""
    found = get_object_or_404(_cases(request), pk=pk)
    if action not in ACTIONS:
        raise Http404
    form_class, verb = ACTIONS[action]
    today = timezone.localdate()
    form = form_class(request.POST, today=today)
    if not form.is_valid():
        return _show_case(request, found, form, action)
    try:
        verb(found, officer=request.user, today=today, **form.cleaned_data)
    except acts.RefusedError as refused:
        form.add_error(None, f"{refused.ruling.reason}（{refused.ruling.article}）")
        found.refresh_from_db()
        return _show_case(request, found, form, action)
    messages.success(request, "已登记。")
    return redirect("credit:case", pk)


def _tell(request: HttpRequest, refused: acts.RefusedError) -> None:
    messages.error(request, f"{refused.ruling.reason}（{refused.ruling.article}）")


__all__ = ["act", "case", "cases", "desk", "open_case", "proposals"]
