"""A cmi5 unit on another origin, opened from its lesson by a learner: it fetches, speaks, and is satisfied."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from courses.acts.enrolment import enrol
from courses.acts.xapi.importing import place
from courses.models import Cmi5Unit, CoursePage, UnitResult
from tests.browser.conftest import DESK, PHONE
from tests.browser.looks import seen
from tests.browser.test_auditor import sign_in as office_sign_in
from tests.browser.test_hours import sign_in
from tests.browser.test_learning import course  # noqa: F401
from tests.courses.xapi_kit import au, imported

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
CONTENT = b"""<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>unit</title>
<main><h1 id="told">...</h1></main><script>
(async () => {
  const asked = new URLSearchParams(location.search);
  const told = await (await fetch(asked.get("fetch"), { method: "POST" })).json();
  const headers = { Authorization: "Basic " + told["auth-token"], "X-Experience-API-Version": "1.0.3",
    "Content-Type": "application/json" };
  const actor = JSON.parse(asked.get("actor"));
  const where = new URLSearchParams({ activityId: asked.get("activityId"), agent: asked.get("actor"),
    registration: asked.get("registration"), stateId: "LMS.LaunchData" });
  const data = await (await fetch(asked.get("endpoint") + "activities/state?" + where, { headers })).json();
  const statement = (verb, result, categories) => ({
    id: crypto.randomUUID(), actor, verb: { id: "http://adlnet.gov/expapi/verbs/" + verb },
    object: { id: asked.get("activityId") }, timestamp: new Date().toISOString(), ...(result && { result }),
    context: { ...data.contextTemplate, registration: asked.get("registration"), contextActivities: {
      ...data.contextTemplate.contextActivities,
      category: categories.map((name) => ({ id: "https://w3id.org/xapi/cmi5/context/categories/" + name })) } } });
  const said = [statement("initialized", null, ["cmi5"]),
    statement("completed", { completion: true, duration: "PT1S" }, ["cmi5", "moveon"])];
  const answer = await fetch(asked.get("endpoint") + "statements",
    { method: "POST", headers, body: JSON.stringify(said) });
  document.getElementById("told").textContent = answer.ok ? "\\u5b66\\u5b8c\\u4e86" : await answer.text();
})();
</script></html>"""


class Content(BaseHTTPRequestHandler):
    """Another site."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(CONTENT)

    def log_message(self, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of a unit on an origin that is not ours."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Content)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/start.html"
    server.shutdown()
    server.server_close()


@pytest.fixture
def unit(course: CoursePage, elsewhere: str, live_server: Any, settings: Any) -> Cmi5Unit:  # noqa: F811
    """In the first lesson of the course."""
    settings.BASE_URL = live_server.url
    structure = imported(course, au(1, 'moveOn="Completed"', url=elsewhere))
    unit = structure.units.get()
    place(structure, {unit.pk: course.lessons().first().pk}, by=structure.by)
    unit.refresh_from_db()
    return unit


@pytest.fixture(params=[PHONE, DESK], ids=["390px", "1280px"])
def visitor(request: Any, chromium: Browser, live_server: Any, underway: Any) -> Iterator[Page]:
    """Like ``page``, but one whose lessons come from another host."""
    context = chromium.new_context(viewport=request.param, base_url=live_server.url, locale="zh-CN")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.goto("about:blank")
    context.request.get("/healthz")
    context.close()
    underway.settle()
    assert errors == []


def test_a_unit_of_another_origin_is_learned_in_a_frame(visitor: Page, unit: Cmi5Unit) -> None:
    learner = User.objects.create_user(
        "13800000000", "long-enough-9", phone_verified=True, real_name="李小明"
    )
    enrol(unit.structure.course, person=learner)
    sign_in(visitor, "13800000000")
    visitor.goto(unit.lesson.url)
    seen(visitor, "lesson-with-unit")
    visitor.get_by_role("button", name="打开课件：第1课").click()
    expect(visitor.frame_locator("iframe.unit-frame").locator("#told")).to_have_text("学完了")
    seen(visitor, "unit")
    assert [one.verb for one in UnitResult.objects.all()] == ["completed"]
    visitor.get_by_role("link", name="回到课时").click()
    expect(visitor.get_by_role("button", name="再看一遍：第1课（已完成）")).to_be_visible()


def test_the_offices_pages(page: Page, unit: Cmi5Unit, as_staff: Any, live_server: Any) -> None:
    officer = User.objects.create_superuser("13900000009", "long-enough-9", phone_verified=True)
    office_sign_in(page, officer, as_staff, live_server.url)
    page.goto("/learn/office/cmi5/")
    seen(page, "office-cmi5")
    page.get_by_role("link", name="有限空间").first.click()
    expect(page.get_by_label("放在课时")).to_be_visible()
    seen(page, "office-cmi5-course")
    page.goto("/learn/office/lrs/")
    page.get_by_label("系统名称").fill("企业学习平台")
    page.get_by_label("写入陈述").check()
    page.get_by_role("button", name="发放密钥").click()
    expect(page.get_by_text("企业学习平台（只显示这一次）")).to_be_visible()
    seen(page, "office-lrs")
