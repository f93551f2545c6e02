"""Five wrong tries of one account in five minutes, then a pause. Counted per account, not per address:
three hundred workers behind one router get in, a guesser of one account does not.
"""

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import FailedTry

TRIES = 5
WINDOW = timedelta(minutes=5)


def _digest(account: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), account.encode(), hashlib.sha256).hexdigest()


def is_paused(account: str) -> bool:
    """Whether ``account`` used up its wrong tries of the last five minutes."""
    since = timezone.now() - WINDOW
    return FailedTry.objects.filter(account=_digest(account), at__gte=since).count() >= TRIES


def count_failure(account: str) -> None:
    """Remember a wrong try, and forget what is past the window."""
    FailedTry.objects.filter(at__lt=timezone.now() - WINDOW).delete()
    FailedTry.objects.create(account=_digest(account))


def forget(account: str) -> None:
    """A right try clears the account."""
    FailedTry.objects.filter(account=_digest(account)).delete()
