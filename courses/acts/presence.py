"""Ask whether somebody is there, and write the answer. Called inside the turn in which beats are credited."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.crypto import salted_hmac

from courses.models import PresenceCheck
from courses.models.turn import Known
from courses.rules.hours import Clock
from courses.rules.presence import due


def answer(tab: UUID, *, at: datetime) -> None:
    """Close the open question of a page, at the moment that its beat stands for."""
    for check in PresenceCheck.objects.filter(tab=tab, answered_at=None):
        check.answered_at = max(at, check.asked_at)
        check.save(update_fields=["answered_at"])


def ask(token: Any, before: Known, *, now: datetime, rules: Clock) -> datetime | None:
    """Ask, where it is time; when it was asked. ``token``: of the page that reports and is there."""
    since = max(token.opened_at, before.answered_at or token.opened_at)
    said = f"{token.tab}:{since.timestamp()}"
    drawn = int.from_bytes(salted_hmac("courses.presence", said).digest()[:4])
    if not due(since=since, now=now, drawn=drawn, rules=rules):
        return None
    PresenceCheck.objects.create(
        person_id=token.person,
        enrolment_id=token.enrolment,
        lesson_id=token.lesson,
        tab=token.tab,
        asked_at=now,
    )
    return now
