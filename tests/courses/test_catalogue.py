"""The catalogue by audience, sector, trade, level and stage; courses that come before others."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset

from courses.acts.certificates import revoke
from courses.acts.enrolment import NeedsCoursesError, enrol
from courses.models import CourseIndexPage, CoursePage, Enrolment, Exam, Prerequisite
from credit.models import Sector
from tests.courses.obligation_kit import won
from tests.courses.test_office import course_form
from tests.courses.test_office import superuser as superuser  # a fixture

COURSES = (
    ("负责人课", {"audience": "principal"}),
    ("焊工课", {"audience": "special_operator", "trade": "welding"}),
    ("电工课", {"audience": "special_operator", "trade": "electrical"}),
    ("农民工一级", {"audience": "migrant", "induction": "plant"}),
    ("农民工三级", {"audience": "migrant", "induction": "team"}),
    ("初中课", {"audience": "student", "stage": "junior"}),
    ("干部课", {"audience": "official"}),
)


def a_course(catalogue: CourseIndexPage, title: str, number: int, **fields: Any) -> CoursePage:
    page = CoursePage(title=title, slug=f"c{number}", summary="学", required_minutes=0, **fields)
    catalogue.add_child(instance=page)
    return page


@pytest.fixture
def courses(catalogue: CourseIndexPage) -> dict[str, CoursePage]:
    """One of each kind; the welders' in chemicals."""
    chemicals = Sector.objects.create(code="chemicals", name="危险化学品", high_risk=True)
    made = {
        title: a_course(catalogue, title, number, **fields)
        for number, (title, fields) in enumerate(COURSES)
    }
    CoursePage.objects.filter(title="焊工课").update(sector=chemicals)
    return made


def titles(client: Client, catalogue: CourseIndexPage, **said: str) -> list[str]:
    page = client.get(catalogue.get_url(), said).content.decode()
    return re.findall(r'stretched-link" href="[^"]*">([^<]*)<', page)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, [title for title, _ in COURSES]),
        ({"audience": "special_operator"}, ["焊工课", "电工课"]),
        ({"audience": "special_operator", "trade": "welding"}, ["焊工课"]),
        ({"sector": "chemicals"}, ["焊工课"]),
        ({"audience": "migrant", "induction": "team"}, ["农民工三级"]),
        ({"stage": "junior"}, ["初中课"]),
        ({"audience": "official"}, ["干部课"]),
        ({"audience": "student", "trade": "welding"}, []),
        ({"audience": "nobody", "trade": "\x00", "sector": "'"}, [title for title, _ in COURSES]),
    ],
)
def test_the_catalogue_is_narrowed_without_script(
    client: Client, catalogue: CourseIndexPage, courses: Any, said: dict[str, str], found: list[str]
):
    assert titles(client, catalogue, **said) == found


@pytest.mark.parametrize("many", [1, 3, 30])
def test_the_catalogue_asks_the_same_queries(
    client: Client, catalogue: CourseIndexPage, many: int, django_assert_num_queries: Any
):
    for number in range(many):
        a_course(catalogue, f"课{number}", number)
    client.get(catalogue.get_url())
    with django_assert_num_queries(10):
        client.get(catalogue.get_url(), {"audience": "worker"})


def test_a_trade_belongs_to_special_operators(superuser: Client, courses: Any):
    page = courses["干部课"]
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = course_form(slug=page.slug, audience="official", trade="welding", required_minutes=0)
    assert "工种只用于特种作业人员的课程" in superuser.post(address, form).content.decode()
    form = course_form(
        slug=page.slug, audience="special_operator", trade="welding", required_minutes=0
    )
    answer = superuser.post(address, {**form, "action-publish": "1"})
    assert answer.status_code == 302
    page.refresh_from_db()
    assert (page.audience, page.trade) == ("special_operator", "welding")


# -- What comes before -------------------------------------------------------------------------------------


def needs(page: CoursePage, *others: CoursePage) -> None:
    for number, other in enumerate(others):
        Prerequisite.objects.create(page=page, needs=other, sort_order=number)


def test_without_the_course_before_nobody_enrols(courses: dict[str, CoursePage], learner: Any):
    last, first, second = (courses[name] for name in ("农民工三级", "农民工一级", "初中课"))
    needs(last, first, second)
    with pytest.raises(NeedsCoursesError, match="要先学完《农民工一级》《初中课》") as refusal:
        enrol(last, person=learner)
    assert refusal.value.courses == [first, second]
    for one in (first, second):
        Enrolment.objects.create(person=learner, course=one, finished_at=timezone.now())
    assert enrol(last, person=learner).round == 1


def test_a_course_with_an_exam_is_done_with_a_certificate_that_stands(
    courses: dict[str, CoursePage], course: CoursePage, learner: Any
):
    last = courses["干部课"]
    needs(last, course)
    Exam.objects.create(course=course, title="考试")
    certificate = won(course, learner, on=date(2026, 11, 1), minutes=3)
    Enrolment.objects.filter(person=learner).update(finished_at=timezone.now())
    assert enrol(last, person=learner)
    Enrolment.objects.filter(course=last).delete()
    revoke(certificate, officer=learner, reason="替考", today=date(2026, 11, 2))
    with pytest.raises(NeedsCoursesError):
        enrol(last, person=learner)


def test_a_course_that_is_offline_is_asked_of_nobody(courses: dict[str, CoursePage], learner: Any):
    needs(courses["干部课"], courses["初中课"])
    courses["初中课"].unpublish()
    assert enrol(courses["干部课"], person=learner)


def test_the_page_names_the_missing_course_and_leads_to_it(
    client: Client, courses: dict[str, CoursePage], learner: Any
):
    page, before = courses["农民工三级"], courses["农民工一级"]
    needs(page, before)
    client.force_login(learner)
    shown = client.get(page.get_url()).content.decode()
    assert "还没学完" in shown
    assert f'href="{before.get_url()}"' in shown
    assert "报名学习" not in shown
    answer = client.post(reverse("courses:enrol", args=[page.pk]), follow=True)
    assert "学这门课以前，要先学完《农民工一级》。" in answer.content.decode()
    assert answer.redirect_chain[-1][0] == page.get_url()
    assert not Enrolment.objects.exists()


def test_an_editor_cannot_close_a_circle(superuser: Client, courses: Any):
    first, second = courses["初中课"], courses["干部课"]
    needs(second, first)
    address = reverse("wagtailadmin_pages:edit", args=[first.pk])
    form = course_form(
        slug=first.slug, audience="student", required_minutes=0,
        prerequisites=inline_formset([{"needs": second.pk, "ORDER": 1, "id": ""}]),
    )  # fmt: skip
    assert "先修课程绕回了这门课自己" in superuser.post(address, form).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        needs(first, first)


def test_an_editor_publishes_what_comes_before(superuser: Client, courses: Any):
    first, second = courses["初中课"], courses["干部课"]
    address = reverse("wagtailadmin_pages:edit", args=[first.pk])
    form = course_form(
        slug=first.slug, audience="student", required_minutes=0,
        prerequisites=inline_formset([{"needs": second.pk, "ORDER": 1, "id": ""}]),
    )  # fmt: skip
    answer = superuser.post(address, {**form, "action-publish": "1"})
    assert answer.status_code == 302, answer.content.decode()
    assert [one.needs_id for one in first.prerequisites.all()] == [second.pk]


def test_an_official_reads_that_it_counts_for_the_rotation(client: Client, courses: Any):
    assert "干部每3年轮训一遍" in client.get(courses["干部课"].get_url()).content.decode()
