"""A pasted list of a year's holidays: read whole, or every problem at once."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from credit.rules.holidays import Holiday, Problem, differences, read_holidays

GOOD = """日期,安排,说明
2027-01-01,放假,元旦
2027年2月5日至2027年2月7日,休,春节
2027/2/13\t班\t春节调休
2027-10-01~2027-10-03；放假；国庆节
"""


def test_a_list_is_read_whole() -> None:
    found, problems = read_holidays(GOOD, 2027)
    assert problems == []
    assert found == [
        Holiday(date(2027, 1, 1), False, "元旦"),
        *[Holiday(date(2027, 2, day), False, "春节") for day in (5, 6, 7)],
        Holiday(date(2027, 2, 13), True, "春节调休"),
        *[Holiday(date(2027, 10, day), False, "国庆节") for day in (1, 2, 3)],
    ]


def test_every_problem_is_named_at_once() -> None:
    text = "\n".join(
        [
            "元旦放假三天",
            "2027-02-30,放假,春节",
            "2026-10-01,放假,国庆",
            "2027-10-05,上班,补班",
            "2027-10-01,也许,国庆",
            "2027-10-03至2027-10-01,放假,国庆",
            "2027-05-01,放假,五一",
            "2027-05-01,放假,五一",
            f"2027-06-09,放假,{'长' * 61}",
        ]
    )
    assert read_holidays(text, 2027)[1] == [
        Problem(1, "元旦放假三天", "看不懂，请写成：2027-10-01,放假,国庆节"),
        Problem(2, "2027-02-30,放假,春节", "没有2027年2月30日这一天"),
        Problem(3, "2026-10-01,放假,国庆", "不是2027年的日期"),
        Problem(4, "2027-10-05,上班,补班", "2027-10-05是星期二，本来就上班，不用写"),
        Problem(5, "2027-10-01,也许,国庆", "“也许”应写“放假”或“上班”"),
        Problem(6, "2027-10-03至2027-10-01,放假,国庆", "止日早于起日"),
        Problem(8, "2027-05-01,放假,五一", "2027-05-01写了两次，请留一行"),
        Problem(9, f"2027-06-09,放假,{'长' * 61}"[:60], "说明最多60个字"),
    ]


def test_half_a_year_is_no_calendar() -> None:
    assert read_holidays("2027-01-01,放假,元旦", 2027)[1] == [
        Problem(0, "", "没有2027年10月1日放假这一行，不像完整的一年安排，请补齐")
    ]
    assert read_holidays("\n" * 401, 2027)[1] == [
        Problem(0, "", "有401行，一年的安排不会超过400行")
    ]


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    found, problems = read_holidays(text, 2027)
    assert found == [] or problems == [] or all(problem.advice for problem in problems)


def test_what_changes_is_said_day_by_day() -> None:
    before = {date(2027, 1, 1): False, date(2027, 1, 2): False}
    after = [Holiday(date(2027, 1, 1), False, ""), Holiday(date(2027, 2, 13), True, "")]
    assert differences(before, after) == ["2027-01-02：放假 → 照常", "2027-02-13：照常 → 上班"]
