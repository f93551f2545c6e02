"""The officers' desk: who gets in, how far they see, and that a page carries a case to the list."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from credit.models import Accident, Enterprise, Jurisdiction, ListCase, ListEntry, Sector
from tests.credit.acts.test_scores import make, penalise
from tests.credit.casework import (
    hide_accident,
    legal_reviewer,
    opened,
    promise,
    reviewed,
    served,
    told,
)
from tests.credit.officers import officer

HOME = "/credit/office/"
PAGES = [HOME, f"{HOME}proposals/", f"{HOME}proposals/red/", f"{HOME}cases/"]
NOW = time_machine.travel("2026-11-02 09:00:00+08:00", tick=False)
THEN = time_machine.travel("2026-11-16 09:00:00+08:00", tick=False)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


# -- Who gets in ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_strangers_log_in_first_and_workers_are_refused(client: Client, db: None, page: str):
    assert client.get(page).url.startswith("/accounts/login/?next=")
    client.force_login(officer("13800000005", None))
    assert client.get(page).status_code == 403


@NOW
def test_what_lies_out_of_reach_is_not_found(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    stranger: Any,
    as_staff: Any,
):
    case = opened(enterprise, opener)
    as_staff(client, stranger)
    assert enterprise.name not in text(client.get(f"{HOME}proposals/"))
    assert enterprise.name not in text(client.get(f"{HOME}cases/"))
    assert client.get(f"{HOME}cases/{case.pk}/").status_code == 404
    assert client.get(f"{HOME}records/accident/{concealed.pk}/").status_code == 404
    assert client.post(f"{HOME}cases/{case.pk}/drop/", {"reason": "x"}).status_code == 404
    assert client.post(f"{HOME}proposals/black/{enterprise.pk}/open/").status_code == 404
    assert ListCase.objects.get().state == "proposed"


@NOW
def test_an_auditor_sees_all_and_does_nothing(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    auditor: Any,
    as_staff: Any,
):
    case = opened(enterprise, opener)
    as_staff(client, auditor)
    address = f"{HOME}cases/{case.pk}/"
    page = text(client.get(address))
    assert "这一步由信用专员办理，您没有这项权限" in page
    assert f'action="{address}' not in page
    answer = client.post(f"{address}drop/", {"reason": "x"})
    assert (answer.status_code, "没有这个步骤的权限" in text(answer)) == (422, True)
    assert client.get(f"{HOME}records/accident/{concealed.pk}/").status_code == 200


@NOW
def test_one_who_only_looks_and_is_posted_sees_that_place(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    district: Jurisdiction,
    as_staff: Any,
):
    case = opened(enterprise, opener)
    town = Jurisdiction.objects.create(
        code="990001102", name="西桥镇", kind="town", parent=district
    )
    as_staff(client, officer("13800000006", town, "view_listcase"))
    assert client.get(f"{HOME}cases/{case.pk}/").status_code == 404


# -- A case from page to page ----------------------------------------------------------------------------


def test_a_case_goes_by_pages_from_the_proposal_to_the_public_list(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, as_staff: Any
):
    with NOW:
        desk = Client()
        as_staff(desk, opener)
        page = text(desk.get(f"{HOME}proposals/"))
        assert "瞒报、谎报生产安全事故（2026年3月5日一般事故）" in page
        assert "SG-1 瞒报的坠落事故" in page
        case = desk.post(f"{HOME}proposals/black/{enterprise.pk}/open/")["Location"]
        page = text(desk.get(case))
        assert "本机关拟将你单位列入严重失信主体名单" in page  # the draft of the notice
        told = {"text": "拟列入", "served_on": "2026-11-02"}
        assert desk.post(f"{case}send_notice/", told)["Location"] == case
        page = text(desk.get(case))
        assert "陈述申辩和听证申请期限至2026年11月9日，尚未届满" in page
    with time_machine.travel("2026-11-10 09:00:00+08:00", tick=False):
        as_staff(desk, opener)  # a week later the second factor is asked for again
        assert desk.post(f"{case}hear/")["Location"] == case
        lawyer = Client()
        as_staff(lawyer, legal_reviewer(enterprise))
        assert enterprise.name in text(lawyer.get(HOME))
        assert "等您办理的案件" in text(lawyer.get(HOME))
        review = {"passes": "yes", "opinion": "程序合法"}
        assert lawyer.post(f"{case}legal_review/", review)["Location"] == case
        chief = Client()
        as_staff(chief, decider)
        assert "当事人未提出陈述、申辩" in text(chief.get(case))  # the draft of the decision
        decision = {"number": "云应急列〔2026〕1号", "reason": "事实清楚"}
        assert chief.post(f"{case}decide/", decision)["Location"] == case
        for kind in ("listing_decision", "repair_letter"):
            paper = f"{case}documents/{kind}/"
            words = desk.get(paper).context["draft"].text
            assert desk.post(paper, {"text": words, "make": "1"})["Location"] == f"{case}documents/"
        desk.post(f"{case}serve/", {"served_on": "2026-11-10", "how": "直接送达"})
        assert desk.post(f"{case}publish/")["Location"] == case
        page = text(desk.get(case))
        assert "案件已办结" in page
        assert "已公示：2026年11月10日 至 2029年11月10日" in page
        assert enterprise.name in text(Client().get("/credit/black/"))
    entry = ListEntry.objects.get()
    assert (entry.case.decided_by, entry.case.opened_by) == (decider, opener)


def test_penalty_law_64_the_hearing_is_announced_on_paper_and_then_held(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, as_staff: Any
):  # fmt: skip
    case = told(enterprise, opener)
    address = f"{HOME}cases/{case.pk}/"
    notice = f"{address}documents/hearing_notice/"
    told_of = {"set_for": "2026-11-11", "place": "二楼会议室", "told_on": "2026-11-02"}
    held = {"held_on": "2026-11-11", "chair": decider.pk, "record": "笔录"}
    as_staff(client, opener)
    with NOW:
        assert client.post(f"{address}request_hearing/", {"requested_on": "2026-11-02"}).url
        page = text(client.get(address))
        assert "通知当日送达的，听证最早在 <strong>2026年11月11日</strong> 举行" in page
        assert f'action="{address}hold_hearing/"' not in page
        refused = client.post(f"{address}announce_hearing/", told_of)
        assert (refused.status_code, "请先制作听证通知书" in text(refused)) == (422, True)
        words = "定于2026年11月11日9时在二楼会议室举行听证。"
        assert client.post(notice, {"text": words, "make": "1"}).status_code == 302
        other_day = {**told_of, "set_for": "2026-11-12"}
        refused = client.post(f"{address}announce_hearing/", other_day)
        assert "没有写2026年11月12日，请核对日期" in text(refused)
        assert client.post(f"{address}announce_hearing/", told_of).status_code == 302
        page = text(client.get(address))
        assert "2026年11月2日 通知当事人：<strong>2026年11月11日</strong>，二楼会议室" in page
        assert 'value="2026-11-11"' in page  # the day of the hearing is filled in
        assert f'action="{address}announce_hearing/"' in page  # it may be moved
    with THEN:
        assert client.post(f"{address}hold_hearing/", held).status_code == 302
        page = text(client.get(address))
        assert f'action="{address}announce_hearing/"' not in page
        assert client.post(f"{address}hear/").status_code == 302
    case.refresh_from_db()
    assert case.state == "heard"


@NOW
def test_a_red_case_offers_neither_hearing_nor_waiver(
    client: Client, enterprise: Enterprise, opener: Any, as_staff: Any
):
    promise(enterprise)
    case = told(enterprise, opener, "red")
    as_staff(client, opener)
    address = f"{HOME}cases/{case.pk}/"
    page = text(client.get(address))
    assert f'action="{address}statement/"' in page
    assert f'action="{address}request_hearing/"' not in page
    assert f'action="{address}waive/"' not in page
    assert "现在不能确认提意见期限届满：</strong>公众提意见的期限至2026年11月9日，尚未届满" in page
    assert "提意见的最后一天：<strong>2026年11月9日" in page
    assert "陈述、申辩" not in page


@THEN
def test_a_refusal_is_a_message_and_keeps_what_was_typed(
    client: Client, enterprise: Enterprise, concealed: Accident, decider: Any, as_staff: Any
):
    case = reviewed(enterprise, decider)
    as_staff(client, decider)
    address = f"{HOME}cases/{case.pk}/"
    assert "现在不能作出决定：</strong>立案人员不得作出决定" in text(client.get(address))
    answer = client.post(f"{address}decide/", {"number": "1", "reason": "瞒报属实"})
    assert answer.status_code == 422
    assert "没有办理：</strong>立案人员不得作出决定，应由另一名决定人员办理" in text(answer)
    assert ListCase.objects.get().state == "legal_reviewed"


@NOW
def test_a_form_says_what_is_missing(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, as_staff: Any
):
    case = opened(enterprise, opener)
    as_staff(client, opener)
    address = f"{HOME}cases/{case.pk}/send_notice/"
    answer = client.post(address, {"text": "我写的告知书", "served_on": "昨天"})
    assert (answer.status_code, "我写的告知书" in text(answer)) == (422, True)
    late = client.post(address, {"text": "我写的告知书", "served_on": "2026-11-03"})
    assert "没有办理：</strong>告知书送达日期应在立案之后且不晚于今天" in text(late)
    assert "我写的告知书" in text(late)


@NOW
@pytest.mark.parametrize("step", ["hear", "decide", "serve", "publish"])
def test_a_step_out_of_turn_is_refused_in_words(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    decider: Any,
    as_staff: Any,
    step: str,
):
    case = opened(enterprise, opener)
    as_staff(client, decider)
    words = {"number": "1", "reason": "x", "served_on": "2026-11-02", "how": "直接"}
    answer = client.post(f"{HOME}cases/{case.pk}/{step}/", words)
    assert (answer.status_code, "“已提出”状态不能" in text(answer)) == (422, True)


@NOW
def test_opening_without_grounds_or_twice_is_a_message(
    client: Client, enterprise: Enterprise, opener: Any, as_staff: Any
):
    as_staff(client, opener)
    address = f"{HOME}proposals/black/{enterprise.pk}/open/"
    assert "目前的记录不符合列入情形" in text(client.post(address, follow=True))
    hide_accident(enterprise)
    client.post(address)
    assert "已有在办案件" in text(client.post(address, follow=True))
    assert ListCase.objects.count() == 1


@pytest.mark.parametrize("path", ["proposals/blue/", "cases/1/explode/", "records/user/1/"])
def test_addresses_that_do_not_exist_are_not_found(
    client: Client, opener: Any, as_staff: Any, path: str
):
    as_staff(client, opener)
    ask = client.post if "explode" in path else client.get
    assert ask(f"{HOME}{path}").status_code == 404


@NOW
def test_the_desk_lists_what_waits_for_this_officer(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    district: Jurisdiction,
    as_staff: Any,
):
    chief = officer("13800000003", district, "decide_case")
    told(enterprise, opener)
    as_staff(client, chief)
    assert enterprise.name not in text(client.get(HOME))
    as_staff(client, opener)
    assert enterprise.name in text(client.get(HOME))


def test_a_record_shows_its_earlier_words(
    client: Client, enterprise: Enterprise, opener: Any, as_staff: Any
):
    old = penalise(enterprise, fine=1)
    type(old).objects.filter(pk=old.pk).update(replaced_at="2026-10-01T00:00Z")
    new = penalise(enterprise, supersedes=old)
    as_staff(client, opener)
    page = text(client.get(f"{HOME}records/violation/{new.pk}/"))
    assert "罚款（元）：<del>1</del> → <ins>20,000</ins>" in page
    assert f"{HOME}records/violation/{old.pk}/" in page
    assert "这条记录已被更正" in text(client.get(f"{HOME}records/violation/{old.pk}/"))


# -- Many ------------------------------------------------------------------------------------------------


@NOW
@pytest.mark.parametrize("count", [1, 3, 30])
@pytest.mark.parametrize(
    ("page", "queries"), [("", 34), ("proposals/", 10), ("proposals/red/", 10), ("cases/", 8)]
)
def test_the_pages_ask_the_same_number_of_queries(
    client: Client,
    street: Jurisdiction,
    sector: Sector,
    opener: Any,
    as_staff: Any,
    count: int,
    page: str,
    queries: int,
    django_assert_num_queries: Any,
):
    for firm in make(street, sector, count):
        if page == "proposals/red/":
            promise(firm)
            continue
        hide_accident(firm, f"SG-{firm.pk}")
        if page == "cases/":
            opened(firm, opener)
    as_staff(client, opener)
    client.get(f"{HOME}{page}")
    with django_assert_num_queries(queries):
        client.get(f"{HOME}{page}")


@THEN
def test_a_case_asks_the_same_number_of_queries_whatever_happened(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    decider: Any,
    as_staff: Any,
    django_assert_max_num_queries: Any,
):
    as_staff(client, opener)
    case = served(enterprise, opener, decider)
    with django_assert_max_num_queries(27):
        client.get(f"{HOME}cases/{case.pk}/")
