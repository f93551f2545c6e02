"""Credit repair in the office: accept or ask for more, decide as a second officer, take back after fraud."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from credit.acts import repairs as acts
from credit.acts.attachments import files_of
from credit.acts.casework import RefusedError, calendar
from credit.acts.reach import register_of
from credit.models import RepairApplication, RepairStep
from credit.rules.repair import acceptance_due, decision_due, may_decide
from credit.views.parties import office
from credit.views.party_forms import ReasonForm

PAGE_SIZE = 20
VERBS: Final[dict[str, tuple[str, Callable[..., Any]]]] = {
    "ask_more": ("要求补材料（一次说全）", acts.ask_more),
    "accept": ("受理", acts.accept),
    "grant": ("同意修复", acts.grant),
    "refuse": ("不同意修复", acts.refuse_repair),
    "revoke": ("撤销修复，恢复公示", acts.revoke),
}


@office
@require_safe
def repairs(request: HttpRequest) -> HttpResponse:
    """Those under way, oldest first; ``closed`` shows the others."""
    reach = RepairApplication.objects.filter(enterprise__in=register_of(request.user))
    closed = request.GET.get("state") == "closed"
    waiting = reach.under_way()
    found = reach.exclude(pk__in=waiting.values("pk")) if closed else waiting.order_by("pk")
    found = found.with_state().select_related("enterprise", "violation", "entry")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    holidays, labels = calendar(), dict(RepairStep.Action.choices)
    context = {
        "page": page,
        "shown": [
            (row, labels.get(row.state, "待受理"), acceptance_due(row.applied_on, holidays).day)
            for row in page
        ],
        "closed": closed,
        "query": "state=closed&" if closed else "",
        "today": timezone.localdate(),
    }
    return render(request, "credit/office/repairs.html", context)


def _application(request: HttpRequest, pk: int) -> RepairApplication:
    found = RepairApplication.objects.filter(enterprise__in=register_of(request.user))
    related = ("enterprise", "violation", "entry__case", "by")
    one: RepairApplication = get_object_or_404(found.select_related(*related), pk=pk)
    return one


@office
@require_safe
def repair(request: HttpRequest, pk: int) -> HttpResponse:
    """One application with its papers, conditions and steps."""
    return _show(request, _application(request, pk))


def _show(
    request: HttpRequest, found: RepairApplication, bound: Any = None, refusal: str = ""
) -> HttpResponse:
    holidays, accepted, today = calendar(), acts.accepted(found), timezone.localdate()
    state = acts.state_of(found)
    forms: dict[str, Any] = {
        one: ReasonForm(today=today) for one in _open_steps(found, state, request.user)
    }
    if bound and bound[0] in forms:
        forms[bound[0]] = bound[1]
    context = {
        "application": found,
        "state": state,
        "steps": found.steps.select_related("by"),
        "files": files_of(found),
        "coaching": acts.coach_of(found, today),
        "forms": [(one, VERBS[one][0], form) for one, form in forms.items()],
        "accept_by": acceptance_due(found.applied_on, holidays),
        "decide_by": decision_due(accepted.on, holidays) if accepted else None,
        "ruling": may_decide(request.user.pk, accepted.by_id if accepted else None),
        "today": today,
        "refusal": refusal,
    }
    status = 422 if bound else 200
    return render(request, "credit/office/repair.html", context, status=status)


def _open_steps(found: RepairApplication, state: str | None, person: Any) -> list[str]:
    """What this person may do from the state."""
    accepts, decides = person.has_perm(acts.ACCEPT), person.has_perm(acts.DECIDE)
    if state is None and accepts:
        return ["accept", "ask_more"]
    if state == "supplement" and accepts:
        return ["accept"]
    if state == "ask_more" and accepts:
        return ["accept"]
    if state == "accept" and decides:
        return ["grant", "refuse"]
    return ["revoke"] if state == "grant" and decides and found.violation_id else []


@office
@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Do one step."""
    found, today = _application(request, pk), timezone.localdate()
    if action not in VERBS:
        raise Http404
    form = ReasonForm(request.POST, today=today)
    form.fields["reason"].required = action != "accept"
    if not form.is_valid():
        return _show(request, found, (action, form))
    said = {} if action == "accept" else {"reason": form.cleaned_data["reason"]}
    try:
        VERBS[action][1](found, officer=request.user, today=today, **said)
    except RefusedError as refused:
        return _show(request, found, (action, form), refused.printed)
    messages.success(request, "已登记。")
    return redirect("credit:repair", pk)
