"""The network is cut in the middle of an exam: no answer is lost, another phone goes on, the end is the server's."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Error, Page

from courses.acts import exams, extra_time, leaving
from courses.models import (
    Answer,
    AnswerEvent,
    Attempt,
    CoursePage,
    ExtraTime,
    RefusedAnswer,
)
from credit.models import Employment, Enterprise, Jurisdiction, Sector
from credit.models.managers import EnterpriseManager
from tests.browser.conftest import PHONE, Underway
from tests.browser.looks import arrive, seen
from tests.courses.exam_kit import enrol, make_course, make_learner, small_exam

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
STATE = "#exam-state"
HIDE = (
    "state => { Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});"
    " document.dispatchEvent(new Event('visibilitychange')); }"
)


def begin(**terms: Any) -> Attempt:
    learner, course = make_learner(), make_course()
    CoursePage.objects.update(required_minutes=0)  # the ledger's rows could not be cleaned up
    course.refresh_from_db()
    small_exam(course, **terms)
    return exams.start(enrol(learner, course), learner=learner, now=timezone.now())


@pytest.fixture
def attempt(live_server: Any) -> Attempt:
    return begin()


class Phones:
    """Each a browser context of its own, signed in as the learner."""

    def __init__(self, chromium: Browser, address: str, width: int = PHONE["width"]) -> None:
        self.chromium, self.address = chromium, address
        self.size = {"width": width, "height": PHONE["height"]}
        self.contexts: list[BrowserContext] = []

    def one(self, person: Any) -> BrowserContext:
        client = Client()
        client.force_login(person)
        context = self.chromium.new_context(
            viewport=self.size, base_url=self.address, locale="zh-CN"
        )
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": self.address}])
        self.contexts.append(context)
        return context


@pytest.fixture
def phones(chromium: Browser, live_server: Any, underway: Underway) -> Iterator[Phones]:
    made = Phones(chromium, live_server.url)
    yield made
    for context in made.contexts:
        context.close()
    underway.settle()


def paper(phone: BrowserContext, attempt: Attempt) -> Page:
    page = phone.new_page()
    page.goto(f"/learn/attempts/{attempt.pk}/")
    return page


def choose(page: Page, position: int, option: int) -> None:
    page.click(f"[data-goto='{position}']")
    page.click(f"#q{position} label:nth-of-type({option + 1})")


def becomes(page: Page, selector: str, text: str) -> None:
    page.locator(selector, has_text=text).first.wait_for(timeout=20_000)


def saved(attempt: Attempt) -> dict[int, list[int]]:
    return {answer.paper_question.position: answer.chosen for answer in attempt.answers.all()}


def test_a_cut_network_loses_no_answer_and_another_phone_goes_on(phones: Phones, attempt: Attempt):
    learner = attempt.enrolment.person
    phone = phones.one(learner)
    page = paper(phone, attempt)
    choose(page, 1, 2)
    becomes(page, "#q1 [data-saved]", "已保存")
    acknowledged = saved(attempt)
    assert acknowledged == {1: [2]}

    phone.set_offline(True)
    choose(page, 4, 0)
    choose(page, 2, 1)
    choose(page, 2, 3)
    becomes(page, STATE, "没有网络，正在重试")
    becomes(page, "#q2 [data-saved]", "已存在这部手机里")
    seen(page, "exam-room-offline")
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    assert saved(attempt) == acknowledged

    phone.set_offline(False)
    page.goto(f"/learn/attempts/{attempt.pk}/")
    becomes(page, STATE, "已保存")
    assert saved(attempt) == {1: [2], 2: [3], 4: [0]}
    came = AnswerEvent.objects.order_by("pk").values_list("paper_question__position", flat=True)
    assert list(came) == [
        1,
        4,
        2,
    ]  # as they were given, and the first answer to 2 never needed to come
    assert page.evaluate("Object.keys(localStorage).filter(key => /exam-\\d+-\\d/.test(key))") == []

    other = phones.one(learner)
    second = paper(other, attempt)
    assert second.locator("#exam-answered").inner_text() == "3"
    second.click("[data-goto='2']")
    assert second.locator("#q2 input:checked").get_attribute("value") == "3"
    seen(second, "exam-room-second-phone")
    choose(second, 3, 1)
    choose(second, 5, 1)
    becomes(second, STATE, "已保存")
    second.click("#exam-finish")
    becomes(second, ".alert", "5 道题都答了")
    seen(second, "exam-room-check")
    second.get_by_role("button", name="确认交卷").click()
    becomes(second, "h2", "每道题的答案")
    attempt.refresh_from_db()
    assert (attempt.ended_by, saved(attempt)) == (
        "learner",
        {1: [2], 2: [3], 3: [1], 4: [0], 5: [1]},
    )
    assert leaving.absences(attempt) == []  # to hand in is not to leave, nor is a reload

    # the first phone still shows the paper: its answer comes too late, and that is said
    choose(page, 3, 2)
    becomes(page, "h2", "每道题的答案")
    becomes(page, ".alert", "有 1 个答案在考试结束以后才传到，没有算分")
    assert saved(attempt)[3] == [1]
    assert RefusedAnswer.objects.get().chosen == [2]
    seen(page, "exam-room-late")


def test_two_tabs_of_one_phone_keep_each_other_s_answers(phones: Phones, attempt: Attempt):
    phone = phones.one(attempt.enrolment.person)
    one, two = paper(phone, attempt), paper(phone, attempt)
    phone.set_offline(True)
    choose(one, 1, 0)
    becomes(one, "#q1 [data-saved]", "已存在这部手机里")
    choose(two, 2, 1)
    becomes(two, "#q2 [data-saved]", "已存在这部手机里")
    # the tabs are processes of their own: what one stores reaches the other a moment later
    waits = "Object.keys(localStorage).filter(key => /exam-\\d+-\\d/.test(key)).length === 2"
    one.wait_for_function(waits, timeout=20_000)
    two.wait_for_function(waits, timeout=20_000)
    one.close(run_before_unload=False)
    two.close(run_before_unload=False)
    phone.set_offline(False)
    page = paper(phone, attempt)
    becomes(page, STATE, "已保存")
    assert saved(attempt) == {1: [0], 2: [1]}


def test_leaving_the_page_is_told_to_the_server(phones: Phones, attempt: Attempt):
    phone = phones.one(attempt.enrolment.person)
    page = paper(phone, attempt)
    phone.set_offline(True)
    page.evaluate(HIDE, "hidden")
    phone.set_offline(False)
    with page.expect_response(lambda reply: reply.url.endswith("/left")):
        page.evaluate(HIDE, "visible")
    page.reload()
    arrive(page)
    assert [event.kind for event in attempt.leaves.all()][:2] == ["left", "back"]
    attempt.refresh_from_db()
    assert attempt.submitted_at is None


def test_a_page_whose_time_is_over_goes_on_when_more_was_given(phones: Phones, live_server: Any):
    attempt = begin(minutes=1)
    officer = make_learner("王考官", 90)
    officer.groups.add(Group.objects.get_or_create(name="editor")[0])
    officer.is_superuser = True
    officer.save()
    page = paper(phones.one(attempt.enrolment.person), attempt)
    extra_time.grant(attempt.enrolment, minutes=30, reason="停电", by=officer, now=timezone.now())
    moved = ExtraTime.objects.get()
    assert moved.deadline_after == attempt.deadline + timedelta(minutes=30)
    # the page's clock runs out now; the server knows better
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 59500; }")
    becomes(page, STATE, "考试时间延长了")
    page.evaluate("() => document.getElementById('exam-clock').textContent")
    choose(page, 1, 0)
    becomes(page, "#q1 [data-saved]", "已保存")
    assert Answer.objects.count() == 1
    attempt.refresh_from_db()
    assert attempt.submitted_at is None


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_around_an_exam_look_right(
    chromium: Browser, live_server: Any, underway: Underway, width: int
):
    """The room, an appeal, practice; by a keyboard and without script too, as they are plain forms."""
    attempt = begin()
    learner = attempt.enrolment.person
    phones = Phones(chromium, live_server.url, width)
    page = phones.one(learner).new_page()
    page.goto("/learn/practice/")
    seen(page, "practice")
    page.click("text=练习新题")
    page.click("#q1 label:nth-of-type(1)")
    seen(page, "practice-question")
    page.click("text=看看对不对")
    becomes(page, "h1", "答")
    seen(page, "practice-told")
    page.goto("/learn/practice/")
    page.click("text=做一次模拟")
    arrive(page)
    seen(page, "practice-mock")
    page.click("text=交卷看答案")
    becomes(page, ".exam-result", "这是练习，不是考试成绩")
    seen(page, "practice-mock-result")
    page.goto("/learn/practice/mistakes/")
    seen(page, "practice-mistakes")

    exams.submit(attempt, learner=learner, now=timezone.now())
    page.goto(f"/learn/attempts/{attempt.pk}/appeal/")
    seen(page, "appeal")
    page.fill("textarea", "第2题的答案有误")
    page.click("text=提交申诉")
    becomes(page, ".alert-info", "您的申诉已经收到")
    seen(page, "appeal-result")

    exam = attempt.exam
    exam.identity_check = True
    exam.save()
    boss = make_learner("赵经理", 91)
    appoint(boss, learner)
    office = phones.one(boss).new_page()
    office.goto("/learn/office/room/?q=㛃堃")
    seen(office, "room")
    office.click(f"a[href='/learn/office/room/{attempt.enrolment_id}/']")
    arrive(office)
    seen(office, "room-learner")
    office.click("text=发一次性口令")
    becomes(office, ".alert-success", "只显示这一次")
    seen(office, "room-code")
    for context in phones.contexts:
        context.close()
    underway.settle()


def test_a_camera_that_does_not_open_is_told_and_stops_nothing(phones: Phones, live_server: Any):
    learner, course = make_learner(), make_course()
    CoursePage.objects.update(required_minutes=0)
    course.refresh_from_db()
    exam = small_exam(course)
    exam.snapshots = True
    exam.save()
    enrolment = enrol(learner, course)
    phone = phones.one(learner)
    phone.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => { throw new Error('none'); }"
    )
    page = phone.new_page()
    page.goto(f"/learn/exams/{enrolment.pk}/")
    seen(page, "snapshot-start")
    page.get_by_label("同意抓拍", exact=True).check()
    page.get_by_role("button", name="开始考试").click()
    becomes(page, "#exam-camera", "摄像头没有打开，可以接着考")
    choose(page, 1, 0)
    becomes(page, "#q1 [data-saved]", "已保存")
    seen(page, "snapshot-paper")


def appoint(boss: Any, worker: Any) -> None:
    place = Jurisdiction.objects.create(code="990001", name="云溪区", kind="district")
    sector = Sector.objects.create(code="metal-x", name="冶金")
    firm = Enterprise.objects.create(
        name="安全公司（虚构）", uscc="91110000600037341L", place=place, sector=sector
    )
    first = date(2026, 1, 1)
    Employment.objects.create(enterprise=firm, person=worker, position="worker", began_on=first)
    EnterpriseManager.objects.create(
        person=boss, enterprise=firm, paper="授权委托书", from_day=first, appointed_by=boss
    )
