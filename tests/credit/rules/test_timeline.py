"""Which rule-set was in force on a day."""

from dataclasses import replace
from datetime import date

import pytest

from credit.rules.accidents import AccidentClass
from credit.rules.cases import hearing_due
from credit.rules.listing import AccidentFact, BlackFacts, black_grounds
from credit.rules.ruleset import load_ruleset
from credit.rules.timeline import Timeline

FIRST = load_ruleset()
SECOND = replace(FIRST, version="2", effective_from=date(2027, 1, 1))
BOTH = Timeline.of([SECOND, FIRST])


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2020, 1, 1), FIRST),
        (date(2026, 1, 1), FIRST),
        (date(2026, 12, 31), FIRST),
        (date(2027, 1, 1), SECOND),
        (date(2040, 1, 1), SECOND),
    ],
)
def test_a_ruleset_is_in_force_from_its_first_day_until_the_next_ones(day, expected):
    assert BOTH.on(day) is expected
    assert BOTH.until(day).now is expected


def test_what_comes_into_force_later_is_not_known_yet():
    assert BOTH.until(date(2026, 12, 31)).sets == (FIRST,)
    assert BOTH.until(date(2020, 1, 1)).sets == (FIRST,)
    assert BOTH.until(date(2027, 1, 1)) == BOTH


def test_two_cannot_begin_on_one_day_and_there_must_be_one():
    with pytest.raises(ValueError, match="must rise"):
        Timeline.of([FIRST, replace(SECOND, effective_from=FIRST.effective_from)])
    with pytest.raises(ValueError, match="there must be one"):
        Timeline.of([])


def test_a_single_ruleset_answers_like_a_timeline_of_one():
    alone = Timeline.of([FIRST])
    for day in (date(2020, 1, 1), date(2040, 1, 1)):
        assert (FIRST.on(day), FIRST.until(day).now, FIRST.now, FIRST.sets) == (
            alone.on(day), alone.until(day).now, alone.now, alone.sets,
        )  # fmt: skip


def test_a_term_that_runs_keeps_the_length_of_the_day_on_which_it_began():
    longer = {**FIRST.terms, "case.hearing": replace(FIRST.terms["case.hearing"], amount=10)}
    rules = Timeline.of([FIRST, replace(SECOND, terms=longer)])
    assert hearing_due(date(2026, 12, 31), {}, rules).day == date(2027, 1, 7)
    assert hearing_due(date(2027, 1, 1), {}, rules).day == date(2027, 1, 15)


def test_an_accident_meets_the_grounds_of_its_day():
    without = {code: ground for code, ground in FIRST.grounds.items() if code != "concealment"}
    rules = Timeline.of([FIRST, replace(SECOND, grounds=without)])

    def grounds_of(day: date) -> list[str]:
        hidden = AccidentFact(
            happened_on=day, grade=AccidentClass.GENERAL, penalised=True, concealed=True
        )
        found = black_grounds(BlackFacts(accidents=[hidden]), rules)
        return [code for code, ruling in found.items() if ruling]

    assert grounds_of(date(2026, 12, 31)) == ["concealment"]
    assert grounds_of(date(2027, 1, 1)) == []


def test_two_larger_accidents_are_judged_by_the_day_of_the_last():
    shorter = {
        **FIRST.terms, "black.larger_window": replace(FIRST.terms["black.larger_window"], amount=1)
    }  # fmt: skip
    rules = Timeline.of([FIRST, replace(SECOND, terms=shorter)])

    def hold(first: date, second: date) -> bool:
        two = [
            AccidentFact(happened_on=day, grade=AccidentClass.LARGER, penalised=True)
            for day in (first, second)
        ]
        return bool(black_grounds(BlackFacts(accidents=two), rules)["two_larger_accidents"])

    assert hold(date(2026, 10, 1), date(2026, 12, 31))
    assert not hold(date(2026, 10, 1), date(2027, 1, 1))
    assert hold(date(2026, 12, 20), date(2027, 1, 19))
