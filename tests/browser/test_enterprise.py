"""A small boss does the whole path on a phone and at a desk: file, preview, statement, message, objection, repair."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from credit.acts import cases, scores
from credit.models import (
    Attachment,
    Enterprise,
    Jurisdiction,
    Message,
    Objection,
    PartyStatement,
    RepairApplication,
)
from credit.rules.terms import add_months
from tests.browser.looks import seen
from tests.credit.acts.test_scores import penalise
from tests.credit.casework import hide_accident
from tests.credit.officers import officer
from tests.credit.party import PDF, appointed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def underway_case(enterprise: Enterprise, district: Jurisdiction, live_server: Any) -> Enterprise:
    """An enterprise with a penalty to be repaired and a case of which it was told today."""
    today = timezone.localdate()
    clerk = officer("13800000001", district, "open_case")
    hide_accident(enterprise, happened_on=add_months(today, -8))
    penalise(enterprise, happened_on=add_months(today, -5), offence="没有如实记录培训情况")
    scores.refresh(as_of=today)
    appointed(enterprise, clerk)
    case = cases.open_case(enterprise, "black", officer=clerk, today=today)
    words = "拟将你单位列入严重失信主体名单。你单位有权陈述、申辩，也可以申请听证。"
    cases.send_notice(case, officer=clerk, text=words, served_on=today, today=today)
    return enterprise


def pick(page: Page, selector: str, name: str) -> None:
    """Choose a file in a form."""
    page.locator(selector).set_input_files(
        [{"name": name, "mimeType": "application/pdf", "buffer": PDF}]
    )


def test_a_manager_goes_the_whole_way(page: Page, underway_case: Enterprise):
    page.goto("/accounts/login/")
    page.fill("input[name=login]", "13900000001")
    page.fill("input[name=password]", "long-enough-9")
    page.locator("main button[type=submit]").first.click()

    page.goto("/accounts/me/")
    expect(page.get_by_role("link", name="消息 1 条未读")).to_be_visible()
    seen(page, "1-me")
    page.get_by_role("link", name="我的企业").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(underway_case.name)
    seen(page, "2-file")

    page.get_by_role("link", name="拟列入严重失信主体名单（黑名单）").click()
    seen(page, "3-case")
    page.get_by_role("link", name="预览：公众将看到什么").click()
    expect(page.get_by_text("这就是公众将看到的内容")).to_be_visible()
    seen(page, "4-preview")
    page.get_by_role("link", name="回到案件").click()

    page.locator("summary", has_text="提交陈述、申辩").click()
    page.fill("#PartyStatementForm-text", "事故当天我们就报告了，不是瞒报。请看报告回执。")
    pick(page, "#PartyStatementForm-files", "报告回执.pdf")
    page.get_by_role("button", name="提交陈述、申辩").click()
    sent = PartyStatement.objects.get()
    expect(page.get_by_text(f"回执编号 {sent.number}")).to_be_visible()
    expect(page.get_by_role("link", name="报告回执.pdf")).to_be_visible()
    seen(page, "5-receipt")
    with page.expect_download() as got:
        page.get_by_role("link", name="报告回执.pdf").click()
    assert got.value.suggested_filename == "报告回执.pdf"

    page.goto("/credit/messages/")
    seen(page, "6-messages")
    page.get_by_role("link", name="收到列入失信名单的告知书").click()
    expect(page.get_by_text("已留下阅读回执")).to_be_visible()
    seen(page, "7-message")
    assert Message.objects.get(kind="case-notice").read_at is not None
    page.get_by_role("link", name="去办理").click()
    expect(page.get_by_role("heading", name="告知书")).to_be_visible()

    page.get_by_role("link", name="信用档案").click()
    page.get_by_role("link", name="没有如实记录培训情况").click()
    seen(page, "8-record")
    page.get_by_role("link", name="对这条记录有异议").click()
    page.select_option("#ObjectionForm-reason", "wrong")
    page.fill("#ObjectionForm-text", "罚款是一万元，不是两万元。")
    seen(page, "9-object")
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_text("这一条已标注“有异议”")).to_be_visible()
    seen(page, "10-objections")
    assert Objection.objects.get().raised_on == timezone.localdate()

    page.get_by_role("link", name="信用修复").first.click()
    seen(page, "11-repairs")
    page.get_by_role("link", name="没有如实记录培训情况").click()
    page.fill("#RepairForm-statement", "罚款已缴，培训记录已补齐。")
    page.check("#RepairForm-promised")
    pick(page, "#RepairForm-files", "缴款凭证.pdf")
    seen(page, "12-coach")
    page.get_by_role("button", name="提交申请").click()
    made = RepairApplication.objects.get()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"修复申请 {made.number}")
    seen(page, "13-repair")
    assert Attachment.objects.filter(for_party=True).count() == 2

    page.goto(f"/credit/enterprises/{underway_case.uscc}/")
    expect(page.get_by_text("有异议", exact=True)).to_be_visible()
    expect(page.get_by_text("目前不在黑名单、红名单上")).to_be_visible()
