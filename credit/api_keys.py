"""Who calls a keyed address: a source system by its key, ``Authorization: Bearer KEY``."""

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from credit.acts.sources import hashed
from credit.models import SourceSystem

LONGEST_KEY = 200


class SourceKey(HttpBearer):
    """``request.auth`` is the SourceSystem; no, an unknown, stopped or expired key is answered with 401."""

    def authenticate(self, request: HttpRequest, token: str) -> SourceSystem | None:
        """The system of the key."""
        if not 0 < len(token) <= LONGEST_KEY:
            return None
        usable = SourceSystem.objects.usable(timezone.localdate()).select_related("place")
        return usable.filter(key_hash=hashed(token)).first()
