"""A simulation on a real screen: the chart is drawn, nothing runs over the edge of a phone, a second person adopts."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from credit.models import Enterprise, Jurisdiction
from tests.browser.looks import fits_the_screen
from tests.credit.acts.test_scores import penalise
from tests.credit.officers import officer
from tests.credit.rulesets import DEARER_FINE, adopted, drafted, simulated

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def test_a_second_person_reads_the_simulation_and_the_version(
    page: Page, live_server: Any, as_staff: Any, enterprise: Enterprise, district: Jurisdiction
):
    penalise(enterprise)
    drafter = officer("13800000021", district, "draft_ruleset")
    adopter = officer("13800000022", district, "adopt_ruleset", "view_listcase")
    done = simulated(drafted(drafter, DEARER_FINE), drafter)
    version = adopted(drafter, adopter, DEARER_FINE)
    client = Client()
    as_staff(client, adopter)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    page.goto(f"/credit/office/rulesets/simulations/{done.pk}/")
    chart = page.get_by_role("img", name="各等级企业数")
    expect(chart.locator("rect")).to_have_count(8)
    expect(chart).to_contain_text("现行 1")
    expect(page.get_by_text("现在不能批准：")).to_be_visible()  # the version number is used by now
    assert fits_the_screen(page)
    page.goto(f"/credit/office/rulesets/{version.pk}/")
    expect(page.get_by_text("每次扣 5 分改为 15 分")).to_be_visible()
    assert fits_the_screen(page)
