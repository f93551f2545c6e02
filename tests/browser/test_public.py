"""A first-time visitor's walk, on a phone and at a desk."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Page, expect
from wagtail.models import Site

from credit.models import Enterprise
from culture.models import ColumnPage, NewsPage
from tests.browser.looks import fits_the_screen

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def test_a_visitor_finds_an_enterprise_from_the_front_page(page: Page, enterprise: Enterprise):
    page.goto("/")
    page.locator("main input[name=q]").first.fill("长青")
    page.locator("main form:has(input[name=q]) button").first.click()
    page.get_by_role("link", name=enterprise.name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(enterprise.name)
    assert fits_the_screen(page)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/credit/",
        "/credit/?q=长青",
        "/credit/black/",
        "/credit/red/",
        "/credit/enterprises/91110000600037341L/",
        "/search/?q=安全",
        "/indicators/",
        "/certificates/",
        "/accounts/login/",
        "/accounts/signup/",
    ],
)
def test_a_page_fits_and_can_be_used_by_everybody(page: Page, enterprise: Enterprise, address: str):
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200
    assert fits_the_screen(page)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert found.violations_count == 0, found.generate_report()


NARROW = {"width": 320, "height": 640}


@pytest.fixture
def article(live_server: Any) -> str:
    """The address of a column with one article."""
    cache.clear()
    home = Site.objects.get(is_default_site=True).root_page
    parent = ColumnPage(title="安全新闻", slug="news", show_in_menus=True)
    home.add_child(instance=parent)
    parent.add_child(
        instance=NewsPage(title="先通风再检测后作业" * 3, slug="air", summary="要点", body=[])
    )
    return "/news/"


@pytest.mark.parametrize("large", [False, True])
def test_a_column_and_its_article_fit_the_narrowest_screen_in_both_sizes_of_letters(
    page: Page, article: str, large: bool
):
    page.set_viewport_size(NARROW)
    page.goto("/")
    if large:
        page.get_by_role("button", name="大字版").click()
        expect(page.get_by_role("button", name="标准字号")).to_be_visible()
    for address in ("/", article, f"{article}air/"):
        page.goto(address)
        assert fits_the_screen(page)
        for link in page.locator("header nav a").all():
            box = link.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 320
        search = page.locator("#site-words").bounding_box()
        assert search is not None
        assert search["width"] >= 200


def test_no_level_of_headings_is_left_out(page: Page, article: str):
    for address in ("/", article, f"{article}air/"):
        page.goto(address)
        found = Axe().run(page, options={"runOnly": ["heading-order", "region"]})
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("target", ["main form button", "#home-words", "#site-words"])
def test_what_the_keyboard_reaches_wears_a_dark_ring(
    page: Page, enterprise: Enterprise, target: str
):
    page.goto("/")
    page.keyboard.press("Tab")  # from now on focus is the keyboard's
    page.locator(target).first.focus()
    ring = "e => getComputedStyle(e.closest('.site-search') || e).outline"
    assert page.locator(target).first.evaluate(ring) == "rgb(13, 71, 79) solid 3px"
