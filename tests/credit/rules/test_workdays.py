"""Working days are counted from the calendar passed in."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.rules.workdays import DueDay, add_working_days, is_working_day, working_days_between

EXCEPTIONS = {
    date(2026, 10, 1): False,
    date(2026, 10, 2): False,
    date(2026, 10, 10): True,  # a Saturday that is worked
}


def test_weekends_and_holidays_do_not_count_and_worked_saturdays_do():
    assert add_working_days(date(2026, 9, 30), 1, EXCEPTIONS) == DueDay(date(2026, 10, 5))
    assert add_working_days(date(2026, 10, 9), 1, EXCEPTIONS) == DueDay(date(2026, 10, 10))
    assert add_working_days(date(2026, 9, 30), 0, EXCEPTIONS) == DueDay(date(2026, 9, 30))


def test_a_year_without_a_calendar_is_named_not_raised():
    due = add_working_days(date(2026, 12, 30), 5, EXCEPTIONS)
    assert due == DueDay(date(2027, 1, 6), (2027,))
    assert due.warning == "2027年尚无官方节假日安排，仅按周末推算"
    assert add_working_days(date(2026, 9, 1), 1, EXCEPTIONS).warning == ""


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 1, 1), -1, {})


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 60))
def test_counting_there_and_back_agrees(start, days):
    due = add_working_days(start, days, EXCEPTIONS).day
    assert is_working_day(due, EXCEPTIONS)
    assert working_days_between(start, due, EXCEPTIONS) == days
    assert working_days_between(start, due - timedelta(days=1), EXCEPTIONS) == days - 1
    assert working_days_between(due, start, EXCEPTIONS) == 0
