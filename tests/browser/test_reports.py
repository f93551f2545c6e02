"""An officer reads the report; a learner narrows the catalogue and hears a lesson; on a phone and at a desk."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.acts import articles, plans
from courses.acts.enrolment import enrol
from courses.models import CourseIndexPage, CoursePage, Prerequisite, QuestionBank
from credit.models import Jurisdiction, Sector
from tests.browser.looks import seen
from tests.browser.test_auditor import sign_in as office_sign_in
from tests.browser.test_hours import sign_in
from tests.browser.test_learning import course  # noqa: F401
from tests.courses.report_kit import (
    a_firm,
    a_person,
    a_street,
    an_official,
    at_work,
    finished,
    owes,
    sat,
)
from tests.courses.test_articles import ask
from tests.courses.test_catalogue import a_course

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

# Chromium here has no voices: one that ends when the test says so, and remembers what it read.
VOICE = """
window.heard = [];
const queue = [];
const fake = {
  speaking: false, paused: false,
  getVoices: () => [{ lang: "zh-CN", name: "test" }],
  speak(one) { window.heard.push([one.lang, one.text]); queue.push(one); this.speaking = true; },
  cancel() { queue.length = 0; this.speaking = this.paused = false; },
  pause() { this.paused = true; }, resume() { this.paused = false; }, addEventListener() {},
};
Object.defineProperty(window, "speechSynthesis", { value: fake });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
window.endVoice = () => { const last = queue[queue.length - 1]; fake.speaking = false; last.onend(); };
"""


def district_at_work(catalogue: Any) -> Any:
    """Streets with enterprises, obligations, exams, officials and a plan; the officer of the district."""
    today = timezone.localdate()
    place = Jurisdiction.objects.create(code="990001", name="云溪区", kind="district")
    boss = an_official(1, place)
    sectors = [
        Sector.objects.create(code="trade", name="商贸服务"),
        Sector.objects.create(code="chemicals", name="危险化学品", high_risk=True),
    ]
    migrants = a_course(catalogue, "进城务工安全", 1, audience="migrant")
    officials = a_course(catalogue, "干部轮训", 2, audience="official")
    began, due = date(today.year - 1, 1, 1), date(today.year, 1, 5)
    for number, name in enumerate(("河滨街道", "山前街道", "开发区管委会园区办事处（虚构）")):
        street = a_street(place, number, name)
        firm = a_firm(street, sectors[number % 2], number)
        an_official(10 + number, street)
        for one in range(3):
            work = at_work(firm, a_person(number * 10 + one), began_on=began)
            owes(work, due=due, met=due - timedelta(days=1) if one <= number else None)
            day = date(today.year, 1, 10)
            sat(migrants, work.person, (day, one != 1))
        done = finished(officials, User.objects.get(phone=f"+86139{10 + number:08}"), on=today)
        assert done.finished_at
    for indicator, amount in (("coverage", 90), ("pass_rate", 80), ("rotation", 100)):
        plans.enter(
            place, year=today.year, indicator=indicator, kind="target", amount=amount,  # type: ignore[arg-type]
            source="区规划（虚构）", reason="", by=boss,
        )  # fmt: skip
    return boss


def test_an_officer_reads_the_report_and_tells_a_changed_law(
    page: Page,
    course: CoursePage,  # noqa: F811
    as_staff: Any,
    live_server: Any,
):
    boss = district_at_work(CourseIndexPage.objects.get())
    office_sign_in(page, boss, as_staff, live_server.url)
    page.goto("/learn/office/")
    page.get_by_role("link", name="培训统计").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("培训统计")
    expect(page.get_by_text("应完成 9 项，已完成 6 项")).to_be_visible()
    seen(page, "reports")
    page.get_by_label("按什么统计").select_option("sector")
    page.get_by_role("button", name="统计").click()
    expect(page.get_by_role("heading", name="培训完成率 · 按行业领域")).to_be_visible()
    page.get_by_text("这些数怎么算").click()
    seen(page, "reports-sector")
    page.get_by_role("link", name="登记、更改计划指标").click()
    seen(page, "plan")
    ask(
        QuestionBank.objects.create(course=course, name="题库"),
        "先做什么？",
        "《安全生产法》第二十八条",
    )
    told = articles.tell(
        law="安全生产法", article=28, changed_on=timezone.localdate(), paper="主席令（虚构）",
        note="培训要求变了", by=boss, today=timezone.localdate(),
    )  # fmt: skip
    page.goto("/learn/office/laws/")
    seen(page, "laws")
    page.get_by_role("link", name=str(told)).click()
    page.get_by_label("结论").first.select_option("right")
    page.get_by_label("复核说明").first.fill("看过，没有影响")
    seen(page, "law")
    page.get_by_role("button", name="复核完了").first.click()
    expect(page.get_by_text("看过，没有影响")).to_be_visible()


def test_a_learner_finds_a_course_and_hears_it(page: Page, course: CoursePage):  # noqa: F811
    catalogue = CourseIndexPage.objects.get()
    for title, slug, said in (
        ("焊工安全", "welder", {"audience": "special_operator", "trade": "welding"}),
        ("小学生防溺水", "pupils", {"audience": "student", "stage": "lower"}),
    ):
        catalogue.add_child(
            instance=CoursePage(title=title, slug=slug, summary="学", required_minutes=0, **said)
        )
    Prerequisite.objects.create(page=CoursePage.objects.get(slug="welder"), needs=course)
    lesson = course.lessons().first()
    lesson.readings = [
        ("reading", {"language": "simple", "title": "先通风", "body": [("text", "<p>不通风，不下井。</p>")],
                     "sound": None, "by": "王编辑写，赵复核"}),
    ]  # fmt: skip
    lesson.save_revision().publish()
    person = User.objects.create_user(
        "13800000000", "long-enough-9", phone_verified=True, real_name="李小明"
    )
    enrol(course, person=person)
    sign_in(page, "13800000000")
    page.add_init_script(VOICE)
    page.goto(catalogue.get_url())
    page.get_by_label("对象").select_option("special_operator")
    page.get_by_role("button", name="找课程").click()
    expect(page.get_by_text("找到 1 门课。")).to_be_visible()
    seen(page, "catalogue")
    page.get_by_role("link", name="焊工安全").click()
    expect(page.get_by_text("先学完上面的课，再来报这门课。")).to_be_visible()
    seen(page, "needs")
    page.goto(lesson.get_url())
    page.get_by_role("link", name="简明版").click()
    button = page.get_by_role("button", name="听一听")
    button.click()
    assert page.evaluate("heard") == [["zh-Hans", "不通风，不下井。"]]
    page.get_by_role("button", name="停一停").click()
    assert page.evaluate("speechSynthesis.paused")
    page.get_by_role("button", name="接着听").click()
    seen(page, "lesson-simple")
    page.evaluate("endVoice()")
    expect(page.get_by_role("button", name="听一听")).to_be_visible()
    page.get_by_role("button", name="大字版").click()
    seen(page, "lesson-large")


def test_without_a_voice_there_is_no_button(page: Page, course: CoursePage):  # noqa: F811
    page.add_init_script("Object.defineProperty(window, 'speechSynthesis', { value: undefined });")
    page.goto(course.lessons().first().get_url())
    expect(page.locator("[data-listen]")).to_be_hidden()
