"""What the exam tests stand on: a course with a bank and an exam, and a learner who has studied."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management.sql import emit_post_migrate_signal
from wagtail.models import Locale, Page

from courses.acts.pictures import keep_picture
from courses.models import (
    Attempt,
    CourseIndexPage,
    CoursePage,
    Enrolment,
    Exam,
    LessonPage,
    LessonProgress,
    PaperQuestion,
    StudyEvent,
)
from courses.rules.items import Item
from courses.seeding_questions import load_bank, make_exam
from tests.courses.item_kit import PICTURE_BYTES, SOUND

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)  # 12:00 in Beijing
User = get_user_model()


def a_question(serial: int, kind: str = "single", topic: str = "有限空间") -> dict[str, Any]:
    """A sound question; its right options are named 对…, so that a leak is seen at once."""
    right = {"single": [0], "multiple": [0, 2], "true_false": [0]}[kind]
    texts = [f"{'对' if place in right else '错'}{serial}-{place}" for place in range(4)]
    return {
        "kind": kind,
        "topic": topic,
        "stem": f"{kind}第{serial}问",
        "options": texts[:2] if kind == "true_false" else texts,
        "right": right,
        "explanation": f"解析{serial}",
        "basis": f"安全生产法第{serial}条",
    }


def make_course(title: str = "有限空间作业安全") -> CoursePage:
    """A course of one lesson and one hour, in a catalogue under the root."""
    number = Page.objects.count()
    catalogue = CourseIndexPage(title="课程", slug=f"catalogue-{number}")
    _root().add_child(instance=catalogue)
    course = CoursePage(title=title, slug=f"course-{number}", summary="学会", required_minutes=60)
    catalogue.add_child(instance=course)
    course.add_child(instance=LessonPage(title="第一课", slug="lesson", body=[]))
    return course


def _root() -> Page:
    """The root; with a browser running, tests begin on an empty database and need a new one."""
    if root := Page.get_first_root_node():
        return root
    ContentType.objects.clear_cache()
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    Locale.objects.get_or_create(language_code="zh-hans")
    return Page.add_root(title="Root", slug="root")


def small_exam(course: CoursePage, questions: int = 5, **terms: Any) -> Exam:
    """An exam of single questions that are worth 100 points together."""
    load_bank(course, [a_question(serial) for serial in range(questions)])
    each, rest = divmod(100, questions)
    blueprint = [("single", "", questions - 1, each), ("single", "有限空间", 1, each + rest)]
    return make_exam(course, blueprint=[row for row in blueprint if row[2]], **terms)


def make_learner(name: str = "㛃堃", serial: int = 1) -> Any:
    """A person with a phone and, unless empty, a real name."""
    return User.objects.create_user(f"1380000{serial:04}", "long-enough-9", real_name=name)


def enrol(person: Any, course: CoursePage, *, studied: bool = True) -> Enrolment:
    """An enrolment; ``studied`` means that its lesson and its hour are done."""
    enrolment = Enrolment.objects.create(person=person, course=course)
    lesson = course.lessons().get()
    if studied:
        LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, finished_at=NOON)
    if studied and course.required_minutes:
        StudyEvent.objects.create(
            person=person,
            enrolment=enrolment,
            lesson=lesson,
            tab=uuid4(),
            kind="finish",
            at=NOON,
            credited_ms=course.required_minutes * 60_000,
        )
    return enrolment


def right_of(place: PaperQuestion) -> list[int]:
    """The right choice, from the sealed part."""
    return list(place.sealed["right"])


def wrong_of(place: PaperQuestion) -> list[int]:
    """One wrong choice."""
    options = range(len(place.shown["options"]))
    return [next(option for option in options if option not in place.sealed["right"])]


def places_of(attempt: Attempt) -> list[PaperQuestion]:
    """The paper in order."""
    return list(attempt.paper.all())


def exam_of_every_kind(course: CoursePage) -> Exam:
    """Ten questions, one of each kind, ten points each."""
    from courses.acts.questions import add_question
    from courses.models import QuestionBank

    bank = QuestionBank.objects.create(course=course, name="各种题型")
    for item in SOUND.values():
        add_question(bank, with_picture(item))
    return make_exam(course, blueprint=[(kind, "", 1, 10) for kind in SOUND])


def with_picture(item: Item) -> Item:
    """The same with a picture that is really there, where it has one."""
    return replace(item, picture=keep_picture(PICTURE_BYTES)) if item.picture else item
