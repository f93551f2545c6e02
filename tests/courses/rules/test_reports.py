"""The figures of the training report: shares, the rotation, what a plan may ask."""

from datetime import date
from decimal import Decimal

import pytest

from courses.rules.reports import (
    day_of_report,
    fault_of,
    figures,
    reached,
    rotation_begins,
    share,
)

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("part", "whole", "told"), [(0, 0, None), (0, 3, 0), (2, 3, 66), (999, 1000, 99), (3, 3, 100)]
)
def test_a_share_is_rounded_down_and_of_nothing_there_is_none(part, whole, told):
    assert share(part, whole) == told


def test_a_year_is_told_as_of_its_end_or_today():
    days = [day_of_report(year, TODAY) for year in (2025, 2026, 2027)]
    assert days == [date(2025, 12, 31), TODAY, TODAY]


def test_rotation_takes_three_years_by_the_plan():
    assert figures()["rotation_years"].article.startswith("区安全生产“十三五”规划")
    assert rotation_begins(TODAY) == date(2023, 11, 25)


@pytest.mark.parametrize(
    ("indicator", "target", "fault"),
    [
        ("coverage", "100", ""),
        ("rotation", "100.01", "百分比请填 0 到 100"),
        ("migrants", "10000", ""),
        ("migrants", "1.5", "人数请填 0 以上的整数"),
        ("pass_rate", "-1", "百分比请填 0 到 100"),
        ("beds", "1", "请选指标"),
    ],
)
def test_a_target_fits_its_indicator(indicator, target, fault):
    assert fault_of(indicator, Decimal(target)) == fault


def test_nothing_counted_is_neither_reached_nor_missed():
    assert [reached(one, Decimal(90)) for one in (None, 89, 90)] == [None, False, True]
