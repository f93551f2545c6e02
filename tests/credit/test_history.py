"""Two clocks: what was true on a day, and what was shown on it."""

from datetime import date
from typing import Any

import pytest
import time_machine

from credit.acts import withdrawals
from credit.models import Accident, Enterprise, Violation
from credit.models.history import (
    entries_shown_on,
    entries_true_on,
    public_facts,
    shown_on,
    true_on,
)
from tests.credit.acts.test_proposals import correct
from tests.credit.acts.test_scores import penalise
from tests.credit.casework import LATER, hide_accident, published, removed

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def at(day: date) -> Any:
    return time_machine.travel(f"{day} 09:00:00+08:00", tick=False)


def test_what_had_happened_and_was_recorded_later_was_true_but_not_shown(enterprise: Enterprise):
    with at(JUNE):
        fact = penalise(enterprise, happened_on=date(2026, 4, 1))
    assert list(true_on(Violation, MAY)) == [fact]
    assert list(shown_on(Violation, MAY)) == []
    assert list(shown_on(Violation, JUNE)) == [fact]  # the day counts to its end
    assert list(true_on(Violation, date(2026, 3, 31))) == []


def test_a_correction_is_true_of_the_past_and_was_shown_as_it_was_worded(enterprise: Enterprise):
    with at(MAY):
        old = hide_accident(enterprise, deaths=1)
    with at(JULY):
        Accident.objects.filter(pk=old.pk).update(replaced_at=f"{JULY} 09:00+08:00")
        new = hide_accident(enterprise, deaths=3, supersedes=old)
    assert list(shown_on(Accident, JUNE)) == [old]
    assert list(shown_on(Accident, JULY)) == [new]
    assert list(true_on(Accident, JUNE)) == [new]


def test_what_was_withdrawn_and_restored_was_not_shown_between(
    enterprise: Enterprise, opener: Any, decider: Any
):
    paper = {"reason": "复议", "paper": "决定书1号"}
    with at(MAY):
        fact = penalise(enterprise, happened_on=date(2026, 4, 1))
    with at(JUNE):
        withdrawals.withdraw(fact, officer=opener, today=JUNE, **paper)
        assert list(true_on(Violation, MAY)) == []
    assert list(shown_on(Violation, MAY)) == [fact]
    assert list(shown_on(Violation, JUNE)) == []
    with at(JULY):
        withdrawals.restore(fact, officer=decider, today=JULY, **paper)
    assert list(shown_on(Violation, JUNE)) == []
    assert list(shown_on(Violation, JULY)) == [fact]
    assert list(true_on(Violation, MAY)) == [fact]


def test_a_mark_without_a_paper_counts_from_its_moment(enterprise: Enterprise):
    with at(MAY):
        fact = penalise(enterprise, happened_on=date(2026, 4, 1))
    Violation.objects.filter(pk=fact.pk).update(withdrawn_at=f"{JUNE} 09:00+08:00")
    assert list(shown_on(Violation, MAY)) == [fact]
    assert list(shown_on(Violation, JUNE)) == []


def test_past_its_publication_a_penalty_was_not_shown(enterprise: Enterprise):
    with at(MAY):
        fact = penalise(enterprise, happened_on=date(2026, 4, 1), publish_until=JUNE)
    assert list(shown_on(Violation, JUNE)) == [fact]
    assert list(shown_on(Violation, JULY)) == []
    assert list(public_facts(Violation, JULY)) == []
    assert list(true_on(Violation, JULY)) == [fact]


@pytest.mark.parametrize(("ground", "true"), [("wrong", False), ("annulled", False)])
def test_an_entry_taken_back_was_shown_and_was_never_true(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, ground: str, true: bool
):
    entry = published(enterprise, opener, decider)
    assert list(entries_true_on(LATER)) == [entry]
    removed(entry, opener, decider, date(2026, 12, 1))
    assert list(entries_shown_on(date(2026, 11, 30))) == [entry]
    assert bool(entries_true_on(date(2026, 11, 30))) is true
    assert list(entries_shown_on(date(2026, 12, 1))) == []


def test_corrections_keep_the_two_clocks_apart(enterprise: Enterprise):
    fact = hide_accident(enterprise)
    again = correct(fact, title="更正")
    assert list(true_on(Accident, LATER)) == [again]
