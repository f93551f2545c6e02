"""Nobody is listed without notice, a heard defence, another officer's decision and service."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit.acts import cases
from credit.acts.proposals import candidates
from credit.models import Accident, CaseEvent, Enterprise, Jurisdiction, ListCase, ListEntry
from credit.models.cases import LockedError
from tests.credit.officers import officer

TODAY = date(2026, 11, 2)  # a Monday
LATER = date(2026, 11, 16)


@pytest.fixture
def opener(district: Jurisdiction) -> Any:
    return officer("13800000001", district, "open_case")


@pytest.fixture
def decider(district: Jurisdiction) -> Any:
    return officer("13800000002", district, "open_case", "decide_case")


@pytest.fixture
def concealed(enterprise: Enterprise) -> Accident:
    return Accident.objects.create(
        enterprise=enterprise,
        source="事故台账",
        source_key="SG-1",
        happened_on=date(2026, 3, 5),
        title="瞒报的坠落事故",
        kind="高处坠落",
        deaths=1,
        grade="general",
        concealed=True,
        penalised=True,
    )


def opened(enterprise: Enterprise, opener: Any) -> ListCase:
    return cases.open_case(enterprise, "black", officer=opener, today=TODAY)


def served(enterprise: Enterprise, opener: Any, decider: Any) -> ListCase:
    case = opened(enterprise, opener)
    cases.send_notice(case, officer=opener, text="拟列入，可陈述申辩", served_on=TODAY, today=TODAY)
    cases.close_hearing(case, officer=opener, today=LATER)
    cases.decide(case, officer=decider, number="云应急列〔2026〕1号", reason="瞒报", today=LATER)
    return cases.serve(case, officer=opener, served_on=LATER, how="直接送达", today=LATER)


def test_the_whole_path_ends_on_the_public_list(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = served(enterprise, opener, decider)
    entry = cases.publish(case, officer=opener, today=LATER)
    assert (entry.listed_on, entry.ends_on) == (LATER, date(2029, 11, 16))
    assert entry.authority == "云溪区应急管理局"
    assert list(ListEntry.objects.in_force(LATER)) == [entry]
    assert list(ListEntry.objects.in_force(date(2029, 11, 16))) == []
    actions = list(CaseEvent.objects.filter(case=case).values_list("action", flat=True))
    assert actions == ["open", "send_notice", "hear", "decide", "serve", "publish"]


def test_the_proposal_names_ground_article_and_evidence(
    enterprise: Enterprise, concealed: Accident
):
    [proposal] = candidates("black", TODAY)
    [ground] = proposal.grounds
    assert (ground["code"], ground["article"]) == ("concealment", "应急管理部令第11号 第六条第四项")
    assert [item["label"] for item in ground["evidence"]] == ["SG-1 瞒报的坠落事故"]


def test_a_record_carries_only_one_case(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    cases.drop(opened(enterprise, opener), officer=opener, reason="证据不足", today=TODAY)
    assert candidates("black", TODAY) == []


def test_a_withdrawn_penalty_proposes_nothing(enterprise: Enterprise, concealed: Accident):
    Accident.objects.filter(pk=concealed.pk).update(withdrawn_at="2026-10-01T00:00Z")
    assert candidates("black", TODAY) == []


def test_the_officer_who_opened_a_case_does_not_decide_it(
    enterprise: Enterprise, concealed: Accident, decider: Any
):
    case = opened(enterprise, decider)
    cases.send_notice(case, officer=decider, text="告知", served_on=TODAY, today=TODAY)
    cases.close_hearing(case, officer=decider, today=LATER)
    with pytest.raises(cases.RefusedError, match="另一名决定人员"):
        cases.decide(case, officer=decider, number="1", reason="瞒报", today=LATER)


def test_the_term_for_a_statement_must_be_over(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    case = opened(enterprise, opener)
    cases.send_notice(case, officer=opener, text="告知", served_on=TODAY, today=TODAY)
    friday_and_weekend = [TODAY + timedelta(days=days) for days in (4, 5, 6)]
    for day in [*friday_and_weekend, date(2026, 11, 9)]:
        with pytest.raises(cases.RefusedError, match="2026年11月9日，尚未届满"):
            cases.close_hearing(case, officer=opener, today=day)
    assert cases.close_hearing(case, officer=opener, today=date(2026, 11, 10)).state == "heard"


def test_a_statement_must_be_answered_in_writing(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    case = opened(enterprise, opener)
    cases.send_notice(case, officer=opener, text="告知", served_on=TODAY, today=TODAY)
    case = cases.record_statement(
        case, officer=opener, text="并非瞒报", received_on=LATER, today=LATER
    )
    with pytest.raises(cases.RefusedError, match="尚未复核"):
        cases.close_hearing(case, officer=opener, today=LATER)
    cases.consider_statement(case, officer=opener, opinion="经查不成立", today=LATER)
    assert cases.close_hearing(case, officer=opener, today=LATER).state == "heard"


def test_a_requested_hearing_must_be_held(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    case = opened(enterprise, opener)
    cases.send_notice(case, officer=opener, text="告知", served_on=TODAY, today=TODAY)
    case = cases.request_hearing(case, officer=opener, requested_on=TODAY, today=TODAY)
    with pytest.raises(cases.RefusedError, match="听证，尚未举行"):
        cases.close_hearing(case, officer=opener, today=LATER)
    cases.hold_hearing(case, officer=opener, held_on=LATER, record="笔录", today=LATER)
    assert cases.close_hearing(case, officer=opener, today=LATER).state == "heard"


def test_an_officer_of_another_place_may_not_act(
    enterprise: Enterprise, concealed: Accident, district: Jurisdiction
):
    town = Jurisdiction.objects.create(code="990001101", name="东山镇", kind="town", parent=district)
    stranger = officer("13800000009", town, "open_case", "decide_case")
    with pytest.raises(cases.RefusedError, match="不在您的辖区"):
        opened(enterprise, stranger)


def test_one_open_case_for_one_enterprise(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    opened(enterprise, opener)
    with pytest.raises(cases.RefusedError, match="已有在办案件"):
        opened(enterprise, opener)


def test_an_accident_ends_a_red_entry_at_once(
    enterprise: Enterprise, opener: Any, decider: Any
):
    Enterprise.objects.filter(pk=enterprise.pk).update(
        promised_on=date(2026, 1, 1), standardisation_level=1
    )
    case = cases.open_case(enterprise, "red", officer=opener, today=TODAY)
    cases.send_notice(case, officer=opener, text="公示公告", served_on=TODAY, today=TODAY)
    cases.close_hearing(case, officer=opener, today=LATER)
    cases.decide(case, officer=decider, number="红1号", reason="符合", today=LATER)
    cases.serve(case, officer=opener, served_on=LATER, how="直接送达", today=LATER)
    entry = cases.publish(case, officer=opener, today=LATER)
    assert cases.end_red_entries([enterprise.pk], today=LATER) == 0
    next_day = LATER + timedelta(days=1)
    Accident.objects.create(
        enterprise=enterprise, source="事故台账", source_key="SG-2", happened_on=next_day,
        title="坠落", kind="高处坠落", grade="general",
    )  # fmt: skip
    assert cases.end_red_entries([enterprise.pk], today=next_day) == 1
    entry.refresh_from_db()
    assert entry.removed_on == next_day
    assert "发生事故" in entry.removal_reason
    assert list(ListEntry.objects.in_force(next_day)) == []


# -- The lock ------------------------------------------------------------------------------------------


def entry_of(case: ListCase, person: Any) -> ListEntry:
    return ListEntry(
        case=case, enterprise=case.enterprise, colour="black", listed_on=LATER,
        ends_on=date(2029, 1, 1), authority="x", published_by=person,
    )  # fmt: skip


def test_the_model_refuses_every_ordinary_write(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    case = opened(enterprise, opener)
    entry = entry_of(case, opener)
    writes = [
        case.save,
        case.delete,
        entry.save,
        entry.delete,
        lambda: ListCase.objects.filter(pk=case.pk).update(state="published"),
        lambda: ListCase.objects.all().delete(),
        lambda: ListEntry.objects.create(case=case),
        lambda: ListEntry.objects.bulk_create([entry]),
        lambda: ListCase.objects.bulk_update([case], ["state"]),
    ]
    for write in writes:
        with pytest.raises(LockedError):
            write()


def refused(statement: Any) -> bool:
    """Whether the database itself refuses."""
    try:
        with transaction.atomic():
            statement()
    except DatabaseError:
        return True
    return False


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_what_slips_past_the_models(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = opened(enterprise, opener)
    assert refused(lambda: ListEntry._base_manager.bulk_create([entry_of(case, opener)]))
    for state in ("heard", "decided", "served", "published"):
        assert refused(lambda state=state: sql(f"UPDATE credit_listcase SET state = '{state}'"))  # noqa: S608
    assert refused(lambda: sql("DELETE FROM credit_caseevent"))
    assert refused(lambda: sql("UPDATE credit_caseevent SET reason = 'x'"))
    assert refused(lambda: sql("DELETE FROM credit_listcase"))


def test_a_decision_cannot_be_rewritten(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = served(enterprise, opener, decider)
    assert refused(lambda: sql("UPDATE credit_listcase SET decision_text = 'other'"))
    assert refused(lambda: sql("UPDATE credit_listcase SET notice_served_on = '2026-01-01'"))
    cases.publish(case, officer=opener, today=LATER)
    assert refused(lambda: sql("UPDATE credit_listentry SET ends_on = '2040-01-01'"))
    assert refused(lambda: sql("DELETE FROM credit_listentry"))
    assert refused(lambda: sql("UPDATE credit_listcase SET state = 'served'"))


def test_an_entry_is_removed_once_with_a_reason(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    entry = cases.publish(served(enterprise, opener, decider), officer=opener, today=LATER)
    with pytest.raises(cases.RefusedError, match="没有这个步骤的权限"):
        cases.remove(entry, officer=opener, reason="法院撤销", today=LATER)
    cases.remove(entry, officer=decider, reason="法院撤销", today=LATER)
    with pytest.raises(cases.RefusedError, match="已经不在名单上"):
        cases.remove(entry, officer=decider, reason="法院撤销", today=LATER)


VERBS = {
    "notice": lambda c, p, d: cases.send_notice(c, officer=p, text="告知", served_on=d, today=d),
    "statement": lambda c, p, d: cases.record_statement(
        c, officer=p, text="辩", received_on=d, today=d
    ),
    "consider": lambda c, p, d: cases.consider_statement(c, officer=p, opinion="答", today=d),
    "hearing": lambda c, p, d: cases.request_hearing(c, officer=p, requested_on=d, today=d),
    "hear": lambda c, p, d: cases.close_hearing(c, officer=p, today=d),
    "decide": lambda c, p, d: cases.decide(c, officer=p, number="1", reason="由", today=d),
    "serve": lambda c, p, d: cases.serve(c, officer=p, served_on=d, how="直接", today=d),
    "publish": lambda c, p, d: cases.publish(c, officer=p, today=d),
}


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    tries=st.lists(
        st.tuples(st.sampled_from(sorted(VERBS)), st.booleans(), st.integers(0, 9)), max_size=25
    )
)
def test_no_order_of_steps_lists_without_due_process(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, tries: Any
):
    with transaction.atomic():
        case = opened(enterprise, opener)
        day = TODAY
        for verb, first, days in tries:
            day += timedelta(days=days)
            try:
                VERBS[verb](case, opener if first else decider, day)
            except cases.RefusedError:
                case = ListCase.objects.get(pk=case.pk)
            case = ListCase.objects.get(pk=case.pk)
        for entry in ListEntry.objects.all():
            done = entry.case
            assert done.notice_served_on is not None
            assert done.decided_by_id not in {None, done.opened_by_id}
            assert done.notice_served_on < done.decided_on <= done.served_on <= entry.listed_on
            assert not done.statement_on or done.statement_opinion
        transaction.set_rollback(True)
