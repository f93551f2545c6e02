"""The office's pages about enterprises as parties: what waits, managers, consents, what was sent in cases."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from credit.acts import managers as acts
from credit.acts import party
from credit.acts.casework import DECIDE, OPEN, RefusedError
from credit.acts.reach import LOOKS, register_of
from credit.models import (
    Enterprise,
    EnterpriseManager,
    Objection,
    PartyStatement,
    RepairApplication,
    ServiceConsent,
)
from credit.views.party_forms import AppointForm, ConsentForm, RevokeForm
from credit.views.portal.gate import View

PAGE_SIZE = 20
SEES = (LOOKS, OPEN, DECIDE, acts.APPOINT)
NOBODY = "登记库里没有这个代码的企业，或不在您的辖区。请核对18位代码。"


def office(view: View) -> View:
    """Only for those who may look at cases."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not any(request.user.has_perm(permission) for permission in SEES):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


@office
@require_safe
def parties(request: HttpRequest) -> HttpResponse:
    """How much of each waits."""
    reach = register_of(request.user)
    waiting = PartyStatement.objects.waiting().filter(case__enterprise__in=reach)
    context = {
        "statements": waiting.select_related("case__enterprise")[:50],
        "objections": Objection.objects.open().filter(enterprise__in=reach).count(),
        "repairs": RepairApplication.objects.under_way().filter(enterprise__in=reach).count(),
        "managers": EnterpriseManager.objects.standing(timezone.localdate())
        .filter(enterprise__in=reach)
        .count(),
    }
    return render(request, "credit/office/parties.html", context)


@office
@require_http_methods(["GET", "HEAD", "POST"])
def managers(request: HttpRequest) -> HttpResponse:
    """Who acts for whom; appoint somebody."""
    form = AppointForm(request.POST or None, today=timezone.localdate())
    refusal = ""
    if request.method == "POST" and form.is_valid():
        refusal = _carry(request, form, acts.appoint, "已登记，本人会收到消息。")
        if not refusal:
            return redirect("credit:managers")
    return _show_managers(request, form, refusal)


def _show_managers(request: HttpRequest, form: Any, refusal: str) -> HttpResponse:
    found = EnterpriseManager.objects.filter(enterprise__in=register_of(request.user))
    found = found.select_related("person", "enterprise", "appointed_by", "revocation__by")
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": form,
        "revoking": RevokeForm(today=timezone.localdate()),
        "refusal": refusal,
        "today": timezone.localdate(),
        "may_write": request.user.has_perm(acts.APPOINT),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "credit/office/managers.html", context, status=status)


@office
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End an appointment."""
    reach = register_of(request.user)
    found = get_object_or_404(EnterpriseManager, enterprise__in=reach, pk=pk)
    form = RevokeForm(request.POST, today=timezone.localdate())
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        acts.revoke(found, by=request.user, reason=reason, today=timezone.localdate())
    except RefusedError as refused:
        messages.error(request, refused.printed)
    else:
        messages.success(request, "已撤销。")
    return redirect("credit:managers")


@office
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: HttpRequest) -> HttpResponse:
    """Who agreed to electronic service; record one."""
    form = ConsentForm(request.POST or None, today=timezone.localdate())
    refusal = ""
    if request.method == "POST" and form.is_valid():
        refusal = _carry(request, form, acts.record_consent, "已登记。")
        if not refusal:
            return redirect("credit:consents")
    found = ServiceConsent.objects.filter(enterprise__in=register_of(request.user))
    found = found.select_related("enterprise", "by").order_by("-pk")
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": form,
        "refusal": refusal,
        "may_write": request.user.has_perm(acts.APPOINT),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "credit/office/consents.html", context, status=status)


def _carry(request: HttpRequest, form: Any, act: Any, done: str) -> str:
    """Find the enterprise and do the act; the refusal in words, or ""."""
    data = dict(form.cleaned_data)
    code = data.pop("uscc").strip().upper()
    firm = Enterprise.objects.filter(pk__in=register_of(request.user), uscc=code).first()
    if firm is None:
        return NOBODY
    try:
        act(firm, by=request.user, today=timezone.localdate(), **data)
    except RefusedError as refused:
        return refused.printed
    messages.success(request, done)
    return ""


@office
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what the party sent into its case."""
    reach = register_of(request.user)
    sent = get_object_or_404(PartyStatement, case__enterprise__in=reach, pk=pk)
    try:
        party.take(sent, officer=request.user, today=timezone.localdate())
    except RefusedError as refused:
        messages.error(request, refused.printed)
    else:
        messages.success(request, "已登记入案。")
    return redirect("credit:case", sent.case_id)
