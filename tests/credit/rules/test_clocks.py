"""Deadlines as data: computed in working days, over holidays, weeks off and years without a calendar."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.rules.clocks import (
    Clock,
    Standing,
    due_day,
    load_clocks,
    parse_clocks,
    reminder,
    standing,
)
from credit.rules.ruleset import RulesetError, load_ruleset
from credit.rules.workdays import is_working_day, working_days_between

# Spring Festival 2026: 15 to 23 February off, the Saturdays 14 and 28 are worked.
SPRING: dict[date, bool] = {
    **{date(2026, 2, day): False for day in range(15, 24)},
    date(2026, 2, 14): True,
    date(2026, 2, 28): True,
    date(2026, 10, 1): False,
}
DAYS = st.dates(date(2020, 1, 1), date(2032, 1, 1))
# Weeks that are off altogether, beside odd single days, in any years.
CALENDARS = st.builds(
    lambda weeks, odd: {**{w + timedelta(n): False for w in weeks for n in range(7)}, **odd},
    st.lists(DAYS, max_size=6),
    st.dictionaries(DAYS, st.booleans(), max_size=12),
)


def clock(amount: int = 5, unit: str = "working_days", whose: str = "office") -> Clock:
    return Clock(
        code="x", name="x", start="x", whose=whose, amount=amount, unit=unit, article="x",
        confirmed=True, remind=(3, 1),
    )  # fmt: skip


def test_day_5_over_spring_festival_is_counted_from_the_calendar() -> None:
    hearing = load_clocks()["case.hearing"]
    # Thursday 12: then 13, the worked Saturday 14, and after the holiday 24, 25, 26.
    due = due_day(hearing, date(2026, 2, 12), SPRING)
    assert (due.day, due.warning) == (date(2026, 2, 26), "")


@pytest.mark.parametrize(
    ("amount", "unit", "start", "last"),
    [
        (20, "days", date(2026, 11, 2), date(2026, 11, 23)),  # the 22nd is a Sunday
        (30, "days", date(2026, 1, 20), date(2026, 2, 24)),  # the 19th lies in Spring Festival
        (3, "months", date(2026, 11, 30), date(2027, 3, 1)),  # 28 February 2027 is a Sunday
        (1, "months", date(2026, 1, 31), date(2026, 2, 28)),  # a Saturday that is worked
    ],
)
def test_calendar_days_and_months_end_on_a_working_day(
    amount: int, unit: str, start: date, last: date
) -> None:
    assert due_day(clock(amount, unit), start, SPRING).day == last


def test_a_year_without_a_calendar_is_named_for_every_unit() -> None:
    for unit, amount in (("working_days", 30), ("days", 60), ("months", 2)):
        due = due_day(clock(amount, unit), date(2026, 12, 10), SPRING)
        assert due.warning == "2027年尚无官方节假日安排，仅按周末推算"


@given(DAYS, st.integers(1, 40), st.sampled_from(["working_days", "days", "months"]), CALENDARS)
def test_every_due_day_is_worked_and_later_than_its_start(
    start: date, amount: int, unit: str, calendar: dict[date, bool]
) -> None:
    due = due_day(clock(amount, unit), start, calendar).day
    assert due > start
    assert is_working_day(due, calendar)


@given(DAYS, st.integers(1, 30), st.integers(0, 10), CALENDARS, st.integers(0, 30))
def test_later_starts_and_longer_terms_never_end_sooner(
    start: date, amount: int, more: int, calendar: dict[date, bool], later: int
) -> None:
    for unit in ("working_days", "days"):
        first = due_day(clock(amount, unit), start, calendar).day
        assert due_day(clock(amount + more, unit), start, calendar).day >= first
        assert due_day(clock(amount, unit), start + timedelta(days=later), calendar).day >= first


@given(DAYS, st.integers(1, 30), CALENDARS, DAYS)
def test_one_more_holiday_never_ends_a_term_sooner(
    start: date, amount: int, calendar: dict[date, bool], holiday: date
) -> None:
    before = due_day(clock(amount), start, calendar).day
    assert due_day(clock(amount), start, {**calendar, holiday: False}).day >= before


@given(DAYS, st.integers(1, 30), CALENDARS, st.integers(-3, 60))
def test_the_standing_follows_the_due_day(
    start: date, amount: int, calendar: dict[date, bool], passed: int
) -> None:
    run, today = clock(amount), start + timedelta(days=passed)
    due = due_day(run, start, calendar).day
    left = working_days_between(today, due, calendar)
    stands = standing(run, due, today)
    assert (stands is Standing.OVERDUE) == (today > due)
    assert (stands is Standing.TODAY) == (today == due)
    if today >= due:
        assert left == 0


def test_a_party_is_never_overdue() -> None:
    day = date(2026, 11, 9)
    assert standing(clock(whose="party"), day, day + timedelta(days=1)) is Standing.OVER
    assert standing(clock(), day, day - timedelta(days=1)) is Standing.LATER  # Sunday before Monday
    assert standing(clock(), day + timedelta(days=4), day) is Standing.WEEK


@pytest.mark.parametrize(("left", "which"), [(4, None), (3, 3), (2, 3), (1, 1), (0, 1)])
def test_the_nearest_reminder_that_has_come_is_the_one(left: int, which: int | None) -> None:
    assert reminder(clock(), left) == which


def test_each_clock_cites_its_article_and_takes_its_figure_from_the_rule_set() -> None:
    clocks = load_clocks()
    figures = {code: (one.length, one.confirmed) for code, one in clocks.items()}
    assert figures == {
        "case.hearing": ("5个工作日", True),
        "case.hearing_notice": ("5个工作日", False),
        "case.hearing_day": ("7个工作日", False),
        "case.decide": ("90日", False),
        "case.service": ("7个工作日", False),
        "case.publish": ("20个工作日", False),
        "removal.answer": ("20个工作日", False),
        "removal.annulled": ("3个工作日", True),
        "service.announced": ("30日", False),
        "objection.answer": ("20日", True),
        "repair.accept": ("5个工作日", False),
        "repair.decide": ("20个工作日", False),
    }
    assert all(one.article for one in clocks.values())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("remind = [1]\n[[clock]]\ncode = 'x'\n", "'name'"),
        ("clock = []", "'remind'"),
        (
            "remind = [1]\n[[clock]]\ncode='x'\nname='x'\nstart='x'\nwhose='office'\nterm='no'",
            "'no'",
        ),
        (
            "remind = [1]\n[[clock]]\ncode='x'\nname='x'\nstart='x'\nwhose='me'\nterm='case.hearing'",
            "x: unit, whose or amount is not possible",
        ),
        (
            "remind=[1]\n"
            + "[[clock]]\ncode='x'\nname='x'\nstart='x'\nwhose='party'\nterm='case.hearing'\n" * 2,
            "'x' comes twice",
        ),
        ("[[", "Invalid initial character"),
    ],
)
def test_a_faulty_file_names_its_place(text: str, said: Any) -> None:
    with pytest.raises(RulesetError, match=said):
        parse_clocks(text, load_ruleset())
