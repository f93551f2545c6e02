"""Objections by the enterprise: to which line, what became of it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from credit.acts import objections as acts
from credit.acts.attachments import RefusedError
from credit.models import Attachment, Enterprise, Objection, ObjectionStep
from credit.models.attachments import subject_of
from credit.rules.objections import answer_due
from credit.views.party_forms import ObjectionForm
from credit.views.portal.gate import manager

PAGE_SIZE = 20


@manager
@require_safe
def own_objections(request: HttpRequest, firm: Enterprise) -> HttpResponse:
    """All of the enterprise's, newest first."""
    steps = Prefetch("steps", ObjectionStep.objects.order_by("pk"))
    found = Objection.objects.filter(enterprise=firm).prefetch_related(steps)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    files: dict[str, list[Attachment]] = {}
    for one in Attachment.objects.filter(subject__in=[subject_of(row) for row in page]):
        files.setdefault(one.subject, []).append(one)
    shown = [
        (row, answer_due(row.raised_on), _end(row), files.get(subject_of(row), [])) for row in page
    ]
    context = {"firm": firm, "page": page, "shown": shown, "today": timezone.localdate()}
    return render(request, "credit/portal/objections.html", context)


def _end(objection: Objection) -> ObjectionStep | None:
    """The step that closed it."""
    steps = [one for one in objection.steps.all() if one.action != ObjectionStep.Action.ASSIGN]
    return steps[-1] if steps else None


@manager
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, firm: Enterprise, kind: str, pk: int) -> HttpResponse:
    """Object to one line; ``score-violation`` names the line of the score."""
    score = kind.startswith("score-")
    row = acts.line_at(kind.removeprefix("score-"), pk, firm)
    if row is None or (score and kind == "score-entry"):
        raise Http404
    about = "score" if score else "entry" if kind == "entry" else "fact"
    today = timezone.localdate()
    form = ObjectionForm(request.POST or None, request.FILES or None, today=today)
    context: dict[str, Any] = {
        "firm": firm, "row": row, "label": acts.label_of(row), "about": about,
        "form": form, "due": answer_due(today),
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.raise_objection(
                row, about=about, by=request.user, today=today, **form.cleaned_data
            )
        except RefusedError as refused:
            context["refusal"] = refused.printed
        else:
            messages.success(request, f"已收到异议，编号 {made.number}。这一条已标注“有异议”。")
            return redirect("credit:mine_objections", firm.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "credit/portal/object.html", context, status=status)


@manager
@require_POST
def take_back(request: HttpRequest, firm: Enterprise, pk: int) -> HttpResponse:
    """Take an objection back."""
    found = get_object_or_404(Objection, enterprise=firm, pk=pk)
    try:
        acts.take_back(found, by=request.user, today=timezone.localdate())
    except RefusedError as refused:
        messages.error(request, refused.printed)
    else:
        messages.success(request, "已撤回。")
    return redirect("credit:mine_objections", firm.pk)
