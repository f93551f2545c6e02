"""A class in a hall with its timetable, and people who join it and sign."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from courses.acts import class_joining, classes, signing
from courses.models import ClassMember, ClassSession, CoursePage, Lecturer, TrainingClass
from credit.models import Enterprise, Jurisdiction, Posting
from tests.courses.obligation_kit import a_person

NINE = datetime(2026, 11, 25, 1, tzinfo=UTC)  # 9:00 here
MINUTE = timedelta(minutes=1)


def an_officer(place: Jurisdiction, number: int = 80) -> Any:
    """Opens classes of the bureau in a place."""
    person = a_person(number, real_name="钱专员")
    person.user_permissions.add(
        Permission.objects.get(codename="run_classes", content_type__app_label="courses")
    )
    Posting.objects.create(officer=person, place=place)
    return get_user_model()._default_manager.get(pk=person.pk)


def a_lecturer(**said: Any) -> Lecturer:
    """From the pool."""
    usual = {"name": "王教授", "organisation": "云溪安全学校", "title": "高级工程师",
             "speciality": "有限空间"}  # fmt: skip
    found, _ = Lecturer.objects.get_or_create(**{**usual, **said})
    return found


def a_class(
    course: CoursePage,
    by: Any,
    *,
    place: Jurisdiction | None = None,
    enterprise: Enterprise | None = None,
    seats: int | None = None,
    now: datetime = NINE - 60 * MINUTE,
) -> TrainingClass:
    """Opened an hour before nine."""
    return classes.open_class(
        course, title="有限空间班", venue="一号教室", by=by, now=now, place=place,
        enterprise=enterprise, seats=seats,
    )  # fmt: skip


def a_session(
    found: TrainingClass,
    *,
    begin: datetime = NINE,
    minutes: int = 90,
    lesson: int = 1,
    by: Any = None,
) -> ClassSession:
    """From nine, for an hour and a half."""
    return classes.add_session(
        found, lesson=list(found.course.lessons())[lesson - 1], lecturer=a_lecturer(),
        starts_at=begin, ends_at=begin + minutes * MINUTE, by=by or found.by,
        now=min(begin, NINE) - 30 * MINUTE,
    )  # fmt: skip


def joins(found: TrainingClass, person: Any) -> ClassMember:
    """By the QR."""
    return class_joining.join(found, person=person, now=NINE - 20 * MINUTE)


def was_there(session: ClassSession, person: Any, *, came: int = -5, left: int = 95) -> None:
    """Signs in and out by code; minutes after the session's begin."""
    for way, minutes in (("in", came), ("out", left)):
        at = session.starts_at + minutes * MINUTE
        signing.sign(session, way, person=person, at=at, now=at)
