"""Grounds, terms and exits of the black and the red list."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.rules.accidents import AccidentClass
from credit.rules.listing import (
    AccidentFact,
    BlackFacts,
    RedFacts,
    black_grounds,
    may_be_black,
    may_be_red,
    may_leave_early,
    red_conditions,
    red_must_end,
    term_end,
)
from credit.rules.ruleset import load_ruleset
from credit.rules.ruling import Ruling
from credit.rules.terms import add_months

TODAY = date(2026, 11, 23)
MAJOR = AccidentFact(happened_on=date(2026, 3, 1), grade=AccidentClass.MAJOR, penalised=True)
LARGER = replace(MAJOR, grade=AccidentClass.LARGER)
GENERAL = replace(MAJOR, grade=AccidentClass.GENERAL)
CLEAN = RedFacts(promise_public=True, standardisation_level=1)


def held(facts):
    return [code for code, ruling in black_grounds(facts).items() if ruling]


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (BlackFacts(), []),
        (BlackFacts(accidents=[GENERAL]), []),
        (BlackFacts(accidents=[LARGER]), []),
        (BlackFacts(accidents=[MAJOR]), ["major_accident"]),
        (BlackFacts(accidents=[replace(MAJOR, penalised=False)]), []),
        (BlackFacts(accidents=[replace(GENERAL, concealed=True)]), ["concealment"]),
        (BlackFacts(accidents=[replace(GENERAL, multiplied_fine=True)]), ["multiplied_fine"]),
        (BlackFacts(accidents=[replace(GENERAL, principal_fled=True)]), ["principal_fled"]),
        (BlackFacts(unlicensed=True), ["unlicensed"]),
        (BlackFacts(false_certificates=True), ["false_certificates"]),
        (BlackFacts(refuses_penalty=True), ["refuses_penalty"]),
        (BlackFacts(other_serious=True), ["other_serious"]),
    ],
)
def test_each_ground_holds_alone(facts, codes):
    assert held(facts) == codes
    assert may_be_black(black_grounds(facts)).allowed is bool(codes)


@pytest.mark.parametrize(
    ("second", "codes"),
    [(date(2027, 2, 28), ["two_larger_accidents"]), (date(2027, 3, 1), [])],
)
def test_two_larger_accidents_count_within_twelve_months(second, codes):
    assert held(BlackFacts(accidents=[replace(LARGER, happened_on=second), LARGER])) == codes


def test_a_ground_is_printed_with_evidence_and_article():
    assert black_grounds(BlackFacts(accidents=[MAJOR]))["major_accident"] == Ruling(
        True,
        "发生重大或特别重大生产安全事故（2026年3月1日重大事故）",
        "应急管理部令第11号 第六条第一项",
    )
    assert may_be_black(black_grounds(BlackFacts())) == Ruling(
        False, "不符合任何列入情形", "应急管理部令第11号"
    )


def test_every_ground_of_the_ruleset_is_ruled_upon():
    grounds = load_ruleset().grounds.values()
    assert set(black_grounds(BlackFacts())) == {g.code for g in grounds if g.list == "black"}
    assert set(red_conditions(CLEAN, TODAY)) == {g.code for g in grounds if g.list == "red"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"promise_public": False}, "promise"),
        ({"standardisation_level": 2}, "standardisation"),
        ({"standardisation_level": 0}, "standardisation"),
        ({"dishonest_on": date(2023, 11, 24)}, "no_dishonesty"),
        ({"penalised_on": date(2026, 1, 1)}, "no_penalty"),
        ({"fatal_accident_on": date(2026, 1, 1)}, "no_fatal_accident"),
        ({"occupational_disease_on": date(2026, 1, 1)}, "no_occupational_disease"),
        ({"listed_elsewhere": True}, "not_listed_elsewhere"),
    ],
)
def test_one_shortfall_keeps_an_enterprise_off_the_red_list(change, code):
    conditions = red_conditions(replace(CLEAN, **change), TODAY)
    assert [name for name, ruling in conditions.items() if not ruling] == [code]
    assert may_be_red(conditions) == Ruling(False, conditions[code].reason, "安监总办〔2017〕133号")


def test_a_clean_enterprise_may_be_red_and_old_events_no_longer_count():
    article = "安监总办〔2017〕133号"
    old = replace(CLEAN, penalised_on=date(2023, 11, 23))
    assert may_be_red(red_conditions(old, TODAY)) == Ruling(
        True, "符合守信激励名单全部条件", article
    )


def test_terms_are_three_years():
    assert term_end(date(2024, 2, 29)) == date(2027, 2, 28)
    assert term_end(date(2026, 1, 1), "red") == date(2029, 1, 1)


def test_early_removal_needs_twelve_months_and_the_penalty_performed():
    listed, article = date(2025, 11, 24), "应急管理部令第11号"
    assert may_leave_early(listed, TODAY, penalty_paid=True) == Ruling(
        False, "列入未满12个月，2026年11月24日起可申请", article
    )
    assert may_leave_early(listed, date(2026, 11, 24), penalty_paid=False) == Ruling(
        False, "行政处罚决定规定的义务尚未履行完毕", article
    )
    assert may_leave_early(listed, date(2026, 11, 24), penalty_paid=True).allowed


def test_a_red_entry_ends_with_an_accident_or_a_penalty():
    granted = date(2026, 1, 1)
    assert red_must_end(granted, accident_on=None, penalised_on=date(2026, 2, 3)) == Ruling(
        True, "2026年2月3日受到行政处罚，立即移出守信激励名单", "安监总办〔2017〕133号"
    )
    assert not red_must_end(granted, accident_on=date(2025, 12, 31), penalised_on=None)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 120), st.integers(0, 120))
def test_longer_terms_never_end_earlier(day, one, more):
    assert add_months(day, one) <= add_months(day, one + more)
    assert add_months(day, 12 * 0) == day
