"""A citizen's whole way: find an enterprise, read the list, an entry and a day of the past, follow it by mail."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from credit import tasks
from credit.acts import alerts, cases, scores
from credit.models import Alert, Enterprise, Jurisdiction, ListEntry, Sector
from tests.browser.looks import seen
from tests.credit.casework import hide_accident, legal_reviewer, with_papers
from tests.credit.officers import officer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def entry(enterprise: Enterprise, district: Jurisdiction) -> ListEntry:
    """An entry that was listed today, by the steps of the last weeks."""
    today = timezone.localdate()
    then = today - timedelta(days=30)
    opener = officer("13800000001", district, "open_case")
    decider = officer("13800000002", district, "open_case", "decide_case")
    hide_accident(enterprise, happened_on=then - timedelta(days=60))
    case = cases.open_case(enterprise, "black", officer=opener, today=then)
    cases.send_notice(case, officer=opener, text="拟列入", served_on=then, today=then)
    cases.close_hearing(case, officer=opener, today=today)
    lawyer = legal_reviewer(enterprise)
    cases.legal_review(case, officer=lawyer, opinion="程序合法", today=today)
    cases.decide(case, officer=decider, number="云应急列〔2026〕1号", reason="清楚", today=today)
    with_papers(case, opener, today)
    cases.serve(case, officer=opener, served_on=today, how="直接送达", today=today)
    scores.refresh()
    return cases.publish(case, officer=opener, today=today)


def link_in_mail(purpose: str) -> str:
    found = re.search(rf"/credit/alerts/{purpose}/\S+/", str(mail.outbox[-1].body))
    assert found is not None
    return found[0]


def test_a_citizen_finds_reads_and_follows(page: Page, entry: ListEntry, sector: Sector):
    firm = entry.enterprise
    twin = Enterprise.objects.create(
        name="云溪常青化工有限公司",
        legacy_number="320100000012345",
        place=firm.place,
        sector=sector,
    )
    page.goto("/credit/")
    page.locator("#credit-words").fill("云溪")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("名称相近，请核对代码").first).to_be_visible()
    seen(page, "1-search")
    page.get_by_role("link", name=firm.name).click()
    expect(page.get_by_text(twin.number)).to_be_visible()
    seen(page, "2-enterprise")

    page.get_by_role("link", name="看整个名单").click()
    page.get_by_label("列入情形").select_option("concealment")
    page.get_by_label("列入年份").select_option(str(entry.listed_on.year))
    page.get_by_label("属地").select_option(firm.place.code)
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text("共 1 家")).to_be_visible()
    seen(page, "3-list")

    page.get_by_role("link", name="看列入经过").click()
    expect(page.get_by_role("img", name="办理经过和列入期")).to_be_visible()
    seen(page, "4-entry")

    page.get_by_text("看某一天的情况").click()
    page.get_by_label("日期").fill((entry.listed_on - timedelta(days=1)).isoformat())
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_text("还没有列入，当天没有公示")).to_be_visible()
    seen(page, "5-entry-then")
    page.goto(f"/credit/enterprises/{firm.number}/?as_of={entry.listed_on}")
    expect(page.get_by_text("那天已经发生；那天已经公开。")).to_be_visible()
    seen(page, "6-enterprise-then")

    page.goto(f"/credit/enterprises/{firm.number}/")
    feed = page.get_by_role("link", name="订阅源（Atom）").get_attribute("href")
    assert firm.name in page.request.get(str(feed)).text()
    page.get_by_role("link", name="用邮件订阅").click()
    seen(page, "7-subscribe")
    page.get_by_label("您的邮箱").fill("citizen@example.cn")
    page.get_by_role("button", name="发确认邮件").click()
    expect(page.get_by_role("heading", name="请到邮箱里确认")).to_be_visible()
    tasks.send_alert_confirmation(Alert.objects.get().pk)  # what the worker does
    page.goto(link_in_mail("confirm"))
    seen(page, "8-confirm")
    page.get_by_role("button", name="确认订阅").click()
    expect(page.get_by_role("heading", name="已订阅")).to_be_visible()

    tomorrow = timezone.localdate() + timedelta(days=1)
    _take_off(entry, tomorrow)
    assert alerts.send_digests(tomorrow) == 1
    assert f"{firm.name}：已移出" in str(mail.outbox[-1].body)
    page.goto(link_in_mail("stop"))
    page.get_by_role("button", name="确认退订").click()
    expect(page.get_by_role("heading", name="已退订")).to_be_visible()
    assert Alert.objects.count() == 0


def _take_off(entry: ListEntry, day: date) -> None:
    opener = officer("13800000003", entry.enterprise.place.parent, "open_case")
    decider = officer("13800000014", entry.enterprise.place.parent, "decide_case")
    cases.ask_removal(entry.case, officer=opener, ground="wrong", reason="判决", today=day)
    cases.remove(entry.case, officer=decider, reason="判决", today=day)


def test_the_lists_need_no_script(chromium: Any, live_server: Any, underway: Any, entry: ListEntry):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/credit/black/")
    page.locator("#q").fill("长青")
    page.get_by_role("button", name="筛选").click()
    page.get_by_role("link", name="看列入经过").click()
    expect(page.get_by_role("heading", name="办理经过")).to_be_visible()
    context.close()
    underway.settle()
