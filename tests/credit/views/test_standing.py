"""By pages: what no record shows is looked up, an entry is removed by two, a record is withdrawn."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from credit.acts import cases
from credit.models import Accident, Enterprise, ListCase, ListEntry, Message
from tests.credit.acts.test_scores import penalise
from tests.credit.casework import heard, opened, promise, published, told
from tests.credit.officers import officer
from tests.credit.party import appointed

HOME = "/credit/office/"
NOW = time_machine.travel("2026-11-02 09:00:00+08:00", tick=False)
THEN = time_machine.travel("2026-11-16 09:00:00+08:00", tick=False)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@NOW
def test_what_no_record_shows_is_looked_up_before_the_announcement(
    client: Client, enterprise: Enterprise, opener: Any, as_staff: Any
):
    promise(enterprise)
    case = opened(enterprise, opener, "red")
    as_staff(client, opener)
    address = f"{HOME}cases/{case.pk}/"
    page = text(client.get(address))
    assert "还有 3 项要人工核实" in page
    assert page.count("请人工核实后再办理") == 3
    assert "现在不能公告：</strong>请先逐项核实并登记结果：" in page
    assert f'action="{address}send_notice/"' not in page
    for code in ("no_dishonesty", "no_occupational_disease", "not_listed_elsewhere"):
        assert f'<option value="{code}">' in text(client.get(address))
        found = {"code": code, "finding": "函询无记录"}
        assert client.post(f"{address}confirm/", found)["Location"] == address
    page = text(client.get(address))
    assert f'action="{address}send_notice/"' in page
    assert "公告日期" in page
    late = client.post(f"{address}send_notice/", {"text": "公告", "served_on": "2026-11-03"})
    assert "没有办理：</strong>公告日期应在立案之后且不晚于今天" in text(late)
    for word in ("告知当事人", "当事人签收日期", "告知书正文"):
        assert word not in page + text(late)
    assert "未被其他领域列入失信名单：函询无记录" in page
    assert page.count("已核实：函询无记录") == 3
    assert "请人工核实后再办理" not in page


@THEN
def test_an_entry_is_removed_by_two_officers_on_the_cases_page(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    decider: Any,
    as_staff: Any,
):
    entry = published(enterprise, opener, decider)
    address = f"{HOME}cases/{entry.case_id}/"
    as_staff(client, opener)
    asked = {"ground": "early", "reason": "已缴罚款", "duties_performed": "on"}
    answer = client.post(f"{address}ask_removal/", asked)
    assert (answer.status_code, "列入未满12个月，2027年11月16日起可申请" in text(answer)) == (
        422,
        True,
    )
    asked = {"ground": "annulled", "annulled_on": "2026-11-16", "reason": "复议决定书1号"}
    assert client.post(f"{address}ask_removal/", asked)["Location"] == address
    page = text(client.get(address))
    assert "最迟2026年11月19日移出" in page
    assert "您现在不能决定移出：</strong>移出由有决定权限的另一名人员办理" in page
    chief = Client()
    as_staff(chief, decider)
    assert enterprise.name in text(chief.get(HOME))  # it waits on the desk
    assert chief.post(f"{address}remove/", {"reason": "处罚已撤销"})["Location"] == address
    assert "2026年11月16日 已移出名单：处罚已撤销" in text(chief.get(address))
    assert enterprise.name not in text(Client().get("/credit/black/"))
    assert ListEntry.objects.get().removed_by == decider


@THEN
def test_a_record_is_withdrawn_and_the_case_on_it_waits_on_the_desk(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    decider: Any,
    as_staff: Any,
):
    entry = published(enterprise, opener, decider)
    as_staff(client, opener)
    address = f"{HOME}records/accident/{concealed.pk}/"
    assert enterprise.name not in text(client.get(HOME)).split("等您办理的案件")[1]
    answer = client.post(f"{address}withdraw/", {"reason": "重新认定", "paper": ""})
    assert (answer.status_code, "重新认定" in text(answer)) == (422, True)
    paper = {"reason": "重新认定不是瞒报", "paper": "复议决定书〔2026〕1号"}
    assert client.post(f"{address}withdraw/", paper)["Location"] == address
    page = text(client.get(address))
    assert "这条记录已被撤销" in page
    assert "重新认定不是瞒报（复议决定书〔2026〕1号）" in page
    assert enterprise.name in text(client.get(HOME)).split("等您办理的案件")[1]
    case = text(client.get(f"{HOME}cases/{entry.case_id}/"))
    assert "依据已经不成立：</strong>“SG-1 瞒报的坠落事故”已被更正或撤销" in case
    assert "案件已办结。" in case  # and not: it leaves the list by itself
    asked = {"ground": "annulled", "annulled_on": "2026-11-16", "reason": "复议决定书1号"}
    client.post(f"{HOME}cases/{entry.case_id}/ask_removal/", asked)
    assert "依据已经不成立" not in text(client.get(f"{HOME}cases/{entry.case_id}/"))
    answer = client.post(f"{address}withdraw/", paper)
    assert "没有办理：</strong>这条记录已经撤销过了" in text(answer)
    assert "撤销记录的人员不得恢复" in text(client.post(f"{address}restore/", paper))
    colleague = Client()
    as_staff(colleague, officer("13800000003", enterprise.place, "open_case"))
    assert colleague.post(f"{address}restore/", paper)["Location"] == address
    assert "这条记录已被撤销" not in text(client.get(address))


@pytest.mark.parametrize("reach", [opened, told, heard])
@THEN
def test_a_running_case_on_a_withdrawn_record_says_so_and_is_to_be_dropped(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    as_staff: Any,
    reach: Any,
):
    case = reach(enterprise, opener)
    as_staff(client, opener)
    address = f"{HOME}cases/{case.pk}/"
    assert "依据已经不成立" not in text(client.get(address))
    Accident.objects.filter(pk=concealed.pk).update(withdrawn_at="2026-11-16T00:00Z")
    page = text(client.get(address))
    assert "依据已经不成立，请撤回案件：</strong>证据“SG-1 瞒报的坠落事故”已被更正或撤销" in page
    for step in ("send_notice", "hear", "decide"):
        assert f'action="{address}{step}/"' not in page
    assert f'action="{address}drop/"' in page


@THEN
def test_a_running_red_case_whose_conditions_fell_away_says_so(
    client: Client, enterprise: Enterprise, opener: Any, as_staff: Any
):
    promise(enterprise)
    case = told(enterprise, opener, "red")
    penalise(enterprise)
    as_staff(client, opener)
    page = text(client.get(f"{HOME}cases/{case.pk}/"))
    assert page.count("这家企业现在不满足守信激励名单的全部条件，请撤回案件") == 1


@THEN
def test_an_auditor_or_a_stranger_withdraws_nothing(
    client: Client, enterprise: Enterprise, auditor: Any, stranger: Any, as_staff: Any
):
    fact = penalise(enterprise)
    address = f"{HOME}records/violation/{fact.pk}/"
    as_staff(client, auditor)
    assert "撤销这条记录" not in text(client.get(address))
    paper = {"reason": "x", "paper": "y"}
    assert client.post(f"{address}withdraw/", paper).status_code == 422
    other = Client()
    as_staff(other, stranger)
    assert other.post(f"{address}withdraw/", paper).status_code == 404
    fact.refresh_from_db()
    assert fact.withdrawn_at is None


@pytest.mark.parametrize("action", ["explode", "delete"])
def test_no_other_action_on_a_record(
    client: Client, enterprise: Enterprise, opener: Any, as_staff: Any, action: str
):
    as_staff(client, opener)
    fact = penalise(enterprise)
    answer = client.post(f"{HOME}records/violation/{fact.pk}/{action}/", {})
    assert answer.status_code == 404
    assert ListCase.objects.count() == 0


def test_a_judgment_after_the_listing_left_is_registered_and_carried_out_by_a_second_officer(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, as_staff: Any
):  # fmt: skip
    entry = published(enterprise, opener, decider)
    met = {"duties_performed": True, "harm_remedied": True}
    day = date(2027, 11, 16)
    asked = {"officer": opener, "ground": "early", "reason": "申请书", "today": day}
    cases.ask_removal(entry.case, **asked, **met)
    cases.remove(entry.case, officer=decider, reason="符合条件", today=day)
    address = f"{HOME}cases/{entry.case_id}/"
    judgment = {
        "body": "court", "result": "annulled", "paper": "判决书1号", "on": "2027-12-01", "reason": "判",
    }  # fmt: skip
    manager, chief = appointed(enterprise, opener), Client()
    with time_machine.travel("2027-12-01 09:00:00+08:00", tick=False):
        as_staff(client, opener)
        as_staff(chief, decider)
        page = text(client.get(address))
        assert "材料不实，恢复列入" in page
        assert client.post(f"{address}outcome/", judgment)["Location"] == address
        page = text(client.get(address))
        assert "等待确认列入自始无效：</strong>判决书1号，判" in page
        assert "您现在不能确认：</strong>登记结果的人员不得确认撤销" in page
        assert enterprise.name in text(chief.get(HOME)).split("等您办理的案件")[1]
        assert chief.post(f"{address}annul/", {"reason": "判决生效"})["Location"] == address
        assert enterprise.name not in text(chief.get(HOME)).split("等您办理的案件")[1]
        page = text(client.get(address))
        assert "这次列入自始没有效力：</strong>" in page
        assert "材料不实，恢复列入" not in page
        assert f'action="{address}outcome/"' not in page
        history = text(client.get(f"{HOME}history/{enterprise.number}/?as_of=2027-03-01"))
        assert "当时展示，后来更正、撤销或撤回" in history
        client.force_login(manager)
        own = text(client.get(f"/credit/mine/{enterprise.pk}/cases/{entry.case_id}/"))
        assert "这次列入自始没有效力：</strong>" in own
        said = Message.objects.get(to=manager, title="列入决定已被撤销").body
        assert "这次列入自始没有效力" in said
