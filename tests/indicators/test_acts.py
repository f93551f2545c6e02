"""A year is reported once, and corrected by a new row; the database refuses everything else."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from indicators.acts import Report, record
from indicators.models import Indicator, Observation, Plan

D = Decimal


def report(year: int = 2016, **facts: Any) -> Report:
    return Report(**({"year": year, "source": "统计年报"} | facts))


def test_the_plan_has_its_seven_indicators(plan: Plan):
    facts = plan.indicators.values_list("number", "name", "kind", "cut_percent", "base_value")
    assert (plan.base_year, plan.first_year, plan.last_year) == (2015, 2016, 2020)
    assert list(facts) == [
        (1, "生产安全事故起数", "cut", D(10), None),
        (2, "生产安全事故死亡人数", "cut", D(10), None),
        (3, "较大事故起数", "aim_zero", None, None),
        (4, "亿元国内生产总值生产安全事故死亡率", "cut", D(30), D("0.0744")),
        (5, "工矿商贸就业人员十万人生产安全事故死亡率", "cut", D(10), None),
        (6, "重特大事故起数", "hard_zero", None, None),
        (7, "重特大事故死亡人数", "hard_zero", None, None),
    ]


def test_a_count_is_recorded_with_who_and_where_from(accidents: Indicator, editor: Any):
    row = record(accidents, report(value=D(12)), editor=editor)
    assert (row.value, row.recorded_by, row.source, row.supersedes) == (
        12,
        editor,
        "统计年报",
        None,
    )


def test_a_rate_is_computed_and_keeps_its_parts(gdp: Indicator, editor: Any):
    row = record(gdp, report(deaths=30, divisor=D("450.5")), editor=editor)
    row.refresh_from_db()
    assert (row.value, row.deaths, row.divisor) == (D("0.066593"), 30, D("450.5"))


def test_a_correction_supersedes_and_keeps_the_old_row(accidents: Indicator, editor: Any):
    old = record(accidents, report(value=D(12)), editor=editor)
    new = record(accidents, report(value=D(11), note="重复统计一起"), editor=editor)
    assert new.supersedes == old
    assert list(Observation.objects.current()) == [new]
    assert Observation.objects.count() == 2


@pytest.mark.parametrize(
    ("code", "facts", "error"),
    [
        ("accidents", {}, {"value": ["请填写不小于0的整数（单位：起）"]}),
        ("accidents", {"value": D("1.5")}, {"value": ["请填写不小于0的整数（单位：起）"]}),
        ("accidents", {"value": D(-1)}, {"value": ["请填写不小于0的整数（单位：起）"]}),
        ("accidents", {"value": D(1), "deaths": 1}, {"deaths": ["这个指标直接填数值，这两项请空着"]}),
        ("accidents", {"value": D(1), "year": 2014}, {"year": ["2014年不在规划期内，请填2015—2020年"]}),
        ("accidents", {"value": D(1), "source": ""}, {"source": ["此字段不能为空。"]}),
        (
            "deaths-per-gdp",
            {"deaths": 1, "divisor": D(9), "year": 2015},
            {"year": ["2015年是基期，规划已给出基期值，不用填报"]},
        ),
        (
            "deaths-per-gdp",
            {"deaths": 1},
            {"divisor": ["这个指标由系统计算，请填写：死亡人数 ÷ 国内生产总值（亿元）"]},
        ),
        (
            "deaths-per-gdp",
            {"deaths": 1, "divisor": D(9), "value": D(1)},
            {"value": ["这个指标由系统计算，数值请空着"]},
        ),
        (
            "deaths-per-100k",
            {"deaths": 1, "divisor": D(0)},
            {"divisor": ["就业人数应大于0（单位：人）"]},
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_advice(
    plan: Plan, editor: Any, code: str, facts: dict[str, Any], error: dict[str, list[str]]
):
    with pytest.raises(ValidationError) as refused:
        record(plan.indicators.get(code=code), report(**facts), editor=editor)
    assert refused.value.message_dict == error


def test_a_correction_must_say_why(accidents: Indicator, editor: Any):
    record(accidents, report(value=D(12)), editor=editor)
    with pytest.raises(ValidationError) as refused:
        record(accidents, report(value=D(11)), editor=editor)
    assert refused.value.message_dict == {"note": ["2016年已填报12，更正请写明原因"]}


def test_the_database_keeps_an_observation_as_it_is(accidents: Indicator, editor: Any):
    row = record(accidents, report(value=D(12)), editor=editor)
    one = Observation.objects.filter(pk=row.pk)
    for change in (lambda: one.update(value=1), lambda: one._raw_delete("default")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert one.get().value == 12


def test_the_database_refuses_a_second_first_word_and_a_correction_of_another_year(
    accidents: Indicator, editor: Any
):
    row = record(accidents, report(value=D(12)), editor=editor)
    facts = {"indicator": accidents, "value": 1, "source": "x", "recorded_by": editor}
    for wrong in (
        {"year": 2016},
        {"year": 2017, "supersedes": row, "note": "x"},
        {"year": 2016, "supersedes": row},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Observation.objects.create(**facts, **wrong)
    assert Observation.objects.count() == 1


def test_the_database_keeps_the_kinds_apart(plan: Plan):
    facts = {
        "plan": plan,
        "number": 8,
        "code": "x",
        "name": "x",
        "unit": "x",
        "formula": "x",
        "source": "x",
    }
    for wrong in (
        {"kind": "cut"},
        {"kind": "hard_zero", "cut_percent": 10},
        {"kind": "cut", "cut_percent": 101},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Indicator.objects.create(**facts, **wrong)
