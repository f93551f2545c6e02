"""What is kept of the device on which somebody studies: a digest for some weeks, to notice one for many."""

import secrets
from datetime import date
from typing import Any, Final

from django.utils.crypto import salted_hmac

from courses.models import DeviceDay

COOKIE: Final = "anxin_device"
COOKIE_AGE: Final = 365 * 24 * 3600  # seconds
LONGEST: Final = 64


def new_cookie() -> str:
    """A random number for a device that has none; it says nothing about it."""
    return secrets.token_urlsafe(16)


def note(cookie: str, *, person: Any, today: date) -> None:
    """That ``person`` studied today on the device with this cookie. One statement; twice is once."""
    digest = salted_hmac("courses.device", cookie[:LONGEST], algorithm="sha256").hexdigest()
    one = DeviceDay(device=digest, person_id=person.pk, day=today)
    DeviceDay.objects.bulk_create([one], ignore_conflicts=True)
