"""What a cell says, and that nothing is guessed."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.importing import cells

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "value",
    [
        "2017-02-27", "2017/2/27", "2017.2.27", "20170227", "2017年2月27日", "2017年02月27", "２０１７－０２－２７",
        "2017-02-27 00:00:00", 42793, 42793.0, "42793", 20170227, 20170227.0,
        date(2017, 2, 27), datetime(2017, 2, 27, 13, 5),
    ],
)  # fmt: skip
def test_every_usual_writing_of_a_day(value: Any):
    assert cells.day(value, today=TODAY) == date(2017, 2, 27)


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("2017-02-30", "没有2017年2月30日这一天"),
        ("2027-01-01", "晚于今天"),
        ("1889-01-01", "早于1990年"),
        ("昨天", "不是日期"),
        ("", "未填写日期"),
        (12, "数字不是日期"),
        (True, "不是日期"),
        ("2017-13-01", "没有2017年13月1日"),
    ],
)
def test_what_is_no_day_is_said_with_the_remedy(value: Any, advice: str):
    with pytest.raises(ValueError, match=advice):
        cells.day(value, today=TODAY)


@given(st.dates(date(1990, 1, 1), TODAY))
def test_every_day_survives_every_writing(day: date):
    serial = (day - date(1899, 12, 30)).days
    for written in (
        day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}",
        day.strftime("%Y%m%d"), serial, str(serial),
    ):  # fmt: skip
        assert cells.day(written, today=TODAY) == day


@pytest.mark.parametrize(
    ("value", "unit", "yuan"),
    [
        (50000, "元", "50000"), ("50,000", "元", "50000"), ("￥50,000.50", "元", "50000.50"), ("5万元", "元", "50000"),
        (5, "万元", "50000"), ("5.5", "万元", "55000"), ("50000元", "万元", "50000"), ("5E+4", "元", "50000"),
        (0.1 + 0.2, "元", "0.30"), (0.1 + 0.2, "万元", "3000"), ("-", "元", "0"), ("暂无", "元", "0"),
        ("", "元", "0"), (None, "元", "0"), ("无", "元", "0"), ("5 万", "元", "50000"), ("0.1", "万元", "1000"),
    ],
)  # fmt: skip
def test_money_is_yuan_to_the_cent(value: Any, unit: str, yuan: str):
    assert cells.amount(value, unit=unit) == Decimal(yuan)


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("-5", "不能是负数"), (-5, "不能是负数"), ("五万", "不是金额"), ("1,00", "不是金额"), ("5元5角", "不是金额"),
        ("1e400", "太大|不是金额"), ("9" * 20, "太大"), ("0.001", "精确到分"), ("NaN", "不是金额"), ("inf", "不是金额"),
    ],
)  # fmt: skip
def test_doubtful_money_is_refused(value: Any, advice: str):
    with pytest.raises(ValueError, match=advice):
        cells.amount(value)


@given(st.decimals(0, 10**9, places=2))
def test_money_survives_grouping_and_units(yuan: Decimal):
    assert cells.amount(f"{yuan:,}") == yuan
    assert cells.amount(str(yuan), unit="万元") == yuan * 10_000


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.booleans(), st.datetimes()))
def test_whatever_comes_is_read_or_refused(value: Any):
    for parse in (
        lambda: cells.day(value, today=TODAY),
        lambda: cells.amount(value),
        lambda: cells.count(value),
        lambda: cells.flag(value),
        lambda: cells.text(value, 20),
    ):
        try:
            parse()
        except ValueError as fault:
            assert str(fault)  # noqa: PT017


@pytest.mark.parametrize(("value", "people"), [(3, 3), ("3人", 3), (3.0, 3), ("", 0), ("无", 0)])
def test_a_number_of_people(value: Any, people: int):
    assert cells.count(value) == people


@pytest.mark.parametrize("value", ["-1", "1.5", "三", 1.5, "100000"])
def test_what_is_no_number_of_people(value: Any):
    with pytest.raises(ValueError, match="应为人数"):
        cells.count(value)


@pytest.mark.parametrize("value", ["=1+1", "+86", "-5", "@x", "\tx", "\rx"])
def test_text_that_would_run_is_defused(value: str):
    assert cells.safe(value) == f"'{value}"


def test_what_was_defused_is_read_back():
    assert [cells.text(value) for value in ("'-", "'=1+1", "'甲", "''")] == [
        "-",
        "=1+1",
        "'甲",
        "''",
    ]


def test_days_are_counted_as_excel_counts():
    assert cells.day(45000, today=TODAY) == date(1899, 12, 30) + timedelta(days=45000)
