"""Open deadlines of cases: what runs, who is reminded, who hears of it after; the calendar moves them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group

from accounts.roles import DECISION_OFFICER
from credit.acts import calendars, cases, clocks, objections, removals, repairs, withdrawals
from credit.models import (
    Accident,
    CaseEvent,
    Enterprise,
    Jurisdiction,
    ListCase,
    ListEntry,
    Message,
    Objection,
    Posting,
    WorkdayException,
)
from credit.rules.clocks import Standing
from tests.credit.acts.test_objections import objected
from tests.credit.acts.test_repairs import IN_TIME, applied
from tests.credit.acts.test_scores import make, penalise
from tests.credit.casework import (
    LATER,
    TODAY,
    announced,
    decided,
    hide_accident,
    legal_reviewer,
    met,
    opened,
    published,
    served,
    told,
    with_papers,
)
from tests.credit.officers import officer
from tests.credit.party import appointed

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 9)  # 5 working days after TODAY


def runs(today: date, **more: Any) -> dict[str, tuple[date, Standing]]:
    return {one.clock.code: (one.due.day, one.standing) for one in clocks.running(today, **more)}


def test_a_case_runs_its_clocks_from_step_to_step(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
) -> None:
    case = told(enterprise, opener)
    decide = (date(2027, 2, 1), Standing.LATER)  # 31 January 2027 is a Sunday
    assert runs(TODAY) == {"case.hearing": (DUE, Standing.LATER), "case.decide": decide}
    assert runs(DUE)["case.hearing"] == (DUE, Standing.TODAY)
    assert runs(DUE + timedelta(days=1))["case.hearing"] == (DUE, Standing.OVER)
    cases.close_hearing(case, officer=opener, today=LATER)
    assert set(runs(LATER)) == {"case.decide"}
    cases.legal_review(case, officer=legal_reviewer(enterprise), opinion="程序合法", today=LATER)
    assert set(runs(LATER)) == {"case.decide"}
    met(case, opener)
    cases.decide(case, officer=decider, number="1", reason="清楚", today=LATER)
    assert runs(LATER) == {
        "case.service": (date(2026, 11, 25), Standing.LATER),
        "case.publish": (date(2026, 12, 14), Standing.LATER),
    }
    with_papers(case, opener)
    cases.serve(case, officer=opener, served_on=LATER, how="直接送达", today=LATER)
    assert set(runs(LATER)) == {"case.publish"}
    cases.publish(case, officer=opener, today=LATER)
    assert runs(LATER) == {}


def test_a_hearing_or_a_waiver_stops_the_term_of_the_party(
    enterprise: Enterprise, concealed: Accident, opener: Any
) -> None:
    case = told(enterprise, opener)
    cases.request_hearing(case, officer=opener, requested_on=TODAY, today=TODAY)
    assert set(runs(TODAY)) == {"case.decide", "case.hearing_notice"}
    assert runs(TODAY)["case.hearing_notice"] == (date(2026, 11, 9), Standing.LATER)


def test_penalty_law_64_the_notice_of_the_hearing_and_its_day_are_clocks(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
) -> None:
    case = told(enterprise, opener)
    cases.request_hearing(case, officer=opener, requested_on=TODAY, today=TODAY)
    late = date(2026, 11, 10)
    assert runs(late)["case.hearing_notice"] == (date(2026, 11, 9), Standing.OVERDUE)
    announced(case, opener, told_on=late, today=late)
    day = date(2026, 11, 19)  # the seventh working day
    assert runs(late)["case.hearing_day"] == (day, Standing.LATER)
    assert "case.hearing_notice" not in runs(late)
    assert clocks.remind(date(2026, 11, 18)) > 0
    said = Message.objects.get(title="还有1个工作日：按通知的日期举行听证", to=opener).body
    assert "2026年11月10日听证通知送达，日期是2026年11月19日" in said
    assert "7个工作日" not in said
    assert runs(date(2026, 11, 20))["case.hearing_day"] == (day, Standing.OVERDUE)
    cases.hold_hearing(case, officer=opener, chair=decider, held_on=day, record="录", today=day)
    assert set(runs(day)) == {"case.decide"}


def test_removal_is_answered_in_time_and_faster_when_the_penalty_fell(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
) -> None:
    entry = published(enterprise, opener, decider)
    asked = {"officer": opener, "reason": "判决", "today": LATER}
    removals.ask_removal(entry.case, ground="wrong", **asked)
    assert runs(LATER) == {"removal.answer": (date(2026, 12, 14), Standing.LATER)}
    removals.refuse_removal(entry.case, officer=decider, reason="无理由", today=LATER)
    assert runs(LATER) == {}
    removals.ask_removal(entry.case, ground="annulled", annulled_on=date(2026, 11, 12), **asked)
    assert runs(LATER) == {"removal.annulled": (date(2026, 11, 17), Standing.WEEK)}


def test_a_withdrawn_record_starts_the_three_days_by_itself(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
) -> None:
    published(enterprise, opener, decider)
    withdrawals.withdraw(
        Accident.objects.get(), officer=opener, reason="撤销", paper="复议决定1号", today=LATER
    )
    assert runs(LATER) == {"removal.annulled": (date(2026, 11, 19), Standing.WEEK)}


@pytest.fixture
def clerk(district: Jurisdiction) -> Any:
    return officer("13800000045", district, "accept_repair", "decide_repair")


@pytest.fixture
def judge(district: Jurisdiction) -> Any:
    return officer("13800000046", district, "decide_case", "accept_repair", "decide_repair")


def test_an_objection_runs_from_the_day_it_is_raised_to_its_answer(
    enterprise: Enterprise, opener: Any, stranger: Any, district: Jurisdiction
) -> None:
    made = objected(penalise(enterprise), appointed(enterprise, opener))
    answerer = officer("13800000041", district, "answer_objection")
    assert runs(TODAY) == {"objection.answer": (date(2026, 11, 23), Standing.LATER)}
    started = clocks.Started(
        code="objection.answer", subject=f"objection:{made.pk}", on=TODAY, officer=None,
        enterprise=enterprise.pk, link=f"/credit/office/objections/{made.pk}/",
        right="answer_objection",
    )  # fmt: skip
    assert [one.started for one in clocks.running(TODAY)] == [started]
    assert runs(TODAY, register=Enterprise.objects.in_reach_of(stranger)) == {}
    objections.assign(made, officer=answerer, to=answerer, today=TODAY)
    assert [one.started.officer for one in clocks.running(TODAY)] == [answerer.pk]
    objections.answer(made, officer=answerer, upheld=False, reason="属实", today=TODAY)
    assert runs(TODAY) == {}


def test_an_objection_that_is_taken_back_stops_its_clock(
    enterprise: Enterprise, opener: Any
) -> None:
    manager = appointed(enterprise, opener)
    objections.take_back(objected(penalise(enterprise), manager), by=manager, today=TODAY)
    assert runs(TODAY) == {}


def test_a_repair_is_accepted_then_decided_and_waits_while_papers_are_missing(
    enterprise: Enterprise, opener: Any, stranger: Any, clerk: Any, judge: Any
) -> None:
    manager = appointed(enterprise, opener)
    superior = officer("13800000049", enterprise.place, "decide_repair")
    made = applied(penalise(enterprise), manager)  # 1 December 2026
    accept = (date(2026, 12, 8), Standing.LATER)
    assert runs(IN_TIME) == {"repair.accept": accept}
    started = clocks.Started(
        code="repair.accept", subject=f"repair:{made.pk}", on=IN_TIME, officer=None,
        enterprise=enterprise.pk, link=f"/credit/office/repairs/{made.pk}/",
        right="accept_repair",
    )  # fmt: skip
    assert [one.started for one in clocks.running(IN_TIME)] == [started]
    assert runs(IN_TIME, register=Enterprise.objects.in_reach_of(stranger)) == {}
    repairs.ask_more(made, officer=clerk, reason="缺缴款凭证", today=date(2026, 12, 2))
    assert runs(date(2026, 12, 2)) == {}
    day = date(2026, 12, 7)
    repairs.supplement(made, by=manager, text="已补", files=[], today=day)
    assert runs(day) == {"repair.accept": (date(2026, 12, 14), Standing.LATER)}
    day = date(2026, 12, 9)
    repairs.accept(made, officer=clerk, today=day)
    assert runs(day) == {"repair.decide": (date(2027, 1, 6), Standing.LATER)}
    assert [one.started.right for one in clocks.running(day)] == ["decide_repair"]
    repairs.grant(made, officer=judge, reason="齐全", today=day)
    assert runs(day) == {}
    repairs.revoke(made, officer=superior, reason="伪造", today=day)
    assert runs(day) == {}


def test_a_repair_that_is_refused_or_taken_back_stops_its_clock(
    enterprise: Enterprise, opener: Any, clerk: Any, judge: Any
) -> None:
    manager = appointed(enterprise, opener)
    first = applied(penalise(enterprise), manager)
    repairs.accept(first, officer=clerk, today=IN_TIME)
    repairs.refuse_repair(first, officer=judge, reason="未整改", today=IN_TIME)
    repairs.take_back(applied(penalise(enterprise, "罚2"), manager), by=manager, today=IN_TIME)
    assert runs(IN_TIME) == {}


def test_reach_narrows_to_the_enterprises_of_an_officer(
    enterprise: Enterprise, concealed: Accident, opener: Any, stranger: Any
) -> None:
    opened(enterprise, opener)
    assert set(runs(TODAY, register=Enterprise.objects.in_reach_of(opener))) == {"case.decide"}
    assert runs(TODAY, register=Enterprise.objects.in_reach_of(stranger)) == {}


@pytest.mark.parametrize("size", [1, 3, 30])
def test_the_count_of_queries_does_not_grow(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, size: int,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    for firm in make(enterprise.place, enterprise.sector, size):
        hide_accident(firm, f"SG-{firm.pk}")
        told(firm, opener)
        Objection.objects.create(
            enterprise=firm, about="fact", subject="credit.violation:1", line=f"x{firm.pk}", label="x",
            reason="wrong", text="x", by=opener, raised_on=TODAY,
        )  # fmt: skip
    with django_assert_num_queries(10):
        found = clocks.running(TODAY)
    with django_assert_num_queries(2):
        assert len(clocks.named(found)) == 3 * size


# -- The calendar ---------------------------------------------------------------------------------------


@pytest.fixture
def keeper(district: Jurisdiction) -> Any:
    return officer("13800000021", district, "edit_calendar", "view_listcase")


def test_the_calendar_moves_open_days_and_never_closed_steps(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, keeper: Any
) -> None:
    (closed,) = make(enterprise.place, enterprise.sector, 1)
    hide_accident(closed, "SG-70")
    entry = published(closed, opener, decider)
    case = told(enterprise, opener)
    before = (
        list(ListEntry.objects.values()),
        list(ListCase.objects.filter(pk=entry.case_id).values()),
        list(CaseEvent.objects.values()),
    )
    calendars.set_day(DUE, officer=keeper, is_working=False, note="局里放假", reason="通知1号")
    assert runs(TODAY)["case.hearing"][0] == date(2026, 11, 10)
    with pytest.raises(calendars.RefusedError, match="会缩短期限"):
        calendars.set_day(DUE, officer=keeper, is_working=None, reason="通知2号")
    saturday = date(2026, 11, 7)
    with pytest.raises(calendars.RefusedError, match="会缩短期限"):
        calendars.set_day(saturday, officer=keeper, is_working=True, reason="通知2号")
    assert runs(TODAY)["case.hearing"][0] == date(2026, 11, 10)
    after = (
        list(ListEntry.objects.values()),
        list(ListCase.objects.filter(pk=entry.case_id).values()),
        list(CaseEvent.objects.values()),
    )
    assert after == before
    assert clocks.of_case(entry.case, LATER) == []
    assert {one.clock.code for one in clocks.of_case(case, LATER)} == {
        "case.hearing",
        "case.decide",
    }


def test_a_missing_year_is_a_warning_and_no_crash(
    enterprise: Enterprise, concealed: Accident, opener: Any
) -> None:
    opened(enterprise, opener)
    (run,) = clocks.running(TODAY)
    assert run.due.warning == "2027年尚无官方节假日安排，仅按周末推算"
    WorkdayException.objects.all().delete()
    assert clocks.running(TODAY)[0].due.warning.startswith("2027年")


# -- Messages -------------------------------------------------------------------------------------------


def titles(person: Any) -> list[str]:
    return list(Message.objects.filter(to=person).order_by("pk").values_list("title", flat=True))


def test_reminders_come_before_and_escalation_after_each_once(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, stranger: Any
) -> None:
    decided(enterprise, opener, decider)  # service until 25 November
    assert clocks.remind(date(2026, 11, 19)) == 0
    assert clocks.remind(date(2026, 11, 20)) == 1
    assert clocks.remind(date(2026, 11, 20)) == 0
    assert clocks.remind(date(2026, 11, 24)) == 1
    assert clocks.remind(date(2026, 11, 25)) == 0  # said the day before
    assert clocks.remind(date(2026, 11, 26)) == 2
    assert clocks.remind(date(2026, 11, 27)) == 0
    name = "送达决定书和信用修复告知书"
    assert titles(opener) == [f"还有3个工作日：{name}", f"还有1个工作日：{name}", f"已超期：{name}"]
    assert titles(decider) == [f"已超期：{name}"]
    assert titles(stranger) == []
    newest = Message.objects.filter(to=decider).get()
    assert newest.body == (
        "云溪长青化工有限公司（虚构），2026年11月16日作出决定，期限7个工作日，最后一天2026年11月25日。"
        "依据：行政处罚法（待核）。"
    )
    assert newest.link == f"/credit/office/cases/{ListCase.objects.get().pk}/"


def test_a_decision_officer_by_role_above_the_place_hears_of_it(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, district: Jurisdiction
) -> None:
    leader = officer("13800000031", None)
    leader.groups.add(Group.objects.get(name=DECISION_OFFICER))
    Posting.objects.create(officer=leader, place=district)
    gone = officer("13800000032", district, "decide_case")
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    decided(enterprise, opener, decider)
    clocks.remind(date(2026, 11, 26))
    assert titles(leader) == ["已超期：送达决定书和信用修复告知书"]
    assert titles(gone) == []


def test_the_end_of_a_partys_term_opens_the_next_step_and_accuses_nobody(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
) -> None:
    told(enterprise, opener)
    clocks.remind(DUE + timedelta(days=1))
    assert titles(opener) == ["期限已届满，可以办理下一步：陈述申辩、申请听证"]
    assert titles(decider) == []


def test_who_may_act_is_told_while_nobody_is_in_charge(
    enterprise: Enterprise, opener: Any, decider: Any, stranger: Any, district: Jurisdiction,
    clerk: Any, judge: Any,
) -> None:  # fmt: skip
    manager = appointed(enterprise, opener)
    first, second = (officer(f"1380000006{n}", district, "answer_objection") for n in (1, 2))
    made = objected(penalise(enterprise), manager)
    name, due = "答复异议", date(2026, 11, 23)
    clocks.remind(date(2026, 11, 18))
    objections.assign(made, officer=first, to=second, today=date(2026, 11, 18))
    clocks.remind(date(2026, 11, 20))
    clocks.remind(due + timedelta(days=1))
    assert titles(first) == [f"还有3个工作日：{name}"]
    assert titles(second) == [
        f"还有3个工作日：{name}", f"还有1个工作日：{name}", f"已超期：{name}",
    ]  # fmt: skip
    assert titles(decider) == titles(judge) == [f"已超期：{name}"]
    objections.answer(made, officer=second, upheld=False, reason="属实", today=due)
    repair = applied(penalise(enterprise, "罚2"), manager)
    before = len(titles(judge))
    clocks.remind(date(2026, 12, 7))
    repairs.accept(repair, officer=clerk, today=date(2026, 12, 7))
    clocks.remind(date(2027, 1, 1))
    accept, decide = "还有1个工作日：受理信用修复申请", "还有1个工作日：对信用修复申请作出决定"
    assert titles(clerk) == [accept, decide]
    assert titles(judge)[before:] == [accept, decide]
    assert titles(stranger) == []
    assert titles(first) == [f"还有3个工作日：{name}"]


def test_a_moved_day_is_a_new_occasion(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, keeper: Any
) -> None:
    served(enterprise, opener, decider)
    due = date(2026, 12, 14)
    assert clocks.remind(due - timedelta(days=3)) == 1
    calendars.set_day(due, officer=keeper, is_working=False, reason="通知")
    assert clocks.remind(due) == 1


def test_the_daily_task_reminds(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, time_machine: Any
) -> None:
    from credit.tasks import remind

    told(enterprise, opener)
    time_machine.move_to("2026-11-10 08:00:00+08:00", tick=False)
    remind()
    assert len(titles(opener)) == 1
