"""A real Chromium on a real server. In CI its absence is a failure; elsewhere the skip says what to do."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """One Chromium for the session, the one that the machine has."""
    rows_of_migrations = connection._test_serialized_contents  # type: ignore[attr-defined]
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing, and in CI it must be there.")
        pytest.skip("Install Chromium (Debian: apt-get install chromium).")
    # Playwright keeps an event loop in this thread; Django's guard would refuse the tests' queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        # Under an event loop Django hands out another connection, which must know the same rows.
        connection._test_serialized_contents = rows_of_migrations  # type: ignore[attr-defined]
        yield browser
        browser.close()


@pytest.fixture(params=[PHONE, DESK], ids=["390px", "1280px"])
def page(request: Any, chromium: Browser, live_server: Any) -> Iterator[Page]:
    """A fresh visitor, once on a phone and once at a desk; a request to a foreign host fails the test."""
    context: BrowserContext = chromium.new_context(
        viewport=request.param, base_url=live_server.url, locale="zh-CN"
    )
    foreign: list[str] = []
    errors: list[str] = []
    context.on("request", lambda r: _note(r.url, live_server.url, foreign))
    visitor = context.new_page()
    visitor.on("pageerror", lambda error: errors.append(str(error)))
    yield visitor
    context.close()
    assert foreign == []
    assert errors == []


def _note(url: str, own: str, foreign: list[str]) -> None:
    if not url.startswith((own, "data:", "blob:", "about:")):
        foreign.append(url)
