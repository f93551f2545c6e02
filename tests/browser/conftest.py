"""A real Chromium on a real server. In CI its absence is a failure; elsewhere the skip says what to do."""

import os
import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
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


class Underway:
    """Counts the requests the live server is answering, so that nobody empties tables beneath one."""

    def __init__(self) -> None:
        self.count = 0
        self.changed = threading.Condition()

    def begun(self, **_: Any) -> None:
        self._add(1)

    def ended(self, **_: Any) -> None:
        self._add(-1)

    def _add(self, step: int) -> None:
        with self.changed:
            self.count += step
            self.changed.notify_all()

    def settle(self) -> None:
        """Return when no request is under way; a request that hangs for 30 s fails the test."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.count <= 0, timeout=30), "a request hangs"


@pytest.fixture
def underway(live_server: Any) -> Iterator[Underway]:
    requests = Underway()
    request_started.connect(requests.begun, weak=False)
    request_finished.connect(requests.ended, weak=False)
    yield requests
    request_started.disconnect(requests.begun)
    request_finished.disconnect(requests.ended)


@pytest.fixture(params=[PHONE, DESK], ids=["390px", "1280px"])
def page(request: Any, chromium: Browser, live_server: Any, underway: Underway) -> Iterator[Page]:
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
    for open_page in context.pages:
        open_page.goto("about:blank")  # a lesson says goodbye when it is left; let that arrive
    context.request.get("/healthz")
    context.close()
    underway.settle()
    assert foreign == []
    assert errors == []


def _note(url: str, own: str, foreign: list[str]) -> None:
    if not url.startswith((own, "data:", "blob:", "about:")):
        foreign.append(url)
