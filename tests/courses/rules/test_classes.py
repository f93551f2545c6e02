"""When one may sign, what being there is worth, and who completed a class."""

from datetime import UTC, datetime, timedelta

import pytest

from courses.rules import classes as rules
from courses.rules.hours import clock

NINE = datetime(2026, 11, 25, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
END = NINE + 90 * MINUTE


def worth(came: int, left: int, *, covered=(), counted: int = 0) -> tuple[int, str]:
    earned, _ = rules.attended(
        NINE + came * MINUTE, NINE + left * MINUTE, starts_at=NINE, ends_at=END,
        covered=[(NINE + a * MINUTE, NINE + b * MINUTE) for a, b in covered], counted=counted * MINUTE,
    )  # fmt: skip
    return earned.milliseconds // 60_000, earned.note


@pytest.mark.parametrize(
    ("came", "left", "minutes"),
    [(-20, 100, 90), (0, 90, 90), (10, 90, 80), (0, 60, 60), (30, 60, 30), (-20, -5, 0), (90, 95, 0)],
)  # fmt: skip
def test_nothing_outside_the_timetable_counts(came: int, left: int, minutes: int):
    assert worth(came, left)[0] == minutes


def test_what_was_credited_elsewhere_is_not_counted_again():
    assert worth(0, 90, covered=[(-5, 10), (80, 120)]) == (70, "同一时间已在别处计时")


def test_a_day_holds_no_more_than_study_on_the_web():
    limit = clock().day // MINUTE
    assert worth(0, 90, counted=limit - 30) == (30, "当天已学满上限")
    assert worth(0, 90, counted=limit) == (0, "当天已学满上限")


@pytest.mark.parametrize(
    ("way", "minutes", "by_hand", "allowed"),
    [
        ("in", -31, False, False), ("in", -30, False, True), ("in", 90, False, True),
        ("in", 91, False, False), ("in", 91, True, False),
        ("out", -1, False, False), ("out", 0, False, True), ("out", 120, False, True),
        ("out", 121, False, False), ("out", 121, True, True), ("out", 90 + 721, True, False),
    ],
)  # fmt: skip
def test_the_time_for_signing(way: str, minutes: int, by_hand: bool, allowed: bool):
    at = NINE + minutes * MINUTE
    assert bool(rules.may_sign(way, starts_at=NINE, ends_at=END, at=at, by_hand=by_hand)) is allowed


def test_a_refusal_says_what_to_do():
    late = rules.may_sign("out", starts_at=NINE, ends_at=END, at=END + 31 * MINUTE)
    assert late.reason == "签退在 11:00 已经结束。请找教员点名签退"


@pytest.mark.parametrize(
    ("begin", "minutes", "reason"),
    [
        (60, 90, ""),
        (60, 0, "下课要晚于上课"),
        (60, 301, "一次课最长 300 分钟"),
        (14 * 60, 120, "同一天里"),
        (-120, 60, "已经过去了"),
        (-60, 90, ""),
        (170, 30, "重叠"),
        (210, 30, ""),
    ],
)
def test_a_session_fits_into_the_timetable(begin: int, minutes: int, reason: str):
    start = NINE + begin * MINUTE
    other = (NINE + 180 * MINUTE, NINE + 210 * MINUTE)
    ruling = rules.may_hold(start, start + minutes * MINUTE, now=NINE, others=[other])
    assert (bool(ruling), reason in ruling.reason) == (not reason, True)


def test_a_code_is_taken_for_less_than_a_minute():
    shown = rules.step(NINE)
    seconds = [n for n in range(120) if shown in rules.steps_taken(NINE + timedelta(seconds=n))]
    assert seconds == list(range(60))


@pytest.mark.parametrize(
    ("present", "timetable", "done"), [(71, 90, False), (72, 90, True), (0, 0, False)]
)
def test_who_was_there_for_four_fifths_completed_it(present: int, timetable: int, done: bool):
    assert rules.completed(present * MINUTE, timetable * MINUTE) is done


def test_three_questions_are_asked():
    assert [one.code for one in rules.questions()] == ["useful", "clear", "arranged"]
