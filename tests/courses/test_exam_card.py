"""What a course's page and 我的学习 say of the exam: promised, running, passed."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from courses.acts import certificates, exams
from courses.models import Certificate, CourseIndexPage, CoursePage, Enrolment
from tests.courses.conftest import make_course
from tests.courses.exam_kit import NOON, enrol, places_of, right_of, small_exam


@pytest.fixture
def enrolment(catalogue: CourseIndexPage, learner: Any) -> Enrolment:
    """Studied, with the exam ahead."""
    course = make_course(catalogue, lessons=1, minutes=0)
    small_exam(course, minutes=60)
    return enrol(learner, course)


def pages_of(client: Client, enrolment: Enrolment) -> list[str]:
    """我的学习 and the course's page."""
    addresses = ("/learn/", enrolment.course.get_url())
    return [client.get(address).content.decode() for address in addresses]


def test_a_running_exam_leads_back_to_its_paper(client: Client, enrolment: Enrolment):
    with time_machine.travel(NOON, tick=False) as clock:
        client.force_login(enrolment.person)
        attempt = exams.start(enrolment, learner=enrolment.person, now=NOON)
        for page in pages_of(client, enrolment):
            assert "考试正在进行，13:00 截止" in page
            assert f'href="/learn/attempts/{attempt.pk}/">继续考试</a>' in page
            assert f"/learn/exams/{enrolment.pk}/" not in page
        clock.shift(timedelta(minutes=60))
        for page in pages_of(client, enrolment):
            assert "考试正在进行" not in page
            assert f"/learn/exams/{enrolment.pk}/" in page


@pytest.mark.parametrize("running", [False, True])
def test_the_announcement_asks_the_same_queries(
    client: Client, enrolment: Enrolment, running: bool, django_assert_num_queries: Any
):
    with time_machine.travel(NOON, tick=False):
        client.force_login(enrolment.person)
        pages_of(client, enrolment)  # warm the site's root paths and the menu
        if running:
            exams.start(enrolment, learner=enrolment.person, now=NOON)
        with django_assert_num_queries(9):
            client.get("/learn/")
        with django_assert_num_queries(32):
            client.get(enrolment.course.get_url())


def test_after_passing_the_course_s_page_leads_to_the_certificate(
    client: Client, enrolment: Enrolment
):
    learner = enrolment.person
    attempt = exams.start(enrolment, learner=learner, now=NOON)
    for place in places_of(attempt):
        right = {"position": place.position, "chosen": right_of(place)}
        exams.save_answer(attempt, learner=learner, now=NOON, **right)
    exams.submit(attempt, learner=learner, now=NOON)
    certificate = Certificate.objects.get()
    link = f'href="/certificates/{certificate.number}/pdf">打开结业证明</a>'
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        client.force_login(learner)
        assert [link in page for page in pages_of(client, enrolment)] == [True, True]
        certificates.revoke(certificate, officer=learner, reason="替考", today=NOON.date())
        assert [link in page for page in pages_of(client, enrolment)] == [False, False]


def test_only_a_course_with_an_exam_promises_a_certificate(client: Client, course: CoursePage):
    promise = "学完考试，合格发结业证明"
    assert promise not in client.get(course.get_url()).content.decode()
    small_exam(course)
    assert promise in client.get(course.get_url()).content.decode()
