"""What happens to an entry while it stands: suspended, judged by others, listed again, restored on fraud."""
# ruff: noqa: S608  # every statement is written here

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from credit.acts import cases, objections
from credit.acts.outcomes import Judgment, awaiting_annulment
from credit.acts.proposals import candidates
from credit.acts.removals import pending, record_key
from credit.acts.repeats import former_of
from credit.models import (
    Accident,
    AuditEntry,
    CaseEvent,
    Enterprise,
    EntryAnnulment,
    EntryChange,
    ListCase,
    ListEntry,
    Measure,
    Outcome,
    Suspension,
)
from credit.models.history import entries_shown_on, entries_true_on
from tests.credit.acts.test_scores import penalise
from tests.credit.casework import (
    LATER,
    NEXT_DAY,
    hide_accident,
    legal_reviewer,
    promise,
    published,
    removed,
    with_papers,
)
from tests.credit.officers import officer
from tests.credit.party import appointed

ANNIVERSARY = date(2027, 11, 16)
END = date(2029, 11, 16)


@pytest.fixture
def entry(enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any) -> ListEntry:
    return published(enterprise, opener, decider)


@pytest.fixture
def red(enterprise: Enterprise, opener: Any, decider: Any) -> ListEntry:
    promise(enterprise)
    return published(enterprise, opener, decider, "red")


def finished(case: ListCase, opener: Any, decider: Any, day: date, number: str) -> ListEntry:
    """The case's whole path from the notice, with a written waiver, on one day."""
    on = {"officer": opener, "today": day}
    cases.send_notice(case, text="告知", served_on=day, **on)
    cases.waive(case, waived_on=day, reason="放弃书", **on)
    cases.close_hearing(case, **on)
    lawyer = legal_reviewer(case.enterprise)
    cases.legal_review(case, officer=lawyer, opinion="合法", today=day)
    cases.decide(case, officer=decider, number=number, reason="由", today=day)
    cases.serve(with_papers(case, opener, day), served_on=day, how="直接送达", **on)
    return cases.publish(case, **on)


# -- Red is suspended while a fact is not certain ---------------------------------------------------------


def test_notice_133_an_accident_that_no_penalty_has_settled_suspends(
    red: ListEntry, enterprise: Enterprise
):
    hide_accident(enterprise, happened_on=NEXT_DAY, penalised=False)
    for _ in range(2):
        assert cases.end_red_entries(today=NEXT_DAY) == 0
    row = Suspension.objects.get()
    assert (row.entry, row.action, row.on, row.by) == (red, "suspend", NEXT_DAY, None)
    assert row.reason.startswith("2026年11月17日发生事故，责任尚待认定，暂停守信激励")
    assert list(ListEntry.objects.in_force(NEXT_DAY)) == []
    assert list(ListEntry.objects.standing(NEXT_DAY)) == [red]
    assert list(ListEntry.objects.in_force(LATER)) == [red]
    assert not Measure.objects.in_force(NEXT_DAY).exists()
    assert candidates("red", NEXT_DAY) == []
    assert AuditEntry.objects.filter(verb="case.suspend").count() == 1


def test_it_ends_by_itself_once_the_fact_is_certain(red: ListEntry, enterprise: Enterprise):
    fact = hide_accident(enterprise, happened_on=NEXT_DAY, penalised=False)
    cases.end_red_entries(today=NEXT_DAY)
    Accident.objects.filter(pk=fact.pk).update(replaced_at="2026-11-20T00:00Z")
    hide_accident(enterprise, happened_on=NEXT_DAY, penalised=True, supersedes=fact)
    day = date(2026, 11, 20)
    assert cases.end_red_entries(today=day) == 1
    red.refresh_from_db()
    assert (red.removed_on, red.removal_reason) == (
        day,
        "2026年11月17日发生事故，立即移出守信激励名单",
    )


@pytest.mark.parametrize("kind", ["accident", "penalty"])
@pytest.mark.parametrize("upheld", [None, True, False])
def test_a_fact_under_objection_suspends_until_the_objection_is_rejected(
    red: ListEntry, enterprise: Enterprise, opener: Any, kind: str, upheld: bool | None
):
    manager = appointed(enterprise, opener)
    on = {"happened_on": NEXT_DAY}
    fact = (hide_accident if kind == "accident" else penalise)(enterprise, **on)
    made = objections.raise_objection(
        fact, about="fact", reason="wrong", text="不是这样", by=manager, today=NEXT_DAY
    )
    if upheld is not None:
        other = officer("13800000061", enterprise.place, "answer_objection")
        objections.answer(made, officer=other, upheld=upheld, reason="已核查", today=NEXT_DAY)
    ends = upheld is False
    assert cases.end_red_entries([enterprise.pk], today=NEXT_DAY) == ends
    red.refresh_from_db()
    assert red.removed_on == (NEXT_DAY if ends else None)
    what = {"accident": "发生事故", "penalty": "受到行政处罚"}[kind]
    assert list(Suspension.objects.values_list("record", "reason")) == [
        (
            record_key(fact),
            f"2026年11月17日{what}，企业已提出异议，暂停守信激励，由两名人员核实后恢复或者移出",
        )
    ] * (not ends)


def test_an_objection_to_the_points_or_to_another_line_leaves_the_fact_certain(
    red: ListEntry, enterprise: Enterprise, opener: Any
):
    manager = appointed(enterprise, opener)
    penalty, older = penalise(enterprise, happened_on=NEXT_DAY), penalise(enterprise, "罚2")
    for row, about in ((penalty, "score"), (older, "fact")):
        objections.raise_objection(
            row, about=about, reason="points", text="不是这样", by=manager, today=NEXT_DAY
        )
    assert cases.end_red_entries(today=NEXT_DAY) == 1


def test_two_officers_resume_it(red: ListEntry, enterprise: Enterprise, opener: Any, decider: Any):
    hide_accident(enterprise, happened_on=NEXT_DAY, penalised=False)
    ask = {"officer": opener, "reason": "调查认定为非责任事故", "today": NEXT_DAY}
    with pytest.raises(cases.RefusedError, match="没有暂停"):
        cases.ask_resume(red.case, **ask)
    cases.end_red_entries(today=NEXT_DAY)
    answer = {"reason": "同意", "today": NEXT_DAY}
    with pytest.raises(cases.RefusedError, match="还没有恢复申请"):
        cases.resume(red.case, officer=decider, **answer)
    cases.ask_resume(red.case, **{**ask, "officer": decider})
    with pytest.raises(cases.RefusedError, match="登记申请的人员不得决定恢复"):
        cases.resume(red.case, officer=decider, **answer)
    assert refused("UPDATE credit_suspension SET action = 'resume'")
    with pytest.raises(cases.RefusedError, match="没有这个步骤的权限"):
        cases.refuse_resume(red.case, officer=opener, **answer)


def refused(statement: str, *values: Any) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError:
        return True
    return False


def test_resumed_it_is_in_force_and_not_suspended_again_for_the_same_fact(
    red: ListEntry, enterprise: Enterprise, opener: Any, decider: Any
):
    hide_accident(enterprise, happened_on=NEXT_DAY, penalised=False)
    cases.end_red_entries(today=NEXT_DAY)
    day = NEXT_DAY + timedelta(days=2)
    ask = {"officer": opener, "reason": "非责任事故", "today": day}
    cases.ask_resume(red.case, **ask)
    with pytest.raises(cases.RefusedError, match="已有一份恢复申请"):
        cases.ask_resume(red.case, **ask)
    cases.refuse_resume(red.case, officer=decider, reason="缺材料", today=day)
    cases.ask_resume(red.case, **ask)
    cases.resume(red.case, officer=decider, reason="同意", today=day)
    last = Suspension.objects.last()
    assert (last.action, last.asked_by, last.by) == ("resume", opener, decider)
    assert list(ListEntry.objects.in_force(day)) == [red]
    assert list(ListEntry.objects.in_force(day - timedelta(days=1))) == []
    cases.end_red_entries(today=day)
    assert Suspension.objects.count() == 2


def test_two_officers_withdraw_a_red_entry_that_is_no_longer_fit(
    red: ListEntry, opener: Any, decider: Any
):
    ask = {"ground": "unfit", "reason": "被其他部门列入失信名单", "today": LATER}
    cases.ask_removal(red.case, officer=opener, **ask)
    assert cases.remove(red.case, officer=decider, reason="撤回", today=LATER).removed_on == LATER


def test_unfit_is_no_ground_for_black(entry: ListEntry, opener: Any):
    with pytest.raises(cases.RefusedError, match="只用于红名单"):
        cases.ask_removal(entry.case, officer=opener, ground="unfit", reason="x", today=LATER)


def test_the_database_suspends_red_alone_and_resumes_by_two(
    entry: ListEntry, opener: Any, decider: Any
):
    row = Suspension(entry=entry, action="suspend", on=LATER, reason="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        Suspension(
            entry=entry, action="resume", on=LATER, reason="x", asked_by=opener, by=decider
        ).save()


# -- Judgments -------------------------------------------------------------------------------------------


def judge(entry: ListEntry, person: Any, result: str, **more: Any) -> Outcome:
    judgment = Judgment(
        body="court", result=result, paper="行政判决书〔2026〕1号", on=LATER, reason="判决", **more
    )
    return cases.register_outcome(entry.case, officer=person, judgment=judgment, today=LATER)


def test_upheld_is_noted(entry: ListEntry, opener: Any):
    judge(entry, opener, "upheld")
    event = CaseEvent.objects.last()
    assert (event.action, event.reason) == (
        "outcome",
        "行政诉讼维持（行政判决书〔2026〕1号）：判决",
    )
    assert list(ListEntry.objects.in_force(LATER)) == [entry]
    assert pending(entry.case) is None


def test_penalties_law_48_annulled_waits_for_a_second_officer_for_three_working_days(
    entry: ListEntry, opener: Any, decider: Any
):
    judge(entry, opener, "annulled")
    asked = pending(entry.case)
    assert "最迟2026年11月19日移出" in asked.reason
    with pytest.raises(cases.RefusedError, match="没有这个步骤的权限"):
        cases.remove(entry.case, officer=opener, reason="撤销", today=LATER)
    cases.remove(entry.case, officer=decider, reason="判决撤销", today=LATER)
    assert list(ListEntry.objects.in_force(LATER)) == []
    assert not Measure.objects.in_force(LATER).exists()


def test_changed_shortens_by_a_row_of_its_own(entry: ListEntry, opener: Any, decider: Any):
    judge(entry, opener, "changed", ends_on=ANNIVERSARY)
    carry = {"reason": "按判决执行", "today": NEXT_DAY}
    with pytest.raises(cases.RefusedError, match="没有这个步骤的权限"):
        cases.apply_change(entry.case, officer=opener, **carry)
    with pytest.raises(cases.RefusedError, match="已有一份变更结果"):
        judge(entry, opener, "changed", ends_on=ANNIVERSARY)
    change = cases.apply_change(entry.case, officer=decider, **carry)
    entry.refresh_from_db()
    assert (entry.ends_on, change.asked_by, change.by) == (ANNIVERSARY, opener, decider)
    assert not ListEntry.objects.in_force(ANNIVERSARY).exists()
    assert [g["code"] for g in entry.grounds] == ["concealment"]
    with pytest.raises(cases.RefusedError, match="没有等待执行的变更结果"):
        cases.apply_change(entry.case, officer=decider, **carry)


def test_changed_takes_grounds_away_and_never_adds(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    hide_accident(enterprise, "SG-2", concealed=False, principal_fled=True)
    entry = published(enterprise, opener, decider)
    assert {g["code"] for g in entry.grounds} == {"concealment", "principal_fled"}
    judge(entry, opener, "changed", grounds=["concealment"])
    cases.apply_change(entry.case, officer=decider, reason="按判决", today=LATER)
    for rows in (ListEntry.objects.all(), ListEntry.objects.with_grounds()):
        assert [g["code"] for g in rows.get().grounds] == ["concealment"]
    assert len(entry.case.grounds) == 2
    with pytest.raises(cases.RefusedError, match="不能增加"):
        judge(entry, opener, "changed", grounds=["concealment", "principal_fled"])


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"ends_on": END + timedelta(days=1)}, "变更只能缩短期限"),
        ({"ends_on": LATER}, "变更只能缩短期限"),
        ({}, "请填写变更后的期满日期"),
    ],
)
def test_a_judgment_makes_nothing_worse(entry: ListEntry, opener: Any, more: Any, words: str):
    with pytest.raises(cases.RefusedError, match=words):
        judge(entry, opener, "changed", **more)


def test_the_database_shortens_on_a_judgment_by_two_alone(
    entry: ListEntry, opener: Any, decider: Any
):
    shorten = f"UPDATE credit_listentry SET ends_on = '{ANNIVERSARY}'"
    assert refused(shorten)
    outcome = judge(entry, opener, "changed", ends_on=ANNIVERSARY)
    assert refused(shorten)

    def change(**more: Any) -> EntryChange:
        row = {"asked_by": opener, "by": decider, "ends_on": ANNIVERSARY, **more}
        row |= {"grounds": row.get("grounds", entry.case.grounds), "on": LATER, "reason": "x"}
        return EntryChange(entry=entry, outcome=outcome, **row)

    for wrong in (
        {"by": opener},
        {"asked_by": decider, "by": opener},
        {"ends_on": date(2040, 1, 1)},
        {"grounds": []},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(**wrong).save()
    change().save()
    assert refused("UPDATE credit_listentry SET ends_on = '2028-01-01'")
    assert refused("UPDATE credit_entrychange SET ends_on = '2028-01-01'")
    assert not refused(shorten)
    assert refused(f"UPDATE credit_listentry SET ends_on = '{END}'")


# -- Listed again ----------------------------------------------------------------------------------------


def test_listed_again_while_the_former_runs_adds_to_its_end(
    entry: ListEntry, enterprise: Enterprise, opener: Any, decider: Any
):
    day = date(2027, 3, 1)
    assert candidates("black", day) == []
    hide_accident(enterprise, "SG-2", happened_on=date(2027, 2, 1))
    case = cases.open_case(enterprise, "black", officer=opener, today=day)
    again = finished(case, opener, decider, day, "2")
    assert (again.former, again.listed_on, again.ends_on) == (entry, day, date(2032, 11, 16))
    event = again.case.events.get(action="publish")
    assert event.reason == (
        "公示至2032年11月16日（在列期间再次列入，管理期限顺延：自2029年11月16日起36个月）"
    )
    assert ListEntry.objects.in_force(day).count() == 2


def test_listed_again_afterwards_is_linked_to_the_former(
    entry: ListEntry, enterprise: Enterprise, opener: Any, decider: Any
):
    day = date(2029, 12, 3)
    hide_accident(enterprise, "SG-2", happened_on=date(2029, 11, 20))
    case = cases.open_case(enterprise, "black", officer=opener, today=day)
    again = finished(case, opener, decider, day, "2")
    assert (again.former, again.ends_on) == (entry, date(2032, 12, 3))
    reason = again.case.events.get(action="publish").reason
    assert "移出后再次列入的管理期限：自2029年12月3日起36个月" in reason


def test_one_that_never_should_have_been_listed_makes_no_repeat(
    entry: ListEntry, enterprise: Enterprise, opener: Any, decider: Any
):
    removed(entry, opener, decider)
    day = date(2027, 3, 1)
    hide_accident(enterprise, "SG-2", happened_on=date(2027, 2, 1))
    case = cases.open_case(enterprise, "black", officer=opener, today=day)
    assert finished(case, opener, decider, day, "2").former is None


# -- Restored on fraud -----------------------------------------------------------------------------------


@pytest.fixture
def left_early(entry: ListEntry, opener: Any, decider: Any) -> ListEntry:
    met = {"duties_performed": True, "harm_remedied": True}
    cases.ask_removal(
        entry.case, officer=opener, ground="early", reason="申请书", today=ANNIVERSARY, **met
    )
    return cases.remove(entry.case, officer=decider, reason="符合条件", today=ANNIVERSARY)


FRAUD = {"reason": "缴款凭证系伪造", "paper": "公安机关函〔2028〕1号"}


def test_order_11_a_listing_left_by_fraud_runs_again_for_the_rest_of_its_term(
    left_early: ListEntry, opener: Any, decider: Any
):
    day = date(2028, 3, 1)
    case = cases.open_restoration(left_early.case, officer=opener, today=day, **FRAUD)
    with pytest.raises(cases.RefusedError, match="已经恢复列入，或正在办理"):
        cases.open_restoration(left_early.case, officer=opener, today=day, **FRAUD)
    again = finished(case, opener, decider, day, "2")
    rest = END - ANNIVERSARY
    assert (again.former, again.listed_on, again.ends_on) == (left_early, day, day + rest)
    left_early.refresh_from_db()
    assert left_early.removed_on == ANNIVERSARY
    assert Measure.objects.in_force(day).filter(entry=again).exists()


def test_only_what_left_early_on_the_partys_word_is_restored(
    entry: ListEntry, opener: Any, decider: Any
):
    with pytest.raises(cases.RefusedError, match="只有提前移出的条目"):
        cases.open_restoration(entry.case, officer=opener, today=NEXT_DAY, **FRAUD)
    removed(entry, opener, decider)
    with pytest.raises(cases.RefusedError, match="不是依企业申请提前移出"):
        cases.open_restoration(entry.case, officer=opener, today=NEXT_DAY, **FRAUD)


def test_a_restoration_needs_proof_and_reach(left_early: ListEntry, opener: Any, stranger: Any):
    day = date(2028, 3, 1)
    with pytest.raises(cases.RefusedError, match="请写明虚假材料的事实"):
        cases.open_restoration(left_early.case, officer=opener, reason="x", paper=" ", today=day)
    with pytest.raises(cases.RefusedError, match="不在您的辖区"):
        cases.open_restoration(left_early.case, officer=stranger, today=day, **FRAUD)


# -- Judged after it had left ----------------------------------------------------------------------------

AFTER = date(2028, 3, 1)


def judge_later(
    entry: ListEntry, person: Any, result: str, on: date = AFTER, **more: Any
) -> Outcome:
    judgment = Judgment(
        body="court", result=result, paper="行政判决书〔2028〕1号", on=on, reason="判决", **more
    )
    return cases.register_outcome(entry.case, officer=person, judgment=judgment, today=on)


def test_a_judgment_of_a_listing_that_left_or_expired_is_registered(
    left_early: ListEntry, opener: Any
):
    judge_later(left_early, opener, "upheld")
    judge_later(left_early, opener, "upheld", on=date(2030, 1, 2))
    assert Outcome.objects.filter(entry=left_early, result="upheld").count() == 2
    assert [event.on for event in CaseEvent.objects.filter(action="outcome")] == [
        AFTER, date(2030, 1, 2),
    ]  # fmt: skip
    assert not ListEntry.objects.void().exists()


def test_an_expired_listing_is_annulled(entry: ListEntry, opener: Any, decider: Any):
    """On the last day it is asked to be removed, on the next it is annulled."""
    day = END - timedelta(days=1)
    judge_later(entry, opener, "annulled", on=day)
    with pytest.raises(cases.RefusedError, match="没有等待办理的撤销结果"):
        cases.annul(entry.case, officer=decider, reason="判决", today=day)
    assert not ListEntry.objects.void().exists()
    cases.annul(entry.case, officer=decider, reason="判决", today=END)  # nobody had removed it
    assert list(ListEntry.objects.void()) == [entry]


def test_annulled_after_it_left_a_listing_is_void_from_the_start_by_two_officers(
    left_early: ListEntry, enterprise: Enterprise, opener: Any, decider: Any, stranger: Any
):
    judge_later(left_early, opener, "annulled")
    words = {"reason": "判决生效", "today": AFTER}
    with pytest.raises(cases.RefusedError, match="已有一份撤销结果在等待办理"):
        judge_later(left_early, opener, "annulled")
    for person in (opener, stranger):
        with pytest.raises(cases.RefusedError):
            cases.annul(left_early.case, officer=person, **words)
    assert list(awaiting_annulment(AFTER)) == [left_early.case]
    done = cases.annul(left_early.case, officer=decider, **words)
    assert (done.entry, done.asked_by, done.by) == (left_early, opener, decider)
    event = left_early.case.events.last()
    assert event.label == "撤销列入，自始无效"
    assert event.reason.startswith("行政判决书〔2028〕1号：判决生效。这次列入自始没有效力")
    assert not awaiting_annulment(AFTER).exists()
    assert list(ListEntry.objects.void()) == [left_early]
    while_listed = date(2027, 3, 1)
    assert not entries_true_on(while_listed).exists()
    assert list(entries_shown_on(while_listed)) == [left_early]  # the auditor sees what was shown
    for act in ({"result": "upheld"}, {"result": "annulled"}):
        with pytest.raises(cases.RefusedError, match="自始无效，不用再登记"):
            judge_later(left_early, opener, **act)
    with pytest.raises(cases.RefusedError, match="没有等待办理的撤销结果"):
        cases.annul(left_early.case, officer=decider, **words)


def test_what_was_annulled_is_not_restored(left_early: ListEntry, opener: Any, decider: Any):
    case = cases.open_restoration(left_early.case, officer=opener, today=AFTER, **FRAUD)
    judge_later(left_early, opener, "annulled")
    cases.annul(left_early.case, officer=decider, reason="判决", today=AFTER)
    with pytest.raises(cases.RefusedError, match="自始无效，不能恢复，请撤回案件"):
        cases.send_notice(case, officer=opener, text="告知", served_on=AFTER, today=AFTER)
    cases.drop(case, officer=opener, reason="原列入已撤销", today=AFTER)
    with pytest.raises(cases.RefusedError, match="自始无效，不能恢复"):
        cases.open_restoration(left_early.case, officer=opener, today=AFTER, **FRAUD)


def test_what_a_judgment_annulled_is_not_restored_while_it_waits_for_the_second_officer(
    left_early: ListEntry, opener: Any, decider: Any
):
    case = cases.open_restoration(left_early.case, officer=opener, today=AFTER, **FRAUD)
    judge_later(left_early, opener, "annulled")
    with pytest.raises(cases.RefusedError, match="自始无效，不能恢复，请撤回案件"):
        cases.send_notice(case, officer=opener, text="告知", served_on=AFTER, today=AFTER)


def test_what_a_judgment_shortened_to_the_days_that_ran_is_not_restored(
    left_early: ListEntry, opener: Any, decider: Any
):
    case = cases.open_restoration(left_early.case, officer=opener, today=AFTER, **FRAUD)
    judge_later(left_early, opener, "changed", ends_on=date(2027, 6, 1))
    cases.apply_change(left_early.case, officer=decider, reason="按判决", today=AFTER)
    with pytest.raises(cases.RefusedError, match="变更后的期限已满，不能恢复"):
        cases.send_notice(case, officer=opener, text="告知", served_on=AFTER, today=AFTER)


def test_annulling_asks_again_for_the_removal_of_what_was_restored(
    left_early: ListEntry, opener: Any, decider: Any
):
    case = cases.open_restoration(left_early.case, officer=opener, today=AFTER, **FRAUD)
    again = finished(case, opener, decider, AFTER, "2")
    day = again.listed_on
    judge_later(left_early, opener, "annulled", on=day)
    cases.refuse_removal(again.case, officer=decider, reason="先核对判决", today=day)
    assert pending(again.case) is None
    cases.annul(left_early.case, officer=decider, reason="判决", today=day)
    assert pending(again.case).snapshot["ground"] == "annulled"


def test_what_ended_by_itself_while_a_request_waited_is_not_void(
    enterprise: Enterprise, opener: Any, decider: Any
):
    promise(enterprise)
    entry = published(enterprise, opener, decider, "red")
    ask = {"ground": "wrong", "reason": "列入有误", "today": NEXT_DAY}
    cases.ask_removal(entry.case, officer=opener, **ask)
    hide_accident(enterprise, happened_on=NEXT_DAY)
    cases.end_red_entries(today=NEXT_DAY)
    entry.refresh_from_db()
    assert (entry.removed_on, entry.removed_by) == (NEXT_DAY, None)
    assert not ListEntry.objects.void().exists()


def test_the_restored_listing_goes_with_the_one_that_it_restores(
    left_early: ListEntry, opener: Any, decider: Any
):
    case = cases.open_restoration(left_early.case, officer=opener, today=AFTER, **FRAUD)
    again = finished(case, opener, decider, AFTER, "2")
    judge_later(left_early, opener, "annulled", on=again.listed_on)
    assert pending(again.case).snapshot["ground"] == "annulled"
    cases.remove(again.case, officer=decider, reason="判决", today=again.listed_on)
    cases.annul(left_early.case, officer=decider, reason="判决", today=again.listed_on)
    assert set(ListEntry.objects.void()) == {left_early, again}


def test_an_annulled_listing_makes_no_repeat(
    left_early: ListEntry, enterprise: Enterprise, opener: Any, decider: Any
):
    hide_accident(enterprise, "SG-2", happened_on=date(2028, 2, 1))
    case = cases.open_case(enterprise, "black", officer=opener, today=AFTER)
    assert former_of(case) == left_early
    judge_later(left_early, opener, "annulled")
    assert former_of(case) == left_early  # until a second officer has seen the paper
    cases.annul(left_early.case, officer=decider, reason="判决", today=AFTER)
    assert former_of(case) is None
    assert finished(case, opener, decider, AFTER, "2").former is None


@pytest.mark.parametrize("annulled", [True, False])
def test_notice_133_an_annulled_listing_is_no_dishonesty_of_the_red_list(
    left_early: ListEntry, enterprise: Enterprise, opener: Any, decider: Any, annulled: bool
):
    day = date(2029, 11, 1)  # two years after it left; the accident is more than three years old
    promise(enterprise)
    if annulled:
        judge_later(left_early, opener, "annulled")
        cases.annul(left_early.case, officer=decider, reason="判决", today=AFTER)
    assert bool(candidates("red", day)) is annulled


def test_a_judgment_shortens_a_listing_that_left_for_what_counts_on_it(
    left_early: ListEntry, opener: Any, decider: Any
):
    """The day may lie behind us; whoever left by fraud has so much less left to run."""
    shorter = date(2027, 6, 1)
    for wrong in (left_early.listed_on, END + timedelta(days=1)):
        with pytest.raises(cases.RefusedError, match="期满日期应在列入日期之后"):
            judge_later(left_early, opener, "changed", ends_on=wrong)
    judge_later(left_early, opener, "changed", ends_on=shorter)
    cases.apply_change(left_early.case, officer=decider, reason="按判决", today=AFTER)
    left_early.refresh_from_db()
    assert (left_early.ends_on, left_early.removed_on) == (shorter, ANNIVERSARY)
    with pytest.raises(cases.RefusedError, match="只有提前移出的条目才能恢复列入"):
        cases.open_restoration(left_early.case, officer=opener, today=AFTER, **FRAUD)


def test_the_database_annuls_on_a_judgment_by_two_alone(
    left_early: ListEntry, opener: Any, decider: Any
):
    def annulment(outcome: Outcome, **more: Any) -> EntryAnnulment:
        row = {"asked_by": opener, "by": decider, "on": AFTER, "reason": "x", **more}
        return EntryAnnulment(entry=left_early, outcome=outcome, **row)

    upheld = judge_later(left_early, opener, "upheld")
    outcome = judge_later(left_early, opener, "annulled")
    for row in (
        annulment(upheld),
        annulment(outcome, by=opener),
        annulment(outcome, asked_by=decider, by=opener),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save()
    annulment(outcome).save()
    assert refused("UPDATE credit_entryannulment SET reason = 'y'")
    assert refused("DELETE FROM credit_entryannulment")


def test_order_11_early_removal_asks_for_every_condition(
    entry: ListEntry, enterprise: Enterprise, opener: Any
):
    def ask(**met: bool) -> None:
        cases.ask_removal(
            entry.case, officer=opener, ground="early", reason="申请", today=ANNIVERSARY, **met
        )

    with pytest.raises(cases.RefusedError, match="尚未确认：已消除危害后果"):
        ask(duties_performed=True)
    with pytest.raises(cases.RefusedError, match="义务尚未履行完毕"):
        ask(harm_remedied=True)
    hide_accident(enterprise, "SG-2", happened_on=date(2027, 2, 1))
    with pytest.raises(cases.RefusedError, match="尚未确认：列入后没有再发生"):
        ask(duties_performed=True, harm_remedied=True)
