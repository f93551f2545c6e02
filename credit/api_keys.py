"""Who calls a keyed address: a source system by its key, ``Authorization: Bearer KEY``."""

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from credit.acts.sources import hashed
from credit.api_manners import PARTNERS
from credit.models import SourceSystem

LONGEST_KEY = 200


def _system_of(request: HttpRequest) -> str | None:
    """The source system that asks, so that it may ask more often than an address without a key."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    found = _usable(key) if scheme.lower() == "bearer" else None
    return f"source {found.pk}" if found else None


def _usable(key: str) -> SourceSystem | None:
    if not 0 < len(key) <= LONGEST_KEY:
        return None
    usable = SourceSystem.objects.usable(timezone.localdate()).select_related("place")
    return usable.filter(key_hash=hashed(key)).first()


PARTNERS.append(_system_of)


class SourceKey(HttpBearer):
    """``request.auth`` is the SourceSystem; no, an unknown, stopped or expired key is answered with 401."""

    def authenticate(self, request: HttpRequest, token: str) -> SourceSystem | None:
        """The system of the key."""
        return _usable(token)
