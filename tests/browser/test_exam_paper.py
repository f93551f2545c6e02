"""The exam paper in a real Chromium on a phone: no answer is lost when the signal is."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from courses.acts import exams
from courses.models import Attempt, CoursePage
from tests.browser.conftest import Underway
from tests.courses.exam_kit import enrol, make_course, make_learner, small_exam

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
STATE = "#exam-state"


@pytest.fixture
def attempt(live_server: Any) -> Attempt:
    learner, course = make_learner(), make_course()
    CoursePage.objects.update(required_minutes=0)  # the ledger's rows could not be cleaned up
    course.refresh_from_db()
    small_exam(course)
    return exams.start(enrol(learner, course), learner=learner, now=timezone.now())


@pytest.fixture
def phone(
    attempt: Attempt, chromium: Browser, live_server: Any, underway: Underway
) -> Iterator[BrowserContext]:
    """A phone on which the learner is signed in."""
    client = Client()
    client.force_login(attempt.enrolment.person)
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, base_url=live_server.url, locale="zh-CN"
    )
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    yield context
    context.close()
    underway.settle()


def paper(phone: BrowserContext, attempt: Attempt) -> Page:
    page = phone.new_page()
    page.goto(f"/learn/attempts/{attempt.pk}/")
    return page


def choose(page: Page, position: int, option: int) -> None:
    page.click(f"[data-goto='{position}']")
    page.click(f"#q{position} label:nth-of-type({option + 1})")


def becomes(page: Page, selector: str, text: str) -> None:
    page.locator(selector, has_text=text).first.wait_for(timeout=20_000)


def saved(attempt: Attempt) -> dict[int, list[int]]:
    return {answer.paper_question.position: answer.chosen for answer in attempt.answers.all()}


def test_answers_wait_in_the_phone_and_are_sent_when_the_signal_is_back(
    phone: BrowserContext, attempt: Attempt
):
    page = paper(phone, attempt)
    assert page.locator("fieldset:visible").count() == 1  # one question a screen
    choose(page, 1, 2)
    becomes(page, STATE, "已保存")
    phone.set_offline(True)
    choose(page, 2, 1)
    choose(page, 2, 3)
    becomes(page, STATE, "没有网络，正在重试")
    becomes(page, "#q2 [data-saved]", "已存在这部手机里")
    page.close(run_before_unload=False)
    assert saved(attempt) == {1: [2]}
    phone.set_offline(False)
    page = paper(phone, attempt)
    becomes(page, STATE, "已保存")
    assert saved(attempt) == {1: [2], 2: [3]}


def test_the_newest_answer_of_two_phones_counts_and_both_show_it(
    phone: BrowserContext, attempt: Attempt
):
    old, new = paper(phone, attempt), paper(phone, attempt)
    old.route("**/answer", lambda route: route.abort())
    choose(old, 1, 0)
    becomes(old, STATE, "没有网络，正在重试")
    choose(new, 1, 3)
    becomes(new, STATE, "已保存")
    old.unroute("**/answer")
    becomes(old, "#q1 [data-saved]", "另一台设备上有更新的答案")
    assert old.locator("#q1 input:checked").get_attribute("value") == "3"
    assert saved(attempt) == {1: [3]}


def test_without_script_the_same_paper_saves_with_a_button(phone: BrowserContext, attempt: Attempt):
    phone.route("**/exam.js", lambda route: route.abort())
    page = paper(phone, attempt)
    assert page.locator("fieldset:visible").count() == 5
    page.click("#q4 label:nth-of-type(2)")
    page.get_by_role("button", name="保存答案").click()
    becomes(page, "[role=status]", "已保存")
    assert saved(attempt) == {4: [1]}
    page.get_by_role("button", name="检查并交卷").click()
    becomes(page, ".alert", "还有 4 道题没有答")
    page.get_by_role("button", name="确认交卷").click()
    becomes(page, ".exam-verdict", "分，这次不合格")
