"""行政处罚法 第四十四、四十五、六十三条: until which day the party may speak online."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.rules.cases import ARTICLE, hearing_due
from credit.rules.ruling import Ruling
from credit.rules.statements import HEARING, STATEMENT, PartyFacts, may_speak

NOTICE = date(2026, 11, 2)  # a Monday: the fifth working day is the next Monday


def facts(**more) -> PartyFacts:
    told = {"colour": "black", "state": "notice_sent", "notice_on": NOTICE, "today": NOTICE}
    return PartyFacts(**{**told, **more})


@pytest.mark.parametrize("kind", [STATEMENT, HEARING])
@pytest.mark.parametrize(("day", "allowed"), [(8, True), (9, True), (10, False)])
def test_the_fifth_working_day_is_the_last(kind, day, allowed):
    assert may_speak(kind, facts(today=date(2026, 11, day))).allowed is allowed


def test_the_term_runs_on_over_the_spring_festival():
    """告知 2026-02-12（周四）: 春节放假 15日至23日，14日、28日上班."""
    holidays = {date(2026, 2, 15) + timedelta(days=n): False for n in range(9)}
    holidays |= {date(2026, 2, 14): True, date(2026, 2, 28): True}
    told = {"notice_on": date(2026, 2, 12), "calendar": holidays}
    last = date(2026, 2, 26)  # 13, 14, 24, 25, 26
    assert may_speak(STATEMENT, facts(today=last, **told)).allowed
    late = may_speak(STATEMENT, facts(today=last + timedelta(days=1), **told))
    words = "已过期限，最后一天是2026年2月26日。有正当理由的，请到办案机关书面说明"
    assert late == Ruling(False, words, ARTICLE)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"state": "proposed", "notice_on": None}, "告知书还没有送达，送达后才可以提交"),
        ({"state": "heard"}, "听取意见已经结束（期限到2026年11月9日），不能再网上提交"),
        ({"waived": True}, "你单位已书面放弃陈述、申辩和听证"),
        ({"colour": "red"}, "守信激励名单不需要陈述申辩，也没有听证"),
    ],
)
def test_why_not(more, reason):
    assert may_speak(STATEMENT, facts(**more)) == Ruling(False, reason, ARTICLE)


def test_a_hearing_is_asked_for_once_and_a_statement_as_often_as_wanted():
    assert not may_speak(HEARING, facts(hearing_asked=True))
    assert may_speak(STATEMENT, facts(hearing_asked=True))


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)), st.integers(0, 40))
def test_it_is_open_exactly_up_to_the_day_that_the_case_prints(notice, later):
    today = notice + timedelta(days=later)
    ruling = may_speak(STATEMENT, facts(notice_on=notice, today=today))
    assert ruling.allowed == (today <= hearing_due(notice, {}).day)
