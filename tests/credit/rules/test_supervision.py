"""The supervision plan: how often, by whom, and on which day the next inspection is due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.rules.ruleset import FOLDER
from credit.rules.supervision import PlanError, due_on, latest_start, load_plan, parse_plan

PLAN = load_plan()
TEXT = (FOLDER / "supervision-2026.toml").read_text(encoding="utf-8")


def test_worse_grades_and_riskier_sectors_are_inspected_no_less_often():
    each = [[PLAN.cell(grade, risk).per_year for grade in "ABCD"] for risk in (False, True)]
    assert each == [[1, 1, 2, 4], [1, 2, 4, 12]]
    assert all(low <= high for low, high in zip(*each, strict=True))


def test_listed_enterprises_are_inspected_each_half_year():
    """安委办〔2015〕14号."""
    assert (PLAN.listed.per_year, PLAN.listed.confirmed) == (2, True)
    assert PLAN.cell("A", False, True) == PLAN.listed
    assert PLAN.cell("D", True, True).per_year == 12


def test_twice_a_year_is_due_after_six_months():
    cell = PLAN.cell("C", False)
    assert due_on(date(2026, 8, 31), cell) == date(2027, 2, 28)
    assert latest_start(cell, date(2027, 2, 28)) == date(2026, 8, 31)
    assert latest_start(cell, date(2027, 2, 27)) == date(2026, 8, 27)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from(list(PLAN.cells.values())))
def test_the_latest_start_is_the_boundary(day: date, cell: object):
    since = latest_start(cell, day)  # type: ignore[arg-type]
    assert due_on(since, cell) <= day < due_on(since + timedelta(days=1), cell)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("per_year = 12", "per_year = 5", "每年次数只能是 1、2、3、4、6、12，不能是 5"),
        ('by = "street"', 'by = "nobody"', "检查单位只能是 district 或 street，不能是 nobody"),
        ('grade = "D"', 'grade = "E"', "每个等级和行业风险都要有且只有一行频次"),
        ("[peers]", "[pears]", "频次表读不懂：'peers'"),
    ],
)
def test_a_plan_that_cannot_be_used_says_why(old: str, new: str, said: str):
    with pytest.raises(PlanError, match=said):
        parse_plan(TEXT.replace(old, new, 1))
