"""A person's own page: who I am, what is still to fill in, and a new password for a forgotten one."""

import time
from typing import cast

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.password_change import finalize_password_change
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

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
    since = time.time() - app_settings.LOGIN_BY_CODE_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "code" and record["at"] >= since for record in records)
