"""The procedure's figures: heavy grounds, the heads' vote, repeats, early removal; and the measures' catalogue."""

from datetime import date
from pathlib import Path

import pytest

from credit.rules import tables
from credit.rules.measures import MeasureRule, catalogue, measures_of
from credit.rules.procedure import (
    Repeat,
    early_conditions,
    is_heavy,
    load_procedure,
    may_decide_together,
    repeated_term,
    rest_of_term,
)
from credit.rules.ruleset import RulesetError, load_ruleset


def test_every_heavy_ground_is_a_ground_of_the_rule_set():
    grounds = load_ruleset().grounds
    assert set(load_procedure().heavy) <= {code for code, g in grounds.items() if g.list == "black"}


def test_penalties_law_57_one_heavy_ground_makes_the_case_heavy():
    assert is_heavy(["concealment", "major_accident"])
    assert not is_heavy(["concealment"])
    assert not is_heavy([])


def test_penalties_law_57_more_than_half_of_at_least_three():
    assert not may_decide_together(["for", "for"])
    assert may_decide_together(["for", "for", "against"])
    assert not may_decide_together(["for", "for", "against", "abstain"])


@pytest.mark.parametrize(
    ("former_end", "ends_on"),
    [
        (date(2027, 5, 2), date(2030, 5, 2)),  # the former still runs: from its end
        (date(2027, 5, 1), date(2030, 5, 1)),  # it ends on the day itself: from the listing
        (date(2020, 1, 1), date(2030, 5, 1)),
    ],
)
def test_listed_again_counts_from_the_former_end_while_it_runs(former_end: date, ends_on: date):
    assert repeated_term(date(2027, 5, 1), former_end, 36).ends_on == ends_on


def test_what_was_left_runs_again_to_the_day():
    term = rest_of_term(date(2028, 3, 1), date(2029, 11, 16), date(2027, 11, 16))
    assert (term.ends_on - date(2028, 3, 1)).days == 731
    assert term.reason == "恢复列入，执行原期限（至2029年11月16日）剩余的731天"


def test_order_11_each_condition_of_an_early_removal_says_whether_it_is_met():
    said = {code: bool(ruling) for code, ruling in early_conditions(["harm_remedied"]).items()}
    assert said == {"duties_performed": False, "harm_remedied": True, "nothing_new": False}


def test_both_lists_have_measures():
    assert {rule.list for rule in catalogue()} == {"black", "red"}
    assert len(measures_of("black")) + len(measures_of("red")) == len(catalogue())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[other]]\ncode = 'x'\n", "unknown other"),
        ("[[repeat]]\ncode = 'x'\n", r"\[\[repeat\]\] 1：article, confirmed"),
        (
            "[[repeat]]\ncode='x'\nname='x'\narticle='x'\nconfirmed=true\nmonths='36'\ncounted_from='x'\n",
            "'36' is not",
        ),
    ],
)
def test_a_wrong_table_is_an_error_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str
):
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    (tmp_path / "x.toml").write_text(text)
    with pytest.raises(RulesetError, match=words):
        tables.read_tables("x.toml", {"repeat": Repeat})


def test_a_code_comes_once():
    rule = MeasureRule(code="x", list="red", department="x", name="x", article="x", confirmed=True)
    with pytest.raises(RulesetError, match="'x' comes twice"):
        tables.by_code([rule, rule])
