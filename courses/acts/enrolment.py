"""Enrol a person in a course, and open another round of it; earlier rounds stay as they were."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.acts import versions
from courses.acts.exams import RefusedError
from courses.models import Attempt, Certificate, CoursePage, Enrolment
from courses.models.progress import needs_of
from courses.models.versions import terms_of
from courses.rules.catalogue import may_enrol
from courses.rules.exams import figures_in_force
from courses.rules.validity import may_reopen
from credit.rules.ruling import Ruling


class NeedsCoursesError(RefusedError):
    """Other courses come first; ``courses`` are those that are missing."""

    def __init__(self, courses: list[CoursePage]) -> None:
        super().__init__(may_enrol([one.title for one in courses]))
        self.courses = courses


def enrol(course: CoursePage, *, person: Any) -> Enrolment:
    """The person's current enrolment, in the version of today; a second time gives the same one back.

    Raises NeedsCoursesError while a course that comes first is not done.
    """
    current = Enrolment.objects.current().filter(person=person, course=course).first()
    if current is not None:
        return current
    if missing := [one for one in needs_of(course, person) if not one.done]:
        raise NeedsCoursesError(missing)
    enrolment, _ = Enrolment.objects.get_or_create(
        person=person, course=course, round=1, defaults={"version": versions.current(course)}
    )
    return enrolment


def renewal(enrolment: Enrolment, *, today: date) -> Ruling | None:
    """Whether the learner may open the next round; None while this one has no certificate."""
    held = Certificate.objects.select_related("revocation").filter(enrolment=enrolment).first()
    return held.renewal(today) if held else None


@transaction.atomic
def renew(enrolment: Enrolment, *, learner: Any, today: date) -> Enrolment:
    """The learner's next round, with an expired, due or revoked certificate as reason.

    Twice gives the same round. Raises RefusedError.
    """
    if newer := _lock_and_look(enrolment):
        return newer
    ruling = renewal(enrolment, today=today)
    if ruling is None:
        raise RefusedError(Ruling(False, "这一轮还没有证书，请先学完、考试", ""))
    if not ruling:
        raise RefusedError(ruling)
    return _next(enrolment, opened_by=learner, reason=ruling.reason)


def reopening(enrolment: Enrolment) -> Ruling:
    """Whether the office may arrange the next round."""
    exam = getattr(enrolment.course, "exam", None)
    article = figures_in_force(timezone.localdate()).figures["attempts"].article
    if exam is None:
        return Ruling(False, "这门课没有考试，不用重新安排", article)
    attempts = list(Attempt.objects.filter(enrolment=enrolment, exam=exam))
    held = Certificate.objects.select_related("revocation").filter(enrolment=enrolment).first()
    return may_reopen(
        taken=sum(one.submitted_at is not None for one in attempts),
        allowed=terms_of(enrolment).attempts_allowed,
        passed=any(one.passed for one in attempts),
        revoked=held is not None and held.revoked_on is not None,
        writing=any(one.passed is None for one in attempts),  # or a marker has yet to read it
        article=article,
    )


@transaction.atomic
def reopen(enrolment: Enrolment, *, officer: Any, reason: str) -> Enrolment:
    """The office's next round for a learner, with its reason. Raises RefusedError."""
    if _lock_and_look(enrolment):
        raise RefusedError(Ruling(False, "已经安排了新一轮，请刷新列表", ""))
    ruling = reopening(enrolment)
    if not ruling:
        raise RefusedError(ruling)
    if not reason.strip():
        raise RefusedError(Ruling(False, "请写明重新安排的原因", ""))
    return _next(enrolment, opened_by=officer, reason=reason.strip())


def _lock_and_look(enrolment: Enrolment) -> Enrolment | None:
    """Hold this round; the newest later one, if there is any."""
    Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    return Enrolment.objects.later_than(enrolment).order_by("-round").first()


def _next(enrolment: Enrolment, *, opened_by: Any, reason: str) -> Enrolment:
    number = enrolment.round + 1
    return Enrolment.objects.create(
        person_id=enrolment.person_id,
        course_id=enrolment.course_id,
        round=number,
        version=versions.current(enrolment.course),
        opened_by=opened_by,
        reason=reason,
    )
