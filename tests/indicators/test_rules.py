"""What the plan asks and where an indicator stands, figure by figure."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import rules
from indicators.rules import Standing, Target

D = Decimal


def plan(
    kind: str = rules.CUT, base: str | None = "0.0744", cut: str | None = "30", **more: Any
) -> Target:
    return Target(
        kind,
        2015,
        2016,
        2020,
        base and D(base),
        D(cut) if cut and kind == rules.CUT else None,
        **more,
    )


AIM, HARD = plan(rules.AIM_ZERO, None), plan(rules.HARD_ZERO, None)


def test_deaths_per_gdp_is_cut_by_thirty_percent():
    assert rules.target_value(plan()) == D("0.05208")


@pytest.mark.parametrize(
    ("year", "value"), [(2015, "10"), (2016, "9.8"), (2018, "9.4"), (2020, "9")]
)
def test_the_path_is_a_straight_line(year: int, value: str):
    assert rules.path_value(plan(base="10", cut="10"), year) == D(value)


@pytest.mark.parametrize("year", [2014, 2021])
def test_there_is_no_path_outside_the_plan(year: int):
    with pytest.raises(ValueError, match="不在规划期内（2015—2020年）"):
        rules.path_value(plan(), year)


@pytest.mark.parametrize(
    ("target", "value"),
    [
        (plan(base=None), None),
        (plan(base="0"), D(0)),
        (AIM, D(0)),
        (HARD, D(0)),
        (plan(base="50", cut="20", direction=rules.UP), D(60)),
    ],
)
def test_the_target_of_each_kind(target: Target, value: Decimal | None):
    assert rules.target_value(target) == value


def test_gdp_rate_is_deaths_by_hundred_million_yuan():
    assert rules.gdp_rate(D(31), D("416.67")) == D(31) / D("416.67")
    assert rules.printed(rules.gdp_rate(D(31), D("416.67"))) == "0.0744"


def test_employee_rate_is_deaths_by_hundred_thousand_persons():
    assert rules.employee_rate(D(3), D(120_000)) == D("2.5")


@pytest.mark.parametrize("rate", [rules.gdp_rate, rules.employee_rate])
@pytest.mark.parametrize("by", ["0", "-1"])
def test_nothing_is_divided_by_nothing(rate: Any, by: str):
    with pytest.raises(ValueError, match="应大于0"):
        rate(D(1), D(by))


@pytest.mark.parametrize(
    ("target", "values", "expected"),
    [
        (plan(), {}, Standing("unknown", "规划期内还没有填报数据")),
        (plan(), {2015: "0.0744"}, Standing("unknown", "规划期内还没有填报数据")),
        (plan(base=None), {2016: "1"}, Standing("unknown", "2015年基期数待填报，暂时不能判断")),
        (plan(), {2016: "0.0699"}, Standing("on_path", "2016年为0.0699，当年进度线不高于0.0699")),
        (plan(), {2016: "0.07"}, Standing("behind", "2016年为0.07，当年进度线不高于0.0699")),
        (plan(), {2016: "9", 2020: "0.052"}, Standing("met", "2020年为0.052，期末目标不高于0.0521")),
        (plan(), {2020: "0.06"}, Standing("behind", "2020年为0.06，期末目标不高于0.0521")),
        (plan(base="0"), {2017: "0"}, Standing("on_path", "2017年为0，当年进度线不高于0")),
        (plan(base="0"), {2017: "1"}, Standing("behind", "2017年为1，当年进度线不高于0")),
        (
            plan(base="50", cut="20", direction=rules.UP),
            {2020: "61"},
            Standing("met", "2020年为61，期末目标不低于60"),
        ),
        (
            AIM,
            {2016: "0", 2017: "0"},
            Standing("on_path", "力争不发生，已填报的年份没有发生；2018、2019、2020年还没有填报"),
        ),
        (AIM, {2016: "1", 2017: "0"}, Standing("behind", "力争不发生，但2016年为1")),
        (HARD, {2016: "1", 2019: "2"}, Standing("behind", "要求杜绝，但2016年为1、2019年为2")),
        (
            HARD,
            dict.fromkeys(range(2016, 2021), "0"),
            Standing("met", "要求杜绝，2016—2020年没有发生"),
        ),
        (HARD, {2015: "3", 2021: "3"}, Standing("unknown", "规划期内还没有填报数据")),
    ],
)  # fmt: skip
def test_where_it_stands_and_why(target: Target, values: dict[int, str], expected: Standing):
    assert rules.standing(target, {year: D(value) for year, value in values.items()}) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [("0.05208", "0.0521"), ("10.000000", "10"), ("100", "100"), ("0", "0"), ("0.00005", "0.0001")],
)
def test_numbers_are_printed_short(value: str, text: str):
    assert rules.printed(D(value)) == text


@given(
    base=st.decimals(0, 10**6, places=4),
    cut=st.decimals(0, 100, places=2),
    year=st.integers(2015, 2019),
)
def test_the_path_never_rises(base: Decimal, cut: Decimal, year: int):
    target = Target(rules.CUT, 2015, 2016, 2020, base, cut)
    now, later = rules.path_value(target, year), rules.path_value(target, year + 1)
    assert now is not None
    assert later is not None
    assert base >= now >= later >= 0
