"""What waits for a person after an import: names without a code, and casualties that changed late."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from credit.acts import casualties as casualty_acts
from credit.acts import names as name_acts
from credit.acts.casework import DECIDE, RefusedError
from credit.acts.reach import register_of
from credit.models import CasualtyProposal, Enterprise, Jurisdiction, NameMatch
from credit.views.cases import office

PAGE_SIZE = 20


def _importing(view: Any) -> Any:
    return login_required(permission_required(name_acts.IMPORT, raise_exception=True)(view))


def matches_seen_by(request: HttpRequest) -> QuerySet[NameMatch]:
    """Those of the own imports, and of systems of the own places; the administrator sees all."""
    if request.user.is_superuser:
        return NameMatch.objects.all()
    places = Jurisdiction.objects.of_officer(request.user)
    return NameMatch.objects.filter(
        Q(batch__by=request.user.pk) | Q(batch__system__place__in=places)
    )


@_importing
@require_safe
def names(request: HttpRequest) -> HttpResponse:
    """Names that wait, each with its near names; below them what was decided."""
    found = matches_seen_by(request).select_related("batch", "enterprise", "by")
    waiting = found.filter(state=NameMatch.State.PENDING)
    page = Paginator(waiting, PAGE_SIZE).get_page(request.GET.get("page"))
    decided = found.exclude(state=NameMatch.State.PENDING)[:PAGE_SIZE]
    context = {"page": page, "decided": decided}
    return render(request, "credit/office/names.html", context)


@_importing
@require_POST
def decide_name(request: HttpRequest, pk: int) -> HttpResponse:
    """It is one of the candidates (``enterprise``), or none of them (empty)."""
    match = get_object_or_404(matches_seen_by(request), pk=pk)
    said = request.POST.get("enterprise", "")
    offered = {str(one["pk"]) for one in match.candidates}
    if said not in offered | {""}:
        messages.error(request, "请从列出的企业里选")
        return redirect("credit:names")
    enterprise = get_object_or_404(Enterprise, pk=int(said)) if said else None
    try:
        name_acts.decide(
            match, enterprise=enterprise, officer=request.user, today=timezone.localdate()
        )
    except RefusedError as refused:
        messages.error(request, refused.printed)
    else:
        messages.success(request, "已记住。把原来的文件再导入一次，这些行就会按您的决定记录。")
    return redirect("credit:names")


class CasualtyForm(forms.Form):
    """Accept or not, and why."""

    accepted = forms.TypedChoiceField(
        choices=[("yes", "同意"), ("no", "不同意")], coerce=lambda said: said == "yes"
    )
    reason = forms.CharField(max_length=1000)


@office
@require_safe
def casualties(request: HttpRequest) -> HttpResponse:
    """Late changes of casualties: newest first."""
    found = CasualtyProposal.objects.filter(accident__enterprise__in=register_of(request.user))
    found = found.select_related("accident__enterprise", "by", "decision__by").order_by("-pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "may_decide": request.user.has_perm(DECIDE)}
    return render(request, "credit/office/casualties.html", context)


@office
@require_POST
def decide_casualties(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide one."""
    within = CasualtyProposal.objects.filter(accident__enterprise__in=register_of(request.user))
    proposal = get_object_or_404(within, pk=pk)
    form = CasualtyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请选择同意或不同意，并写明理由")
        return redirect("credit:casualties")
    try:
        casualty_acts.decide(
            proposal, officer=request.user, today=timezone.localdate(), **form.cleaned_data
        )
    except RefusedError as refused:
        messages.error(request, refused.printed)
    else:
        messages.success(request, "已登记，事故等级和得分已更新。")
    return redirect("credit:casualties")
