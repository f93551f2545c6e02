"""People at work, with courses that count and certificates that were won, for the tests of obligations."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.utils import timezone

from courses.acts.certificates import issue
from courses.models import (
    Attempt,
    Certificate,
    CourseFor,
    CoursePage,
    Enrolment,
    Exam,
    StudyEvent,
)
from credit.models import Employment, Enterprise

TODAY = date(2026, 11, 25)


def a_person(number: int = 1, **fields: Any) -> Any:
    """Somebody with a phone of their own."""
    said = {"real_name": f"工人{chr(0x4E00 + number)}", "phone_verified": True, **fields}
    return get_user_model().objects.create_user(f"138{number:08}", None, **said)


def at_work(enterprise: Enterprise, person: Any, **fields: Any) -> Employment:
    """A worker since a month."""
    said = {"position": "worker", "began_on": date(2026, 11, 1), **fields}
    return Employment.objects.create(person=person, enterprise=enterprise, **said)


def counts(course: CoursePage, *codes: str) -> None:
    """The course counts for these requirements."""
    CourseFor.objects.bulk_create([CourseFor(course=course, requirement=code) for code in codes])


def won(course: CoursePage, person: Any, *, on: date, minutes: int, taken: int = 1) -> Certificate:
    """A certificate of a passed exam, with so many minutes of study."""
    exam, _ = Exam.objects.get_or_create(course=course, defaults={"title": "考试"})
    words = {"opened_by": person, "reason": "再培训"} if taken > 1 else {}
    enrolment = Enrolment.objects.create(person=person, course=course, round=taken, **words)
    moment = datetime.combine(on, time(9), timezone.get_current_timezone())
    StudyEvent.objects.create(
        person=person, enrolment=enrolment, lesson=course.lessons().first(), tab=uuid4(), at=moment,
        credited_ms=minutes * 60_000,
    )  # fmt: skip
    attempt = Attempt.objects.create(
        enrolment=enrolment, exam=exam, number=1, seed=1, started_at=moment, deadline=moment + timedelta(hours=2),
        pass_mark=80, figures="exams-2026", submitted_at=moment + timedelta(hours=1), ended_by="learner", points=90,
        passed=True,
    )  # fmt: skip
    return issue(attempt, issued_on=on)
