"""A record that is withdrawn counts nowhere, stays in the file, and tells the cases that rest on it."""

from typing import Any

import pytest
from django.db import connection

from credit.acts import cases, scores, withdrawals
from credit.acts.proposals import candidates
from credit.models import (
    Accident,
    Enterprise,
    Jurisdiction,
    ListEntry,
    Score,
    Violation,
    Withdrawal,
)
from credit.models.locked import LockedError
from tests.credit.acts.test_scores import penalise
from tests.credit.casework import (
    LATER,
    NEXT_DAY,
    heard,
    hide_accident,
    promise,
    published,
    removed,
    reviewed,
)
from tests.credit.officers import officer
from tests.credit.test_lock import refused

PAPER = "行政复议决定书〔2026〕1号"


@pytest.fixture
def second(district: Jurisdiction) -> Any:
    """Another officer than the one who withdrew."""
    return officer("13800000003", district, "open_case")


def withdraw(fact: Any, person: Any, **more: Any) -> Withdrawal:
    words = {"reason": "处罚被撤销", "paper": PAPER, **more}
    return withdrawals.withdraw(fact, officer=person, today=LATER, **words)


def restore(fact: Any, person: Any, **more: Any) -> Withdrawal:
    words = {"reason": "判决维持处罚", "paper": "行政判决书2号", **more}
    return withdrawals.restore(fact, officer=person, today=NEXT_DAY, **words)


def test_penalties_law_48_a_withdrawn_penalty_counts_no_longer_until_it_is_restored(
    enterprise: Enterprise, opener: Any, second: Any
):
    fact = penalise(enterprise)
    scores.refresh(as_of=LATER)
    withdraw(fact, opener)
    assert Score.objects.get().points == 60
    assert Violation.objects.public(LATER).count() == 0
    restore(fact, second)
    assert Score.objects.get().points == 55
    assert Violation.objects.public(LATER).count() == 1
    rows = Withdrawal.objects.values_list("violation", "action", "by", "reason", "paper")
    assert list(rows) == [
        (fact.pk, "withdraw", opener.pk, "处罚被撤销", PAPER),
        (fact.pk, "restore", second.pk, "判决维持处罚", "行政判决书2号"),
    ]


def test_the_cases_that_rest_on_it_are_flagged_until_it_is_back(
    enterprise: Enterprise, concealed: Accident, opener: Any, second: Any, decider: Any
):
    entry = published(enterprise, opener, decider)
    withdraw(concealed, opener)
    assert list(withdrawals.resting_on_lost()) == [entry.case]
    last = entry.case.events.last()
    assert (last.action, last.label, last.reason) == (
        "evidence_lost",
        "依据被撤销",
        f"撤销记录 SG-1：处罚被撤销（{PAPER}）",
    )
    restore(concealed, second)
    assert list(withdrawals.resting_on_lost()) == []
    assert entry.case.events.last().action == "evidence_back"
    assert list(ListEntry.objects.in_force(LATER)) == [entry]


def test_a_running_case_is_flagged_and_cannot_be_decided(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = reviewed(enterprise, opener)
    other = hide_accident(enterprise, "SG-2")
    withdraw(other, opener)  # nobody names it
    assert list(withdrawals.resting_on_lost()) == []
    withdraw(concealed, opener)
    assert list(withdrawals.resting_on_lost()) == [case]
    with pytest.raises(cases.RefusedError, match="已被更正或撤销"):
        cases.decide(case, officer=decider, number="1", reason="瞒报", today=LATER)
    cases.drop(case, officer=opener, reason="依据被撤销", today=LATER)
    assert list(withdrawals.resting_on_lost()) == []
    assert candidates("black", LATER) == []


def test_a_record_restored_after_its_case_was_dropped_for_it_is_proposed_again(
    enterprise: Enterprise, concealed: Accident, opener: Any, second: Any, decider: Any
):
    case = heard(enterprise, opener)
    withdraw(concealed, opener)
    cases.drop(case, officer=decider, reason="依据被撤销", today=LATER)
    restore(concealed, second)
    assert [one.enterprise for one in candidates("black", NEXT_DAY)] == [enterprise]


def test_a_record_restored_after_its_entry_was_removed_for_it_is_proposed_again(
    enterprise: Enterprise, concealed: Accident, opener: Any, second: Any, decider: Any
):
    entry = published(enterprise, opener, decider)
    withdraw(concealed, opener)
    removed(entry, opener, decider)
    restore(concealed, second)
    assert [one.enterprise for one in candidates("black", NEXT_DAY)] == [enterprise]


@pytest.mark.parametrize(("ground", "again"), [("annulled", 1), ("wrong", 0)])
def test_an_entry_removed_as_annulled_before_the_record_was_withdrawn_is_proposed_again(
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    second: Any,
    decider: Any,
    ground: str,
    again: int,
):
    entry = published(enterprise, opener, decider)
    cases.ask_removal(
        entry.case, officer=opener, ground=ground, annulled_on=LATER, reason="1号", today=LATER
    )
    cases.remove(entry.case, officer=decider, reason="处罚被撤销", today=LATER)
    assert candidates("black", LATER) == []  # not by the removal alone
    withdraw(concealed, opener)
    restore(concealed, second)
    assert len(candidates("black", NEXT_DAY)) == again


def test_a_record_is_not_proposed_again_after_an_accepted_defence(
    enterprise: Enterprise, concealed: Accident, opener: Any, second: Any, decider: Any
):
    case = heard(enterprise, opener)
    withdraw(concealed, opener)
    restore(concealed, second)
    cases.drop(case, officer=decider, reason="申辩成立", today=NEXT_DAY)
    assert candidates("black", NEXT_DAY) == []


def test_a_restored_penalty_ends_the_red_entry_that_it_forbids(
    enterprise: Enterprise, opener: Any, second: Any, decider: Any
):
    fact = penalise(enterprise, happened_on=LATER)
    withdraw(fact, opener)
    promise(enterprise)
    entry = published(enterprise, opener, decider, "red")
    restore(fact, second)
    entry.refresh_from_db()
    assert entry.removal_reason == "2026年11月16日受到行政处罚，立即移出守信激励名单"


@pytest.mark.parametrize("words", [{"reason": " "}, {"paper": " "}])
def test_it_names_reason_and_paper(enterprise: Enterprise, opener: Any, words: Any):
    with pytest.raises(cases.RefusedError, match="请写明理由，以及文书的名称和文号"):
        withdraw(penalise(enterprise), opener, **words)


def test_what_is_not_so_is_refused(
    enterprise: Enterprise, opener: Any, second: Any, stranger: Any, auditor: Any
):
    fact = penalise(enterprise)
    for person, words in ((stranger, "不在您的辖区"), (auditor, "没有这个步骤的权限")):
        with pytest.raises(cases.RefusedError, match=words):
            withdraw(fact, person)
    with pytest.raises(cases.RefusedError, match="没有被撤销"):
        restore(fact, second)
    withdraw(fact, opener)
    with pytest.raises(cases.RefusedError, match="已经撤销过了"):
        withdraw(fact, opener)
    old = penalise(enterprise, "罚2", replaced_at="2026-10-01T00:00Z")
    with pytest.raises(cases.RefusedError, match="请办理最新的一条"):
        withdraw(old, opener)


def test_what_was_written_stays(enterprise: Enterprise, opener: Any):
    done = withdraw(penalise(enterprise), opener)
    for write in (done.save, done.delete, Withdrawal.objects.all().delete):
        with pytest.raises(LockedError):
            write()
    assert refused("UPDATE credit_withdrawal SET reason = 'x'")
    assert refused("DELETE FROM credit_withdrawal")
    if connection.vendor == "postgresql":
        assert refused("TRUNCATE credit_withdrawal")
    else:
        copy = "INSERT OR REPLACE INTO credit_withdrawal SELECT * FROM credit_withdrawal"
        assert refused(copy)
