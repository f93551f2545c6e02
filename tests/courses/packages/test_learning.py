"""A package in a lesson: taken in by the office, opened by the enrolled, and never worth more than the ledger."""

import io
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from courses.acts import study
from courses.acts.enrolment import enrol
from courses.acts.packages import take_in
from courses.models import (
    ActivityEvent,
    CoursePackage,
    CoursePage,
    Enrolment,
    LessonPage,
    LessonProgress,
    PackageState,
)
from courses.models.activities import open_in
from courses.packages.unpacking import folder_of
from tests.courses.package_kit import item, manifest, resource, running, scorm, zipped

MINUTE = 60_000


@pytest.fixture
def author(db: None) -> Any:
    return get_user_model().objects.create_user("13900000002", "long-enough-9")


@pytest.fixture
def package(author: Any) -> CoursePackage:
    """Of one part whose mastery is 80."""
    text = manifest(items=item(more="<adlcp:masteryscore>80</adlcp:masteryscore>"))
    return take_in(zipped(scorm(more={"imsmanifest.xml": text})), name="课.zip", by=author)


def lesson_with(course: CoursePage, package: CoursePackage, *, must: bool = True) -> LessonPage:
    page = LessonPage(
        title="课件课", slug="package", min_minutes=1, body=[("package", {"package": package, "must": must})]
    )  # fmt: skip
    course.add_child(instance=page)
    return LessonPage.objects.get(pk=page.pk)


@pytest.fixture
def lesson(course: CoursePage, package: CoursePackage) -> LessonPage:
    return lesson_with(course, package)


def address(lesson: LessonPage) -> str:
    return reverse("courses:package", args=[lesson.pk, UUID(str(lesson.body[0].id))])


def say(client: Client, lesson: LessonPage, values: Any, place: Any = 0) -> Any:
    body = {"item": place, "values": values}
    return client.post(address(lesson), body, content_type="application/json")


PASSED = {"cmi.core.lesson_status": "passed", "cmi.core.score.raw": "85"}


def test_taken_in_whole_or_not_at_all(author: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    package = take_in(running("scorm2004"), name="x" * 300, by=author)
    assert (package.kind, package.title, package.files) == ("scorm2004", "上锁挂牌", 4)
    assert package.tracked == ["i1", "i2"]
    assert len(package.file_name) == 200
    assert folder_of(package.key).is_dir()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError("no")

    monkeypatch.setattr("courses.acts.packages.log", fail)
    with pytest.raises(IntegrityError):
        take_in(running(), name="x", by=author)
    assert [one.name for one in folder_of("x").parent.iterdir()] == [package.key]
    assert CoursePackage.objects.count() == 1


def test_a_package_and_what_was_done_are_never_edited(
    lesson: LessonPage, package: CoursePackage, enrolment: Enrolment, client: Client
) -> None:
    client.force_login(enrolment.person)
    say(client, lesson, PASSED)
    for statement in (
        "UPDATE courses_coursepackage SET title = 'x'",
        "DELETE FROM courses_coursepackage",
        "UPDATE courses_activityevent SET done = NOT done",
        "DELETE FROM courses_activityevent",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_the_player_is_told(client: Client, lesson: LessonPage, enrolment: Enrolment) -> None:
    client.force_login(enrolment.person)
    told = client.get(address(lesson), {"item": "0"}).json()
    assert told.pop("learner") != str(enrolment.person_id)
    assert told == {
        "kind": "scorm12",
        "launch": "index.html",
        "parameters": "",
        "data": {"mastery": "80"},
        "values": {},
    }
    values = {"cmi.core.lesson_location": "3", "cmi.suspend_data": "a" * 60_000}
    assert say(client, lesson, values).status_code == 200
    assert client.get(address(lesson), {"item": "0"}).json()["values"] == values
    for place in ("", "1", "-1", "x", "²"):
        assert client.get(address(lesson), {"item": place}).status_code == 400


def test_a_claim_counts_only_with_the_ledgers_time(
    client: Client, lesson: LessonPage, enrolment: Enrolment
) -> None:
    client.force_login(enrolment.person)
    answer = say(client, lesson, PASSED).json()
    assert answer == {
        "counts": False,
        "words": "课件：通过。学习时间还差 1 分钟，时间学够了才算数",
    }
    with pytest.raises(study.NotYetError, match="还要再学 1 分钟"):
        study.finish(enrolment, lesson, tab=uuid4())
    assert not enrolment.progress.filter(finished_at__isnull=False).exists()
    LessonProgress.objects.filter(enrolment=enrolment, lesson=lesson).update(credited_ms=MINUTE)
    assert say(client, lesson, {**PASSED, "cmi.suspend_data": "x"}).json()["counts"] is True
    event = ActivityEvent.objects.get()  # the same claim is written once
    assert (event.done, event.score, event.said) == (True, 85, {"claims": "通过", "credited_ms": 0})
    assert study.finish(enrolment, lesson, tab=uuid4()).finished_at


def test_a_lesson_waits_for_its_package(
    client: Client, lesson: LessonPage, enrolment: Enrolment
) -> None:
    client.force_login(enrolment.person)
    failed = {"cmi.core.lesson_status": "passed", "cmi.core.score.raw": "79"}  # below its mastery
    assert say(client, lesson, failed).json()["words"] == "课件：没有通过"
    LessonProgress.objects.filter(enrolment=enrolment, lesson=lesson).update(credited_ms=MINUTE)
    LessonProgress.objects.get_or_create(
        enrolment=enrolment, lesson=lesson, defaults={"credited_ms": MINUTE}
    )
    with pytest.raises(study.NotYetError, match="还没有做完：“进有限空间之前”"):
        study.finish(enrolment, lesson, tab=uuid4())
    say(client, lesson, PASSED)
    say(client, lesson, failed)  # tried again and worse: what was done stays done
    assert open_in(enrolment, lesson) == []
    assert study.finish(enrolment, lesson, tab=uuid4()).finished_at


def test_a_package_that_need_not_be_done(
    course: CoursePage, package: CoursePackage, enrolment: Enrolment
) -> None:
    assert open_in(enrolment, lesson_with(course, package, must=False)) == []


def test_every_part_must_be_done(
    course: CoursePage, author: Any, learner: Any, client: Client
) -> None:
    many = take_in(running("scorm2004"), name="x.zip", by=author)
    lesson, enrolment = lesson_with(course, many), enrol(course, person=learner)
    client.force_login(learner)
    done = {"cmi.completion_status": "completed"}
    assert say(client, lesson, done, 1).status_code == 200
    assert open_in(enrolment, lesson) == ["上锁挂牌"]
    say(client, lesson, {**done, "cmi.success_status": "failed"}, 0)
    assert open_in(enrolment, lesson) == ["上锁挂牌"]
    say(client, lesson, {**done, "cmi.success_status": "passed"}, 0)
    assert open_in(enrolment, lesson) == []
    assert PackageState.objects.count() == 2


def test_a_part_that_never_reports_is_not_waited_for(
    course: CoursePage, author: Any, enrolment: Enrolment
) -> None:
    text = manifest(resources=resource(kind="asset"))
    plain = take_in(zipped(scorm(more={"imsmanifest.xml": text})), name="x", by=author)
    assert open_in(enrolment, lesson_with(course, plain)) == []


@pytest.mark.parametrize(
    "values",
    [
        None,
        [],
        {"cmi.core.student_name": "别人"},
        {"cmi.core.total_time": "100:00:00"},
        {"cmi.interactions.0.id": "x"},
        {"cmi.core.lesson_status": "won"},
        {"cmi.core.score.raw": "NaN"},
        {"cmi.core.score.raw": "1e9"},
        {"cmi.core.score.raw": True},
        {"cmi.core.lesson_location": "x" * 1001},
        {"cmi.suspend_data": "x" * 65_537},
        {"cmi.suspend_data": {"a": 1}},
        {"cmi.suspend_data": "a\0b"},
        {"cmi.suspend_data": "\ud800"},
        {"cmi.objectives.100.id": "x"},
        {"cmi.completion_status": "completed"},
        {f"cmi.objectives.{n % 99}.id{n}": "" for n in range(801)},
{f"cmi.objectives.{n}.id": "x" * 300 for n in range(99)}
        | {f"cmi.objectives.{n}.status": "passed" for n in range(99)}
        | {"cmi.suspend_data": "x" * 65_536, "cmi.core.lesson_location": "x" * 1000}
        | {"cmi.core.exit": "suspend"} | {f"cmi.objectives.{n}.id": "x" * 350 for n in range(99)},
    ],
)  # fmt: skip
def test_bad_shapes_are_one_answer_in_chinese(
    client: Client, lesson: LessonPage, enrolment: Enrolment, values: Any
) -> None:
    client.force_login(enrolment.person)
    answer = say(client, lesson, values)
    assert answer.status_code == 400
    assert "课件的记录" in answer.json()["error"]
    assert not PackageState.objects.exists()
    assert not ActivityEvent.objects.exists()


@pytest.mark.parametrize("place", [1, -1, "0", None, True, 10**9])
def test_no_such_part(client: Client, lesson: LessonPage, enrolment: Enrolment, place: Any) -> None:
    client.force_login(enrolment.person)
    assert say(client, lesson, {}, place).status_code == 400


def test_bodies_that_are_none(client: Client, lesson: LessonPage, enrolment: Enrolment) -> None:
    client.force_login(enrolment.person)
    for body in (b"", b"[]", b"{", b"[" * 100_000, b"\xff"):
        answer = client.post(address(lesson), body, content_type="application/json")
        assert answer.status_code == 400
    huge = b'{"item": 0, "values": {"cmi.suspend_data": "' + b"x" * 600_000 + b'"}}'
    assert client.post(address(lesson), huge, content_type="application/json").status_code == 413


def test_others_reach_nothing(client: Client, lesson: LessonPage, author: Any) -> None:
    assert say(client, lesson, PASSED).status_code == 401
    assert client.get(address(lesson)).status_code == 401
    client.force_login(author)  # takes no course
    assert say(client, lesson, PASSED).status_code == 404
    assert client.get(address(lesson), {"item": 0}).status_code == 404
    wrong = reverse("courses:package", args=[lesson.pk, uuid4()])
    assert client.get(wrong, {"item": 0}).status_code == 404
    checked = Client(enforce_csrf_checks=True)
    checked.force_login(author)
    assert say(checked, lesson, PASSED).status_code == 403


@pytest.mark.parametrize("lessons", [1, 3, 30])
def test_a_lesson_page_is_small_and_asks_little(
    client: Client, settings: Any, course: CoursePage, package: CoursePackage, learner: Any,
    django_assert_num_queries: Any, lessons: int,
) -> None:  # fmt: skip
    settings.PACKAGES_ORIGIN = "https://packages.example"
    lesson = lesson_with(course, package)
    for number in range(lessons - 1):
        course.add_child(instance=LessonPage(title=f"又{number}", slug=f"more-{number}"))
    enrol(course, person=learner)
    client.force_login(learner)
    page = client.get(lesson.get_url()).content.decode()
    assert 'data-origin="https://packages.example"' in page
    assert len(page.encode()) < 20_000
    with django_assert_num_queries(SIGNED_IN + ROUTE + 6):
        client.get(lesson.get_url())


SIGNED_IN, ROUTE = (
    2,
    11,
)  # session and person; Wagtail's way to a page at this depth, with its doors


def test_the_office_uploads(db: None, as_staff: Any, client: Client) -> None:
    page = reverse("courses:packages")
    editor = get_user_model().objects.create_user("13900000009", "long-enough-9")
    as_staff(client, editor)
    assert client.get(page).status_code == 403
    editor.groups.add(Group.objects.get(name="editor"))
    editor = get_user_model().objects.get(pk=editor.pk)
    assert "没有设课件专用的网址" in client.get(page).content.decode()
    file = SimpleUploadedFile("课.zip", running().getvalue())
    answer = client.post(page, {"file": file}, follow=True)
    assert "“进有限空间之前”已收下" in answer.content.decode()
    bad = zipped(scorm(more={"../a": "", "/b": ""}))
    answer = client.post(page, {"file": SimpleUploadedFile("bad.zip", bad.getvalue())})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "有 2 处问题" in text
    assert "../a：用“..”指到包外面去了" in text
    assert client.post(page, {}).status_code == 422
    empty = client.post(page, {"file": SimpleUploadedFile("e.zip", b"")})
    assert empty.status_code == 422
    assert CoursePackage.objects.count() == 1


def test_a_large_upload_is_read_in_pieces(author: Any) -> None:
    big = zipped(scorm(more={"film.mp4": bytes(range(256)) * 800}))
    assert take_in(io.BytesIO(big.getvalue()), name="x", by=author).files == 3
