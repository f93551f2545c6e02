"""Snapshots of an exam: off by default, only with consent, for some days; every look is a row.

No face is compared with anything: a person looks, and nothing follows by itself.
"""

import secrets
from datetime import datetime, timedelta
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from courses.acts.answers import BadAnswerError
from courses.acts.sitting import RefusedError, figures, lock
from courses.models import Attempt, Exam, Snapshot, SnapshotConsent, SnapshotView
from courses.models.reach import INVIGILATE, learners_of_office
from courses.rules.pictures import PictureError, look_at
from courses.rules.rooms import ROOM
from credit.rules.ruling import Ruling


def said(exam: Exam, agreed: bool | None) -> bool | None:
    """What was said to snapshots; None where the exam takes none. Raises RefusedError for no word at all."""
    if not exam.snapshots:
        return None
    if agreed is None:
        raise RefusedError(Ruling(False, "请先选择是否同意考试中抓拍", ROOM))
    return agreed


def note_consent(attempt: Attempt, agreed: bool | None, now: datetime) -> None:
    """Keep what was said."""
    if agreed is not None:
        SnapshotConsent.objects.create(attempt=attempt, agreed=agreed, at=now)


def every(attempt: Attempt) -> int:
    """Seconds between two snapshots; 0 for none."""
    consent: SnapshotConsent | None = getattr(attempt, "snapshot_consent", None)
    return figures(attempt.started_at).amount("snapshot.every") if consent and consent.agreed else 0


@transaction.atomic
def keep(attempt: Attempt, *, learner: Any, content: bytes, now: datetime) -> Snapshot:
    """Keep one picture of the running attempt.

    Raises Attempt.DoesNotExist for somebody else's, BadAnswerError for no JPEG or too large, RefusedError without
    consent, after the end or too soon after the last.
    """
    locked = lock(attempt, learner)
    gap = every(locked)
    if not gap:
        raise RefusedError(Ruling(False, "这次考试不抓拍", ROOM))
    if locked.submitted_at is not None or now > locked.deadline:
        raise RefusedError(Ruling(False, "考试已经结束", ROOM))
    newest = locked.snapshots.order_by("-taken_at").values_list("taken_at", flat=True).first()
    if newest is not None and now < newest + timedelta(seconds=gap // 2):
        raise RefusedError(Ruling(False, "离上一张太近", ROOM))
    _check(content, figures(now).amount("snapshot.size"))
    days = figures(now).amount("snapshot.days")
    row = Snapshot(
        attempt=locked,
        file=f"snapshots/{locked.pk}/{secrets.token_hex(16)}.jpg",
        size=len(content),
        taken_at=now,
        keep_until=timezone.localdate(now) + timedelta(days=days),
    )
    row.save()  # first: bytes that no row names would never be deleted
    storages["private"].save(row.file, ContentFile(content))
    return row


def _check(content: bytes, kilobytes: int) -> None:
    if len(content) > kilobytes * 1024:
        raise BadAnswerError(f"照片超过 {kilobytes} KB")
    try:
        kind = look_at(content).kind
    except PictureError as fault:
        raise BadAnswerError("不是照片") from fault
    if kind != "jpeg":
        raise BadAnswerError("只收 JPG 照片")


def look(pk: int, *, by: Any, now: datetime) -> IO[bytes]:
    """The bytes of a snapshot, the look noted first.

    Raises Snapshot.DoesNotExist beyond the reach of ``by`` and after its days.
    """
    if not by.has_perm(INVIGILATE):
        raise Snapshot.DoesNotExist
    people = learners_of_office(by, timezone.localdate(now))
    rows = Snapshot.objects.filter(attempt__enrolment__person__in=people, deleted_at=None)
    found = rows.exclude(attempt__enrolment__person=by).get(pk=pk)
    SnapshotView.objects.create(snapshot=found, by=by, at=now)
    return storages["private"].open(found.file)


def forget(*, now: datetime) -> int:
    """Delete the bytes whose days are over, and say when; tells how many. Harmless twice."""
    count = 0
    for row in Snapshot.objects.over(timezone.localdate(now)).iterator():
        storages["private"].delete(row.file)
        count += Snapshot.objects.filter(pk=row.pk, deleted_at=None).update(deleted_at=now)
    return count
