"""Which rule-set was in force on a day."""

from dataclasses import replace
from datetime import date

import pytest

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
