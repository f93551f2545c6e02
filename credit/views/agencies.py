"""The office's page of agencies: who is told, who has not confirmed a removal; and the agency's own press."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from credit.acts import agencies as acts
from credit.acts import pushing
from credit.acts.casework import RefusedError
from credit.models import Agency, Colour, Delivery
from credit.views.cases import office

PAGE_SIZE = 20
ACTIONS = frozenset({"pause", "resume", "renew"})


class AgencyForm(forms.Form):
    """A new agency."""

    name = forms.CharField(
        label="机构名称", max_length=80, error_messages={"required": "请填写机构名称"}
    )
    url = forms.CharField(
        label="推送地址", max_length=300, error_messages={"required": "请填写推送地址"}
    )
    lists = forms.MultipleChoiceField(
        label="推送哪个名单",
        choices=Colour.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一个名单"},
    )


@office
@require_http_methods(["GET", "HEAD", "POST"])
def agencies(request: HttpRequest) -> HttpResponse:
    """Who has not confirmed a removal, every agency, and the form for a new one."""
    _may_look(request)
    form = AgencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            agency, secret, key = acts.enter_agency(**form.cleaned_data, officer=request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            return _show_secrets(request, agency, secret, key)
    counted = Agency.objects.annotate(
        unsent=Count("deliveries", filter=Q(deliveries__status__in=["waiting", "failed"])),
        unconfirmed=Count(
            "deliveries",
            filter=Q(deliveries__op="DEL", deliveries__acknowledged_at__isnull=True),
        ),
    )
    context = {
        "form": form,
        "agencies": counted,
        "awaiting": acts.awaiting(timezone.localdate()),
        "may_manage": request.user.has_perm(acts.MANAGE),
    }
    return render(
        request, "credit/office/agencies.html", context, status=422 if form.errors else 200
    )


@office
@require_safe
def agency(request: HttpRequest, pk: int) -> HttpResponse:
    """One agency and everything it was told."""
    _may_look(request)
    found = get_object_or_404(Agency, pk=pk)
    told = found.deliveries.select_related("entry__entry__enterprise")
    context = {
        "agency": found,
        "page": Paginator(told, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_manage": request.user.has_perm(acts.MANAGE),
    }
    return render(request, "credit/office/agency.html", context)


@office
@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Pause an agency, go on with it, or give it new secrets."""
    found = get_object_or_404(Agency, pk=pk)
    if action not in ACTIONS:
        raise Http404
    try:
        if action == "renew":
            return _show_secrets(request, found, *acts.renew_secrets(found, officer=request.user))
        acts.set_active(found, action == "resume", officer=request.user)
    except RefusedError as refused:
        raise PermissionDenied from refused
    messages.success(request, "已恢复推送。" if action == "resume" else "已暂停推送。")
    return redirect("credit:agency", found.pk)


@office
@require_POST
def delivery(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Send a message again, or write down that the agency confirmed it by telephone or letter."""
    found = get_object_or_404(Delivery, pk=pk)
    if not request.user.has_perm(acts.MANAGE):
        raise PermissionDenied
    if action == "again":
        done, words = pushing.send_again(found), "已排队，马上再推送。"
    elif action == "confirm":
        done, words = acts.confirm_by_hand(found, officer=request.user), "已登记对方确认。"
    else:
        raise Http404
    if done:
        messages.success(request, words)
    else:
        messages.warning(request, "这条消息不需要这样办理，请看它现在的状态。")
    return redirect("credit:agency", found.agency_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the signed link in a push: the agency presses once to confirm."""
    found = pushing.of_token(token)
    if found is None:
        raise Http404
    if request.method == "POST":
        pushing.acknowledge(found, how="link", now=timezone.now())
        return redirect("credit:acknowledge", token)
    answer = render(request, "credit/acknowledge.html", {"delivery": found})
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _may_look(request: HttpRequest) -> None:
    looks = ("credit.view_agency", acts.MANAGE)
    if not any(request.user.has_perm(permission) for permission in looks):
        raise PermissionDenied


def _show_secrets(request: HttpRequest, found: Agency, secret: str, key: str) -> HttpResponse:
    """Shown once, kept by no cache (the office's pages never are)."""
    context: dict[str, Any] = {"agency": found, "secret": secret, "key": key}
    return render(request, "credit/office/agency_secrets.html", context)
