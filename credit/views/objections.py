"""Objections: the office hands out and answers; the public reads how many, how long, how often upheld."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from credit.acts import objections as acts
from credit.acts.attachments import files_of
from credit.acts.casework import RefusedError
from credit.acts.reach import register_of
from credit.models import ListEntry, Objection, ObjectionStep
from credit.rules.objections import FEWEST, answer_due
from credit.views.parties import office
from credit.views.party_forms import AnswerForm

PAGE_SIZE = 20


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The public's page: by year, no enterprise is named."""
    context = {"years": acts.statistics(), "fewest": FEWEST, "days": answer_due}
    return render(request, "credit/objection_figures.html", context)


@office
@require_safe
def objections(request: HttpRequest) -> HttpResponse:
    """Open ones first by day of receipt; ``closed`` shows the others."""
    found = Objection.objects.filter(enterprise__in=register_of(request.user))
    closed = request.GET.get("state") == "closed"
    found = found.closed().order_by("-pk") if closed else found.open().order_by("raised_on", "pk")
    steps = Prefetch("steps", ObjectionStep.objects.select_related("to").order_by("pk"))
    found = found.select_related("enterprise").prefetch_related(steps)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "shown": [(row, answer_due(row.raised_on), list(row.steps.all())[-1:]) for row in page],
        "closed": closed,
        "query": "state=closed&" if closed else "",
        "today": timezone.localdate(),
    }
    return render(request, "credit/office/objections.html", context)


def _objection(request: HttpRequest, pk: int) -> Objection:
    found = Objection.objects.filter(enterprise__in=register_of(request.user))
    one: Objection = get_object_or_404(found.select_related("enterprise__place", "by"), pk=pk)
    return one


@office
@require_safe
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection with the line, the files, the steps."""
    return _show(request, _objection(request, pk))


def _show(
    request: HttpRequest, found: Objection, form: AnswerForm | None = None, refusal: str = ""
) -> HttpResponse:
    row = acts.subject_row(found)
    steps = list(found.steps.select_related("by", "to"))
    entry = isinstance(row, ListEntry)
    standing = row.removed_on is None if entry else not (row.replaced_at or row.withdrawn_at)
    closed = any(one.action != "assign" for one in steps)
    context: dict[str, Any] = {
        "objection": found,
        "row": row,
        "entry": entry,
        "kind": row._meta.model_name,
        "steps": steps,
        "closed": closed,
        "to_mend": standing and any(one.action == "uphold" for one in steps),
        "due": answer_due(found.raised_on),
        "today": timezone.localdate(),
        "files": files_of(found),
        "ruling": acts.answer_ruling(found, request.user),
        "may_write": request.user.has_perm(acts.ANSWER) and not closed,
        "others": acts.who_may(found) if not closed else [],
        "form": form or AnswerForm(today=timezone.localdate()),
        "refusal": refusal,
    }
    status = 422 if form else 200
    return render(request, "credit/office/objection.html", context, status=status)


@office
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand it to an officer."""
    found = _objection(request, pk)
    chosen = [one for one in acts.who_may(found) if str(one.pk) == request.POST.get("to")]
    if not chosen:
        messages.error(request, "请选一名可以办理的人员。")
        return redirect("credit:objection", pk)
    try:
        acts.assign(found, officer=request.user, to=chosen[0], today=timezone.localdate())
    except RefusedError as refused:
        messages.error(request, refused.printed)
    else:
        messages.success(request, f"已交给 {chosen[0]} 办理。")
    return redirect("credit:objection", pk)


@office
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer it."""
    found, today = _objection(request, pk), timezone.localdate()
    form = AnswerForm(request.POST, today=today)
    if not form.is_valid():
        return _show(request, found, form)
    upheld, reason = form.cleaned_data["outcome"] == "uphold", form.cleaned_data["reason"]
    try:
        acts.answer(found, officer=request.user, upheld=upheld, reason=reason, today=today)
    except RefusedError as refused:
        return _show(request, found, form, refused.printed)
    messages.success(request, "已答复，企业会收到消息。")
    return redirect("credit:objection", pk)
