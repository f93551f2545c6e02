"""SCORM packages in a real browser, on an origin of their own: they run, are resumed, and reach nothing of ours."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from wagtail.models import Site
from wagtailmedia.models import get_media_model

from accounts.models import User
from courses.acts.enrolment import enrol
from courses.acts.packages import take_in
from courses.models import (
    ActivityEvent,
    CourseIndexPage,
    CoursePage,
    Enrolment,
    LessonPage,
    LessonProgress,
    PackageState,
    PresenceCheck,
    StudyEvent,
)
from tests.browser.conftest import DESK, PHONE, Underway
from tests.browser.looks import seen, shot
from tests.courses.conftest import make_course
from tests.courses.package_kit import running
from tests.courses.test_activities import CASE, QUESTION, TASKS
from tests.courses.test_video import VTT

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def elsewhere(live_server: Any, settings: Any) -> str:
    """The same server under its other name: another origin, and no cookie of ours goes there."""
    port = urlsplit(live_server.url).port
    settings.PACKAGES_ORIGIN = f"http://127.0.0.1:{port}"
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    return str(settings.PACKAGES_ORIGIN)


@pytest.fixture
def course(live_server: Any) -> CoursePage:
    catalogue = CourseIndexPage(title="学安全", slug="courses")
    Site.objects.get(is_default_site=True).root_page.add_child(instance=catalogue)
    return make_course(catalogue, lessons=1, minutes=1)


def add_lesson(course: CoursePage, version: str) -> LessonPage:
    """A lesson with a package, open to the learner."""
    author = User.objects.create_user("13900000002", "long-enough-9")
    package = take_in(running(version), name="课.zip", by=author)
    lesson = LessonPage(
        title="课件课", slug="package", min_minutes=1, body=[("package", {"package": package, "must": True})]
    )  # fmt: skip
    course.add_child(instance=lesson)
    learner = User.objects.create_user("13800000000", "long-enough-9", phone_verified=True)
    enrol(course, person=learner)
    return LessonPage.objects.get(pk=lesson.pk)


@pytest.fixture(params=[PHONE, DESK], ids=["390px", "1280px"])
def visitor(
    request: Any, chromium: Browser, live_server: Any, underway: Underway, elsewhere: str
) -> Any:
    """As ``page``, with a second origin that is ours too."""
    context = chromium.new_context(viewport=request.param, base_url=live_server.url, locale="zh-CN")
    own = (live_server.url, elsewhere, "data:", "blob:", "about:")
    foreign: list[str] = []
    cookies: list[str] = []
    context.on("request", lambda r: None if r.url.startswith(own) else foreign.append(r.url))
    context.on(
        "request",
        lambda r: cookies.append(r.url) if r.url.startswith(elsewhere) and r.headers.get("cookie") else None,
    )  # fmt: skip
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(f"{error} {error.stack}"))
    yield page
    page.goto("about:blank")
    context.request.get("/healthz")
    context.close()
    underway.settle()
    assert (foreign, cookies, errors) == ([], [], [])


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", "13800000000")
    page.fill("input[name=password]", "long-enough-9")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(lambda url: "login" not in url)


def inside(page: Page) -> Any:
    """The package's own page: a frame in the player's frame."""
    return page.frame_locator("iframe.package-frame").frame_locator("iframe")


def kept(page: Page, click: Any) -> None:
    """Do something in the package; wait until the server has kept it."""
    with page.expect_response(
        lambda a: "/packages/" in a.url and a.request.method == "POST"
    ) as answer:
        click()
    assert answer.value.status == 200, answer.value.text()


def test_scorm_12_runs_and_is_resumed(visitor: Page, course: CoursePage) -> None:
    lesson = add_lesson(course, "scorm12")
    sign_in(visitor)
    visitor.goto(lesson.get_url())
    visitor.get_by_role("button", name="打开课件").click()
    expect(inside(visitor).locator("#place")).to_have_text("第1页 ")
    kept(visitor, inside(visitor).locator("#go").click)
    assert PackageState.objects.get().values["cmi.suspend_data"] == "看到2"
    seen(visitor, "package")
    visitor.reload()
    visitor.get_by_role("button", name="打开课件").click()
    expect(inside(visitor).locator("#place")).to_have_text("第2页 看到2")
    kept(visitor, inside(visitor).locator("#end").click)
    status = visitor.locator("[data-package-status]")
    expect(status).to_have_text("课件：通过。学习时间还差 1 分钟，时间学够了才算数")
    event = ActivityEvent.objects.get(done=True)
    assert (event.score, event.said["claims"]) == (85, "通过")


def test_scorm_2004_has_parts_of_free_choice(visitor: Page, course: CoursePage) -> None:
    lesson = add_lesson(course, "scorm2004")
    sign_in(visitor)
    visitor.goto(lesson.get_url())
    visitor.get_by_role("button", name="2. 第二节").click()
    expect(inside(visitor).locator("#place")).to_have_text("第1页 ")
    kept(visitor, inside(visitor).locator("#go").click)
    kept(visitor, inside(visitor).locator("#end").click)
    state = PackageState.objects.get()
    assert (state.item, state.values["cmi.location"]) == ("i2", "2")
    assert state.values["cmi.completion_status"] == "completed"
    visitor.get_by_role("button", name="1. 第一节").click()
    expect(inside(visitor).locator("#place")).to_have_text("第1页 ")
    visitor.get_by_role("button", name="2. 第二节").click()
    expect(inside(visitor).locator("#place")).to_have_text("第2页 看到2")


def test_a_hostile_package_reaches_nothing_of_ours(
    visitor: Page, course: CoursePage, elsewhere: str
) -> None:
    lesson = add_lesson(course, "scorm2004")
    sign_in(visitor)
    visitor.goto(lesson.get_url())
    visitor.get_by_role("button", name="1. 第一节").click()
    expect(inside(visitor).locator("#place")).to_have_text("第1页 ")
    player = next(frame for frame in visitor.frames if "/play?" in frame.url)
    content = player.child_frames[0]
    tries = """async (home) => {
      const found = {};
      try { found.top = String(top.document.title); } catch (fault) { found.top = fault.name; }
      try { top.location = "about:blank"; found.moved = "yes"; } catch (fault) { found.moved = fault.name; }
      try { await fetch(home + "/learn/", { credentials: "include" }); found.fetched = "yes"; }
      catch (fault) { found.fetched = fault.name; }
      try { await navigator.serviceWorker.register("evil.js"); found.worker = "yes"; }
      catch (fault) { found.worker = "no"; }
      found.opened = String(window.open("about:blank"));
      document.cookie = "a=b";
      return found;
    }"""
    home = visitor.url.split("/courses/")[0]
    assert content.evaluate(tries, home) == {
        "top": "SecurityError",
        "moved": "SecurityError",
        "fetched": "TypeError",
        "worker": "no",
        "opened": "null",
    }
    visitor.context.clear_cookies(name="a")
    drawn = content.evaluate(
        """async () => { const frame = document.createElement("iframe"); frame.src = "evil.svg";
        document.body.append(frame); await new Promise(done => { frame.onload = done; });
        return frame.contentDocument.location.origin; }"""
    )
    assert drawn == elsewhere
    forged = """(told) => new Promise(done => { parent.parent.postMessage(told, "*"); setTimeout(done, 50); })"""
    asked: list[str] = []
    visitor.on("request", lambda r: asked.append(r.url) if "/packages/" in r.url else None)
    good = {"anxin": "package", "type": "commit", "item": 0}
    for told in (
        {
            **good,
            "values": {"cmi.completion_status": "completed"},
        },  # of the right form, by the wrong frame
        {**good, "values": "x"},
        "x",
        None,
    ):
        content.evaluate(forged, told)
    spoken = """(told) => new Promise(done => { parent.postMessage(told, "*"); setTimeout(done, 50); })"""
    for told in (
        {**good, "values": {"cmi.completion_status": 1}},
        {**good, "values": {"__proto__.x": "1", "evil": "2"}},
        {**good, "values": {"cmi.suspend_data": "x" * 100_001}},
        {**good, "item": "0", "values": {}},
        {**good, "type": "read", "values": {}},
    ):
        player.evaluate(spoken, told)
    assert asked == []
    assert not ActivityEvent.objects.filter(done=True).exists()


def test_h5p_runs_and_reports(visitor: Page, course: CoursePage) -> None:
    lesson = add_lesson(course, "h5p")
    sign_in(visitor)
    visitor.goto(lesson.get_url())
    visitor.get_by_role("button", name="打开课件").click()
    player = visitor.frame_locator("iframe.package-frame")
    expect(player.get_by_text("哪里有隐患？")).to_be_visible()
    kept(visitor, player.locator("#done").click)
    event = ActivityEvent.objects.get(done=True)
    assert (event.score, event.said["claims"]) == (80, "通过")
    seen(visitor, "h5p")


# -- The lesson's own parts -----------------------------------------------------------------------------


def test_are_you_still_there(visitor: Page, course: CoursePage) -> None:
    learner = User.objects.create_user("13800000000", "long-enough-9", phone_verified=True)
    enrol(course, person=learner)
    lesson = LessonPage.objects.child_of(course).get()
    sign_in(visitor)
    visitor.clock.install()
    with visitor.expect_response(lambda a: a.url.endswith("/report/")):
        visitor.goto(lesson.get_url())
    event = StudyEvent.objects.latest("pk")
    PresenceCheck.objects.create(
        person=learner,
        enrolment=event.enrolment,
        lesson=lesson,
        tab=event.tab,
        asked_at=timezone.now(),
    )
    with visitor.expect_response(lambda a: a.url.endswith("/beats")):
        visitor.clock.fast_forward(21_000)
    expect(visitor.locator("[data-study-check-text]")).to_contain_text(
        "请在 5 分钟内点一下“我还在学”。现在时间照记，不着急。"
    )
    seen(visitor, "presence")
    with visitor.expect_response(lambda a: a.url.endswith("/beats")):
        visitor.get_by_role("button", name="我还在学").click()
    expect(visitor.locator("[data-study-check]")).to_be_hidden()
    assert PresenceCheck.objects.get().answered_at is not None


@pytest.fixture
def film(course: CoursePage, settings: Any) -> LessonPage:
    """A lesson with a real film of the demo, whose first viewing is held."""
    there = Path(settings.PACKAGE_DIR) / "seed" / "media" / "three-steps-film.mp4"
    media = get_media_model().objects.create(
        title="三步法", type="video", file=ContentFile(there.read_bytes(), "film.mp4"), duration=20
    )
    value = {"media": media, "low": media, "hold": True, "caption": "三步法", "subtitles": VTT,
             "chapters": [{"at": "0:00", "title": "开头"}, {"at": "0:10", "title": "检测"}]}  # fmt: skip
    lesson = LessonPage(title="视频课", slug="film", min_minutes=1, body=[("video", value)])
    course.add_child(instance=lesson)
    learner = User.objects.create_user("13800000000", "long-enough-9", phone_verified=True)
    enrol(course, person=learner)
    return LessonPage.objects.get(pk=lesson.pk)


def test_a_first_viewing_skips_nothing(visitor: Page, film: LessonPage) -> None:
    sign_in(visitor)
    visitor.goto(film.get_url())
    video = visitor.locator("video")
    expect(video).to_have_js_property("readyState", 4)
    place = "document.querySelector('video').currentTime"
    visitor.get_by_role("button", name="0:10 检测").click()
    expect(visitor.locator("[data-hold-note]")).to_contain_text("还没看到那里")
    assert visitor.evaluate(place) < 3
    video.evaluate("video => { video.pause(); video.playbackRate = 2; }")
    expect(visitor.locator("[data-hold-note]")).to_have_text("第一次看，最快 1.25 倍速。")
    assert video.evaluate("video => video.playbackRate") == 1.25
    assert video.evaluate("video => [...video.textTracks].map(one => one.language)") == ["zh"]
    seen(visitor, "film")
    credit = {"credited_ms": 60_000}
    LessonProgress.objects.update_or_create(
        lesson=film, enrolment=Enrolment.objects.get(), defaults=credit
    )
    with visitor.expect_response(lambda a: "/watched/" in a.url) as answer:
        video.evaluate("video => { video.playbackRate = 1; return video.play(); }")
        video.evaluate(
            "video => new Promise(done => video.addEventListener('timeupdate', () => video.currentTime > 1 && done()))"
        )
        video.evaluate("video => video.pause()")
    assert answer.value.json()["done"] is False


def test_a_case_works_without_javascript(
    chromium: Browser, live_server: Any, course: CoursePage, underway: Underway
) -> None:
    lesson = LessonPage(
        title="情景课", slug="case", body=[("tasks", TASKS), ("question", QUESTION), ("case", CASE)]
    )
    course.add_child(instance=lesson)
    learner = User.objects.create_user("13800000000", "long-enough-9", phone_verified=True)
    enrol(course, person=learner)
    for size in (PHONE, DESK):
        context = chromium.new_context(
            viewport=size, base_url=live_server.url, java_script_enabled=False
        )
        page = context.new_page()
        sign_in(page)
        page.goto(lesson.get_url())
        if page.get_by_role("button", name="从头再来").count():
            page.get_by_role("button", name="从头再来").click()
        page.get_by_role("button", name="马上下去拉人").click()
        expect(page.get_by_text("您也晕倒了")).to_be_visible()
        expect(page.get_by_text("依据：安全生产法第五十五条")).to_be_visible()
        page.get_by_label("直接下去").check()
        page.get_by_role("button", name="看看对不对").or_(
            page.get_by_role("button", name="再答一次")
        ).click()
        expect(page.get_by_text("会没命的")).to_be_visible()
        shot(page, "case")
        context.close()
    underway.settle()
    assert ActivityEvent.objects.filter(kind="case", done=True).count() == 2
