"""The page that says why somebody has these hours, on a phone and at a desk, as learner and as office."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.acts import corrections, detector, devices
from courses.acts.enrolment import enrol
from courses.models import CoursePage, Enrolment
from credit.models import Jurisdiction
from tests.browser.looks import seen
from tests.browser.test_auditor import sign_in as office_sign_in
from tests.browser.test_learning import course  # noqa: F401
from tests.courses.test_corrections import of_office
from tests.courses.test_study import NOON, lesson_of, study_for

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def studied(course: CoursePage) -> Enrolment:  # noqa: F811
    """Two days of study, a correction by two people and one that waits."""
    learner = User.objects.create_user(
        "13800000000", "long-enough-9", phone_verified=True, real_name="李小明"
    )
    enrolment = enrol(course, person=learner)
    study_for(enrolment, lesson_of(enrolment), 2400)
    study_for(enrolment, lesson_of(enrolment, 2), 1500, NOON + timedelta(days=1))
    editor, second = of_office("13900000001", "王编辑"), of_office("13900000002", "赵复核")
    for minutes in (-3, 30, 5):
        corrections.ask(
            enrolment,
            lesson_of(enrolment),
            officer=editor,
            minutes=minutes,
            reason="机房停电，手工签到",
        )
    first = enrolment.corrections.get(minutes=30)
    corrections.look(first, officer=second, agreed=True)
    return enrolment


def sign_in(page: Page, phone: str) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", phone)
    page.fill("input[name=password]", "long-enough-9")
    page.locator("main button[type=submit]").first.click()


def test_a_learner_reads_why(page: Page, studied: Enrolment):
    sign_in(page, "13800000000")
    page.goto(f"/learn/courses/{studied.course_id}/hours/")
    expect(page.get_by_role("heading", level=1)).to_have_text("为什么我有 2 学时")
    expect(page.get_by_text("更正：+30 分钟")).to_be_visible()
    expect(page.get_by_text("等另一个人复核：加 5 分钟")).to_be_visible()
    seen(page, "hours")
    page.get_by_role("link", name="看这一天的每一条记录").first.click()
    expect(page.get_by_text("第 1 条，指纹")).to_be_visible()
    seen(page, "hours-day")


def test_the_office_corrects_and_answers(
    page: Page, studied: Enrolment, as_staff: Any, live_server: Any
):
    for serial in range(4):
        person = User.objects.create(phone=f"+861370000000{serial}", real_name=f"学员{serial}")
        enrol(studied.course, person=person)
        devices.note("one", person=person, today=NOON.date())
    devices.note("one", person=studied.person, today=NOON.date())
    detector.search(NOON.date())
    place = Jurisdiction.objects.create(code="990001", name="云溪区", kind="district")
    officer = of_office("13900000003", "张专员", role="credit_officer", place=place)
    office_sign_in(page, officer, as_staff, live_server.url)
    page.goto("/learn/office/")
    seen(page, "office")
    page.get_by_role("link", name="看明细、复核").click()
    expect(page.get_by_role("button", name="同意加上")).to_be_visible()
    seen(page, "office-hours")
    page.goto("/learn/office/suspicions/")
    seen(page, "suspicions")
    page.get_by_role("link", name="一台设备多人学").click()
    seen(page, "suspicion")
    page.get_by_label("情况正常，已说明").check()
    page.get_by_label("问了谁、看了什么").fill("机房公用电脑，登记表已看")
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("机房公用电脑，登记表已看")).to_be_visible()
    page.goto("/learn/office/work/")
    seen(page, "work")
