"""No staff page without a second factor, shown today and in use since."""

import time
from collections.abc import Callable
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts import confirming, proof
from accounts.permissions import works_here
from accounts.roles import ADMIN_PAGES

STAFF_PAGES = ("/admin/", "/django-admin/", "/credit/office/", "/learn/office/")
SEEN = "anxin_staff_seen"  # in the session: when a staff page was last asked for


class StaffSecondFactor:
    """Sends staff to set up, or to use, a TOTP before any staff page.

    Whoever may not enter an admin site is refused here: those sites would send a person who is
    logged in to the login page, which sends back, for ever. In the offices the page itself looks at
    permissions, and whoever holds one counts as staff here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(STAFF_PAGES) or not request.user.is_authenticated:
            return self.get_response(request)
        if not _may_enter(request):
            raise PermissionDenied
        if request.user.set_up_by_id:
            return confirming.must_wait(request)
        if works_here(request.user):
            return self._ask(request) or self.get_response(request)
        return self.get_response(request)

    def _ask(self, request: HttpRequest) -> HttpResponse | None:
        target = urlencode({"next": request.get_full_path()})
        if not is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            request.session["anxin_staff_page"] = request.get_full_path()
            return redirect(f"{reverse('mfa_activate_totp')}?{target}")
        if not _is_at_work(request):
            return redirect(f"{reverse('mfa_reauthenticate')}?{target}")
        return None


def _is_at_work(request: HttpRequest) -> bool:
    """Whether the second factor was shown, some hours ago at most, with no long pause since."""
    now, shown = time.time(), proof.last(request, "mfa")
    seen = max(shown, request.session.get(SEEN, 0.0))
    if now - shown > settings.STAFF_HOURS * 3600 or now - seen > settings.STAFF_IDLE_MINUTES * 60:
        return False
    if now - seen > 60:  # noted once a minute: each note is a write
        request.session[SEEN] = now
    return True


def _may_enter(request: HttpRequest) -> bool:
    if request.path_info.startswith("/admin/"):
        return request.user.has_perm(ADMIN_PAGES)
    return request.user.is_staff or not request.path_info.startswith("/django-admin/")
