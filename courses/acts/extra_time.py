"""More time for one person: by whom, why; the deadline in the database moves with the row."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum

from courses.acts.identity import people_of
from courses.acts.sitting import RefusedError, due, figures
from courses.models import Attempt, Enrolment, ExtraTime
from courses.models.reach import INVIGILATE
from courses.rules.rooms import ARTICLE, may_grant
from credit.acts.audit import log
from credit.rules.ruling import Ruling


def granted(enrolment: Enrolment) -> int:
    """Minutes that every later attempt of the round gets."""
    rows = ExtraTime.objects.filter(enrolment=enrolment, attempt=None)
    return rows.aggregate(found=Sum("minutes"))["found"] or 0


@transaction.atomic
def grant(enrolment: Enrolment, *, minutes: int, reason: str, by: Any, now: datetime) -> ExtraTime:
    """More minutes for the attempt that runs; without one, for all attempts of the round that begin later.

    Raises RefusedError.
    """
    if not by.has_perm(INVIGILATE):
        raise RefusedError(Ruling(False, "您没有管考场的权限", ARTICLE))
    if not people_of(by, now).filter(pk=enrolment.person_id).exists():
        raise RefusedError(Ruling(False, "这名考生不归您管", ARTICLE))
    # The same order of locks as a start: enrolment, then attempt.
    Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    running = Attempt.objects.open().select_for_update(of=("self",)).filter(enrolment=enrolment)
    attempt = running.first()
    reason = " ".join(reason.split())
    before = granted(enrolment)
    if attempt is not None:
        mine = attempt.extra_time.aggregate(found=Sum("minutes"))["found"] or 0
        before = mine + _at_start(attempt)
    ruling = may_grant(
        minutes=minutes,
        granted=before,
        most=figures(now).amount("extra_time"),
        reason=reason,
        own=by.pk == enrolment.person_id,
        over=attempt is not None and due(attempt, now),
    )
    if not ruling:
        raise RefusedError(ruling)
    row = ExtraTime.objects.create(
        enrolment=enrolment,
        minutes=minutes,
        reason=reason,
        by=by,
        at=now,
        **_moved(attempt, minutes),
    )
    if attempt is not None:
        Attempt.objects.filter(pk=attempt.pk).update(deadline=row.deadline_after)
    log("exam.extra_time", by=by, subject=row, minutes=minutes, reason=reason)
    return row


def _at_start(attempt: Attempt) -> int:
    """What the attempt had beyond the exam's own minutes when it began."""
    rows = ExtraTime.objects.filter(
        enrolment=attempt.enrolment_id, attempt=None, at__lte=attempt.started_at
    )
    return rows.aggregate(found=Sum("minutes"))["found"] or 0


def _moved(attempt: Attempt | None, minutes: int) -> dict[str, Any]:
    if attempt is None:
        return {}
    after = attempt.deadline + timedelta(minutes=minutes)
    return {"attempt": attempt, "deadline_before": attempt.deadline, "deadline_after": after}
