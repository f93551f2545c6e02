"""An officer's way with records: the history of imports, an undo, a name without a code, a late casualty."""

from datetime import date
from typing import Any

from django.test import Client
from playwright.sync_api import Page, expect

from credit.models import CasualtyProposal, Enterprise, ImportBatch, MajorHazard
from tests.browser.looks import fits_the_screen, shot
from tests.credit.acts.test_casualties import DAY, report
from tests.credit.acts.test_kinds import example, take
from tests.credit.acts.test_names import penalty
from tests.credit.officers import officer


def test_an_officer_undoes_an_import_links_a_name_and_decides_casualties(
    page: Page, enterprise: Enterprise, live_server: Any, as_staff: Any
):
    rights = ("import_records", "open_case", "decide_case", "view_listcase", "issue_source_key")
    person = officer("13800000051", enterprise.place.parent, *rights)
    take(example("hazards", 挂牌督办级别="区级", 销号日期=""), "hazards")
    report(2, DAY)
    report(3, date(2026, 5, 1))
    penalty()
    ImportBatch.objects.update(by=person)
    client = Client()
    as_staff(client, person)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    for path, name in (
        ("imports/", "imports"), ("names/", "names"), ("casualties/", "casualties"),
        ("sources/", "sources"),
    ):  # fmt: skip
        page.goto(f"/credit/office/{path}")
        shot(page, name)
        assert fits_the_screen(page), name
    page.goto("/credit/office/names/")
    page.get_by_role("button", name="就是：云溪长青").click()
    expect(page.get_by_text("已记住")).to_be_visible()
    page.goto("/credit/office/casualties/")
    page.get_by_label("理由").fill("调查报告")
    page.get_by_role("button", name="同意变更", exact=True).click()
    expect(page.get_by_text("同意变更：调查报告")).to_be_visible()
    page.goto(f"/credit/office/records/accident/{CasualtyProposal.objects.get().accident_id}/")
    shot(page, "accident")
    assert fits_the_screen(page)
    hazard = MajorHazard.objects.get()
    page.goto(f"/credit/office/imports/{hazard.batch_id}/")
    page.get_by_text("整次撤销这次导入").click()
    page.get_by_label("撤销的理由").fill("导错了文件")
    page.get_by_role("button", name="整次撤销").click()
    expect(page.get_by_text("这次导入已撤销。")).to_be_visible()
    shot(page, "undone")
    assert fits_the_screen(page)
    page.goto(f"/credit/office/records/majorhazard/{hazard.pk}/")
    shot(page, "hazard")
    assert fits_the_screen(page)
    assert MajorHazard.objects.current().count() == 0
