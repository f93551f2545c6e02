"""Study: open a lesson, report, finish. The server's clock decides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from courses.acts.turns import in_turn
from courses.models import Enrolment, LessonPage, LessonProgress, StudyEvent
from courses.models.activities import open_in
from courses.models.cmi5 import unmet_units
from courses.models.progress import minutes_up, missing_ms, standing, studied_minutes, studied_ms
from courses.models.turn import Known, known
from courses.models.versions import minutes_of
from courses.rules import hours
from courses.rules.presence import UNANSWERED

__all__ = [
    "NotYetError",
    "Reported",
    "append",
    "complete",
    "finish",
    "missing_ms",
    "report",
    "standing",
    "studied_minutes",
    "studied_ms",
]


class NotYetError(Exception):
    """A lesson that cannot be finished yet; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Reported:
    """Where the lesson stands after a report; ``note`` says in Chinese why it earned nothing or less.

    ``counted``: milliseconds in this lesson; ``position``: seconds; ``missing``: the milliseconds that the
    course lacks.
    """

    counted: int
    position: int
    finished_at: datetime | None
    missing: int
    note: str
    asked_at: datetime | None = None


# -- Reports from a page ---------------------------------------------------------------------------------


@in_turn(refuses=False)
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

    The minute that completes the course may come in a lesson that was finished long ago. Two tabs at once
    are not both credited: each is the next event of the person, after it saw what the other was given.
    """
    return _report(enrolment, lesson, tab, kind, position, now or timezone.now())


def _report(
    enrolment: Enrolment,
    lesson: LessonPage,
    tab: UUID,
    kind: str,
    position: int | None,
    now: datetime,
) -> Reported:
    rules = hours.clock()
    before = known(
        enrolment.person_id, enrolment.pk, lesson.pk, tab=tab, since=now - rules.silence, now=now
    )
    earned = hours.Credit(0)
    if kind != StudyEvent.Kind.OPEN:
        earned = hours.credit(
            now,
            tab_seen_at=before.tab_seen_at,
            covered=before.covered,
            counted_today=before.counted_on(timezone.localdate(now)),
            rules=rules,
        )
        if before.question is not None and before.question.blocks(now, rules):
            earned = hours.Credit(0, UNANSWERED)
    event = StudyEvent(
        person_id=enrolment.person_id,
        enrolment_id=enrolment.pk,
        lesson_id=lesson.pk,
        tab=tab,
        kind=kind,
        began_at=earned.began_at,
        at=now,
        received_at=now,
        credited_ms=earned.milliseconds,
        position=position,
        note=earned.note,
    )
    return replace(append([event], before), asked_at=before.asked_at)


def append(events: Sequence[StudyEvent], before: Known) -> Reported:
    """Write ``events`` of one lesson as the person's next: one statement, whatever their number.

    The progress is added up by the database. Raises IntegrityError where somebody was quicker.
    """
    number, digest = before.number, before.digest
    for event in events:
        event.follow(number, digest)
        number, digest = event.number, event.digest
    StudyEvent.objects.bulk_create(events)
    earned = sum(event.credited_ms for event in events)
    places = [event.position for event in events if event.position is not None]
    missing = max(before.required_ms - before.studied - earned, 0)
    if before.finished_at and not missing and not before.course_finished_at:
        complete(events[-1].enrolment_id, events[-1].at)
    return Reported(
        before.counted_ms + earned,
        places[-1] if places else before.position,
        before.finished_at,
        missing,
        events[-1].note,
    )


def complete(enrolment_id: int, at: datetime) -> None:
    """Write when the course was finished, once every lesson and its minutes are done."""
    enrolment = Enrolment.objects.select_related("course", "version").get(pk=enrolment_id)
    if enrolment.finished_at is None and standing(enrolment):
        enrolment.finished_at = at
        enrolment.save(update_fields=["finished_at"])


def finish(
    enrolment: Enrolment, lesson: LessonPage, *, tab: UUID, now: datetime | None = None
) -> LessonProgress:
    """Finish a lesson once its minutes are reached and its units (cmi5) satisfied. Raises NotYetError.

    What the report itself earned is kept either way.
    """
    progress = _finish(enrolment, lesson, tab, now or timezone.now())
    if progress.finished_at is None:
        needed = minutes_of(enrolment, lesson) or 0
        missing = minutes_up(needed * 60_000 - progress.credited_ms)
        if missing > 0:
            raise NotYetError(f"还要再学 {missing} 分钟才能完成这一课")
        undone = "、".join(f"“{title}”" for title in _left_to_do(enrolment, lesson))
        raise NotYetError(f"还没有做完：{undone}。做完再点“我学完了”")
    return progress


@in_turn(refuses=False)
def _finish(enrolment: Enrolment, lesson: LessonPage, tab: UUID, now: datetime) -> LessonProgress:
    _report(enrolment, lesson, tab, StudyEvent.Kind.FINISH, None, now)
    progress = LessonProgress.objects.get(enrolment=enrolment, lesson=lesson)
    needed = minutes_of(enrolment, lesson)
    enough = needed is not None and progress.credited_ms >= needed * 60_000
    if progress.finished_at is None and enough and not _left_to_do(enrolment, lesson):
        progress.finished_at = now
        progress.save(update_fields=["finished_at"])
        complete(enrolment.pk, now)
    return progress


def _left_to_do(enrolment: Enrolment, lesson: LessonPage) -> list[str]:
    """The titles of what the lesson still asks for beside its minutes: activities, and units (cmi5)."""
    return [*open_in(enrolment, lesson), *map(str, unmet_units(enrolment.pk, lesson.pk))]
