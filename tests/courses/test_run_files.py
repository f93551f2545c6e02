"""一期一档: one course over a period, for the manager's people and the office's; what a class adds has its place."""

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from courses.acts import run_files
from courses.models import CoursePage, Enrolment
from credit.models import Enterprise, Jurisdiction
from tests.courses.class_kit import a_class, a_session, an_officer, joins, was_there
from tests.courses.exam_kit import NOON, User, enrol, make_course, make_learner
from tests.courses.file_kit import TODAY, a_worker, an_inspector, passed_exam
from tests.courses.roster_kit import a_manager

pytestmark = pytest.mark.usefixtures("noon")
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture
def noon() -> Any:
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        yield


@pytest.fixture
def course(db: None) -> CoursePage:
    return make_course()


@pytest.fixture
def run(course: CoursePage, enterprise: Enterprise) -> run_files.Run:
    """Two of the enterprise, one of whom passed; a stranger; and one who began in another month."""
    passed_exam(a_worker(enterprise), course=course)
    enrol(a_worker(enterprise, 2, "钱二"), course, studied=False)
    enrol(make_learner("路人", 3), course)
    late = enrol(a_worker(enterprise, 4, "孙四"), course)
    Enrolment.objects.filter(pk=late.pk).update(enrolled_at=NOON - timedelta(days=60))
    return run_files.Run(
        course, FIRST, LAST, User.objects.filter(employments__enterprise=enterprise), "员工"
    )


def test_the_file_says_who_what_how_long_and_with_which_result(run: run_files.Run):
    file = run_files.read(run, today=TODAY)
    assert dict(file.figures) == {
        "参加": 2, "学完": 0, "参加考试": 1, "考试合格": 1, "发证": 1, "学时更正": 0,
    }  # fmt: skip
    document = run_files.document_of(file, today=TODAY)
    parts = {one.title: one for one in document.sections}
    assert [(row[0], row[5], row[6]) for row in parts["参加的人"].rows] == [
        ("王大力", "1.3", 100), ("钱二", "0", ""),
    ]  # fmt: skip
    assert parts["教了什么"].rows == [("第一课", 5)]
    assert parts["考试怎么考"].note.startswith(
        "《有限空间作业安全结业考试》：120 分钟，满分 100 分，80 分合格"
    )
    assert sum(row[1] * row[2] for row in parts["考试怎么考"].rows) == 100
    assert [row[0] for row in parts["证书"].rows] == ["王大力"]
    assert len(parts["试卷"].rows) == 5
    assert {row[0] for row in parts["试卷"].rows} == {"王大力"}


def test_a_class_in_a_hall_is_in_the_file_with_the_own_people_alone(
    run: run_files.Run, course: CoursePage, enterprise: Enterprise
):
    officer = an_officer(enterprise.place)
    found = a_class(course, officer, place=enterprise.place)
    session = a_session(found, minutes=60)
    own = User.objects.get(real_name="钱二")
    stranger = User.objects.get(real_name="路人")
    for person in (own, stranger):
        joins(found, person)
        was_there(session, person, left=50)
    document = run_files.document_of(run_files.read(run, today=TODAY), today=TODAY)
    parts = {one.title: one for one in document.sections}
    assert parts["培训班：有限空间班"].rows == [
        (
            "2026-11-25 09:00",
            "10:00",
            "第一课",
            "王教授，高级工程师，云溪安全学校",
            "一号教室",
            "",
        )
    ]
    assert parts["签到：有限空间班"].rows == [
        ("钱二", enterprise.name, "2026-11-25 09:00", "08:55", "09:50", 50, "")
    ]


def test_a_run_with_too_many_people_says_what_to_do(run: run_files.Run, monkeypatch: Any):
    monkeypatch.setattr(run_files, "figure", lambda code: 1)
    with pytest.raises(
        run_files.TooManyError, match="这一期有 2 人，一份档案最多 1 人，请把日期分成几段"
    ):
        run_files.read(run, today=TODAY)


def test_a_manager_takes_the_file_of_the_own_people(
    client: Client, enterprise: Enterprise, run: run_files.Run
):
    client.force_login(a_manager(enterprise))
    listed = client.get(reverse("enterprise:runs", args=[enterprise.pk])).content.decode()
    assert "有限空间作业安全（2 人）" in listed
    base = reverse("enterprise:run", args=[enterprise.pk, run.course.pk])
    period = {"first": "2026-11-01", "last": "2026-11-30"}
    page = client.get(base, period).content.decode()
    assert "王大力" in page
    assert "路人" not in page
    answer = client.get(f"{base}file.xlsx", period)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert [row[0].value for row in book["参加的人"].iter_rows(min_row=2)] == ["王大力", "钱二"]
    pdf = client.get(f"{base}file.pdf", period).content
    assert b"pdfuaid:part>1" in pdf
    assert client.get(f"{base}file.exe", period).status_code == 404


@pytest.mark.parametrize("first", ["2026-12-01", "x", "0001-01-01"])
def test_a_period_that_is_none_is_told(
    client: Client, enterprise: Enterprise, run: run_files.Run, first: str
):
    client.force_login(a_manager(enterprise))
    period = {"first": first, "last": "2026-11-30"}
    answer = client.get(reverse("enterprise:runs", args=[enterprise.pk]), period)
    assert answer.status_code == 200
    assert "alert-danger" in answer.content.decode() or "text-danger" in answer.content.decode()
    one = client.get(reverse("enterprise:run", args=[enterprise.pk, run.course.pk]), period)
    assert one.status_code == 404


def test_the_office_sees_the_run_of_its_places(
    client: Client, as_staff: Any, run: run_files.Run, district: Jurisdiction
):
    base = reverse("courses:run", args=[run.course.pk])
    elsewhere = Jurisdiction.objects.create(code="990002", name="东山区", kind="street")
    as_staff(client, an_inspector(elsewhere))
    assert "王大力" not in client.get(base).content.decode()
    as_staff(client, an_inspector(district, "13900000079"))
    page = client.get(base).content.decode()
    assert "王大力" in page
    assert "参加 <strong>3</strong>" in page  # who has no employer is the district's
    client.force_login(make_learner("过客", 8))
    assert client.get(base).status_code == 403


def test_a_page_takes_the_same_queries_for_two_and_for_ten(
    client: Client, enterprise: Enterprise, run: run_files.Run, django_assert_num_queries: Any
):
    client.force_login(a_manager(enterprise))
    base = reverse("enterprise:run", args=[enterprise.pk, run.course.pk])
    client.get(base)
    with django_assert_num_queries(13):
        client.get(base)
    for serial in range(10, 18):
        passed_exam(a_worker(enterprise, serial, f"工人{serial}"), course=run.course)
    with django_assert_num_queries(13):
        assert "工人17" in client.get(base).content.decode()
