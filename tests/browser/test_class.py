"""A class in a hall, on a phone and at a desk: opened, joined and signed by codes, evaluated, closed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.acts import classes, foremen, pins, signing, team_lessons
from courses.acts.questions import add_question
from courses.models import ClassSession, CoursePage, QuestionBank, StudyEvent, TrainingClass
from courses.models.turn import midnight
from credit.models import Enterprise, Jurisdiction
from tests.browser.looks import seen
from tests.browser.test_auditor import sign_in as office_sign_in
from tests.browser.test_hours import sign_in
from tests.browser.test_learning import course  # noqa: F401
from tests.courses.class_kit import a_lecturer, an_officer
from tests.courses.item_kit import SOUND
from tests.courses.obligation_kit import a_person, at_work
from tests.courses.roster_kit import a_manager

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def end_of_today() -> datetime:
    """A session lies within a day, also when the test runs late in the evening."""
    return midnight(timezone.localdate() + timedelta(days=1)) - timedelta(seconds=1)


def scan(page: Page, session: ClassSession, way: str) -> None:
    """What a phone does with the code on the screen, as it is at this moment."""
    address = signing.code_address(session.pk, way, timezone.now())
    page.goto("/" + address.split("/", 3)[3])


def test_a_class_from_opening_to_closing(
    page: Page,
    course: CoursePage,  # noqa: F811
    district: Jurisdiction,
    as_staff: Any,
    live_server: Any,
):
    officer = an_officer(district)
    User.objects.create_user(
        "13800000000", "long-enough-9", phone_verified=True, real_name="李小明"
    )
    a_lecturer()
    office_sign_in(page, officer, as_staff, live_server.url)
    page.goto("/learn/office/classes/")
    page.get_by_role("link", name="开一个班").click()
    seen(page, "class-new")
    page.get_by_label("班名").fill("有限空间作业班")
    page.get_by_label("教哪门课").select_option(label="有限空间")
    page.get_by_label("属地").select_option(label="云溪区")
    page.get_by_label("地点").fill("云溪安全学校一号教室")
    page.get_by_role("button", name="开班").click()

    # A session that began a while ago on the wall's clock: what a browser cannot wait for, the act does.
    made = TrainingClass.objects.get()
    now = timezone.now()
    begin = max(now - timedelta(minutes=20), midnight(timezone.localdate()))
    session = classes.add_session(
        made,
        lesson=made.course.lessons().first(),
        lecturer=a_lecturer(),
        starts_at=begin,
        ends_at=min(begin + timedelta(minutes=90), end_of_today()),
        by=officer,
        now=now,
    )
    page.reload()
    seen(page, "class")
    join = page.get_by_role("link", name="报名页面").get_attribute("href")
    page.get_by_role("link", name="签到屏幕").click()
    with page.expect_response(lambda answer: ".svg?at=" in answer.url, timeout=15_000) as code:
        pass  # the script fetches the next code by itself
    assert code.value.status == 200
    seen(page, "class-hall")

    page.context.clear_cookies()
    sign_in(page, "13800000000")
    page.goto(join or "")
    seen(page, "class-join")
    page.get_by_role("button", name="报名").click()
    scan(page, session, "in")
    seen(page, "class-sign")
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_text("签到成功")).to_be_visible()
    scan(page, session, "out")
    page.get_by_role("button", name="签退").click()
    expect(page.get_by_text("签退成功")).to_be_visible()
    page.get_by_label("很好").first.check()
    page.get_by_label("很好").nth(1).check()
    page.get_by_label("很好").nth(2).check()
    seen(page, "class-mine")
    page.get_by_role("button", name="交评价").click()
    expect(page.get_by_text("谢谢您的评价")).to_be_visible()
    assert StudyEvent.objects.get().credited_ms < 60_000  # from the scan on, not from the begin
    page.goto("/learn/classes/")
    seen(page, "classes-mine")
    page.goto(f"/learn/classes/sign/{session.pk}/in/{'0' * 24}/")
    seen(page, "class-stale")

    page.context.clear_cookies()
    office_sign_in(page, officer, as_staff, live_server.url)
    page.goto(f"/learn/office/classes/{made.pk}/")
    page.get_by_role("button", name="结班").click()
    expect(page.get_by_text("才下课，下课后再结班")).to_be_visible()
    classes.close_class(made, by=officer, now=session.ends_at)
    page.reload()
    expect(page.get_by_text("0 人参加完。")).to_be_visible()
    seen(page, "class-closed")
    page.goto("/learn/office/classes/")
    seen(page, "classes")


def test_a_team_learns_on_one_phone(
    page: Page,
    course: CoursePage,  # noqa: F811
    enterprise: Enterprise,
    live_server: Any,
):
    now, manager = timezone.now(), a_manager(enterprise)
    boss = User.objects.create_user(
        "13800000070", "long-enough-9", phone_verified=True, real_name="赵班长"
    )
    work = at_work(enterprise, boss, team="甲班")
    workers = [a_person(number, real_name=f"工友{name}") for number, name in ((1, "甲"), (2, "乙"))]
    for worker in workers:
        at_work(enterprise, worker, team="甲班")
    pins.set_own(workers[0], "280419", now=now)
    bank = QuestionBank.objects.create(course=course, name="题库")
    add_question(bank, SOUND["single"])
    foreman = foremen.name(enterprise, work.pk, by=manager, now=now)

    sign_in(page, "13800000070")
    page.goto("/learn/team/")
    page.get_by_role("button", name="下一步").click()
    seen(page, "team-open")
    lesson = course.lessons().first()
    begin = now - timedelta(
        minutes=2
    )  # the lesson's minute is over when the phone goes round again
    made = team_lessons.open_lesson(foreman, lesson, by=boss, now=begin)
    page.goto(f"/learn/team/{made.pk}/")
    page.get_by_label("我是").select_option(label="工友甲")
    page.get_by_label("我的学习密码").fill("280419")
    seen(page, "team-come")
    page.get_by_role("button", name="我到了").click()
    expect(page.get_by_text("工友甲到场")).to_be_visible()
    turn = page.get_by_role("region", name="第二步：学完答题")
    turn.get_by_label("我的学习密码").fill("280419")
    seen(page, "team-turn")
    turn.get_by_role("button", name="轮到我答题").click()
    page.get_by_label("通风").check()
    seen(page, "team-answer")
    page.get_by_role("button", name="交答案").click()
    expect(page.get_by_text("工友甲答对了")).to_be_visible()
    page.get_by_role("button", name="下课").click()
    expect(page.get_by_text("下课了，1 人计入学时。")).to_be_visible()
    seen(page, "team-closed")
    assert StudyEvent.objects.get().person == workers[0]
    page.goto("/learn/pin/")
    seen(page, "team-pin")

    manager.set_password("long-enough-9")
    manager.save()
    page.context.clear_cookies()
    sign_in(page, manager.phone)
    page.goto(f"/courses/enterprise/{enterprise.pk}/teams/")
    seen(page, "team-office")
    page.get_by_role("button", name="发学习密码").click()
    expect(page.get_by_text("只显示这一次")).to_be_visible()
    seen(page, "team-pins")
    page.goto(f"/courses/enterprise/{enterprise.pk}/classes/")
    seen(page, "class-firm")
