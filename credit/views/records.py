"""The officers' page of one record of any kind: what it says, how it was corrected, withdrawal and restoration."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from credit.acts import cases as acts
from credit.acts import history, withdrawals
from credit.acts.casework import calendar
from credit.acts.reach import register_of
from credit.models import MajorHazard, Violation, Withdrawal
from credit.models.kinds import FACT_MODELS
from credit.models.records import Fact
from credit.models.rulesets import in_force, timeline
from credit.rules.violations import publication_due
from credit.rules.workdays import add_working_days
from credit.views.case_forms import StepForm, WithdrawalForm
from credit.views.cases import office

SHOWN = 50


@office
@require_safe
def record(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One record as it was written, and what was recorded of it before and after."""
    return _show(request, kind, fact_of(request, kind, pk))


def fact_of(request: HttpRequest, kind: str, pk: int) -> Fact:
    if kind not in FACT_MODELS:
        raise Http404
    within = FACT_MODELS[kind]._default_manager.filter(enterprise__in=register_of(request.user))
    found: Fact = get_object_or_404(within.select_related("enterprise__place", "batch__by"), pk=pk)
    return found


def _show(
    request: HttpRequest, kind: str, found: Fact, form: StepForm | None = None, refusal: str = ""
) -> HttpResponse:
    today = timezone.localdate()
    rows = list(type(found)._default_manager.versions_of(found).order_by("-pk")[:SHOWN])
    about = Withdrawal.objects.filter(**{f"{kind}__in": [row.pk for row in rows]})
    context = {
        "kind": kind,
        "kind_name": type(found)._meta.verbose_name,
        "record": found,
        "title": getattr(found, "offence", "") or getattr(found, "title", "") or found.source_key,
        "said": history.said_by(found),
        "versions": history.versions(rows),
        "withdrawals": _timed(list(about.select_related("by"))),
        "state": found.state_on(today) if isinstance(found, MajorHazard) else None,
        "action": "restore" if found.withdrawn_at else "withdraw",
        "form": form or WithdrawalForm(today=today),
        "refusal": refusal,
        "may_write": request.user.has_perm(acts.OPEN) and not found.replaced_at,
        "publish_by": _publish_by(found),
        "term": in_force(today).terms["case.annulled"],
    }
    return render(request, "credit/office/record.html", context, status=422 if form else 200)


def _publish_by(found: Fact) -> dict[str, Any] | None:
    """Until when a penalty had to be public, and whether it was recorded here later."""
    if not isinstance(found, Violation):
        return None
    due = publication_due(found.happened_on, calendar(), timeline().on(found.happened_on))
    return {"due": due, "late": timezone.localdate(found.recorded_at) > due.day}


def _timed(rows: list[Withdrawal]) -> list[dict[str, Any]]:
    """Each with the last day by which it was due, where its paper has a day."""
    rules, holidays = timeline(), calendar()

    def due(day: date | None) -> Any:
        if day is None:
            return None
        return add_working_days(day, rules.on(day).terms["case.annulled"].amount, holidays)

    timed = [{"row": row, "due": due(row.paper_on)} for row in rows]
    for one in timed:
        one["late"] = one["due"] is not None and one["row"].on > one["due"].day
    return timed


@office
@require_POST
def mark_record(request: HttpRequest, kind: str, pk: int, action: str) -> HttpResponse:
    """Withdraw a record, or restore it."""
    found = fact_of(request, kind, pk)
    if action not in {"withdraw", "restore"}:
        raise Http404
    today = timezone.localdate()
    form = WithdrawalForm(request.POST, today=today)
    if not form.is_valid():
        return _show(request, kind, found, form)
    verb = withdrawals.withdraw if action == "withdraw" else withdrawals.restore
    try:
        verb(found, officer=request.user, today=today, **form.cleaned_data)
    except acts.RefusedError as refused:
        return _show(request, kind, found, form, refused.printed)
    messages.success(request, "已登记，得分已重新计算。")
    return redirect("credit:record", kind, pk)
