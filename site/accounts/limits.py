"""Five wrong tries of one account in five minutes, then a pause. Counted per account, not per address:
three hundred workers behind one router get in, a guesser of one account does not.

A try is counted as wrong before it is looked at, and forgotten when it was right. Of any number of
guesses made at once, the one whose row came last sees all the others: never more than five are looked at.
"""

import hashlib
import hmac
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.utils import timezone

from accounts.models import FailedTry

TRIES = 5
WINDOW = timedelta(minutes=5)


class Door(StrEnum):
    """Each is counted for itself: who forgot the password still gets in with a text message."""

    PASSWORD = "password"  # noqa: S105  # a name, not a secret
    TEXT_CODE = "text code"
    SECOND_FACTOR = "second factor"


def may_try(door: Door, account: str) -> bool:
    """Count one try of ``account`` at ``door``; False when five of the last five minutes were wrong.

    Call it outside a transaction: others must see the row at once. A refused try is not counted, so that
    a stranger's guesses cannot keep a person out for longer than five minutes after the fifth.
    """
    now = timezone.now()
    FailedTry.objects.filter(at__lte=now - WINDOW).delete()
    this = FailedTry.objects.create(account=_digest(door, account), at=now)
    if FailedTry.objects.filter(account=this.account, at__gt=now - WINDOW).count() <= TRIES:
        return True
    this.delete()
    return False


def forget(door: Door, account: str) -> None:
    """A right try clears the account at this door."""
    FailedTry.objects.filter(account=_digest(door, account)).delete()


def _digest(door: Door, account: str) -> str:
    text = f"{door}:{account}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
