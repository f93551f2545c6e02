"""Accidents are classed by 国务院令第493号 第三条."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.rules.accidents import (
    AccidentClass,
    WindowKind,
    casualties_open_until,
    classify,
    trigger,
)

GENERAL, LARGER, MAJOR, EXTRAORDINARY = AccidentClass
figures = st.tuples(st.integers(0, 200), st.integers(0, 200), st.integers(0, 300_000_000))


@pytest.mark.parametrize(
    ("deaths", "injuries", "loss", "grade"),
    [
        (0, 0, 0, GENERAL),
        (2, 9, Decimal("9999999.99"), GENERAL),
        (3, 0, 0, LARGER),
        (0, 10, 0, LARGER),
        (0, 0, 10_000_000, LARGER),
        (9, 49, Decimal("49999999.99"), LARGER),
        (10, 0, 0, MAJOR),
        (0, 50, 0, MAJOR),
        (0, 0, 50_000_000, MAJOR),
        (29, 99, Decimal("99999999.99"), MAJOR),
        (30, 0, 0, EXTRAORDINARY),
        (0, 100, 0, EXTRAORDINARY),
        (0, 0, 100_000_000, EXTRAORDINARY),
        (1, 50, 0, MAJOR),
    ],
)
def test_any_one_trigger_decides_and_lower_bounds_are_inclusive(deaths, injuries, loss, grade):
    assert classify(deaths=deaths, serious_injuries=injuries, direct_loss=loss) is grade


@given(figures, figures)
def test_more_harm_is_never_a_lighter_class(one, more):
    def rank(deaths, injuries, loss):
        return classify(deaths=deaths, serious_injuries=injuries, direct_loss=loss).rank

    together = [a + b for a, b in zip(one, more, strict=True)]
    assert rank(*together) >= max(rank(*one), rank(*more))


@pytest.mark.parametrize("field", ["deaths", "serious_injuries", "direct_loss"])
def test_negative_figures_are_refused(field):
    values = {"deaths": 0, "serious_injuries": 0, "direct_loss": 0, field: -1}
    with pytest.raises(ValueError, match="negative"):
        classify(**values)


def test_casualties_may_change_for_30_days_or_7_for_traffic_and_fire():
    day = date(2026, 1, 1)
    assert [casualties_open_until(day, kind) for kind in WindowKind] == [
        date(2026, 1, 31),
        date(2026, 1, 8),
        date(2026, 1, 8),
    ]


def test_classes_are_printed_in_chinese():
    assert [c.label for c in AccidentClass] == ["一般事故", "较大事故", "重大事故", "特别重大事故"]


@pytest.mark.parametrize(
    ("deaths", "injuries", "loss", "words"),
    [
        (2, 9, 9_999_999, ""),
        (3, 9, 0, "达到死亡3人"),
        (3, 10, 10_000_000, "达到死亡3人、重伤10人、直接经济损失1000万元"),
        (9, 49, 50_000_000, "达到直接经济损失5000万元"),
        (30, 0, 0, "达到死亡30人"),
    ],
)
def test_order_493_article_3_the_figures_that_make_the_class_are_named(
    deaths, injuries, loss, words
):
    found = trigger(deaths=deaths, serious_injuries=injuries, direct_loss=loss)
    assert found == words
