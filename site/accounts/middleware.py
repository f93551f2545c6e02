"""No staff page without a second factor."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

STAFF_PAGES = ("/admin/", "/django-admin/", "/credit/office/", "/learn/office/")


class StaffSecondFactor:
    """Sends staff to set up, or to use, a TOTP before any staff page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(STAFF_PAGES) and request.user.is_authenticated:
            target = urlencode({"next": request.get_full_path()})
            if not is_mfa_enabled(request.user):
                return redirect(f"{reverse('mfa_activate_totp')}?{target}")
            methods = {
                record.get("method") for record in get_authentication_records(request, request.user)
            }
            if "mfa" not in methods:
                return redirect(f"{reverse('mfa_reauthenticate')}?{target}")
        return self.get_response(request)
