"""The page that says why somebody has these hours, on a phone and at a desk, as learner and as office."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.acts import corrections
from courses.acts.enrolment import enrol
from courses.models import CoursePage, Enrolment
from tests.browser.test_learning import course  # noqa: F401
from tests.browser.test_public import fits_the_screen
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


def fine(page: Page, shots: Any, name: str) -> None:
    """It fits, and a reader of the screen finds nothing wrong."""
    assert fits_the_screen(page)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert found.violations_count == 0, found.generate_report()
    if shots:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=str(Path(shots) / f"{name}-{width}.png"), full_page=True)


def test_a_learner_reads_why(page: Page, studied: Enrolment, shots: Any):
    sign_in(page, "13800000000")
    page.goto(f"/learn/courses/{studied.course_id}/hours/")
    expect(page.get_by_role("heading", level=1)).to_have_text("为什么我有 2 学时")
    expect(page.get_by_text("更正：+30 分钟")).to_be_visible()
    expect(page.get_by_text("等另一个人复核：加 5 分钟")).to_be_visible()
    fine(page, shots, "hours")
    page.get_by_role("link", name="看这一天的每一条记录").first.click()
    expect(page.get_by_text("第 1 条，指纹")).to_be_visible()
    fine(page, shots, "hours-day")
