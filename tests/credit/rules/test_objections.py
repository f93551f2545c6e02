"""征信业管理条例 第二十五条: twenty days, another officer; few cases are not broken down."""

from datetime import date

import pytest

from credit.rules.cases import FOUR_EYES
from credit.rules.objections import Year, answer_due, may_answer, year_of
from credit.rules.ruleset import load_ruleset
from credit.rules.ruling import Ruling


def test_the_answer_is_due_on_the_twentieth_day_and_the_article_is_checked():
    assert answer_due(date(2026, 2, 10)) == date(2026, 3, 2)
    term = load_ruleset().terms["objection.answer"]
    assert (term.article, term.confirmed) == ("征信业管理条例第二十五条", True)


def test_whoever_made_the_line_does_not_answer():
    mine = "这一条是您登记或决定的，应由另一名人员答复异议"
    assert may_answer(1, frozenset({1, 2}), None) == Ruling(False, mine, FOUR_EYES)
    assert may_answer(1, frozenset({1}), 1) == Ruling(False, mine, FOUR_EYES)
    assert may_answer(3, frozenset({1, 2}), None)
    assert may_answer(3, frozenset(), 3)
    other = "这件异议已交给另一名人员办理"
    assert may_answer(3, frozenset(), 4) == Ruling(False, other, FOUR_EYES)


@pytest.mark.parametrize(
    ("days", "upheld", "shown"),
    [
        ([1, 2, 3, 4], 4, Year(2026, 9, 4, None, None)),
        ([1, 2, 3, 20, 30], 2, Year(2026, 9, 5, 3, 0.4)),
        ([1, 2, 3, 20, 30, 30], 3, Year(2026, 9, 6, 11.5, 0.5)),
        ([], 0, Year(2026, 9, 0, None, None)),
    ],
)
def test_four_answers_of_a_year_are_not_broken_down_and_five_are(days, upheld, shown):
    assert year_of(2026, 9, days, upheld) == shown
