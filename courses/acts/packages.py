"""Take a package in; keep where a learner stopped in one, and what it claims. It earns no time and ends no lesson."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from courses.models import (
    ActivityEvent,
    CoursePackage,
    Enrolment,
    LessonPage,
    LessonProgress,
    PackageState,
)
from courses.packages.unpacking import forget, unpack
from courses.rules import cmi
from credit.acts.audit import log
from credit.rules.ruling import Ruling

KINDS = tuple(CoursePackage.Kind.values)


def take_in(file: IO[bytes], *, name: str, by: Any) -> CoursePackage:
    """Unpack and write down. Raises PackageError with everything that is wrong."""
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    found = unpack(file, KINDS)
    try:
        with transaction.atomic():
            package = CoursePackage.objects.create(
                key=found.key,
                kind=found.kind,
                title=found.title,
                items=[asdict(item) for item in found.items],
                notes=list(found.notes),
                files=len(found.entries),
                size=found.size,
                file_name=name[-200:],
                digest=digest.hexdigest(),
                by=by,
                at=timezone.now(),
            )
            log(
                "package.take_in",
                by=by,
                subject=package,
                title=found.title,
                files=len(found.entries),
            )
    except BaseException:
        forget(found.key)
        raise
    return package


def started(
    enrolment: Enrolment, lesson: LessonPage, package: CoursePackage, item: Mapping[str, Any]
) -> dict[str, Any]:
    """What the player of ``item`` is told. Its learner is a number that only this package knows."""
    state = PackageState.objects.filter(
        enrolment=enrolment, lesson=lesson, package=package, item=item["identifier"]
    ).first()
    said = f"{package.key}:{enrolment.person_id}"
    return {
        "kind": package.kind,
        "launch": item["launch"],
        "parameters": item["parameters"],
        "data": dict(item["data"]),
        "learner": salted_hmac("courses.packages.learner", said).hexdigest()[:20],
        "values": state.values if state else {},
    }


@transaction.atomic
def keep(
    enrolment: Enrolment,
    lesson: LessonPage,
    package: CoursePackage,
    item: Mapping[str, Any],
    *,
    block: UUID,
    values: Any,
    now: datetime | None = None,
) -> Ruling:
    """Keep what a package said; whether what it claims counts. Raises ValueError for what is not of the form.

    A new claim is a row of its own: what it says now, beside what the ledger said then.
    """
    now = now or timezone.now()
    told = cmi.accepted(package.kind, values)
    PackageState.objects.update_or_create(
        enrolment=enrolment,
        lesson=lesson,
        package=package,
        item=item["identifier"],
        defaults={"values": told, "at": now},
    )
    found = cmi.outcome(package.kind, told, item["data"].get("mastery", ""))
    credited = (
        LessonProgress.objects.filter(enrolment=enrolment, lesson=lesson)
        .values_list("credited_ms", flat=True)
        .first()
    ) or 0
    ruling = cmi.counts(found, credited_ms=credited, needed_ms=lesson.min_minutes * 60_000)
    _write(enrolment, lesson, block, item["identifier"], found, credited, now)
    return ruling


def _write(
    enrolment: Enrolment,
    lesson: LessonPage,
    block: UUID,
    item: str,
    found: cmi.Outcome,
    credited: int,
    now: datetime,
) -> None:
    score = None if found.score is None else Decimal(str(found.score))
    last = (
        ActivityEvent.objects.filter(enrolment=enrolment, lesson=lesson, block=block, item=item)
        .order_by("-pk")
        .first()
    )
    if last and (last.done, last.score, last.said["claims"]) == (found.done, score, found.name):
        return
    ActivityEvent.objects.create(
        enrolment=enrolment,
        lesson=lesson,
        block=block,
        item=item,
        kind=ActivityEvent.Kind.PACKAGE,
        said={"claims": found.name, "credited_ms": credited},
        done=found.done,
        score=score,
        at=now,
    )
