"""What every page owes a reader, asked of the page in the browser; and its picture, where one is wanted."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDE = (
    "[...document.querySelectorAll('main *')]"
    ".filter(e => e.getBoundingClientRect().right > window.innerWidth + 1).map(e => e.outerHTML)"
)
FITS = "document.documentElement.scrollWidth <= window.innerWidth"


def arrive(page: Page) -> Page:
    """The page that a click leads to, once it is all there: before, it may not even have a root."""
    page.wait_for_load_state("load")
    page.wait_for_function("document.documentElement !== null")
    return page


def fits_the_screen(page: Page) -> bool:
    """Whether nothing sticks out at the side."""
    return bool(arrive(page).evaluate(FITS))


def shot(page: Page, name: str) -> None:
    """Keep a picture of the whole page, named by its width, where ``ANXIN_SHOTS`` names a folder."""
    if folder := os.environ.get("ANXIN_SHOTS"):
        width = (page.viewport_size or {"width": 0})["width"]
        Path(folder).mkdir(parents=True, exist_ok=True)
        arrive(page).screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def seen(page: Page, name: str) -> None:
    """The page fits, everybody can use it; a picture is kept."""
    shot(page, name)
    assert fits_the_screen(page), f"{name}: {page.evaluate(WIDE)}"
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
