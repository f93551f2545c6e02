"""A worker takes a course in a real browser: sign in, enrol, read, leave, come back."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from wagtail.models import Site

from accounts.models import User
from courses.models import CourseIndexPage, CoursePage, StudyEvent
from tests.browser.test_public import fits_the_screen
from tests.courses.conftest import make_course

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def course(live_server: Any) -> CoursePage:
    catalogue = CourseIndexPage(title="学安全", slug="courses", show_in_menus=True)
    Site.objects.get(is_default_site=True).root_page.add_child(instance=catalogue)
    return make_course(catalogue)


def test_a_worker_enrols_and_the_server_counts(page: Page, course: CoursePage):
    User.objects.create_user("13800000000", "long-enough-9", phone_verified=True)
    page.goto("/courses/confined/")
    page.get_by_role("link", name="登录后报名").click()
    page.fill("input[name=login]", "13800000000")
    page.fill("input[name=password]", "long-enough-9")
    page.locator("main button[type=submit]").first.click()
    page.get_by_role("button", name="报名学习").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("第1课")
    with page.expect_response(lambda answer: "/report/" in answer.url) as opened:
        page.reload()
    assert opened.value.status == 200
    expect(page.locator("[data-study-text]")).to_have_text("已学 0 分钟，需要 1 分钟。")
    expect(page.get_by_role("button", name="我学完了")).to_be_disabled()
    assert fits_the_screen(page)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert found.violations_count == 0, found.generate_report()
    page.goto("/learn/")
    expect(page.get_by_role("link", name="接着学：第1课")).to_be_visible()
    kinds = set(StudyEvent.objects.values_list("kind", flat=True))
    assert kinds == {"open", "beat"}  # leaving the page reports as well
    assert not StudyEvent.objects.filter(kind="open", credited_ms__gt=0).exists()
