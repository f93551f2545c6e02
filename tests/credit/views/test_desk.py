"""The desk: every door that a person may open, what waits behind it, and one trail from it to every page."""

import re
from typing import Any

import pytest
from django.test import Client

from credit.models import Accident, DocumentTemplate, Enterprise
from tests.credit.casework import opened
from tests.credit.officers import officer
from tests.credit.views.test_cases import HOME, NOW, text

pytestmark = pytest.mark.django_db


def doors(client: Client) -> dict[str, int | None]:
    """Every door of the desk with its count."""
    groups = client.get(HOME).context["groups"]
    return {door.title: door.count for _, group in groups for door in group}


@NOW
def test_each_role_sees_its_doors_and_what_waits(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, district: Any,
    as_staff: Any,
):  # fmt: skip
    as_staff(client, opener)
    seen = doors(client)
    assert seen == {
        "期限": 0, "企业来件": 0, "异议": 0, "信用修复": 0, "伤亡变更": 0,
        "黑名单建议": 1, "红名单建议": 0, "案件": 0, "名单差异": None, "措施": None,
        "查企业": None, "监督检查": None, "企业管理员": None, "电子送达": None,
        "文书模板": None, "工作日历": None,
    }  # fmt: skip
    opened(enterprise, opener)
    assert {**seen, "黑名单建议": 0, "案件": 1} == doors(client)
    DocumentTemplate.objects.create(
        kind="listing_notice",
        version=1,
        title="告知书",
        addressee="",
        text="正文",
        written_by=opener,
    )
    chief = officer("13800000007", district, "decide_case", "approve_templates", "adopt_ruleset")
    as_staff(client, chief)
    more = doors(client)
    assert (more["文书模板"], more["规则集"]) == (1, None)
    assert "导入记录" not in more


@NOW
def test_every_door_of_every_role_opens(client: Client, district: Any, as_staff: Any):
    everything = (
        "open_case", "import_records", "view_importbatch", "view_agency", "manage_agencies",
        "view_auditentry", "draft_ruleset", "issue_source_key", "approve_templates",
    )  # fmt: skip
    for number, permissions in enumerate(
        (everything, ("decide_case",), ("review_case", "view_listcase"), ("view_listcase",))
    ):
        as_staff(client, officer(f"1380000010{number}", district, *permissions))
        groups = client.get(HOME).context["groups"]
        for address in [door.address for _, group in groups for door in group]:
            assert (address, client.get(address).status_code) == (address, 200)


@NOW
def test_pages_lead_back_along_one_trail(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, as_staff: Any
):
    case = opened(enterprise, opener)
    as_staff(client, opener)
    above = '<a itemprop="item" href="{}"><span itemprop="name">{}</span></a>'
    for page, crumbs in (
        (f"cases/{case.pk}/documents/", [("cases/", "案件"), (f"cases/{case.pk}/", f"第 {case.pk} 号案件")]),
        (f"records/accident/{concealed.pk}/persons/", [(f"records/accident/{concealed.pk}/", "SG-1")]),
        ("calendar/", [("clocks/", "期限")]),
    ):  # fmt: skip
        shown = client.get(f"{HOME}{page}").content.decode()
        steps = [
            ("/", "首页"),
            (HOME, "信用工作台"),
            *((HOME + rest, name) for rest, name in crumbs),
        ]
        found = re.findall(r'<a itemprop="item".*?</a>', shown)
        assert found == [above.format(*step) for step in steps]


@NOW
def test_the_calendar_names_its_holidays_in_chinese(client: Client, opener: Any, as_staff: Any):
    as_staff(client, opener)
    page = text(client.get(f"{HOME}calendar/2026/"))
    assert "10月1日 放假：国庆节" in page
    assert "National Day" not in page
