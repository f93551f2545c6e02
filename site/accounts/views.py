"""A person's own page, a new password for a forgotten one, and some of allauth's pages made stricter."""

import time
from typing import Any, cast

from allauth.account import views as allauth
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.password_change import finalize_password_change
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import proof
from accounts.forms import IdentityForm, SetPasswordForm
from accounts.models import User


@sensitive_post_parameters("id_number")
@never_cache
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """Name and number, masked once they are there; the ways to password and second factor."""
    person = cast("User", request.user)
    form = IdentityForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "已保存。")
        return redirect("me")
    came_by_code = _came_by_code(request)
    return render(request, "account/me.html", {"form": form, "came_by_code": came_by_code})


@sensitive_post_parameters("password1", "password2")
@never_cache
@login_required
def new_password(request: HttpRequest) -> HttpResponse:
    """A new password without the old one, soon after a text message proved who it is."""
    if not _came_by_code(request):
        return redirect("account_change_password")
    form = SetPasswordForm(data=request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        finalize_password_change(request, request.user)
        return redirect("me")
    return render(request, "account/password_set.html", {"form": form, "action": request.path})


def _came_by_code(request: HttpRequest) -> bool:
    return proof.last(request, "code") > time.time() - proof.MINUTES * 60


class ConfirmLoginCode(allauth.ConfirmLoginCodeView):  # type: ignore[misc]  # allauth is untyped
    """The code once more, also for a phone without account: that one is told once more that it has none."""

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        if self._process.user is None:
            self._process.send()
            self._process.record_resend()
            self._process.persist()
            return redirect(self.passthrough_next_url(self.request.path))
        response: HttpResponse = super()._resend_form_valid(form)
        return response


confirm_login_code = ConfirmLoginCode.as_view()
# A first password or a new phone is the key to all else: we ask who it is before the page is shown.
_proved = reauthentication_required(app="allauth.account")
change_phone = never_cache(login_required(_proved(allauth.change_phone)))
set_password = never_cache(login_required(_proved(allauth.password_set)))


@login_not_required
def verify_phone(request: HttpRequest) -> HttpResponse:
    """The code of a sign-up, or of a new phone; the latter ends on the own page, not on the form again."""
    was = getattr(request.user, "phone", "")
    response: HttpResponse = allauth.verify_phone(request)
    moved = bool(was) and was != getattr(request.user, "phone", was)
    if moved and response.status_code == 302:
        return redirect("me")
    return response


@never_cache
@login_required
def prove_by_code(request: HttpRequest) -> HttpResponse:
    """One without password proves the phone by logging in again, and is led back to what was asked for."""
    after = urlencode({"next": request.GET.get("next", reverse("me"))})
    again = f"{reverse('account_request_login_code')}?{after}"
    return render(request, "account/prove_by_code.html", {"again": again})
