"""A first-time visitor's walk, on a phone and at a desk."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from credit.models import Enterprise

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def fits_the_screen(page: Page) -> bool:
    """Whether nothing sticks out at the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


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
