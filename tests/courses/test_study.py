"""Study on the server's clock: reports, two tabs, finishing, reloading, and the reader's pages."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.test import Client

from courses.acts import study
from courses.acts.enrolment import enrol
from courses.models import CourseIndexPage, CoursePage, Enrolment, LessonPage, StudyEvent
from tests.courses.conftest import make_course

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
TAB = UUID(int=1)
OTHER = UUID(int=2)


def lesson_of(enrolment: Enrolment, number: int = 1) -> LessonPage:
    return list(enrolment.course.lessons())[number - 1]


def study_for(enrolment: Enrolment, lesson: LessonPage, seconds: int, begin: datetime = NOON):
    """Report every 20 seconds."""
    for second in range(0, seconds + 1, 20):
        kind = "open" if not second else "beat"
        moment = begin + timedelta(seconds=second)
        study.report(enrolment, lesson, tab=TAB, kind=kind, now=moment)
    return begin + timedelta(seconds=seconds)


def test_reports_add_up_to_the_time_that_passed(enrolment: Enrolment):
    study_for(enrolment, lesson_of(enrolment), 60)
    assert study.studied_ms(enrolment) == 60_000


def test_two_tabs_do_not_count_twice(enrolment: Enrolment):
    first, second = lesson_of(enrolment, 1), lesson_of(enrolment, 2)
    for seconds in range(0, 61, 20):
        moment = NOON + timedelta(seconds=seconds)
        study.report(enrolment, first, tab=TAB, now=moment)
        study.report(enrolment, second, tab=OTHER, now=moment + timedelta(seconds=1))
    assert study.studied_ms(enrolment) == 61_000


def test_a_lesson_is_finished_when_its_minutes_are_reached_and_not_before(enrolment: Enrolment):
    lesson = lesson_of(enrolment)
    now = study_for(enrolment, lesson, 40)
    with pytest.raises(study.NotYetError, match="还要再学 1 分钟"):
        study.finish(enrolment, lesson, tab=TAB, now=now)
    assert study.finish(enrolment, lesson, tab=TAB, now=now + timedelta(seconds=20)).finished_at


def test_the_course_is_finished_with_its_last_lesson_and_its_minutes(enrolment: Enrolment):
    now = NOON
    for number in (1, 2, 3):
        lesson = lesson_of(enrolment, number)
        assert not study.standing(enrolment)
        now = study_for(enrolment, lesson, 60, now)
        study.finish(enrolment, lesson, tab=TAB, now=now)
    enrolment.refresh_from_db()
    assert enrolment.finished_at == now
    assert study.standing(enrolment).reason == "课程已学完，学习时间已满"


def finished_but_for_a_minute(
    catalogue: CourseIndexPage, learner: Any
) -> tuple[Enrolment, datetime]:
    """One lesson of a minute in a course of two."""
    enrolment = enrol(make_course(catalogue, lessons=1, minutes=2), person=learner)
    now = study_for(enrolment, lesson_of(enrolment), 60)
    study.finish(enrolment, lesson_of(enrolment), tab=TAB, now=now)
    return enrolment, now


def test_a_finished_lesson_counts_on_until_the_course_s_minutes_are_reached(
    catalogue: CourseIndexPage, learner: Any
):
    enrolment, now = finished_but_for_a_minute(catalogue, learner)
    reason = "课都学完了，学习时间还差 1 分钟，请再打开任意一课接着学"
    assert study.standing(enrolment).reason == reason
    now = study_for(enrolment, lesson_of(enrolment), 40, now)
    enrolment.refresh_from_db()
    assert enrolment.finished_at is None
    now = study_for(enrolment, lesson_of(enrolment), 20, now)
    enrolment.refresh_from_db()
    assert enrolment.finished_at == now


def test_the_pages_offer_a_lesson_while_minutes_are_missing(
    client: Client, catalogue: CourseIndexPage, learner: Any
):
    enrolment, now = finished_but_for_a_minute(catalogue, learner)
    client.force_login(learner)
    for address in ("/learn/", enrolment.course.get_url()):
        page = client.get(address).content.decode()
        assert "学习时间还差 1 分钟" in page
        assert "接着学：第1课" in page
        assert "去考试" not in page
    lesson = lesson_of(enrolment)
    assert "整门课的学习时间还差 1 分钟" in client.get(lesson.get_url()).content.decode()
    with time_machine.travel(now + timedelta(seconds=20), tick=False):
        told = post(client, lesson, tab=str(TAB)).json()
    assert told == {
        "counted": 80_000, "needed": 60_000, "position": 0, "finished": True,
        "missing": 40_000, "note": "",
    }  # fmt: skip


def test_a_course_without_lessons_says_that_they_are_being_made(
    catalogue: CourseIndexPage, learner: Any
):
    enrolment = enrol(make_course(catalogue, lessons=0), person=learner)
    assert study.standing(enrolment).reason == "课时正在准备，请过些时候再来"


def test_the_database_refuses_to_edit_or_delete_study(enrolment: Enrolment):
    study_for(enrolment, lesson_of(enrolment), 20)
    for statement in (
        "DELETE FROM courses_studyevent",
        "UPDATE courses_studyevent SET credited_ms = 9000000",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert study.studied_ms(enrolment) == 20_000


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_tabs_that_report_at_the_same_moment_are_credited_once(enrolment: Enrolment):
    first, second = lesson_of(enrolment, 1), lesson_of(enrolment, 2)
    study.report(enrolment, first, tab=TAB, now=NOON)
    study.report(enrolment, second, tab=OTHER, now=NOON)
    moment = NOON + timedelta(seconds=20)
    faults: list[Exception] = []

    def report(lesson: LessonPage, tab: UUID) -> None:
        try:
            study.report(enrolment, lesson, tab=tab, now=moment)
        except Exception as fault:
            faults.append(fault)
        finally:
            close_old_connections()
            connection.close()

    threads = [
        threading.Thread(target=report, args=pair) for pair in ((first, TAB), (second, OTHER))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert study.studied_ms(enrolment) == 20_000


# -- Through the browser's door ---------------------------------------------------------------------------


def post(client: Client, lesson: LessonPage, **said: Any) -> Any:
    return client.post(f"/learn/lessons/{lesson.pk}/report/", said, content_type="application/json")


def test_a_report_answers_with_what_the_server_counted(client: Client, enrolment: Enrolment):
    client.force_login(enrolment.person)
    lesson = lesson_of(enrolment)
    with time_machine.travel(NOON, tick=False) as clock:
        post(client, lesson, tab=str(TAB), open=True)
        clock.shift(20)
        answer = post(client, lesson, tab=str(TAB), position=12.7, seconds_claimed=9999)
    assert answer.json() == {
        "counted": 20_000, "needed": 60_000, "position": 12, "finished": False,
        "missing": 0, "note": "",
    }  # fmt: skip


def test_the_worker_is_told_why_time_did_not_count(client: Client, enrolment: Enrolment):
    client.force_login(enrolment.person)
    lesson = lesson_of(enrolment)
    with time_machine.travel(NOON, tick=False) as clock:
        post(client, lesson, tab=str(TAB), open=True)
        clock.shift(300)
        assert post(client, lesson, tab=str(TAB)).json()["note"] == "离开太久，这段时间没有计入"
        clock.shift(20)
        post(client, lesson_of(enrolment, 2), tab=str(OTHER), open=True)
        post(client, lesson, tab=str(TAB))
        clock.shift(10)
        told = post(client, lesson_of(enrolment, 2), tab=str(OTHER)).json()
        clock.shift(10)
        told = post(client, lesson, tab=str(TAB)).json()
    assert (told["note"], told["counted"]) == ("同一时间已在另一个窗口计时", 30_000)


def test_another_device_sees_the_same_progress(enrolment: Enrolment):
    study_for(enrolment, lesson_of(enrolment), 40)
    phone = Client()
    phone.force_login(enrolment.person)
    page = phone.get(lesson_of(enrolment).get_url()).content.decode()
    assert 'data-counted="40000"' in page


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        '{"tab": 1}',
        '{"tab": "x"}',
        '{"tab": null, "position": "NaN"}',
    ],
    ids=lambda body: body[:20],
)
def test_nonsense_is_refused_in_words(client: Client, enrolment: Enrolment, body: str):
    client.force_login(enrolment.person)
    address = f"/learn/lessons/{lesson_of(enrolment).pk}/report/"
    answer = client.post(address, body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (400, {"error": "学习记录格式不对，请刷新页面"})


def test_a_stranger_reports_nothing(client: Client, enrolment: Enrolment, django_user_model: Any):
    lesson = lesson_of(enrolment)
    assert post(client, lesson, tab=str(TAB)).status_code == 401
    client.force_login(django_user_model.objects.create_user("13800000009", "long-enough-9"))
    assert post(client, lesson, tab=str(TAB)).status_code == 404
    assert StudyEvent.objects.count() == 0


def test_enrolling_opens_the_first_lesson_and_twice_is_once(
    client: Client, course: CoursePage, learner: Any
):
    client.force_login(learner)
    for _ in range(2):
        answer = client.post(f"/learn/courses/{course.pk}/enrol/")
    assert answer["Location"].endswith("/lesson-1/")
    assert Enrolment.objects.count() == 1


def test_finishing_too_early_says_what_is_missing(client: Client, enrolment: Enrolment):
    client.force_login(enrolment.person)
    address = f"/learn/lessons/{lesson_of(enrolment).pk}/finish/"
    page = client.post(address, {"tab": str(uuid4())}, follow=True).content.decode()
    assert "还要再学 1 分钟才能完成这一课" in page


def test_the_ledger_is_shown_line_by_line(client: Client, enrolment: Enrolment):
    study_for(enrolment, lesson_of(enrolment), 120)
    client.force_login(enrolment.person)
    page = client.get(f"/learn/courses/{enrolment.course_id}/hours/").content.decode()
    assert "12:00 至 12:02，计入 2 分钟" in page
    study_for(enrolment, lesson_of(enrolment, 2), 160, NOON + timedelta(minutes=10))
    page = client.get(f"/learn/courses/{enrolment.course_id}/hours/").content.decode()
    assert "12:10 至 12:12，计入 2 分 40 秒" in page
    assert "一共计入 <strong>4 分 40 秒</strong>" in page


def test_short_visits_are_one_line_of_the_ledger(client: Client, enrolment: Enrolment):
    for number in range(1, 4):
        begin = NOON + timedelta(minutes=10 * number)
        study_for(enrolment, lesson_of(enrolment, number), 20, begin)
    client.force_login(enrolment.person)
    page = client.get(f"/learn/courses/{enrolment.course_id}/hours/").content.decode()
    assert "另外打开 3 次，每次不到 1 分钟，一共计入 1 分钟" in page
    assert "计入 0 分钟" not in page


@pytest.mark.parametrize("count", [1, 3, 30])
def test_my_courses_ask_the_same_queries_however_many_lessons(
    client: Client,
    catalogue: CourseIndexPage,
    learner: Any,
    count: int,
    django_assert_num_queries: Any,
):
    enrol(make_course(catalogue, lessons=count), person=learner)
    client.force_login(learner)
    client.get("/learn/")  # warm the site's root paths
    # session, person, enrolments, certificates, running exams, progress, lessons, site, certificates
    with django_assert_num_queries(9):
        client.get("/learn/")


@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_course_asks_the_same_queries_however_many_lessons(
    client: Client, catalogue: CourseIndexPage, count: int, django_assert_num_queries: Any
):
    course = make_course(catalogue, lessons=count)
    client.get(course.get_url())
    with django_assert_num_queries(13):
        client.get(course.get_url())
