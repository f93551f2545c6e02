"""我的培训要求: what I must learn, why, until when, and the button to the course."""

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from courses.acts import obligations
from courses.models import CoursePage
from credit.models import Enterprise, Sector
from tests.courses.obligation_kit import TODAY, a_person, at_work, counts, won

PAGE = reverse("courses:obligations")


@pytest.fixture
def as_learner(client: Client, learner: Any) -> Client:
    client.force_login(learner)
    return client


def text(answer: Any) -> str:
    main = re.search(r"<main.*</main>", answer.content.decode(), re.S)
    assert main
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main.group()))


@time_machine.travel("2026-11-25T10:00:00+08:00")
def test_it_says_what_why_until_when_and_where(
    as_learner: Client, enterprise: Enterprise, learner: Any, course: CoursePage
):
    at_work(enterprise, learner)
    counts(course, "worker-plant-high")
    won(course, learner, on=date(2026, 11, 10), minutes=9 * 45 + 20)
    obligations.refresh([enterprise.pk], today=TODAY)
    answer = as_learner.get(PAGE)
    said = text(answer)
    for words in (
        "上岗前厂级安全教育（高危行业） 快到期",
        "请在 2026年12月25日 前完成",
        "已学 9.4 / 24 学时",
        "高危行业新来的人最容易出事，所以法规要求上岗前先过三级安全教育",
        "您是2026年11月25日登记的，请在2026年12月25日前补齐。",
        "依据：生产经营单位安全培训规定（3号令，80号令修正）第十二条、第十三条、第十四条",
        "（待核）",
        "去学：有限空间",
        "平台上还没有对应的课",
    ):
        assert words in said
    assert f'href="{course.get_url()}"' in answer.content.decode()


@time_machine.travel("2027-02-01T10:00:00+08:00")
def test_what_is_late_comes_first_and_what_was_done_stays_below(
    as_learner: Client, enterprise: Enterprise, learner: Any, course: CoursePage
):
    at_work(enterprise, learner)
    counts(course, "worker-plant-high")
    held = won(course, learner, on=date(2026, 11, 10), minutes=24 * 45)
    obligations.refresh([enterprise.pk], today=TODAY)
    as_learner.force_login(learner)  # the session of November has ended
    said = text(as_learner.get(PAGE))
    assert "应在 2026年12月25日 前完成，已经过期，请尽快补上" in said
    assert said.index("已超期") < said.index("每年再培训") < said.index("以前各期")
    assert f"2026年11月10日 完成 · 证书 {held.printed_number}" in said


def test_a_special_operator_is_sent_to_the_office_that_issues(
    as_learner: Client, enterprise: Enterprise, learner: Any
):
    at_work(enterprise, learner, position="special_operator", trades="heights")
    obligations.refresh([enterprise.pk], today=TODAY)
    said = text(as_learner.get(PAGE))
    assert "特种作业操作证：高处作业" in said
    assert "拿到证件后，请交给单位管理员登记" in said


def test_nobody_sees_what_others_owe(as_learner: Client, enterprise: Enterprise):
    at_work(enterprise, a_person(7))
    obligations.refresh([enterprise.pk], today=TODAY)
    assert "现在没有培训要求" in text(as_learner.get(PAGE))


def test_a_stranger_logs_in_first(client: Client, db: None):
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize("firms", [1, 3, 30])
def test_the_page_asks_the_same_number_of_queries(
    as_learner: Client,
    enterprise: Enterprise,
    learner: Any,
    course: CoursePage,
    firms: int,
    django_assert_num_queries: Any,
):
    counts(course, "worker-initial")
    trade = Sector.objects.create(code="trade", name="商贸服务")
    for number in range(firms):
        firm = Enterprise.objects.create(
            name=f"甲{number}", legacy_number=str(number), place=enterprise.place, sector=trade
        )
        at_work(firm, learner)
        obligations.refresh([firm.pk], today=TODAY)
    as_learner.get(PAGE)
    with django_assert_num_queries(5):
        answer = as_learner.get(PAGE)
    assert answer.content.decode().count("去学：") == firms
