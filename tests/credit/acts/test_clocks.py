"""Open deadlines of cases: what runs, who is reminded, who hears of it after; the calendar moves them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group

from accounts.roles import DECISION_OFFICER
from credit.acts import calendars, cases, clocks, removals, withdrawals
from credit.models import (
    Accident,
    CaseEvent,
    Enterprise,
    Jurisdiction,
    ListCase,
    ListEntry,
    Message,
    Posting,
    WorkdayException,
)
from credit.rules.clocks import Standing, load_clocks
from tests.credit.acts.test_scores import make
from tests.credit.casework import (
    LATER,
    TODAY,
    decided,
    hide_accident,
    legal_reviewer,
    met,
    opened,
    published,
    served,
    told,
)
from tests.credit.officers import officer

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
    cases.serve(case, officer=opener, served_on=LATER, how="直接送达", today=LATER)
    assert set(runs(LATER)) == {"case.publish"}
    cases.publish(case, officer=opener, today=LATER)
    assert runs(LATER) == {}


def test_a_hearing_or_a_waiver_stops_the_term_of_the_party(
    enterprise: Enterprise, concealed: Accident, opener: Any
) -> None:
    case = told(enterprise, opener)
    cases.request_hearing(case, officer=opener, requested_on=TODAY, today=TODAY)
    assert set(runs(TODAY)) == {"case.decide"}


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


def test_every_source_has_its_entry_and_other_subjects_hook_in(
    enterprise: Enterprise, concealed: Accident, opener: Any
) -> None:
    def objections(register: clocks.Register, today: date) -> list[clocks.Started]:
        return [
            clocks.Started(
                code="objection.answer", subject="objection:1", on=TODAY, enterprise=enterprise.pk,
                officer=opener.pk, link="/x/",
            )
        ]  # fmt: skip

    assert runs(TODAY, sources=[objections]) == {
        "objection.answer": (date(2026, 11, 23), Standing.LATER)
    }
    assert set(runs(TODAY)) <= set(load_clocks())


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
    with django_assert_num_queries(7):
        found = clocks.running(TODAY)
    with django_assert_num_queries(2):
        assert len(clocks.named(found)) == 2 * size


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
    calendars.set_day(date(2026, 11, 7), officer=keeper, is_working=True, reason="通知2号")
    assert runs(TODAY)["case.hearing"][0] == DUE - timedelta(days=2)
    calendars.set_day(DUE, officer=keeper, is_working=None, reason="通知3号")
    calendars.set_day(date(2026, 11, 7), officer=keeper, is_working=None, reason="通知3号")
    assert runs(TODAY)["case.hearing"][0] == DUE
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
