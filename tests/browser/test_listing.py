"""A listing's whole way by the pages: clerk, legal officer and decision officer, from the proposal to the removal."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from credit.acts import cases
from credit.models import ListCase, ListEntry, Measure
from credit.rules.terms import printed
from tests.browser.looks import seen
from tests.credit.casework import MEMBERS, hide_accident, legal_reviewer, looked_up
from tests.credit.officers import officer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def sign_in(page: Page, live_server: Any, as_staff: Any) -> Any:
    """The browser becomes this person's, second factor included."""
    cookies: dict[Any, Any] = {}

    def become(person: Any) -> None:
        if person not in cookies:
            client = Client()
            as_staff(client, person)
            cookies[person] = client.cookies["sessionid"].value
        cookie = {"name": "sessionid", "value": cookies[person], "url": live_server.url}
        page.context.add_cookies([cookie])

    return become


def step(page: Page, title: str, **fields: str) -> None:
    """Open a step's form, fill it, send it."""
    box = page.locator("details", has=page.locator("summary", has_text=title)).first
    box.locator("summary").first.click()
    for name, value in fields.items():
        field = box.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    box.locator("button[type=submit]").click()
    expect(page.locator(".alert", has_text="已登记。")).to_be_visible()


def make_paper(page: Page, name: str, blank: str = "云溪区") -> None:
    """From the case's page: make a paper of the given name, filling what the case cannot know with ``blank``."""
    page.get_by_role("link", name="文书：生成、下载、送达回证").click()
    page.get_by_role("link", name=f"生成{name}").click()
    text = page.get_by_label("正文")
    text.fill(re.sub(r"\{\{.*?\}\}", blank, text.input_value()))
    page.get_by_role("button", name="制作并编号").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.get_by_role("link", name="号案件").click()


def meeting() -> dict[str, str]:
    """The fields of the form for the heads' meeting."""
    seats = enumerate(MEMBERS, start=1)
    return {
        name: value
        for seat, (member, vote) in seats
        for name, value in ((f"member_{seat}", member), (f"vote_{seat}", vote))
    }


def test_three_officers_take_a_heavy_case_the_whole_way(
    page: Page, enterprise: Any, district: Any, sign_in: Any
):
    opener = officer("13800000001", district, "open_case")
    decider = officer("13800000002", district, "decide_case")
    today = timezone.localdate()
    began = today - timedelta(days=20)
    lawyer = legal_reviewer(enterprise)
    day = (today - timedelta(days=100)).isoformat()
    hide_accident(enterprise, concealed=False, deaths=10, grade="major", happened_on=day)
    # The case was opened and the party told twenty days ago; the clerk goes on today.
    case = looked_up(cases.open_case(enterprise, "black", officer=opener, today=began), opener)
    cases.send_notice(case, officer=opener, text="拟列入名单", served_on=began, today=began)
    home = f"/credit/office/cases/{case.pk}/"

    sign_in(opener)
    page.goto(home)
    expect(page.get_by_text("重大案件，须经负责人集体讨论")).to_be_visible()
    step(page, "登记陈述、申辩", text="申辩书", arguments="死亡人数不准\n已经整改")
    seen(page, "listing-arguments")
    waiting = list(case.arguments.values_list("pk", flat=True))
    for key in waiting:
        step(page, "复核陈述、申辩", argument=str(key), accepted="no", opinion="与调查报告不符")
    step(page, "登记听证申请", requested_on=began.isoformat())
    make_paper(page, "听证通知书", printed(today))
    told = {"set_for": today.isoformat(), "told_on": began.isoformat()}
    step(page, "登记听证通知", place="二楼会议室", **told)
    seen(page, "listing-hearing")
    step(page, "登记听证", held_on=today.isoformat(), chair=str(lawyer.pk), record="听证笔录")
    step(page, "确认已听取意见")
    seen(page, "listing-heard")

    sign_in(lawyer)
    page.goto("/credit/office/")
    page.get_by_role("link", name=enterprise.name).click()
    step(page, "作法制审核", passes="yes", opinion="事实清楚，程序合法")

    sign_in(decider)
    page.goto(home)
    expect(page.get_by_text("重大案件须经负责人集体讨论，请先登记讨论记录")).to_be_visible()
    sign_in(opener)
    page.goto(home)
    step(page, "登记集体讨论", record="三人讨论，多数同意", **meeting())
    seen(page, "listing-meeting")

    sign_in(decider)
    page.goto(home)
    step(page, "作出列入决定", number="云应急列〔2026〕1号", reason="事实清楚，依法列入")
    sign_in(opener)
    page.goto(home)
    make_paper(page, "列入决定书")
    make_paper(page, "信用修复告知书")
    step(page, "登记送达", how="直接送达")
    step(page, "公示")
    expect(page.get_by_text("已公示：")).to_be_visible()
    seen(page, "listing-published")
    page.goto("/credit/office/measures/")
    expect(page.get_by_text("每半年至少检查一次").first).to_be_visible()
    seen(page, "listing-measures")
    page.goto(f"/credit/enterprises/{enterprise.number}/")
    page.locator("summary", has_text="惩戒措施").click()
    seen(page, "listing-public")

    page.goto(home)
    step(page, "申请移出名单", ground="wrong", reason="复议决定书〔2026〕1号")
    sign_in(decider)
    page.goto(home)
    step(page, "同意移出", reason="列入有误，予以移出")
    expect(page.get_by_text("已移出名单：列入有误，予以移出")).to_be_visible()
    seen(page, "listing-removed")

    entry = ListEntry.objects.get()
    assert (entry.removed_on, entry.removed_by) == (today, decider)
    assert not Measure.objects.in_force(today).exists()
    assert ListCase.objects.get().legal_review_by == lawyer
