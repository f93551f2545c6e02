"""Nobody is listed without notice, a heard defence, another officer's decision and service."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from credit import tasks
from credit.acts import cases, withdrawals
from credit.models import (
    Accident,
    CaseEvent,
    Enterprise,
    Jurisdiction,
    ListCase,
    ListEntry,
    Sector,
    WorkdayException,
)
from tests.credit.acts.test_scores import make
from tests.credit.casework import (
    LATER,
    NEXT_DAY,
    TODAY,
    announced,
    decided,
    heard,
    hide_accident,
    legal_reviewer,
    met,
    opened,
    promise,
    published,
    reviewed,
    served,
    told,
    with_papers,
)
from tests.credit.officers import officer

HEARING_DAY = date(2026, 11, 11)  # the seventh working day after TODAY


def test_the_whole_path_ends_on_the_public_list(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    entry = published(enterprise, opener, decider)
    assert (entry.listed_on, entry.ends_on) == (LATER, date(2029, 11, 16))
    assert entry.authority == "云溪区应急管理局"
    assert list(ListEntry.objects.in_force(LATER)) == [entry]
    assert list(ListEntry.objects.in_force(LATER - timedelta(days=1))) == []
    assert list(ListEntry.objects.in_force(date(2029, 11, 15))) == [entry]
    assert list(ListEntry.objects.in_force(date(2029, 11, 16))) == []


def test_each_step_is_written_with_who_when_and_what(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = published(enterprise, opener, decider).case
    steps = [(e.action, e.actor, e.on) for e in CaseEvent.objects.filter(case=case)]
    assert steps == [
        ("open", opener, TODAY),
        ("send_notice", opener, TODAY),
        ("hear", opener, LATER),
        ("legal_review", legal_reviewer(enterprise), LATER),
        ("decide", decider, LATER),
        ("serve", opener, LATER),
        ("publish", opener, LATER),
    ]
    decision = CaseEvent.objects.get(case=case, action="decide")
    assert decision.snapshot == {
        "state": "decided",
        "decided_by_id": decider.pk,
        "decided_on": "2026-11-16",
        "decision_number": "云应急列〔2026〕1号",
        "decision_text": "事实清楚",
        "term_months": 36,
    }


@pytest.mark.parametrize("colour", ["black", "red"])
def test_each_step_names_its_own_article(
    enterprise: Enterprise, opener: Any, decider: Any, colour: str
):
    (promise if colour == "red" else hide_accident)(enterprise)
    case = published(enterprise, opener, decider, colour).case
    penalties = "行政处罚法第四十四条、第四十五条、第六十二条"
    notice = {"black": penalties, "red": "安监总办〔2017〕133号"}[colour]
    steps = case.events.exclude(action__in=["open", "confirm"])
    assert list(steps.values_list("action", "article")) == [
        ("send_notice", notice),
        ("hear", notice),
        ("legal_review", "行政处罚法第五十八条"),
        ("decide", "双人复核制度（局规则集）"),
        ("serve", "行政处罚法"),
        ("publish", penalties),
    ]


def test_the_officer_who_opened_a_case_does_not_decide_it(
    enterprise: Enterprise, concealed: Accident, decider: Any
):
    case = reviewed(enterprise, decider)
    with pytest.raises(cases.RefusedError, match="另一名决定人员"):
        cases.decide(case, officer=decider, number="1", reason="瞒报", today=LATER)


def test_an_officer_who_did_any_other_step_does_not_decide_it(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = told(enterprise, opener)
    case = cases.close_hearing(case, officer=decider, today=LATER)
    lawyer = legal_reviewer(enterprise)
    case = cases.legal_review(case, officer=lawyer, opinion="程序合法", today=LATER)
    with pytest.raises(cases.RefusedError, match="您办理过这个案件的其他步骤，不得作出决定"):
        cases.decide(case, officer=decider, number="1", reason="瞒报", today=LATER)


def test_the_decider_neither_serves_nor_publishes(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = with_papers(decided(enterprise, opener, decider), opener)
    with pytest.raises(cases.RefusedError, match="作出决定的人员不得送达和公示"):
        cases.serve(case, officer=decider, served_on=LATER, how="直接送达", today=LATER)
    case = cases.serve(case, officer=opener, served_on=LATER, how="直接送达", today=LATER)
    with pytest.raises(cases.RefusedError, match="作出决定的人员不得送达和公示"):
        cases.publish(case, officer=decider, today=LATER)


@pytest.mark.parametrize("reach", [decided, served])
def test_a_decided_case_is_dropped_by_a_second_person_alone(
    enterprise: Enterprise,
    concealed: Accident,
    district: Jurisdiction,
    opener: Any,
    decider: Any,
    reach: Any,
):
    both = officer("13800000007", district, "open_case", "decide_case")
    case = reach(enterprise, both, decider)
    with pytest.raises(cases.RefusedError, match="立案人员不得撤回已经决定的案件"):
        cases.drop(case, officer=both, reason="撤", today=LATER)
    with pytest.raises(cases.RefusedError, match="没有这个步骤的权限"):
        cases.drop(case, officer=opener, reason="撤", today=LATER)
    case = cases.drop(case, officer=decider, reason="处罚已变更", today=LATER)
    assert (case.state, case.dropped_by_id) == ("dropped", decider.pk)


def test_one_without_the_permission_decides_nothing(
    enterprise: Enterprise, concealed: Accident, opener: Any, stranger: Any
):
    case = heard(enterprise, opener)
    with pytest.raises(cases.RefusedError, match="没有这个步骤的权限"):
        cases.decide(case, officer=opener, number="1", reason="瞒报", today=LATER)
    with pytest.raises(cases.RefusedError, match="不在您的辖区"):
        cases.decide(case, officer=stranger, number="1", reason="瞒报", today=LATER)


def test_an_officer_of_another_place_opens_nothing(
    enterprise: Enterprise, concealed: Accident, stranger: Any
):
    with pytest.raises(cases.RefusedError, match="不在您的辖区"):
        opened(enterprise, stranger)


def test_the_term_for_a_statement_must_be_over(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    case = told(enterprise, opener)
    friday_and_weekend = [TODAY + timedelta(days=days) for days in (4, 5, 6)]
    for day in [*friday_and_weekend, date(2026, 11, 9)]:
        with pytest.raises(cases.RefusedError, match="2026年11月9日，尚未届满"):
            cases.close_hearing(case, officer=opener, today=day)
    assert cases.close_hearing(case, officer=opener, today=date(2026, 11, 10)).state == "heard"


def test_a_holiday_of_the_bureaus_calendar_makes_the_term_longer(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    WorkdayException.objects.create(day=date(2026, 11, 9), is_working=False)
    case = told(enterprise, opener)
    with pytest.raises(cases.RefusedError, match="2026年11月10日，尚未届满"):
        cases.close_hearing(case, officer=opener, today=date(2026, 11, 10))


def test_a_year_without_a_calendar_is_counted_by_weeks_and_says_so(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    day = date(2027, 3, 1)
    case = cases.open_case(enterprise, "black", officer=opener, today=day)
    case = cases.send_notice(case, officer=opener, text="告知", served_on=day, today=day)
    with pytest.raises(cases.RefusedError, match="2027年尚无官方节假日安排，仅按周末推算"):
        cases.close_hearing(case, officer=opener, today=day)


def test_a_written_waiver_ends_the_term(enterprise: Enterprise, concealed: Accident, opener: Any):
    case = told(enterprise, opener)
    cases.waive(case, officer=opener, waived_on=TODAY, reason="放弃书1号", today=TODAY)
    assert cases.close_hearing(case, officer=opener, today=TODAY).state == "heard"


def test_a_statement_must_be_answered_in_writing(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    case = told(enterprise, opener)
    case = cases.record_statement(
        case, officer=opener, text="并非瞒报", received_on=LATER, today=LATER
    )
    with pytest.raises(cases.RefusedError, match="尚未复核"):
        cases.close_hearing(case, officer=opener, today=LATER)
    cases.consider_statement(case, officer=opener, opinion="经查不成立", today=LATER)
    assert cases.close_hearing(case, officer=opener, today=LATER).state == "heard"


def test_a_requested_hearing_must_be_held(enterprise: Enterprise, concealed: Accident, opener: Any):
    case = told(enterprise, opener)
    case = cases.request_hearing(case, officer=opener, requested_on=TODAY, today=TODAY)
    with pytest.raises(cases.RefusedError, match="听证，尚未举行"):
        cases.close_hearing(case, officer=opener, today=LATER)
    hold = {"officer": opener, "held_on": HEARING_DAY, "record": "笔录", "today": LATER}
    lawyer = legal_reviewer(enterprise)
    with pytest.raises(cases.RefusedError, match="还没有通知当事人"):
        cases.hold_hearing(case, chair=lawyer, **hold)
    case = announced(case, opener)
    with pytest.raises(cases.RefusedError, match="立案人员不得主持听证"):
        cases.hold_hearing(case, **hold)
    with pytest.raises(cases.RefusedError, match="改期应重新通知"):
        cases.hold_hearing(case, chair=lawyer, **{**hold, "held_on": LATER})
    case = cases.hold_hearing(case, chair=lawyer, **hold)
    assert case.hearing_chair == lawyer
    assert cases.close_hearing(case, officer=opener, today=LATER).state == "heard"


def test_penalties_law_64_a_hearing_is_asked_for_within_five_working_days(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    case = told(enterprise, opener)
    day = date(2026, 11, 10)
    with pytest.raises(
        cases.RefusedError, match="听证应在2026年11月9日前申请，2026年11月10日提出已逾期"
    ):
        cases.request_hearing(case, officer=opener, requested_on=day, today=day)
    last = day - timedelta(days=1)
    case = cases.request_hearing(case, officer=opener, requested_on=last, today=day)
    assert case.hearing_requested_on == last


def test_penalties_law_45_each_argument_gets_its_own_opinion(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    case = told(enterprise, opener)
    points = ["没有瞒报", "罚款已缴"]
    case = cases.record_statement(
        case, officer=opener, text="申辩书", arguments=points, received_on=LATER, today=LATER
    )
    consider = {"officer": opener, "opinion": "查明属实", "today": LATER}
    with pytest.raises(cases.RefusedError, match="请逐条写明复核意见"):
        cases.consider_statement(case, **consider)
    _, second = case.arguments.all()
    case = cases.consider_statement(case, argument=second.pk, accepted=True, **consider)
    with pytest.raises(cases.RefusedError, match="或已经复核过"):
        cases.consider_statement(case, argument=second.pk, **consider)
    with pytest.raises(cases.RefusedError, match="尚未复核"):
        cases.close_hearing(case, officer=opener, today=LATER)
    case = cases.consider_statement(case, **consider)
    answers = case.arguments.values_list("text", "opinion", "accepted", "answered_by")
    assert list(answers) == [
        ("没有瞒报", "查明属实", False, opener.pk),
        ("罚款已缴", "查明属实", True, opener.pk),
    ]
    assert cases.close_hearing(case, officer=opener, today=LATER).state == "heard"


def test_penalties_law_58_a_case_that_fails_legal_review_is_not_decided(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = heard(enterprise, opener)
    lawyer = legal_reviewer(enterprise)
    review = {"officer": lawyer, "today": LATER}
    with pytest.raises(cases.RefusedError, match="请写明法制审核意见"):
        cases.legal_review(case, opinion=" ", passes=False, **review)
    case = cases.legal_review(case, opinion="依据引用有误", passes=False, **review)
    assert (case.state, case.legal_review_by) == ("heard", None)
    decide = {"officer": decider, "number": "1", "reason": "由", "today": LATER}
    with pytest.raises(cases.RefusedError, match="“已听取意见”状态不能作出决定"):
        cases.decide(case, **decide)
    case = cases.legal_review(case, opinion="已补正", **review)
    assert cases.decide(case, **decide).state == "decided"


def test_the_legal_reviewer_did_no_other_step_and_does_not_decide(
    enterprise: Enterprise, concealed: Accident, district: Jurisdiction, opener: Any
):
    able = ("open_case", "decide_case", "review_case")
    both, other = (officer(f"1380000001{n}", district, *able) for n in (1, 2))
    case = heard(enterprise, both)
    with pytest.raises(cases.RefusedError, match="没有这个步骤的权限"):
        cases.legal_review(case, officer=opener, opinion="合法", today=LATER)
    with pytest.raises(cases.RefusedError, match="立案人员不得作法制审核"):
        cases.legal_review(case, officer=both, opinion="合法", today=LATER)
    case = cases.legal_review(case, officer=other, opinion="合法", today=LATER)
    with pytest.raises(cases.RefusedError, match="法制审核人员不得作出决定"):
        cases.decide(case, officer=other, number="1", reason="由", today=LATER)


def test_penalties_law_57_a_heavy_case_is_decided_by_the_heads_together(
    enterprise: Enterprise, opener: Any, decider: Any
):
    hide_accident(enterprise, concealed=False, deaths=10, grade="major")
    case = heard(enterprise, opener)
    meet = {"officer": opener, "held_on": LATER, "record": "讨论", "today": LATER}
    with pytest.raises(cases.RefusedError, match="“已听取意见”状态不能登记集体讨论"):
        cases.record_meeting(case, members=[("甲", "for")], **meet)
    case = cases.legal_review(case, officer=legal_reviewer(enterprise), opinion="合法", today=LATER)
    decide = {"officer": decider, "number": "1", "reason": "由", "today": LATER}
    with pytest.raises(cases.RefusedError, match="重大案件须经负责人集体讨论"):
        cases.decide(case, **decide)
    with pytest.raises(cases.RefusedError, match="不能重复"):
        cases.record_meeting(case, members=[("甲", "for"), ("甲 ", "for")], **meet)
    cases.record_meeting(case, members=[("甲", "for"), ("乙", "for")], **meet)
    with pytest.raises(cases.RefusedError, match="集体讨论至少3人参加，现在2人"):
        cases.decide(case, **decide)
    met(case, opener)
    assert cases.decide(case, **decide).state == "decided"


def test_one_open_case_for_one_enterprise(enterprise: Enterprise, concealed: Accident, opener: Any):
    opened(enterprise, opener)
    with pytest.raises(cases.RefusedError, match="已有在办案件"):
        opened(enterprise, opener)


def test_the_second_of_two_officers_who_act_at_once_is_told(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = heard(enterprise, opener)
    mine, theirs = ListCase.objects.get(pk=case.pk), ListCase.objects.get(pk=case.pk)
    cases.drop(mine, officer=opener, reason="证据不足", today=LATER)
    with pytest.raises(cases.RefusedError, match="“已撤回”状态不能作出决定"):
        cases.decide(theirs, officer=decider, number="1", reason="瞒报", today=LATER)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"text": " ", "served_on": TODAY}, "告知书应写明"),
        ({"text": "告知", "served_on": LATER}, "不晚于今天"),
        ({"text": "告知", "served_on": date(2026, 11, 1)}, "应在立案之后"),
    ],
)
def test_a_notice_has_words_and_a_possible_day(
    enterprise: Enterprise, concealed: Accident, opener: Any, step: Any, words: str
):
    case = opened(enterprise, opener)
    with pytest.raises(cases.RefusedError, match=words):
        cases.send_notice(case, officer=opener, today=TODAY, **step)
    assert ListCase.objects.get(pk=case.pk).state == "proposed"


def test_a_number_of_a_decision_is_used_once(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    decided(enterprise, opener, decider)
    other = Enterprise.objects.create(
        name="别家", legacy_number="2", place=enterprise.place, sector=enterprise.sector
    )
    hide_accident(other, "SG-2")
    with pytest.raises(cases.RefusedError, match="文号已经用过"):
        decided(other, opener, decider)


# -- The record behind a case is withdrawn ---------------------------------------------------------------


def test_no_notice_is_sent_and_no_hearing_closed_on_a_withdrawn_record(
    enterprise: Enterprise, concealed: Accident, opener: Any, district: Jurisdiction
):
    case = opened(enterprise, opener)
    colleague = officer("13800000003", district, "open_case")
    gone = {"withdrawn_at": "2026-11-02T00:00Z"}
    on_paper: dict[str, Any] = {"reason": "重新认定", "paper": "复议决定书1号", "today": TODAY}
    withdrawals.withdraw(concealed, officer=opener, **on_paper)
    with pytest.raises(cases.RefusedError, match="已被更正或撤销，请撤回案件"):
        cases.send_notice(case, officer=opener, text="告知", served_on=TODAY, today=TODAY)
    withdrawals.restore(concealed, officer=colleague, **on_paper)
    case = cases.send_notice(case, officer=opener, text="告知", served_on=TODAY, today=TODAY)
    Accident.objects.filter(pk=concealed.pk).update(**gone)
    with pytest.raises(cases.RefusedError, match="已被更正或撤销，请撤回案件"):
        cases.close_hearing(case, officer=opener, today=LATER)


def test_a_decision_is_not_built_on_a_withdrawn_record(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = reviewed(enterprise, opener)
    Accident.objects.filter(pk=concealed.pk).update(withdrawn_at="2026-11-10T00:00Z")
    with pytest.raises(cases.RefusedError, match="“SG-1 瞒报的坠落事故”已被更正或撤销"):
        cases.decide(case, officer=decider, number="1", reason="瞒报", today=LATER)


def test_a_served_case_is_not_published_on_a_corrected_record(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = served(enterprise, opener, decider)
    Accident.objects.filter(pk=concealed.pk).update(replaced_at="2026-11-16T00:00Z")
    with pytest.raises(cases.RefusedError, match="已被更正或撤销"):
        cases.publish(case, officer=opener, today=LATER)
    assert cases.drop(case, officer=decider, reason="处罚已变更", today=LATER).state == "dropped"
    assert ListEntry.objects.count() == 0


# -- Red ------------------------------------------------------------------------------------------------


def test_the_red_list_takes_the_same_path(enterprise: Enterprise, opener: Any, decider: Any):
    promise(enterprise)
    entry = published(enterprise, opener, decider, "red")
    assert (entry.colour, entry.listed_on, entry.ends_on) == ("red", LATER, date(2029, 11, 16))


def test_notice_133_objections_to_a_red_listing_are_heard_until_the_last_day(
    enterprise: Enterprise, opener: Any
):
    promise(enterprise)
    case = told(enterprise, opener, "red")
    words = "没有听证和书面放弃；收到的意见请登记后复核"
    with pytest.raises(cases.RefusedError, match=words):
        cases.waive(case, officer=opener, waived_on=TODAY, reason="放弃书1号", today=TODAY)
    with pytest.raises(cases.RefusedError, match=words):
        cases.request_hearing(case, officer=opener, requested_on=TODAY, today=TODAY)
    with pytest.raises(cases.RefusedError, match=words):
        cases.hold_hearing(case, officer=opener, held_on=TODAY, record="笔录", today=TODAY)
    with pytest.raises(cases.RefusedError, match="公众提意见的期限至2026年11月9日，尚未届满"):
        cases.close_hearing(case, officer=opener, today=date(2026, 11, 9))
    assert cases.close_hearing(case, officer=opener, today=date(2026, 11, 10)).state == "heard"


def test_red_is_not_granted_when_a_penalty_came_meanwhile(
    enterprise: Enterprise, opener: Any, decider: Any
):
    promise(enterprise)
    case = served(enterprise, opener, decider, "red")
    hide_accident(enterprise, happened_on=LATER, concealed=False)
    with pytest.raises(cases.RefusedError, match="不满足守信激励名单的全部条件"):
        cases.publish(case, officer=opener, today=LATER)


@pytest.mark.parametrize("what", ["accident", "penalty"])
def test_an_accident_or_a_penalty_ends_a_red_entry_at_once(
    enterprise: Enterprise, opener: Any, decider: Any, what: str
):
    promise(enterprise)
    entry = published(enterprise, opener, decider, "red")
    assert cases.end_red_entries([enterprise.pk], today=NEXT_DAY) == 0
    if what == "accident":
        hide_accident(enterprise, happened_on=NEXT_DAY)
    else:
        enterprise.violations.create(
            source="处罚", source_key="罚1", happened_on=NEXT_DAY, offence="未培训",
            penalty_kind="罚款", authority="云溪区应急管理局",
        )  # fmt: skip
    assert cases.end_red_entries([enterprise.pk], today=NEXT_DAY) == 1
    assert cases.end_red_entries([enterprise.pk], today=NEXT_DAY) == 0
    entry.refresh_from_db()
    happened = {"accident": "发生事故", "penalty": "受到行政处罚"}[what]
    assert (entry.removed_on, entry.removal_reason) == (
        NEXT_DAY,
        f"2026年11月17日{happened}，立即移出守信激励名单",
    )
    last = entry.case.events.last()
    assert (last.action, last.label, last.actor) == ("remove", "自动移出名单", None)
    assert list(ListEntry.objects.in_force(NEXT_DAY)) == []


@pytest.mark.parametrize("count", [1, 3, 30])
def test_every_standing_red_entry_is_looked_at_daily_in_the_same_number_of_queries(
    street: Jurisdiction,
    sector: Sector,
    opener: Any,
    decider: Any,
    count: int,
    django_assert_num_queries: Any,
):
    firms = make(street, sector, count)
    for number, firm in enumerate(firms):
        promise(firm)
        published(firm, opener, decider, "red", number=str(number))
    hide_accident(firms[0], happened_on=LATER)
    with time_machine.travel("2026-11-17 01:00:00+08:00", tick=False):
        # Savepoint and its release, entries, accidents, penalties, objections; the one that ends: measures, entry,
        # event, audit (newest and new; on PostgreSQL also its lock), managers to tell.
        with django_assert_num_queries(13 if connection.vendor == "postgresql" else 12):
            tasks.end_red_entries()
        assert ListEntry.objects.in_force(NEXT_DAY).count() == count - 1
    ended = ListEntry.objects.get(enterprise=firms[0])
    assert ended.removal_reason == "2026年11月16日发生事故，立即移出守信激励名单"


def test_an_accident_before_the_grant_or_of_others_ends_nothing(
    enterprise: Enterprise, opener: Any, decider: Any
):
    promise(enterprise)
    published(enterprise, opener, decider, "red")
    hide_accident(enterprise, happened_on=TODAY)
    hide_accident(enterprise, "SG-2", happened_on=LATER, responsible=False)
    assert cases.end_red_entries([enterprise.pk], today=NEXT_DAY) == 0


def test_a_black_entry_ends_a_red_one(enterprise: Enterprise, opener: Any, decider: Any):
    promise(enterprise)
    red = published(enterprise, opener, decider, "red")
    hide_accident(enterprise)
    black = published(enterprise, opener, decider, "black", number="2")
    assert list(ListEntry.objects.in_force(LATER)) == [black]
    red.refresh_from_db()
    assert "严重失信主体名单" in red.removal_reason


def test_the_red_announcement_waits_until_every_unknown_condition_was_looked_up(
    enterprise: Enterprise, opener: Any
):
    promise(enterprise)
    case = opened(enterprise, opener, "red")
    codes = ["no_dishonesty", "no_occupational_disease", "not_listed_elsewhere"]
    for code in codes:
        with pytest.raises(cases.RefusedError, match=r"请先逐项核实并登记结果：.*未被其他领域"):
            cases.send_notice(case, officer=opener, text="公告", served_on=TODAY, today=TODAY)
        with pytest.raises(cases.RefusedError, match="请写明向哪个部门核实"):
            cases.confirm_condition(case, officer=opener, code=code, finding=" ", today=TODAY)
        cases.confirm_condition(case, officer=opener, code=code, finding="无", today=TODAY)
    with pytest.raises(cases.RefusedError, match="已经核实过"):
        cases.confirm_condition(case, officer=opener, code=codes[0], finding="无", today=TODAY)
    looked = case.events.filter(action="confirm")
    assert [(e.actor, e.snapshot["code"]) for e in looked] == [(opener, code) for code in codes]
    assert looked[1].reason == "3年内未发现新发职业病：无"
    case = cases.send_notice(case, officer=opener, text="公告", served_on=TODAY, today=TODAY)
    assert case.state == "notice_sent"
