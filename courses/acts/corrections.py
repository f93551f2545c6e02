"""Correct study time: less at once, more after a second person's look; each is an entry that the learner sees."""

from typing import Any

from django.utils import timezone

from courses.acts.exams import RefusedError
from courses.acts.study import append
from courses.acts.turns import in_turn
from courses.models import Correction, CorrectionLook, Enrolment, LessonPage, StudyEvent
from courses.models.corrections import OFFICE_TAB
from courses.models.reach import CORRECT, learners_of_office
from courses.models.turn import known
from courses.rules.corrections import may_correct, may_look
from credit.acts.audit import log
from credit.rules.ruling import Ruling


@in_turn()
def ask(
    enrolment: Enrolment, lesson: LessonPage, *, officer: Any, minutes: int, reason: str
) -> Correction:
    """Write a correction in the name of ``officer``. Raises RefusedError.

    One that takes time away is in the ledger at once; one that adds waits for ``look``.
    """
    now = timezone.now()
    _check_reach(enrolment, officer)
    before = known(enrolment.person_id, enrolment.pk, lesson.pk, tab=OFFICE_TAB, since=now, now=now)
    ruling = may_correct(
        minutes=minutes,
        reason=reason.strip(),
        had=before.counted_ms // 60_000,
        own=officer.pk == enrolment.person_id,
        of_course=lesson.is_child_of(enrolment.course),
    )
    if not ruling:
        raise RefusedError(ruling)
    correction = Correction.objects.create(
        enrolment=enrolment,
        lesson=lesson,
        minutes=minutes,
        reason=reason.strip(),
        by=officer,
        at=now,
    )
    if minutes < 0:
        _enter(correction)
    log(
        "hours.correct" if minutes < 0 else "hours.ask_correction", by=officer, subject=correction,
        minutes=minutes, reason=correction.reason, lesson=lesson.title,
    )  # fmt: skip
    return correction


@in_turn()
def look(correction: Correction, *, officer: Any, agreed: bool, remark: str = "") -> CorrectionLook:
    """A second person's answer to time that is to be added. Raises RefusedError."""
    _check_reach(correction.enrolment, officer)
    ruling = may_look(
        asked_by=correction.by_id,
        looker=officer.pk,
        own=officer.pk == correction.enrolment.person_id,
        waits=Correction.objects.waiting().filter(pk=correction.pk).exists(),
        agreed=agreed,
        remark=remark.strip(),
    )
    if not ruling:
        raise RefusedError(ruling)
    answer = CorrectionLook.objects.create(
        correction=correction, agreed=agreed, remark=remark.strip(), by=officer, at=timezone.now()
    )
    if agreed:
        _enter(correction)
    verb = "hours.correct" if agreed else "hours.refuse_correction"
    log(verb, by=officer, subject=correction, minutes=correction.minutes, remark=answer.remark)
    return answer


def _check_reach(enrolment: Enrolment, officer: Any) -> None:
    if not officer.has_perm(CORRECT):
        raise RefusedError(Ruling(False, "您没有更正学时的权限", ""))
    people = learners_of_office(officer, timezone.localdate())
    if not people.filter(pk=enrolment.person_id).exists():
        raise RefusedError(Ruling(False, "这名学员不在您的辖区", ""))


def _enter(correction: Correction) -> None:
    """The correction as the person's next event; the database lets it in once."""
    now = timezone.now()
    person = correction.enrolment.person_id
    event = StudyEvent(
        person_id=person,
        enrolment_id=correction.enrolment_id,
        lesson_id=correction.lesson_id,
        tab=OFFICE_TAB,
        sequence=correction.pk,
        kind=StudyEvent.Kind.CORRECTION,
        at=now,
        received_at=now,
        credited_ms=correction.minutes * 60_000,
        note=correction.reason,
        by_id=correction.by_id,
    )
    keys = (person, correction.enrolment_id, correction.lesson_id)
    append([event], known(*keys, tab=OFFICE_TAB, since=now, now=now))
