"""A learner finishes the version that was begun; whoever comes later has the new one."""

import importlib
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from accounts.models import User
from courses.acts import exams, study, versions
from courses.acts.enrolment import enrol
from courses.models import (
    Blueprint,
    CourseIndexPage,
    CoursePage,
    CourseVersion,
    Enrolment,
    LessonPage,
    LessonProgress,
)
from courses.models.progress import courses_of, is_used
from courses.models.versions import terms_of
from tests.courses.exam_kit import NOON, small_exam
from tests.courses.test_study import lesson_of, post, study_for


@pytest.fixture
def friend(db: None) -> Any:
    return User.objects.create_user(
        "13800000002", "long-enough-9", phone_verified=True, real_name="王新来"
    )


def add_lesson(course: CoursePage, minutes: int = 5) -> LessonPage:
    """An editor publishes one more."""
    lesson = LessonPage(title="新课时", slug="new", min_minutes=minutes, body=[])
    CoursePage.objects.get(pk=course.pk).add_child(instance=lesson)
    lesson.save_revision().publish()
    return lesson


def change(course: CoursePage, minutes: int) -> None:
    """An editor publishes other minutes."""
    page = CoursePage.objects.get(pk=course.pk)
    page.required_minutes = minutes
    page.save_revision().publish()


def fresh(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.get(pk=enrolment.pk)


def test_nothing_changed_is_the_same_version(course: CoursePage, learner: Any, friend: Any):
    first, second = enrol(course, person=learner), enrol(course, person=friend)
    assert first.version == second.version
    assert (first.version.number, first.version.required_minutes) == (1, 3)
    assert [row["minutes"] for row in first.version.lessons] == [1, 1, 1]


def test_a_new_text_alone_is_no_new_version_and_reaches_everybody(
    client: Client, course: CoursePage, learner: Any, friend: Any
):
    first = enrol(course, person=learner)
    lesson = course.lessons().first()
    lesson.body = [("text", "<p>新规定</p>")]
    lesson.save_revision().publish()
    client.force_login(learner)
    assert "新规定" in client.get(lesson.get_url()).content.decode()
    assert enrol(course, person=friend).version == first.version


def test_who_is_underway_finishes_what_was_begun(course: CoursePage, learner: Any, friend: Any):
    first = enrol(course, person=learner)
    add_lesson(course)
    change(course, 8)
    second = enrol(CoursePage.objects.get(pk=course.pk), person=friend)
    assert (second.version.number, second.version.required_minutes) == (2, 8)
    for number in (1, 2, 3):
        for who in (first, second):
            study_for(fresh(who), lesson_of(who, number), 60, NOON + timedelta(minutes=5 * number))
            study.finish(
                fresh(who), lesson_of(who, number), tab=uuid4(),
                now=NOON + timedelta(minutes=5 * number + 2),
            )  # fmt: skip
    assert fresh(first).finished_at is not None
    assert fresh(second).finished_at is None
    assert study.standing(fresh(first)).allowed
    assert study.standing(fresh(second)).reason == "还有 1 课没有学完，下一课：新课时"
    done = {
        row["enrolment"].pk: row for who in (learner, friend) for row in courses_of(who, now=NOON)
    }
    assert (done[first.pk]["lessons"], done[first.pk]["required"]) == (3, 3)
    assert (done[second.pk]["lessons"], done[second.pk]["required"]) == (4, 8)


def test_longer_lessons_are_for_those_who_come_later(course: CoursePage, learner: Any, friend: Any):
    first = enrol(course, person=learner)
    lesson = lesson_of(first)
    lesson.min_minutes = 30
    lesson.save_revision().publish()
    second = enrol(course, person=friend)
    for who in (first, second):
        study_for(fresh(who), lesson_of(who), 60, NOON)
    at = NOON + timedelta(minutes=2)
    assert study.finish(fresh(first), lesson_of(first), tab=uuid4(), now=at).finished_at
    with pytest.raises(study.NotYetError, match="还要再学 29 分钟"):
        study.finish(fresh(second), lesson_of(second), tab=uuid4(), now=at)


def test_a_lesson_taken_offline_stays_open_to_those_who_began_with_it(
    client: Client, course: CoursePage, learner: Any, friend: Any
):
    first = enrol(course, person=learner)
    lesson = lesson_of(first, 2)
    lesson.unpublish()
    enrol(course, person=friend)
    address = reverse("courses:kept_lesson", args=[lesson.pk])
    client.force_login(learner)
    assert client.get(lesson.get_url()).status_code == 404
    assert f'href="{address}"' in client.get(course.get_url()).content.decode()
    page = client.get(address)
    assert (page.status_code, "先通风，再检测" in page.content.decode()) == (200, True)
    assert post(client, lesson, tab=str(uuid4()), open=True).status_code == 200
    client.force_login(friend)
    assert client.get(address).status_code == 404
    assert address not in client.get(course.get_url()).content.decode()
    assert post(client, lesson, tab=str(uuid4()), open=True).status_code == 404


def test_a_lesson_that_came_later_counts_nothing_for_an_older_version(
    client: Client, course: CoursePage, learner: Any, friend: Any
):
    enrol(course, person=learner)
    lesson = add_lesson(course)
    client.force_login(learner)
    page = client.get(lesson.get_url()).content.decode()
    assert "这一课是后来加的" in page
    assert "data-lesson=" not in page
    assert post(client, lesson, tab=str(uuid4()), open=True).status_code == 404
    assert "新课时" not in client.get(course.get_url()).content.decode()
    client.force_login(friend)
    enrol(CoursePage.objects.get(pk=course.pk), person=friend)
    assert post(client, lesson, tab=str(uuid4()), open=True).status_code == 200


def test_the_exam_is_that_of_the_version(course: CoursePage, learner: Any, friend: Any):
    exam = small_exam(course, minutes=30, pass_mark=60, attempts_allowed=3)
    first = enrol(CoursePage.objects.get(pk=course.pk), person=learner)
    exam.minutes, exam.pass_mark, exam.attempts_allowed = 90, 90, 1
    exam.save()
    Blueprint.objects.filter(exam=exam).delete()
    Blueprint.objects.create(exam=exam, kind="single", topic="", count=4, points=25)
    second = enrol(CoursePage.objects.get(pk=course.pk), person=friend)
    told = [
        (t.minutes, t.pass_mark, t.attempts_allowed, len(t.lines))
        for t in map(terms_of, map(fresh, (first, second)))
    ]
    assert told == [(30, 60, 3, 2), (90, 90, 1, 1)]
    for enrolment in (first, second):
        for lesson in course.lessons():
            LessonProgress.objects.create(
                enrolment=enrolment, lesson=lesson, finished_at=NOON, credited_ms=60_000
            )
            study_for(fresh(enrolment), lesson, 60, NOON + timedelta(minutes=3 * lesson.pk))
    later = NOON + timedelta(days=1)
    papers = [exams.start(fresh(one), learner=one.person, now=later) for one in (first, second)]
    assert [(one.pass_mark, one.deadline - one.started_at, one.paper.count()) for one in papers] == [
        (60, timedelta(minutes=30), 5), (90, timedelta(minutes=90), 4),
    ]  # fmt: skip


def test_an_exam_that_comes_later_is_open_to_all(course: CoursePage, learner: Any):
    first = enrol(course, person=learner)
    small_exam(course, minutes=30)
    assert first.version.exam is None
    assert terms_of(fresh(first)).minutes == 30


def test_a_round_of_before_versions_follows_the_course(course: CoursePage, learner: Any):
    old = Enrolment.objects.create(person=learner, course=course)
    add_lesson(course)
    assert study.standing(fresh(old)).reason == "还有 4 课没有学完，下一课：第1课"


def test_a_lesson_of_a_version_is_not_deleted(course: CoursePage, learner: Any):
    lesson = course.lessons().last()
    assert not is_used(Page.objects.get(pk=lesson.pk))
    enrol(course, person=learner)
    assert is_used(Page.objects.get(pk=lesson.pk))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE courses_courseversion SET required_minutes = 0",
        "DELETE FROM courses_courseversion",
        "UPDATE courses_enrolment SET version_id = NULL",
        "UPDATE courses_enrolment SET version_id = (SELECT MAX(id) FROM courses_courseversion)",
    ],
)
def test_the_database_keeps_the_version(course: CoursePage, learner: Any, friend: Any, sql: str):
    enrol(course, person=learner)
    change(course, 2)
    enrol(CoursePage.objects.get(pk=course.pk), person=friend)
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(sql)


def test_two_at_the_same_moment_begin_one_version(
    catalogue: CourseIndexPage, course: CoursePage, monkeypatch: pytest.MonkeyPatch
):
    made = versions.current(course)
    asked = []

    class Late:
        """Looks before the other wrote."""

        def filter(self, **said: Any) -> Any:
            asked.append(said)
            rows = CourseVersion.objects.filter(**said)
            return rows if len(asked) > 1 else rows.none()

        def create(self, **said: Any) -> Any:
            return CourseVersion.objects.create(**said)

    class Model:
        objects = Late()

    monkeypatch.setattr(versions, "CourseVersion", Model)
    assert versions.current(course) == made
    assert len(asked) == 2


def test_the_migration_gives_version_1_to_who_is_underway(course: CoursePage, learner: Any):
    migration = importlib.import_module("courses.migrations.0056_catalogue_and_versions")
    small_exam(course)
    old = Enrolment.objects.create(person=learner, course=course)
    migration.first_versions(SimpleNamespace(connection=connection))
    got = fresh(old).version
    assert got == versions.current(CoursePage.objects.get(pk=course.pk))
    assert got.number == 1
