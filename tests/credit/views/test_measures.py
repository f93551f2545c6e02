"""The officers' list of measures, and the pages for what happens while an entry stands."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from credit.acts import cases
from credit.models import (
    Accident,
    Enterprise,
    EntryChange,
    Jurisdiction,
    ListEntry,
    Measure,
    Sector,
    Suspension,
)
from tests.credit.acts.test_scores import make
from tests.credit.casework import NEXT_DAY, hide_accident, promise, published

HOME = "/credit/office/measures/"
NOW = time_machine.travel("2026-11-17 09:00:00+08:00", tick=False)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@NOW
@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_asks_the_same_number_of_queries(
    client: Client,
    street: Jurisdiction,
    sector: Sector,
    opener: Any,
    decider: Any,
    auditor: Any,
    as_staff: Any,
    count: int,
    django_assert_num_queries: Any,
):
    for number, firm in enumerate(make(street, sector, count)):
        hide_accident(firm, f"SG-{number}")
        published(firm, opener, decider, number=str(number))
    as_staff(client, auditor)
    client.get(HOME)
    with django_assert_num_queries(8):
        page = client.get(HOME)
    assert page.context["page"].paginator.count == Measure.objects.count() == 5 * count


@NOW
def test_it_is_narrowed_by_department_and_by_reach(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    decider: Any,
    stranger: Any,
    as_staff: Any,
):
    published(enterprise, opener, decider)
    assert client.get(HOME).url.startswith("/accounts/login/")
    as_staff(client, opener)
    page = text(client.get(HOME, {"department": "发展改革、财政部门"}))
    assert "限制财政资金和项目支持" in page
    assert "每年至少约谈一次" not in page
    assert "共 0 项" in text(client.get(HOME, {"colour": "red"}))
    assert "共 5 项" in text(client.get(HOME, {"colour": "blue", "department": "x\x00"}))
    as_staff(client, stranger)
    assert "共 0 项" in text(client.get(HOME))


@NOW
def test_two_officers_carry_out_a_judgment_by_the_page(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, as_staff: Any
):
    entry = published(enterprise, opener, decider)
    address = f"/credit/office/cases/{entry.case_id}/"
    clerk, chief = Client(), Client()
    as_staff(clerk, opener)
    as_staff(chief, decider)
    judgment = {
        "body": "court", "result": "changed", "paper": "判决〔2026〕1号", "on": "2026-11-17",
        "reason": "缩短期限",
    }  # fmt: skip
    answer = clerk.post(f"{address}outcome/", judgment)
    assert "请填写变更后的期满日期" in text(answer)
    shorter = {**judgment, "ends_on": "2027-11-16"}
    assert clerk.post(f"{address}outcome/", shorter)["Location"] == address
    assert "您现在不能执行变更" in text(clerk.get(address))
    assert "等您办理的案件" in text(chief.get("/credit/office/"))
    assert enterprise.name in text(chief.get("/credit/office/"))
    assert chief.post(f"{address}change/", {"reason": "按判决"})["Location"] == address
    assert EntryChange.objects.get().by == decider
    assert "2027年11月16日" in text(Client().get("/credit/black/"))


@NOW
def test_a_suspended_entry_is_not_public_and_is_resumed_by_the_page(
    enterprise: Enterprise, opener: Any, decider: Any, as_staff: Any
):
    promise(enterprise)
    entry = published(enterprise, opener, decider, "red")
    assert enterprise.name in text(Client().get("/credit/red/"))
    hide_accident(enterprise, happened_on=NEXT_DAY, penalised=False)
    cases.end_red_entries(today=NEXT_DAY)
    assert enterprise.name not in text(Client().get("/credit/red/"))
    address = f"/credit/office/cases/{entry.case_id}/"
    clerk, chief = Client(), Client()
    as_staff(clerk, opener)
    as_staff(chief, decider)
    assert "已暂停，公众看不到" in text(clerk.get(address))
    clerk.post(f"{address}ask_resume/", {"reason": "非责任事故"})
    assert "您现在不能决定恢复" in text(clerk.get(address))
    chief.post(f"{address}resume/", {"reason": "同意"})
    assert Suspension.objects.last().action == "resume"
    assert enterprise.name in text(Client().get("/credit/red/"))
    assert list(ListEntry.objects.in_force(NEXT_DAY)) == [entry]
