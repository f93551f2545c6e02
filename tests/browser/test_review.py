"""An article's way to the public: an editor submits, a reviewer reads, sends back or lets it through."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from culture.models import NewsPage
from tests.culture.kit import column, first_page, member, news

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def article(live_server: Any) -> NewsPage:
    """Public already, so that the tests change it as a bureau would."""
    page = news(column(first_page()))
    page.save_revision().publish()
    return page


@pytest.fixture
def sign_in(page: Page, live_server: Any, as_staff: Any) -> Any:
    """The browser becomes this person's, second factor included."""
    cookies: dict[Any, Any] = {}

    def become(person: Any) -> None:
        if person not in cookies:
            client = Client()
            as_staff(client, person)
            cookies[person] = client.cookies["sessionid"].value
        cookie = {"name": "sessionid", "value": cookies[person], "url": live_server.url}
        page.context.add_cookies([cookie])

    return become


def submit(page: Page, article: NewsPage, summary: str) -> None:
    """The editor's part: change the summary, submit."""
    page.goto(f"/admin/pages/{article.pk}/edit/")
    page.locator("[name=summary]").fill(summary)
    page.locator("footer .w-dropdown__toggle").last.click()
    page.locator("button[name=action-submit]").click()
    page.wait_for_url("**/admin/pages/*/")


def test_a_reviewer_lets_an_article_through(page: Page, article: NewsPage, sign_in: Any):
    editor, reviewer = member("13800000001", "editor"), member("13800000002", "reviewer")
    sign_in(editor)
    submit(page, article, "改过的摘要")
    page.goto("/news/news-1/")
    expect(page.locator(".summary")).to_have_text("先通风、再检测、后作业")
    sign_in(reviewer)
    page.goto(f"/admin/pages/{article.pk}/edit/")
    page.get_by_role("button", name="通过并发布", exact=True).click()
    page.wait_for_url("**/news/news-1/")
    expect(page.locator(".summary")).to_have_text("改过的摘要")


def test_an_article_sent_back_is_mended_and_let_through(
    page: Page, article: NewsPage, sign_in: Any
):
    editor, reviewer = member("13800000001", "editor"), member("13800000002", "reviewer")
    sign_in(editor)
    submit(page, article, "第一稿")
    sign_in(reviewer)
    page.goto(f"/admin/pages/{article.pk}/edit/")
    page.locator("footer .w-dropdown__toggle").last.click()
    page.get_by_role("button", name="退回修改").click()
    page.locator(".modal-body textarea").fill("请写明时间")
    page.locator(".modal-body [type=submit]").click()
    expect(page.get_by_text("这篇内容在等您审核")).to_have_count(0)
    sign_in(editor)
    page.goto(f"/admin/pages/{article.pk}/edit/")
    expect(page.get_by_text(f"这篇内容已被{reviewer}退回：请写明时间。")).to_be_visible()
    submit(page, article, "第二稿")
    sign_in(reviewer)
    page.goto(f"/admin/pages/{article.pk}/edit/")
    page.get_by_role("button", name="通过并发布", exact=True).click()
    page.wait_for_url("**/news/news-1/")
    expect(page.locator(".summary")).to_have_text("第二稿")
