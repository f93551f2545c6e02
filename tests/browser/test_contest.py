"""A worker enters a knowledge contest, practises, plays it through and finds the name in the table."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.models import ContestRound, Play
from tests.browser.looks import seen
from tests.courses.contest_kit import make_contest, player, right, street

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def contest(live_server: object) -> None:
    """A contest of three questions that is open now."""
    make_contest(questions=3)
    street()
    now = timezone.now()
    ContestRound.objects.update(
        opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=1)
    )
    player()


def test_a_worker_takes_part(page: Page, contest: None):
    page.goto("/learn/contests/")
    page.get_by_role("link", name="安全生产月知识竞赛").click()
    page.get_by_role("link", name="登录后报名").click()
    page.fill("input[name=login]", "13810000001")
    page.fill("input[name=password]", "long-enough-9")
    page.locator("main button[type=submit]").first.click()
    expect(page.get_by_role("heading", name="报名")).to_be_visible()
    seen(page, "contest-enter")
    page.get_by_label("街道（没有单位的选）").select_option("长江路街道")
    page.get_by_role("button", name="报名").click()
    expect(page.get_by_text("您已报名，代表长江路街道。")).to_be_visible()
    seen(page, "contest")
    page.get_by_role("link", name="先练一练").click()
    expect(page.get_by_text("今天第 1 题")).to_be_visible()
    page.locator(".exam-option").first.click()
    page.locator("main form").get_by_role("button", name="看答案").last.click()
    expect(page.get_by_text("正确答案").first).to_be_visible()
    seen(page, "contest-practice")
    page.goto("/learn/contests/june/")
    page.get_by_role("button", name="开始答题").click()
    for position in range(1, 4):
        expect(page.locator(".exam-count")).to_have_text(f"第 {position} / 3 题")
        place = Play.objects.get().paper.get(position=position)
        page.locator(".exam-option").nth(right(place)[0]).click()
        if position == 1:
            seen(page, "contest-play")
        page.get_by_role("button", name="提交，").last.click()
    expect(page.locator(".exam-points")).to_have_text("30 分")
    seen(page, "contest-result")
    page.goto("/learn/contests/june/1/ranks/")
    expect(page.get_by_role("cell", name="李*")).to_be_visible()
    seen(page, "contest-ranks")
