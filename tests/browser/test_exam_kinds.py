"""Every kind of question in a real Chromium: answered by finger, by keys, and without script."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from courses.acts import exams
from courses.models import Attempt, CoursePage
from courses.rules.marking import points_for
from tests.browser.looks import seen
from tests.courses.exam_kit import enrol, exam_of_every_kind, make_course, make_learner, places_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def attempt(live_server: Any) -> Attempt:
    learner, course = make_learner(), make_course()
    CoursePage.objects.update(required_minutes=0)  # the ledger's rows could not be cleaned up
    course.refresh_from_db()
    exam_of_every_kind(course)
    return exams.start(enrol(learner, course), learner=learner, now=timezone.now())


def sign_in(page: Page, attempt: Attempt, live_server: Any) -> None:
    client = Client()
    client.force_login(attempt.enrolment.person)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


def saved(attempt: Attempt) -> dict[int, Any]:
    return {answer.paper_question.position: answer.chosen for answer in attempt.answers.all()}


def settled(page: Page, count: int) -> None:
    """All answers have arrived."""
    page.wait_for_function(
        "n => document.querySelectorAll('[data-saved]').length"
        " && [...document.querySelectorAll('[data-saved]')].filter(e => e.textContent === '已保存').length === n",
        arg=count,
        timeout=20_000,
    )


def answer_by_script(page: Page) -> None:
    if page.locator("#exam-layout", has_text="显示全部题目").count():
        page.click("#exam-layout")
    page.click("#q1 label:nth-of-type(1)")
    page.fill("[name='q4.0']", "通风")
    page.fill("[name='q4.1']", "检测")
    page.fill("[name='q5']", "19.5")
    for at in range(4):
        page.select_option(f"[name='q6.{at}']", str(at))
    for at in range(3):
        page.select_option(f"[name='q7.{at}']", "1")
    picture = page.locator("#q8 input[type=image]")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None
    picture.click(position={"x": box["width"] / 8, "y": box["height"] / 6})
    picture.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.check("[name='q9.0'] >> nth=0")
    page.fill("[name='q10']", "因为缺氧。")
    page.locator("[name='q10']").blur()


def test_every_kind_is_answered_and_saved_one_by_one(
    page: Page, attempt: Attempt, live_server: Any
):
    sign_in(page, attempt, live_server)
    page.goto(f"/learn/attempts/{attempt.pk}/")
    answer_by_script(page)
    settled(page, 8)
    seen(page, "exam-script")
    found = saved(attempt)
    assert found[4] == ["通风", "检测"]
    assert found[5] == ["19.5"]
    assert (found[6], found[7]) == ([0, 1, 2, 3], [1, 1, 1])
    assert [[abs(x - 50) <= 2, abs(y - 50) <= 2] for x, y in found[8][:1]] == [[True, True]]
    assert found[8][1] == [146, 150]  # three steps of 18 pixels left of the middle
    assert (found[9][1:], found[10]) == ([[], []], ["因为缺氧。"])
    page.reload()
    assert page.input_value("[name='q4.1']") == "检测"
    assert page.locator("#q8 .exam-dot").count() == 2
    with page.expect_response("**/answer"):
        page.click("#q8 .exam-kept >> nth=0")
    assert saved(attempt)[8] == [[146, 150]]


def test_every_kind_without_script(page: Page, attempt: Attempt, live_server: Any):
    sign_in(page, attempt, live_server)
    page.route("**/exam.js", lambda route: route.abort())
    page.goto(f"/learn/attempts/{attempt.pk}/")
    seen(page, "exam-keys")
    page.fill("[name='q4.0']", "通风")
    page.select_option("[name='q6.0']", "2")
    page.click("#q8 input[type=image]", position={"x": 40, "y": 40})
    page.wait_for_url("**/#q8")
    assert saved(attempt) == {4: ["通风", ""], 6: [2, -1, -1, -1], 8: [[50, 50]]}
    assert page.locator("#q8 .exam-dot").count() == 1
    page.press("[name='q4.0']", "Enter")  # saves, and taps on no picture
    page.wait_for_load_state()
    assert saved(attempt)[8] == [[50, 50]]


def test_the_result_tells_every_kind(page: Page, attempt: Attempt, live_server: Any):
    learner = attempt.enrolment.person
    for place in places_of(attempt):
        if place.shown["kind"] in ("fill", "hotspot", "ordering"):
            chosen = {"fill": ["通风", ""], "hotspot": [[50, 50], [399, 299]]}
            given = chosen.get(place.shown["kind"], [0, 1, 2, 3])
            exams.save_answer(
                attempt, learner=learner, position=place.position, chosen=given,
                now=timezone.now(),
            )  # fmt: skip
    exams.submit(attempt, learner=learner, now=timezone.now())
    sign_in(page, attempt, live_server)
    page.goto(f"/learn/attempts/{attempt.pk}/result/")
    seen(page, "exam-plain")
    assert page.locator(".exam-areas rect, .exam-areas svg > circle").count() == 2
    page.locator("text=答对一部分，得 5 分").first.wait_for()
    assert points_for(places_of(attempt)[0].marked()) == 0
