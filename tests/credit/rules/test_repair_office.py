"""The application for repair: the coach on both sides of 2026-04-01, the office's terms, two officers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.rules.cases import FOUR_EYES
from credit.rules.repair import (
    Severity,
    acceptance_due,
    coach_entry,
    coach_penalty,
    decision_due,
    may_decide,
    may_repair,
    window,
)
from credit.rules.ruling import Ruling
from credit.rules.terms import add_months

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def test_guobanfa_2025_22_the_earliest_day_follows_the_regime_of_the_day_of_asking():
    decided = date(2025, 9, 30)
    before = coach_penalty(decided, Severity.ORDINARY, date(2026, 3, 31))
    since = coach_penalty(decided, Severity.ORDINARY, date(2026, 4, 1))
    assert (before.earliest, before.ruling.allowed) == (date(2026, 9, 30), False)  # 58号令, safety
    assert (since.earliest, since.ruling.allowed) == (date(2025, 12, 30), True)
    assert (before.confirmed, since.confirmed) == (False, False)


@pytest.mark.parametrize(
    ("severity", "eve", "day"),
    [
        (Severity.ORDINARY, date(2026, 8, 31), date(2026, 9, 1)),  # 3 months
        (Severity.SERIOUS, date(2027, 5, 31), date(2027, 6, 1)),  # 12 months
    ],
)
def test_the_last_day_of_the_shortest_term_and_the_day_after(severity, eve, day):
    decided = date(2026, 6, 1)
    assert not coach_penalty(decided, severity, eve).ruling
    assert coach_penalty(decided, severity, day).ruling


def test_mem_order_11_eleven_months_are_too_few_and_twelve_enough():
    listed, ends = date(2025, 11, 30), date(2028, 11, 30)
    early = coach_entry(listed, ends, date(2026, 11, 29))
    assert (early.earliest, early.ruling.allowed) == (date(2026, 11, 30), False)
    assert coach_entry(listed, ends, date(2026, 11, 30)).ruling.allowed
    assert coach_entry(listed, ends, ends).ruling.reason == "列入期已满，自动移出，无需申请"


def test_what_the_coach_can_see_and_what_only_the_enterprise_knows():
    coaching = coach_penalty(date(2026, 6, 1), Severity.ORDINARY, date(2026, 8, 31))
    assert [(one.name, one.met) for one in coaching.conditions] == [
        ("已满最短期限", False),
        ("处罚决定的义务已全部履行", None),
        ("违法行为已改正", None),
        ("作出信用承诺", None),
    ]
    assert coaching.conditions[0].advice == "2026年9月1日起可以申请"


def test_five_working_days_to_accept_and_twenty_to_decide():
    spring = {date(2026, 2, 16) + timedelta(days=n): False for n in range(7)}
    assert acceptance_due(date(2026, 2, 12), spring).day == date(2026, 2, 26)
    assert decision_due(date(2026, 11, 2), {date(2026, 1, 1): False}).day == date(2026, 11, 30)
    assert (
        acceptance_due(date(2027, 2, 1), spring).warning == "2027年尚无官方节假日安排，仅按周末推算"
    )


def test_who_accepted_does_not_decide():
    alone = "受理申请的人员不得决定修复，应由另一名人员决定"
    assert may_decide(1, 1) == Ruling(False, alone, FOUR_EYES)
    assert may_decide(2, None) == Ruling(False, "申请还没有受理", FOUR_EYES)
    assert may_decide(2, 1)


@given(DAYS, st.sampled_from(Severity), DAYS)
def test_the_coach_says_yes_exactly_between_the_earliest_day_and_the_end(decided, severity, today):
    coaching = coach_penalty(decided, severity, today)
    assert bool(coaching.ruling) == (coaching.earliest <= today < coaching.ends_on)
    term = window(decided, severity, today)
    assert (coaching.earliest, coaching.ends_on) == (term.repair_from, term.ends_on)
    asked = may_repair(decided, severity, today, duties_performed=True)
    assert asked == coaching.ruling


@given(DAYS, DAYS)
def test_an_entry_may_be_repaired_between_its_twelfth_month_and_its_end(listed, today):
    ends = add_months(listed, 36)
    allowed = bool(coach_entry(listed, ends, today).ruling)
    assert allowed == (add_months(listed, 12) <= today < ends)
