"""Training under load: answer save, heartbeat, start, submit, course page, each as a ratio within one run.

The measure is a bare request of the same stack by somebody logged in: an insert of one row, an empty page.
Part of ``make bench``; alone: deploy/bench.py training.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client
from django.test.utils import override_settings
from django.urls import include, path
from django.utils import timezone

from courses.acts import beats, study
from courses.models import (
    Attempt,
    CourseIndexPage,
    CoursePage,
    Enrolment,
    LessonPage,
    LessonProgress,
)
from courses.seeding_questions import load_bank, make_exam

LEARNERS = 1000
SAMPLE = 60


@login_required
def bare_insert(request: HttpRequest) -> HttpResponse:
    """One row, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_bare (said) VALUES (%s)", [request.POST["said"]])
    return HttpResponse(status=204)


@login_required
def bare_page(request: HttpRequest) -> HttpResponse:
    """The frame of every page, with nothing in it."""
    return render(request, "base.html")


urlpatterns = [
    path("bench/insert", bare_insert),
    path("bench/page", bare_page),
    path("", include("config.urls")),
]


def training() -> None:
    """Set up a course with an exam of 50 and a class of a thousand, and measure."""
    course, lesson, people = _school()
    kind = "bigserial" if connection.vendor == "postgresql" else "integer"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_bare (id {kind} PRIMARY KEY, said text NOT NULL)")
    with override_settings(ROOT_URLCONF="bench_training"):
        _measure(course, lesson, people)


def _school() -> tuple[CoursePage, LessonPage, list[Any]]:
    catalogue = CourseIndexPage.objects.get()
    course = CoursePage(title="测速课", slug="bench", summary="测速", required_minutes=0)
    catalogue.add_child(instance=course)
    lesson = LessonPage(title="第一课", slug="one", body=[("text", "<p>先通风，再检测。</p>" * 40)])
    course.add_child(instance=lesson)
    texts = ["甲", "乙", "丙", "丁"]
    load_bank(
        course,
        [
            {"kind": "single", "topic": "测速", "stem": f"第{n}问", "options": texts, "right": [0],
             "explanation": "解析", "basis": "安全生产法第二十八条"}
            for n in range(200)
        ],
    )  # fmt: skip
    make_exam(course, blueprint=[("single", "", 50, 2)], minutes=60, wait_hours=0)
    user = get_user_model()
    user.objects.bulk_create(
        user(phone=f"+86136{n:08}", real_name="测速人", phone_verified=True, password="!")  # noqa: S106
        for n in range(LEARNERS)
    )
    people = list(user.objects.filter(phone__startswith="+86136").order_by("pk"))
    Enrolment.objects.bulk_create(Enrolment(person=one, course=course) for one in people)
    done = datetime(2026, 11, 24, tzinfo=UTC)
    LessonProgress.objects.bulk_create(
        LessonProgress(enrolment=one, lesson=lesson, finished_at=done)
        for one in Enrolment.objects.filter(course=course)
    )
    return course, lesson, people


def _measure(course: CoursePage, lesson: LessonPage, people: list[Any]) -> None:
    clients = [_client(person) for person in people]
    for client in clients:  # one handler for all: each would load the middleware anew
        client.handler = clients[0].handler
    clients[0].get("/bench/page")
    few = clients[:SAMPLE]
    insert = _median(lambda client: client.post("/bench/insert", {"said": "x"}), few)
    page = _median(lambda client: client.get("/bench/page"), few)
    _told("bare insert, logged in", insert, insert, "bare insert")
    _told("bare page, logged in", page, page, "bare page")
    _told(
        "course page", _median(lambda client: client.get("/courses/bench/"), few), page, "bare page"
    )
    _told(
        "lesson page",
        _median(lambda client: client.get("/courses/bench/one/"), few),
        page,
        "bare page",
    )
    waiting = iter(_heartbeats(course, lesson, people[:SAMPLE]))
    _told(
        "heartbeat",
        _median(lambda client: _beat(client, next(waiting)), few),
        insert,
        "bare insert",
    )
    enrolments = dict(Enrolment.objects.filter(course=course).values_list("person_id", "pk"))
    keys = iter([enrolments[person.pk] for person in people])
    begin = time.perf_counter()
    starts = [
        _seconds(lambda c=client: _moved(c.post(f"/learn/exams/{next(keys)}/")))
        for client in clients
    ]
    whole = time.perf_counter() - begin
    assert Attempt.objects.filter(enrolment__course=course).count() == LEARNERS  # noqa: S101
    _told("start of an exam of 50", median(starts), insert, "bare insert")
    print(f"{LEARNERS} starts one after the other: {whole:.1f} s", flush=True)  # noqa: T201
    attempts = dict(
        Attempt.objects.filter(enrolment__course=course).values_list("enrolment__person_id", "pk")
    )
    mine = iter([attempts[person.pk] for person in people[:SAMPLE]])
    _told(
        "answer save", _median(lambda client: _save(client, next(mine)), few), insert, "bare insert"
    )
    mine = iter([attempts[person.pk] for person in people[:SAMPLE]])
    _told(
        "submit and mark an exam of 50",
        _median(lambda client: _moved(client.post(f"/learn/attempts/{next(mine)}/submit/")), few),
        insert, "bare insert",
    )  # fmt: skip


def _client(person: Any) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    return client


def _heartbeats(
    course: CoursePage, lesson: LessonPage, people: list[Any]
) -> Iterator[tuple[int, str]]:
    """For each learner the lesson and a token as its page holds it, opened a while ago."""
    begun = timezone.now() - timedelta(minutes=1)
    for enrolment in Enrolment.objects.filter(course=course, person__in=people).order_by(
        "person_id"
    ):
        tab = uuid4()
        study.report(enrolment, lesson, tab=tab, kind="open", now=begun)
        yield lesson.pk, beats.hand_out(enrolment, lesson, tab=tab, now=begun)


def _beat(client: Client, one: tuple[int, str]) -> None:
    lesson, token = one
    answer = client.post(
        f"/learn/lessons/{lesson}/report/beats", [{"sequence": 1, "elapsed": 20_000}],
        content_type="application/json", headers={"x-lesson-token": token},
    )  # fmt: skip
    assert answer.json()["results"][0]["state"] == "counted", answer.content  # noqa: S101


def _save(client: Client, attempt: int) -> None:
    answer = client.post(
        f"/learn/attempts/{attempt}/answer", {"position": 1, "chosen": [0], "sequence": 1},
        content_type="application/json",
    )  # fmt: skip
    assert answer.status_code == 200, answer.content  # noqa: S101


def _moved(answer: Any) -> None:
    assert answer.status_code == 302, answer.content[:300]  # noqa: S101


def _median(work: Callable[[Client], Any], clients: list[Client]) -> float:
    return median(_seconds(lambda c=client: work(c)) for client in clients)


def _seconds(work: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _told(what: str, spent: float, measure: float, name: str) -> None:
    print(f"{what:<40} {spent * 1000:8.1f} ms {spent / measure:8.1f} x {name}", flush=True)  # noqa: T201
