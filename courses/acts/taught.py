"""Hours of what was taught to many at once, as the person's next event of the ledger; and the lessons they finish."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from courses.acts.study import append, complete
from courses.models import Enrolment, LessonPage, LessonProgress, StudyEvent
from courses.models.turn import known, midnight
from courses.rules import classes as rules
from courses.rules.hours import Span


def credit(
    enrolment: Enrolment,
    lesson: LessonPage,
    *,
    tab: UUID,
    sequence: int,
    kind: str,
    there: Span,
    within: Span,
    note: Callable[[str], str],
    now: datetime,
) -> int:
    """Credit the time in which somebody was ``there``, bounded by ``within``; milliseconds.

    Call it within ``in_turn``. ``note`` makes what the learner reads of what did not count.
    """
    day = timezone.localdate(within[0])
    before = known(
        enrolment.person_id, enrolment.pk, lesson.pk, tab=tab, since=midnight(day), now=now
    )
    earned, end = rules.attended(
        *there, starts_at=within[0], ends_at=within[1], covered=before.covered,
        counted=before.counted_on(day),
    )  # fmt: skip
    event = StudyEvent(
        person_id=enrolment.person_id, enrolment_id=enrolment.pk, lesson_id=lesson.pk, tab=tab,
        sequence=sequence, kind=kind, began_at=earned.began_at, at=min(end, there[1]),
        received_at=now, credited_ms=earned.milliseconds, note=note(earned.note)[:300],
    )  # fmt: skip
    append([event], before)
    _finish_if_reached(enrolment.pk, lesson, now)
    return earned.milliseconds


def _finish_if_reached(enrolment_id: int, lesson: LessonPage, now: datetime) -> None:
    """A lesson whose minutes are reached is finished, and with the last one the course."""
    enough = LessonProgress.objects.filter(
        enrolment=enrolment_id, lesson=lesson, finished_at=None,
        credited_ms__gte=lesson.min_minutes * 60_000,
    )  # fmt: skip
    if enough.update(finished_at=now):
        complete(enrolment_id, now)


def course_is_done(enrolment_id: int) -> bool:
    """Whether what the person owes may have changed."""
    return Enrolment.objects.filter(pk=enrolment_id, finished_at__isnull=False).exists()
