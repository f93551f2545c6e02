"""What a report earns: never more than passed on the clock, never the same moment twice."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from courses.rules.hours import Clock, Credit, credit, hours

RULES = Clock(timedelta(seconds=20), timedelta(seconds=60), timedelta(hours=8))
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
NOTHING = timedelta()


def after(seconds: float, **known: object) -> Credit:
    facts = {"tab_seen_at": NOON, "counted_until": None, "counted_today": NOTHING} | known
    return credit(NOON + timedelta(seconds=seconds), rules=RULES, **facts)


def test_the_time_since_the_last_report_counts():
    assert after(20) == Credit(20_000)


def test_a_first_report_earns_nothing():
    assert after(20, tab_seen_at=None) == Credit(0)


def test_a_long_silence_earns_nothing_and_says_so():
    assert after(61) == Credit(0, "离开太久，这段时间没有计入")


def test_a_second_tab_earns_only_what_the_first_left():
    counted = after(20, counted_until=NOON + timedelta(seconds=15))
    assert counted == Credit(5_000, "同一时间已在另一个窗口计时")


def test_the_day_has_a_limit():
    almost = timedelta(hours=8) - timedelta(seconds=3)
    assert after(20, counted_today=almost) == Credit(3_000, "今天已学满上限，明天再学")


def test_the_law_is_read_from_data():
    danger = hours("worker", high_risk=True)
    assert danger is not None
    assert (danger.initial, danger.yearly) == (72, 20)
    assert hours("student", high_risk=False) is None


@given(
    reports=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 90_000)), min_size=1, max_size=60)
)
def test_whatever_arrives_never_more_than_the_clock(reports: list[tuple[int, int]]):
    now, seen, until, total = NOON, {}, None, 0
    for tab, wait in reports:
        now += timedelta(milliseconds=wait)
        earned = credit(
            now, tab_seen_at=seen.get(tab), counted_until=until, counted_today=NOTHING, rules=RULES
        )
        seen[tab] = now
        if earned.milliseconds:
            until = now
        total += earned.milliseconds
    assert total <= (now - NOON) / timedelta(milliseconds=1)


def test_a_building_site_has_hours_of_its_own_and_no_others():
    site = hours("worker", high_risk=True, sector="construction")
    assert site is not None
    assert (site.initial, site.yearly, site.confirmed) == (50, 15, False)
    assert hours("manager", high_risk=True, sector="construction") is None
    assert hours("worker", high_risk=True, sector="chemicals") == hours("worker", high_risk=True)
