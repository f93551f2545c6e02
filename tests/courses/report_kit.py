"""A small district with streets, enterprises, obligations, exams and officials, for the tests of the report."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import User
from courses.models import Attempt, CoursePage, Enrolment, Exam, Obligation, OutsideProof
from credit.models import Employment, Enterprise, Jurisdiction, Posting, Sector
from tests.courses.obligation_kit import a_person, at_work

TODAY = date(2026, 11, 25)


def a_street(district: Jurisdiction, number: int, name: str) -> Jurisdiction:
    """A street of the district."""
    return Jurisdiction.objects.create(
        code=f"{district.code}{number:03}", name=name, kind="street", parent=district
    )


def a_firm(place: Jurisdiction, sector: Sector, number: int) -> Enterprise:
    """An enterprise without a code that counts."""
    return Enterprise.objects.create(
        name=f"第{number}厂（虚构）", legacy_number=f"L{number:08}", place=place, sector=sector
    )


def owes(
    work: Employment,
    *,
    due: date,
    met: date | None = None,
    closed: date | None = None,
    code: str = "x",
) -> Obligation:
    """One obligation, met by a paper."""
    proof = None
    if met:
        proof = OutsideProof.objects.create(
            employment=work, requirement=code, done_on=met, hours=8, paper="签到表", by=work.person
        )
    return Obligation.objects.create(
        employment=work, requirement=code, name="教育", step="initial", hours=8, due_on=due,
        from_on=due - timedelta(days=400), article="条", explanation="因为", confirmed=False,
        rules="t", known_on=due - timedelta(days=40), met_on=met, proof=proof, closed_on=closed,
    )  # fmt: skip


def moment(day: date) -> datetime:
    """Noon of a day."""
    return datetime.combine(day, time(12), timezone.get_current_timezone())


def sat(course: CoursePage, person: Any, *marks: tuple[date, bool | None]) -> Enrolment:
    """An enrolment with attempts; None waits for its marker."""
    exam, _ = Exam.objects.get_or_create(course=course, defaults={"title": "考试"})
    enrolment = Enrolment.objects.create(person=person, course=course)
    for number, (day, passed) in enumerate(marks, start=1):
        Attempt.objects.create(
            enrolment=enrolment, exam=exam, number=number, seed=1, started_at=moment(day),
            deadline=moment(day) + timedelta(hours=2), pass_mark=80, figures="exams-2026",
            submitted_at=moment(day) + timedelta(hours=1), ended_by="learner",
            points=None if passed is None else 90 if passed else 50, passed=passed,
        )  # fmt: skip
    return enrolment


def finished(course: CoursePage, person: Any, *, on: date) -> Enrolment:
    """An enrolment that was completed."""
    return Enrolment.objects.create(person=person, course=course, finished_at=moment(on))


def an_official(number: int, *places: Jurisdiction, role: str = "credit_officer") -> Any:
    """Somebody of the bureau, posted."""
    person = User.objects.create_user(f"139{number:08}", "long-enough-9", real_name="王专员")
    person.groups.add(Group.objects.get(name=role))
    for place in places:
        Posting.objects.create(officer=person, place=place)
    return User.objects.get(pk=person.pk)


__all__ = ["a_person", "at_work"]
