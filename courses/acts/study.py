"""Study: open a lesson, report, finish. The server's clock decides."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from courses.models import Enrolment, LessonPage, LessonProgress, StudyEvent
from courses.models.progress import minutes_up, missing_ms, standing, studied_minutes, studied_ms
from courses.rules import hours

__all__ = [
    "NotYetError",
    "Reported",
    "finish",
    "missing_ms",
    "report",
    "standing",
    "studied_minutes",
    "studied_ms",
]
_MS = timedelta(milliseconds=1)


class NotYetError(Exception):
    """A lesson that cannot be finished yet; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report led to; ``note`` says in Chinese why it earned nothing or less, else empty."""

    progress: LessonProgress
    note: str


# -- Reports from a page ---------------------------------------------------------------------------------


@transaction.atomic
def report(
    enrolment: Enrolment,
    lesson: LessonPage,
    *,
    tab: UUID,
    kind: str = StudyEvent.Kind.BEAT,
    position: int | None = None,
    now: datetime | None = None,
) -> Reported:
    """Write what a tab reported and credit the time that the clock gives it.

    The minute that completes the course may come in a lesson that was finished long ago.
    One report of a person at a time: two tabs at once would otherwise both be credited.
    """
    _lock(enrolment)
    moment = now or timezone.now()
    earned = (
        hours.Credit(0) if kind == StudyEvent.Kind.OPEN else _earned(enrolment, lesson, tab, moment)
    )
    StudyEvent.objects.create(
        person_id=enrolment.person_id,
        enrolment=enrolment,
        lesson=lesson,
        tab=tab,
        kind=kind,
        at=moment,
        credited_ms=earned.milliseconds,
        note=earned.note,
    )
    progress, _ = LessonProgress.objects.get_or_create(enrolment=enrolment, lesson=lesson)
    progress.credited_ms += earned.milliseconds
    if position is not None:
        progress.position = position
    progress.save()
    if progress.finished_at is not None:
        _complete(enrolment, moment)
    return Reported(progress, earned.note)


def _complete(enrolment: Enrolment, at: datetime) -> None:
    """Write when the course was finished, once every lesson and its minutes are done."""
    if enrolment.finished_at is None and standing(enrolment):
        enrolment.finished_at = at
        enrolment.save(update_fields=["finished_at"])


def _lock(enrolment: Enrolment) -> None:
    """Hold the person's row (SQLite holds the whole file while a transaction writes)."""
    people = get_user_model()._default_manager.select_for_update()
    people.only("pk").get(pk=enrolment.person_id)


def _earned(enrolment: Enrolment, lesson: LessonPage, tab: UUID, now: datetime) -> hours.Credit:
    events = StudyEvent.objects.filter(person_id=enrolment.person_id)
    same_tab = events.filter(enrolment=enrolment, lesson=lesson, tab=tab).order_by("-at")
    counted = events.filter(credited_ms__gt=0).order_by("-at")
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = counted.filter(at__gte=midnight).aggregate(total=Sum("credited_ms"))["total"] or 0
    return hours.credit(
        now,
        tab_seen_at=same_tab.values_list("at", flat=True).first(),
        counted_until=counted.values_list("at", flat=True).first(),
        counted_today=today * _MS,
    )


@transaction.atomic
def finish(
    enrolment: Enrolment, lesson: LessonPage, *, tab: UUID, now: datetime | None = None
) -> LessonProgress:
    """Finish a lesson once its minutes are reached. Raises NotYetError with what is missing."""
    progress = report(enrolment, lesson, tab=tab, kind=StudyEvent.Kind.FINISH, now=now).progress
    if progress.finished_at is not None:
        return progress
    missing = lesson.min_minutes * 60_000 - progress.credited_ms
    if missing > 0:
        raise NotYetError(f"还要再学 {minutes_up(missing)} 分钟才能完成这一课")
    progress.finished_at = now or timezone.now()
    progress.save()
    _complete(enrolment, progress.finished_at)
    return progress
