"""Before the phone or the second factor of an account is changed: was it proved just now whose it is?

Who has a second factor proves it by that; others by password, or by a code sent to their phone.
Ten minutes later an open session alone is no proof: the phone may lie on the bench.
"""

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import get_adapter
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User

MINUTES = 10


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session's person was proved within the last minutes."""
    wanted = {"mfa"} if get_adapter().is_mfa_enabled(request.user) else {"password", "code"}
    return last(request, *wanted) > time.time() - MINUTES * 60


def last(request: HttpRequest, *methods: str) -> float:
    """When (seconds since 1970) one of ``methods`` last succeeded in this session; 0 for never."""
    records = get_authentication_records(request, request.user)
    return max((float(r["at"]) for r in records if r["method"] in methods), default=0.0)


def ways(user: User) -> list[dict[str, Any]]:
    """How ``user`` proves it once more: one way, the strongest, in allauth's words."""
    if get_adapter().is_mfa_enabled(user):
        return [
            {"id": "mfa_reauthenticate", "description": "", "url": reverse("mfa_reauthenticate")}
        ]
    if user.has_usable_password():
        return [
            {"id": "reauthenticate", "description": "", "url": reverse("account_reauthenticate")}
        ]
    return [{"id": "code", "description": "", "url": reverse("prove_by_code")}]
