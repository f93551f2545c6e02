"""The officer's gap page and the auditor's pages fit a phone and a desk, and everybody can use them."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from credit.acts import anchors, persons
from credit.models import Enterprise, Jurisdiction
from tests.browser.looks import seen
from tests.credit.casework import hide_accident
from tests.credit.officers import officer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def sign_in(page: Page, person: Any, as_staff: Any, address: str) -> None:
    """With the session of a client that signed in with a second factor."""
    client = Client()
    as_staff(client, person)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": address}])


def test_an_officer_opens_a_case_from_a_gap_and_an_auditor_reads_of_it(
    page: Page, live_server: Any, enterprise: Enterprise, district: Jurisdiction, as_staff: Any
):
    today = timezone.localdate()
    opener = officer("13800000001", district, "open_case")
    auditor = officer("13800000008", None, "view_auditentry", "view_listcase")
    accident = hide_accident(enterprise, happened_on=today)
    persons.record_person(
        accident, officer=opener, name="王小明", number="11010519491231002X", role="principal",
        finding="组织瞒报", today=today,
    )  # fmt: skip
    sign_in(page, opener, as_staff, live_server.url)
    page.goto("/credit/office/gaps/")
    expect(page.get_by_text("王小明")).to_be_visible()
    seen(page, "10-gaps")
    page.goto(f"/credit/office/records/accident/{accident.pk}/persons/")
    seen(page, "11-persons")
    page.goto(f"/credit/office/history/{enterprise.number}/")
    seen(page, "12-history")
    page.goto("/credit/office/gaps/")
    page.get_by_role("button", name="立案").click()
    page.goto("/credit/office/gaps/")
    expect(page.get_by_text("没有这样的差异")).to_be_visible()

    anchors.note(today)
    sign_in(page, auditor, as_staff, live_server.url)
    page.goto("/credit/office/audit/")
    expect(page.get_by_text("首尾相接")).to_be_visible()
    seen(page, "13-audit")
    page.get_by_label("办理", exact=True).select_option("case.open")
    page.get_by_role("button", name="查询").click()
    page.get_by_role("link", name="第 2 条").click()
    expect(page.get_by_text("与内容相符")).to_be_visible()
    seen(page, "14-audit-entry")
