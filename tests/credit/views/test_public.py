"""What the public reads: the sum of a score, the lists, and nothing beyond the term of publication."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from credit.acts import cases, scores
from credit.models import (
    Accident,
    Commendation,
    Enterprise,
    Jurisdiction,
    LiabilityInsurance,
    MajorHazard,
    Sector,
)
from tests.credit.acts.test_scores import make, penalise
from tests.credit.casework import (
    LATER,
    hide_accident,
    looked_up,
    opened,
    promise,
    published,
    removed,
    told,
)
from tests.credit.party import appointed, person

THEN = time_machine.travel("2026-11-16 09:00:00+08:00", tick=False)


def text(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def page_of(client: Client, enterprise: Enterprise) -> str:
    return text(client, f"/credit/enterprises/{enterprise.number}/")


# -- The enterprise --------------------------------------------------------------------------------------


@THEN
def test_a_score_is_a_sum_in_plain_words(client: Client, enterprise: Enterprise):
    penalise(enterprise)
    hide_accident(enterprise, concealed=False, happened_on=date(2026, 9, 1))
    scores.refresh(as_of=LATER)
    page = page_of(client, enterprise)
    sum_ = page[page.index('<p class="score-sum">') : page.index("<strong>35 分</strong>")]
    assert "60 起始" in sum_
    assert "− 20 一般事故" in sum_
    assert "− 5 罚款（10万元以下）" in sum_
    assert "20 分 × 情节 1 × 时间 100%" in page
    assert "2028年9月1日" in page  # the day on which it drops off
    assert "待核定" in page
    assert "它不是黑名单" in page


@THEN
def test_a_sum_below_the_lowest_says_so(client: Client, enterprise: Enterprise):
    hide_accident(enterprise, grade="extraordinary", deaths=30)
    scores.refresh(as_of=LATER)
    assert "<strong>0 分</strong> <span>（扣到最低 0 分为止）</span>" in page_of(client, enterprise)


@THEN
def test_a_penalty_past_its_publication_is_nowhere_named(client: Client, enterprise: Enterprise):
    penalise(enterprise, publish_until=date(2026, 11, 15), offence="过期的处罚")
    penalise(enterprise, "罚2", publish_until=LATER, offence="还在公示的处罚")
    scores.refresh(as_of=LATER)
    page = page_of(client, enterprise)
    assert "过期的处罚" not in page
    assert "另有 1 条不公开的记录（已过公示期，或者只供监管使用）仍在计分，共扣 5 分" in page
    assert page.count("还在公示的处罚") == 2  # its line, and the penalty itself
    assert "没有找到" in text(client, "/credit/", q="过期的处罚")


@THEN
def test_persons_are_masked_and_neither_grade_nor_address_is_shown(
    client: Client, enterprise: Enterprise
):
    Enterprise.objects.update(legal_representative="欧阳小明", address="河滨路1号")
    hide_accident(enterprise)
    scores.refresh(as_of=LATER)
    page = page_of(client, enterprise)
    assert "欧***" in page
    for hidden in ("欧阳", "河滨路", "D级", "等级：D", "按分等级"):
        assert hidden not in page


@THEN
def test_the_page_shows_praise_and_insurance_and_says_as_of_when(
    client: Client, enterprise: Enterprise
):
    told = {"enterprise": enterprise, "source": "测试", "happened_on": date(2026, 3, 1)}
    Commendation.objects.create(
        **told, source_key="云安委1号", identity="1", title="先进单位", authority="云溪区安委会"
    )
    LiabilityInsurance.objects.create(
        **told, source_key="保1", identity="1", insurer="云溪保险公司", ended_on=date(2027, 2, 28)
    )
    scores.refresh(as_of=LATER)
    MajorHazard.objects.create(**told, source_key="患1", identity="1", title="只供监管的隐患")
    page = page_of(client, enterprise)
    assert "截至 2026年11月16日 的公开记录" in page
    sum_ = page[page.index('<p class="score-sum">') :].split("</p>")[0]
    assert "+ 3.33 安全生产表彰" in sum_  # what is added does not read as minus minus
    assert "− -" not in page
    assert "先进单位" in page
    assert "2026年3月1日 至 2027年2月28日" in page
    assert "只供监管的隐患" not in page


@THEN
def test_only_who_may_read_the_full_score_is_shown_the_way_there(
    client: Client, enterprise: Enterprise, opener: Any
):
    scores.refresh(as_of=LATER)
    full, own = "看完整计分", "这是您管理的企业"

    def links(someone: Any) -> tuple[bool, bool]:
        client.force_login(someone)
        page = page_of(client, enterprise)
        return full in page, own in page

    assert links(person()) == (False, False)
    assert links(opener) == (True, False)
    assert links(appointed(enterprise, opener, phone="13900000002")) == (True, True)


@THEN
def test_every_service_is_found_from_the_search_page_and_the_foot(client: Client):
    page, foot = text(client, "/credit/").split("<footer", 1)
    for path in ("certificates", "documents", "mine", "objections", "open-data"):
        assert f'href="/credit/{path}/"' in page
        assert f'href="/credit/{path}/"' in foot


@THEN
def test_the_page_says_where_the_enterprise_stands(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    assert "目前不在黑名单、红名单上" in page_of(client, enterprise)
    published(enterprise, opener, decider)
    page = page_of(client, enterprise)
    assert "2026年11月16日 列入，至 2029年11月16日" in page
    assert "云应急列〔2026〕1号" in page
    assert "应急管理部令第11号 第六条第四项（条文号待核对）" in page


@THEN
@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_enterprise_page_asks_the_same_number_of_queries(
    client: Client, enterprise: Enterprise, count: int, django_assert_num_queries: Any
):
    for number in range(count):
        penalise(enterprise, f"罚{number}")
        hide_accident(enterprise, f"SG-{number}")
    scores.refresh(as_of=LATER)
    with django_assert_num_queries(
        10
    ):  # enterprise, penalties, entries, accidents, praises, insurances, names, score, lines, disputes
        page_of(client, enterprise)


@THEN
def test_an_accident_says_what_makes_its_class_and_whose_fault_it_is_not(
    client: Client, enterprise: Enterprise
):
    loss = {"grade": "larger", "deaths": 0, "direct_loss": 12_000_000}
    hide_accident(enterprise, concealed=False, responsible=False, **loss)
    page = page_of(client, enterprise)
    assert (
        "较大事故 · 死亡 0 人，重伤 0 人，直接经济损失 1,200 万元（达到直接经济损失1000万元，是较大事故）"
        " · <strong>非责任事故</strong>，不扣分"
    ) in page


@THEN
def test_the_factor_of_the_circumstance_is_explained(client: Client, enterprise: Enterprise):
    penalise(enterprise)
    scores.refresh(as_of=LATER)
    assert "情节系数：一般情形是 1，从轻或次要责任是 0.5，从重是 1.5（待核定）" in page_of(
        client, enterprise
    )


@THEN
def test_numbers_of_persons_in_any_words_are_masked(client: Client, enterprise: Enterprise):
    penalise(enterprise, offence="王某（11010519491231002X，13800001234）伪造证书")
    hide_accident(enterprise, title="伤者110105194912310021坠落")
    scores.refresh(as_of=LATER)
    page = page_of(client, enterprise)
    for hidden in ("19491231", "13800001234"):
        assert hidden not in page
    assert page.count("王某（110105************，138****1234）伪造证书") == 2
    assert "伤者110105************坠落" in page


# -- The announcement of the red list ---------------------------------------------------------------------


@THEN
@pytest.mark.parametrize("count", [1, 3, 30])
def test_who_is_to_be_listed_red_is_announced_with_the_last_day_to_object(
    client: Client,
    street: Jurisdiction,
    sector: Sector,
    opener: Any,
    count: int,
    django_assert_num_queries: Any,
):
    for firm in make(street, sector, count):
        promise(firm)
        told(firm, opener, "red")
    with django_assert_num_queries(3):  # count, page, calendar
        page = text(client, "/credit/red/notice/")
    assert f"共 {count} 家" in page
    assert "公示期已满，正在审核" in page
    with time_machine.travel("2026-11-09 09:00:00+08:00", tick=False):
        assert "公示期已满" not in text(client, "/credit/red/notice/")
    assert "2026年11月2日 开始公示，提意见的最后一天：<strong>2026年11月9日</strong>" in page
    assert "第0家" in page if count < 30 else "第29家" in page
    assert "第0家" not in text(client, "/credit/red/")


@THEN
def test_133_only_red_and_only_between_announcement_and_close_is_announced(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    nothing = "目前没有正在公示的企业"
    told(enterprise, opener)  # black: never before its entry
    assert nothing in text(client, "/credit/red/notice/")
    other = Enterprise.objects.create(
        name="守信公司", legacy_number="2", place=enterprise.place, sector=enterprise.sector
    )
    promise(other)
    case = looked_up(opened(other, opener, "red"), opener)
    assert nothing in text(client, "/credit/red/notice/")
    case = cases.send_notice(case, officer=opener, text="公告", served_on=LATER, today=LATER)
    assert "守信公司" in text(client, "/credit/red/notice/")
    cases.close_hearing(case, officer=opener, today=date(2026, 11, 24))
    assert nothing in text(client, "/credit/red/notice/")
    assert "/credit/red/notice/" in text(client, "/credit/red/")


# -- The lists -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("colour", ["black", "red"])
def test_an_empty_list_says_so(client: Client, db: None, colour: str):
    page = text(client, f"/credit/{colour}/")
    assert "目前没有企业在这个名单上" in page
    assert "12350" in page
    assert "提出异议" in page


@THEN
def test_an_entry_names_everything_that_it_rests_on(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    Enterprise.objects.update(legal_representative="王小明")
    entry = published(enterprise, opener, decider)
    page = text(client, "/credit/black/")
    for shown in (
        enterprise.name,
        "91110000600037341L",
        "王**",
        "瞒报、谎报生产安全事故（应急管理部令第11号 第六条第四项，条文号待核对）",
        "云应急列〔2026〕1号",
        "云溪区应急管理局",
        "2026年11月16日",
        "2029年11月16日",
    ):
        assert shown in page
    assert "王小明" not in page
    removed(entry, opener, decider)
    assert enterprise.name not in text(client, "/credit/black/")


def test_an_entry_leaves_the_list_on_its_last_day_by_itself(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    published(enterprise, opener, decider)
    with time_machine.travel("2029-11-15 12:00:00+08:00", tick=False):
        assert enterprise.name in text(client, "/credit/black/")
    with time_machine.travel("2029-11-16 12:00:00+08:00", tick=False):
        assert enterprise.name not in text(client, "/credit/black/")


@THEN
def test_red_and_black_are_kept_apart(
    client: Client, enterprise: Enterprise, opener: Any, decider: Any
):
    promise(enterprise)
    published(enterprise, opener, decider, "red")
    assert enterprise.name in text(client, "/credit/red/")
    assert enterprise.name not in text(client, "/credit/black/")


@THEN
def test_a_list_is_narrowed_by_place_with_all_below_and_by_sector(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    published(enterprise, opener, decider)
    Jurisdiction.objects.create(
        code="990001101", name="东山镇", kind="town", parent=enterprise.place.parent
    )
    Sector.objects.create(code="mines", name="矿山")
    for query, found in (
        ({"place": "990001"}, True),
        ({"place": "990001001", "sector": "chemicals"}, True),
        ({"place": "990001101"}, False),
        ({"sector": "mines"}, False),
        ({"place": "nowhere", "sector": "\x00"}, True),  # unknown words narrow nothing
    ):
        assert (enterprise.name in text(client, "/credit/black/", **query)) is found
    assert "按您选的条件，没有企业" in text(client, "/credit/black/", sector="mines")


@pytest.fixture(params=[1, 3, 30])
def many(request: Any, street: Jurisdiction, sector: Sector, opener: Any, decider: Any) -> int:
    for place, firm in enumerate(make(street, sector, request.param)):
        hide_accident(firm, f"SG-{place}")
        published(firm, opener, decider, number=str(place))
    return int(request.param)


@THEN
def test_a_list_asks_the_same_number_of_queries(
    client: Client, many: int, django_assert_num_queries: Any
):
    with django_assert_num_queries(
        9
    ):  # places, sectors, years, count, page, names, records, persons, disputes
        assert f"共 {many} 家" in text(client, "/credit/black/")


@THEN
def test_the_list_as_data(client: Client, many: int, django_assert_num_queries: Any):
    with django_assert_num_queries(3):  # count, page, disputes
        answer = client.get("/api/v1/credit/lists/black").json()
    assert (answer["count"], answer["next"]) == (many, None)
    assert len(answer["items"]) == many
    assert answer["items"][-1] == {
        "enterprise": "第0家",
        "number": "0",
        "place": "河滨街道",
        "decision_number": "云应急列〔2026〕0号",
        "authority": "云溪区应急管理局",
        "listed_on": "2026-11-16",
        "ends_on": "2029-11-16",
        "grounds": ["瞒报、谎报生产安全事故（应急管理部令第11号 第六条第四项）"],
        "disputed": False,
    }


def test_one_character_is_told_apart_from_nothing_found(client: Client, enterprise: Enterprise):
    page = text(client, "/credit/", q="云 ")
    assert "请至少输入两个字" in page
    assert "没有找到" not in page
