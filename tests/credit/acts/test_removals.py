"""An entry leaves its list early when one officer asks on a ground and another decides."""

from datetime import date
from typing import Any

import pytest

from credit.acts import cases
from credit.acts.removals import awaiting
from credit.models import Accident, Enterprise, ListCase, ListEntry
from tests.credit.casework import LATER, opened, promise, published, removed

YEAR_LATER = date(2027, 11, 16)


@pytest.fixture
def entry(enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any) -> ListEntry:
    return published(enterprise, opener, decider)


def ask(entry: ListEntry, person: Any, today: date = LATER, **more: Any) -> ListEntry:
    facts = {"ground": "wrong", "reason": "法院撤销", **more}
    return cases.ask_removal(entry.case, officer=person, today=today, **facts)


def test_one_asks_and_another_removes(entry: ListEntry, opener: Any, decider: Any):
    with pytest.raises(cases.RefusedError, match="还没有移出申请"):
        cases.remove(entry.case, officer=decider, reason="法院撤销", today=LATER)
    ask(entry, opener)
    assert list(awaiting()) == [entry.case]
    with pytest.raises(cases.RefusedError, match="没有这个步骤的权限"):
        cases.remove(entry.case, officer=opener, reason="法院撤销", today=LATER)
    with pytest.raises(cases.RefusedError, match="请写明理由"):
        cases.remove(entry.case, officer=decider, reason=" ", today=LATER)
    cases.remove(entry.case, officer=decider, reason="法院撤销", today=LATER)
    entry.refresh_from_db()
    assert (entry.removed_on, entry.removed_by, entry.removal_reason) == (
        LATER,
        decider,
        "法院撤销",
    )
    assert list(ListEntry.objects.in_force(LATER)) == list(awaiting()) == []
    with pytest.raises(cases.RefusedError, match="已经不在名单上"):
        cases.remove(entry.case, officer=decider, reason="法院撤销", today=LATER)


def test_the_one_who_asked_does_not_decide(entry: ListEntry, decider: Any):
    ask(entry, decider)
    with pytest.raises(cases.RefusedError, match="登记申请的人员不得决定移出"):
        cases.remove(entry.case, officer=decider, reason="法院撤销", today=LATER)


def test_a_refused_request_leaves_it_on_the_list_and_may_be_made_again(
    entry: ListEntry, opener: Any, decider: Any
):
    ask(entry, opener)
    with pytest.raises(cases.RefusedError, match="已有一份移出申请"):
        ask(entry, opener)
    cases.refuse_removal(entry.case, officer=decider, reason="未附判决", today=LATER)
    assert list(ListEntry.objects.in_force(LATER)) == [entry]
    with pytest.raises(cases.RefusedError, match="还没有移出申请"):
        cases.remove(entry.case, officer=decider, reason="x", today=LATER)
    assert removed(entry, opener, decider).removed_on == LATER


@pytest.mark.parametrize(
    ("day", "performed", "words"),
    [
        (date(2027, 11, 15), True, "列入未满12个月，2027年11月16日起可申请"),
        (YEAR_LATER, False, "义务尚未履行完毕"),
    ],
)
def test_order_11_early_removal_waits_twelve_months_and_for_the_duties(
    entry: ListEntry, opener: Any, day: date, performed: bool, words: str
):
    remedied = {"ground": "early", "harm_remedied": True}
    with pytest.raises(cases.RefusedError, match=words):
        ask(entry, opener, day, duties_performed=performed, **remedied)
    ask(entry, opener, YEAR_LATER, duties_performed=True, **remedied)


def test_penalties_law_48_an_annulled_penalty_names_the_third_working_day(
    entry: ListEntry, opener: Any
):
    with pytest.raises(cases.RefusedError, match="请填写处罚被撤销的日期"):
        ask(entry, opener, ground="annulled")
    ask(entry, opener, ground="annulled", annulled_on=LATER, reason="行政复议决定书1号")
    event = entry.case.events.last()
    assert event.reason == (
        "依据的处罚被撤销、变更或确认违法：行政复议决定书1号（处罚已撤销，最迟2026年11月19日移出）"
    )
    assert event.article == "行政处罚法第四十八条"


def test_only_what_is_published_is_removed(
    enterprise: Enterprise, concealed: Accident, opener: Any, stranger: Any
):
    case = opened(enterprise, opener)
    with pytest.raises(cases.RefusedError, match="没有公示，不能移出"):
        cases.ask_removal(case, officer=opener, ground="wrong", reason="x", today=LATER)


def test_an_officer_of_another_place_asks_for_nothing(entry: ListEntry, stranger: Any):
    with pytest.raises(cases.RefusedError, match="不在您的辖区"):
        ask(entry, stranger)


def test_early_removal_is_of_the_black_list(enterprise: Enterprise, opener: Any, decider: Any):
    promise(enterprise)
    red = published(enterprise, opener, decider, "red")
    with pytest.raises(cases.RefusedError, match="提前移出只适用于黑名单"):
        ask(red, opener, YEAR_LATER, ground="early", duties_performed=True)
    assert ListCase.objects.get().state == "published"
