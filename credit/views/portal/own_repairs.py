"""Credit repair for the enterprise: the coach, the application, its progress."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from credit.acts import repairs as acts
from credit.acts.attachments import RefusedError, files_of
from credit.acts.casework import calendar
from credit.models import Enterprise, ListEntry, RepairApplication, RepairStep, Violation
from credit.rules.repair import PAPERS, acceptance_due, decision_due
from credit.views.party_forms import RepairForm, SupplementForm
from credit.views.portal.gate import manager

MOST = 50


@manager
@require_safe
def own_repairs(request: HttpRequest, firm: Enterprise) -> HttpResponse:
    """What can be repaired, from when; and every application."""
    today = timezone.localdate()
    penalties = Violation.objects.public(today).filter(enterprise=firm).order_by("-happened_on")
    entries = ListEntry.objects.in_force(today).filter(enterprise=firm, colour="black")
    under_way = RepairApplication.objects.filter(enterprise=firm).under_way()
    asked = {(one.source, one.identity, one.entry_id): one for one in under_way}
    context = {
        "firm": firm,
        "today": today,
        "penalties": [
            (row, acts.coach(row, today))
            for row in penalties[:MOST]
            if (row.source, row.identity, None) not in asked
        ],
        "entries": [
            (row, acts.coach(row, today)) for row in entries if ("", "", row.pk) not in asked
        ],
        "applications": RepairApplication.objects.filter(enterprise=firm)
        .with_state()
        .select_related("violation", "entry")[:MOST],
        "labels": dict(RepairStep.Action.choices),
    }
    return render(request, "credit/portal/repairs.html", context)


@manager
@require_http_methods(["GET", "HEAD", "POST"])
def coach(request: HttpRequest, firm: Enterprise, kind: str, pk: int) -> HttpResponse:
    """The earliest day, the conditions, the papers; and the form where it may be sent today."""
    today = timezone.localdate()
    row = acts.row_at(kind, pk, firm, today)
    if row is None:
        raise Http404
    form = RepairForm(request.POST or None, request.FILES or None, today=today)
    context: dict[str, Any] = {
        "firm": firm, "row": row, "kind": kind, "coaching": acts.coach(row, today),
        "papers": PAPERS, "form": form, "under_way": acts.applied_for(row).under_way().first(),
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.apply(row, by=request.user, today=today, **form.cleaned_data)
        except RefusedError as refused:
            context["refusal"] = refused.printed
        else:
            messages.success(request, f"已收到申请，编号 {made.number}。")
            return redirect("credit:mine_repair_file", firm.pk, made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "credit/portal/coach.html", context, status=status)


@manager
@require_safe
def application(request: HttpRequest, firm: Enterprise, pk: int) -> HttpResponse:
    """Where one application stands."""
    return _show(request, firm, get_object_or_404(RepairApplication, enterprise=firm, pk=pk))


def _show(
    request: HttpRequest,
    firm: Enterprise,
    found: RepairApplication,
    form: Any = None,
    refusal: str = "",
) -> HttpResponse:
    holidays, accepted = calendar(), acts.accepted(found)
    context = {
        "firm": firm,
        "application": found,
        "steps": found.steps.all(),
        "state": acts.state_of(found),
        "files": files_of(found).filter(for_party=True),
        "accept_by": acceptance_due(found.applied_on, holidays),
        "decide_by": decision_due(accepted.on, holidays) if accepted else None,
        "form": form or SupplementForm(today=timezone.localdate()),
        "refusal": refusal,
    }
    status = 422 if form else 200
    return render(request, "credit/portal/repair.html", context, status=status)


@manager
@require_POST
def change(request: HttpRequest, firm: Enterprise, pk: int, action: str) -> HttpResponse:
    """Add what was missing, or take the application back."""
    if action not in {"take_back", "supplement"}:
        raise Http404
    found = get_object_or_404(RepairApplication, enterprise=firm, pk=pk)
    today = timezone.localdate()
    form = SupplementForm(request.POST, request.FILES, today=today)
    try:
        if action == "take_back":
            acts.take_back(found, by=request.user, today=today)
        elif form.is_valid():
            acts.supplement(found, by=request.user, today=today, **form.cleaned_data)
        else:
            return _show(request, firm, found, form)
    except RefusedError as refused:
        return _show(request, firm, found, form, refused.printed)
    messages.success(request, "已登记。")
    return redirect("credit:mine_repair_file", firm.pk, pk)
