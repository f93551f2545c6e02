"""A worker takes a course in a real browser: sign in, enrol, read, leave, come back."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from wagtail.models import Site

from accounts.models import User
from courses.models import CourseIndexPage, CoursePage, StudyEvent
from tests.browser.looks import fits_the_screen, seen
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
    seen(page, "lesson")
    page.goto("/learn/")
    expect(page.get_by_role("link", name="接着学：第1课")).to_be_visible()
    kinds = set(StudyEvent.objects.values_list("kind", flat=True))
    assert kinds == {"open", "beat"}  # leaving the page reports as well
    assert not StudyEvent.objects.filter(kind="open", credited_ms__gt=0).exists()


@pytest.fixture
def studying(page: Page, course: CoursePage) -> Page:
    """The first lesson, open in the browser of somebody who takes the course, with a clock of its own."""
    User.objects.create_user("13800000000", "long-enough-9", phone_verified=True)
    page.goto("/accounts/login/")
    page.fill("input[name=login]", "13800000000")
    page.fill("input[name=password]", "long-enough-9")
    page.locator("main button[type=submit]").first.click()
    page.goto(course.get_url())
    page.get_by_role("button", name="报名学习").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("第1课")
    page.clock.install()
    with page.expect_response(lambda answer: "/report/" in answer.url):
        page.reload()
    return page


def test_an_idle_page_says_that_it_pauses_and_goes_on_with_a_tap(studying: Page):
    expect(studying.get_by_text("这一页打开、屏幕亮着才计时。屏幕关了")).to_be_visible()
    go = studying.get_by_role("button", name="已暂停计时，点一下继续")
    expect(go).to_be_hidden()
    studying.clock.fast_forward(5 * 60_000 + 20_000)  # one tick, as after a sleep
    expect(go).to_be_visible()
    expect(studying.locator("[data-study-note]")).to_contain_text("计时停了")
    assert fits_the_screen(studying)
    with studying.expect_response(lambda answer: "/report/" in answer.url):
        go.click()
    expect(go).to_be_hidden()
    expect(studying.locator("[data-study-note]")).to_have_text("接着计时了。")


def test_a_page_from_before_a_new_login_asks_to_be_reloaded(studying: Page):
    cookies = [
        {**one, "value": "x" * 32} if one["name"] == "csrftoken" else one
        for one in studying.context.cookies()
    ]
    studying.context.add_cookies(cookies)
    with studying.expect_response(lambda answer: "/report/" in answer.url and answer.status == 403):
        studying.clock.run_for(20_000)
    expect(studying.locator("[data-study-text]")).to_have_text(
        "登录有变化，现在没有计时。请刷新页面，再接着学。"
    )


def test_without_network_the_page_keeps_its_beats_and_sends_them_later(studying: Page):
    note = studying.locator("[data-study-note]")
    expect(studying.locator("[data-opened]")).to_be_attached()
    studying.context.set_offline(True)
    for _ in range(3):
        studying.clock.run_for(20_000)
        expect(note).to_have_text("没有网络。学习时间先记在这个手机里，七天内有网会自动补上。")
    assert fits_the_screen(studying)
    assert studying.evaluate("Object.keys(localStorage).length") == 1
    with studying.expect_response(lambda answer: "/report/beats" in answer.url) as sent:
        studying.context.set_offline(False)
    results = sent.value.json()["results"]
    assert [(one["sequence"], one["state"]) for one in results] == [
        (1, "counted"), (2, "counted"), (3, "counted"),
    ]  # fmt: skip
    expect(note).not_to_contain_text("没有网络")
    assert studying.evaluate("Object.keys(localStorage).length") == 0
