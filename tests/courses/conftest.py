"""A course of three lessons below the site's first page, and somebody who takes it."""

from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.core.files.storage import InMemoryStorage, storages
from django.test import Client, RequestFactory
from wagtail.models import Page, Site

from courses.acts.enrolment import enrol
from courses.models import CourseIndexPage, CoursePage, Enrolment, LessonPage


@pytest.fixture
def learner(db: None) -> Any:
    """A worker with a name."""
    return get_user_model().objects.create_user(
        "13800000000", "long-enough-9", phone_verified=True, real_name="李小明"
    )


@pytest.fixture
def catalogue(db: None) -> CourseIndexPage:
    """The catalogue."""
    home: Page = Site.objects.get(is_default_site=True).root_page
    page = CourseIndexPage(title="安全课程", slug="courses")
    home.add_child(instance=page)
    return page


def make_course(catalogue: CourseIndexPage, *, lessons: int = 3, minutes: int = 3) -> CoursePage:
    """A course whose lessons take a minute each."""
    course = CoursePage(
        title="有限空间", slug="confined", summary="进得去，出得来", required_minutes=minutes
    )
    catalogue.add_child(instance=course)
    for number in range(lessons):
        lesson = LessonPage(
            title=f"第{number + 1}课", slug=f"lesson-{number + 1}", min_minutes=1,
            body=[("text", "<p>先通风，再检测，后作业。</p>")],
        )  # fmt: skip
        course.add_child(instance=lesson)
    return CoursePage.objects.get(pk=course.pk)


@pytest.fixture
def course(catalogue: CourseIndexPage) -> CoursePage:
    """Three lessons, three minutes."""
    return make_course(catalogue)


@pytest.fixture
def enrolment(course: CoursePage, learner: Any) -> Enrolment:
    """The learner takes the course."""
    return enrol(course, person=learner)


@pytest.fixture
def office(client: Client, db: None) -> Client:
    """An administrator, logged in with the second factor."""
    officer = get_user_model().objects.create_superuser("13900000001", "long-enough-9")
    Authenticator.objects.create(user=officer, type="totp", data={"secret": "not-used"})
    client.force_login(officer)
    request = RequestFactory().get("/")
    request.session = client.session
    record_authentication(request, officer, "mfa", type="totp")
    request.session.save()
    return client


@pytest.fixture
def private_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Private files lie in memory."""
    monkeypatch.setitem(storages._storages, "private", InMemoryStorage())
