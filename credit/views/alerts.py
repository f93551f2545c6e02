"""The pages of mail alerts: ask, confirm, end. Links open a page with a button: mail programs open links too."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from credit.acts import alerts as acts
from credit.models import Jurisdiction
from credit.tasks import send_alert_confirmation
from credit.views.asof import unindexed
from credit.views.public import enterprise_of


class AddressForm(forms.Form):
    """Where the mails go."""

    address = forms.EmailField(
        label="您的邮箱",
        max_length=200,
        error_messages={"invalid": "邮箱写法不对，例如 name@example.cn", "required": "请填写邮箱"},
        widget=forms.EmailInput(
            attrs={
                "class": "form-control form-control-lg",
                "id": "address",
                "autocomplete": "email",
            }
        ),
    )


@require_http_methods(["GET", "POST"])
def subscribe(request: HttpRequest, kind: str, which: str) -> HttpResponse:
    """Ask for mails about a list, a street with all below it, or an enterprise."""
    target, words = _target(kind, which)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["address"]
        if alert := acts.subscribe(address, target, now=timezone.now()):
            send_alert_confirmation.delay_on_commit(alert.pk)  # type: ignore[attr-defined]  # DjangoTask's
        return _page(request, "asked", words=words)
    return _page(request, "ask", 422 if form.is_bound else 200, words=words, form=form)


def _target(kind: str, which: str) -> tuple[acts.Target, str]:
    if kind == "list" and which in acts.LISTS:
        return which, acts.LISTS[which]
    if kind == "place":
        place = get_object_or_404(Jurisdiction, code=which)
        return place, f"{place.name}的黑名单和红名单"
    if kind == "enterprise":
        found = enterprise_of(which)
        return found, found.name
    raise Http404


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the first mail."""
    alert = acts.read(token, acts.CONFIRM)
    if alert is None:
        return _page(request, "unknown", 404)
    if request.method == "POST":
        acts.confirm(token, today=timezone.localdate())
        return _page(request, "confirmed", words=acts.named(alert))
    return _page(request, "confirm", words=acts.named(alert))


@csrf_exempt  # the key is the link: mail programs end an alert by one POST (RFC 8058)
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link of every mail."""
    if request.method == "POST":
        acts.stop(token)
        return _page(request, "stopped")
    alert = acts.read(token, acts.STOP)
    if alert is None:
        return _page(request, "stopped")
    return _page(request, "stop", words=acts.named(alert))


def _page(request: HttpRequest, state: str, status: int = 200, **context: Any) -> HttpResponse:
    answer = render(request, "credit/alert.html", {"state": state, **context}, status=status)
    patch_cache_control(answer, private=True, no_store=True)
    return unindexed(answer)  # type: ignore[no-any-return]


__all__ = ["confirm", "stop", "subscribe"]
