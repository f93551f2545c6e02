"""A worker with a life of training: an exam passed, a correction, a proof on paper; and an inspector."""

from datetime import date, timedelta
from typing import Any

from courses.acts import corrections, exams, obligations
from courses.models import Certificate, Enrolment, Exam
from credit.models import Employment, Enterprise
from tests.courses.exam_kit import (
    NOON,
    enrol,
    make_course,
    make_learner,
    places_of,
    right_of,
    small_exam,
)
from tests.courses.test_corrections import of_office

TODAY = date(2026, 11, 25)


def passed_exam(person: Any, title: str = "有限空间作业安全", **how: Any) -> Certificate:
    """A course studied and its exam passed on the day before today."""
    course = how.get("course") or make_course(title)
    if not Exam.objects.filter(course=course).exists():
        small_exam(course)
    attempt = exams.start(enrol(person, course), learner=person, now=NOON)
    for place in places_of(attempt):
        exams.save_answer(
            attempt, learner=person, position=place.position, chosen=right_of(place), now=NOON
        )
    exams.submit(attempt, learner=person, now=NOON + timedelta(minutes=30))
    return Certificate.objects.get(attempt=attempt)


def a_worker(enterprise: Enterprise, serial: int = 1, name: str = "王大力") -> Any:
    """Works there since the first of November, and owes what the post asks for."""
    person = make_learner(name, serial)
    person.phone_verified = True
    person.save()
    Employment.objects.create(
        person=person, enterprise=enterprise, position="worker", team="甲班",
        began_on=date(2026, 11, 1),
    )  # fmt: skip
    obligations.refresh([enterprise.pk], today=TODAY)
    return person


def an_inspector(place: Any, phone: str = "13900000077") -> Any:
    """A credit officer posted to ``place``."""
    return of_office(phone, "孙检查", role="credit_officer", place=place)


def corrected(enrolment: Enrolment) -> None:
    """Four minutes less, by a named editor."""
    editor = of_office("13900000078", "王编辑")
    corrections.ask(
        enrolment, enrolment.course.lessons().get(), officer=editor, minutes=-4,
        reason="中途离开",
    )  # fmt: skip
