"""Each article that the rules implement, with its boundary: one test named after each.

The figures are those of the shipped rule-set; where the text of an article was not
checked, the rule-set says confirmed = false, and the last test here counts those.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from credit.rules.accidents import AccidentClass, WindowKind, casualties_open_until, classify
from credit.rules.cases import FOUR_EYES, Action, CaseFacts, State, hearing_due, may, service_due
from credit.rules.closure import may_propose_closure
from credit.rules.grading import grade_by_points
from credit.rules.hearings import ARTICLE as HEARING_NOTICE
from credit.rules.hearings import Announced, earliest_hearing, may_announce, may_hold
from credit.rules.listing import (
    AccidentFact,
    BlackFacts,
    RedFacts,
    black_grounds,
    may_be_red,
    may_leave_early,
    red_conditions,
    red_must_end,
    term_end,
)
from credit.rules.measures import measures_of
from credit.rules.objections import answer_due
from credit.rules.procedure import load_procedure, repeat_rule
from credit.rules.removal import Ground, RemovalFacts, annulment_due, may_ask
from credit.rules.repair import Severity, may_repair, public_until, still_published, window
from credit.rules.ruleset import load_ruleset
from credit.rules.uscc import Kind, read_uscc
from credit.rules.violations import publication_due
from credit.rules.workdays import DueDay
from credit.scoring import score

RULES = load_ruleset()
GENERAL, LARGER, MAJOR, EXTRAORDINARY = AccidentClass
DAY = timedelta(days=1)
# 国务院办公厅关于2026年部分节假日安排的通知: Spring Festival 15–23 February, worked 14 and 28 February.
SPRING_FESTIVAL = {
    **{date(2026, 2, day): False for day in range(15, 24)},
    date(2026, 2, 14): True,
    date(2026, 2, 28): True,
    date(2026, 10, 1): False,  # names the calendar of the year as the official one
}
# The same: National Day 1–7 October, worked 20 September and 10 October.
NATIONAL_DAY = {
    **{date(2026, 10, day): False for day in range(1, 8)},
    date(2026, 9, 20): True,
    date(2026, 10, 10): True,
}


def held(*accidents: AccidentFact, **flags: bool) -> list[str]:
    """The grounds of the black list that hold."""
    facts = BlackFacts(accidents=accidents, **flags)
    return [code for code, ruling in black_grounds(facts, RULES).items() if ruling]


def accident(day: date, grade: AccidentClass, **more: bool) -> AccidentFact:
    return AccidentFact(**{"happened_on": day, "grade": grade, "penalised": True, **more})  # type: ignore[arg-type]


# -- 国务院令第493号 生产安全事故报告和调查处理条例 ---------------------------------------------------------


@pytest.mark.parametrize(
    ("deaths", "grade"),
    [
        (0, GENERAL),
        (2, GENERAL),
        (3, LARGER),
        (9, LARGER),
        (10, MAJOR),
        (29, MAJOR),
        (30, EXTRAORDINARY),
    ],
)
def test_order_493_article_3_by_deaths(deaths: int, grade: AccidentClass):
    assert classify(deaths=deaths, serious_injuries=0, direct_loss=0) is grade


@pytest.mark.parametrize(
    ("injuries", "grade"),
    [(9, GENERAL), (10, LARGER), (49, LARGER), (50, MAJOR), (99, MAJOR), (100, EXTRAORDINARY)],
)
def test_order_493_article_3_by_serious_injuries(injuries: int, grade: AccidentClass):
    assert classify(deaths=0, serious_injuries=injuries, direct_loss=0) is grade


@pytest.mark.parametrize(
    ("yuan", "grade"),
    [
        (9_999_999, GENERAL),
        (10_000_000, LARGER),
        (49_999_999, LARGER),
        (50_000_000, MAJOR),
        (99_999_999, MAJOR),
        (100_000_000, EXTRAORDINARY),
    ],
)
def test_order_493_article_3_by_direct_loss(yuan: int, grade: AccidentClass):
    assert classify(deaths=0, serious_injuries=0, direct_loss=yuan) is grade


def test_order_493_article_3_any_one_trigger_and_the_highest_wins():
    assert classify(deaths=2, serious_injuries=50, direct_loss=10_000_000) is MAJOR


@pytest.mark.parametrize(
    ("kind", "last"),
    [
        (WindowKind.ORDINARY, date(2026, 3, 31)),
        (WindowKind.TRAFFIC, date(2026, 3, 8)),
        (WindowKind.FIRE, date(2026, 3, 8)),
    ],
)
def test_order_493_article_13_thirty_days_and_seven_for_traffic_and_fire(kind: Any, last: date):
    assert casualties_open_until(date(2026, 3, 1), kind) == last


# -- 应急管理部令第11号 -------------------------------------------------------------------------------------

THEN = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("deaths", "grounds"), [(9, []), (10, ["major_accident"]), (30, ["major_accident"])]
)
def test_order_11_article_6_1_a_major_accident(deaths: int, grounds: list[str]):
    grade = classify(deaths=deaths, serious_injuries=0, direct_loss=0)
    assert held(accident(THEN, grade)) == grounds


@pytest.mark.parametrize(
    ("second", "grounds"),
    [
        (date(2027, 2, 28), ["two_larger_accidents"]),  # within twelve months, by a day
        (date(2027, 3, 1), []),
    ],
)
def test_order_11_article_6_2_two_larger_accidents_within_twelve_months(
    second: date, grounds: list[str]
):
    assert held(accident(THEN, LARGER), accident(second, LARGER)) == grounds


@pytest.mark.parametrize("deaths", [2, 3])
def test_order_11_article_6_2_looks_at_larger_accidents_alone(deaths: int):
    grade = classify(deaths=deaths, serious_injuries=0, direct_loss=0)
    two = [accident(THEN, grade), accident(THEN + DAY, grade)]
    assert held(*two) == (["two_larger_accidents"] if deaths == 3 else [])


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ("multiplied_fine", "multiplied_fine"),
        ("concealed", "concealment"),
        ("principal_fled", "principal_fled"),
    ],
)
def test_order_11_article_6_3_to_5_by_what_was_done(mark: str, code: str):
    assert held(accident(THEN, GENERAL)) == []
    assert held(accident(THEN, GENERAL, **{mark: True})) == [code]


def test_order_11_article_6_asks_for_a_penalty():
    assert held(accident(THEN, MAJOR, concealed=True, penalised=False)) == []


@pytest.mark.parametrize(
    "code", ["unlicensed", "false_certificates", "refuses_penalty", "other_serious"]
)
def test_order_11_article_7_without_an_accident(code: str):
    assert held() == []
    assert held(**{code: True}) == [code]


@pytest.mark.parametrize(
    ("listed", "ends"),
    [
        (date(2026, 3, 1), date(2029, 3, 1)),
        (date(2024, 2, 29), date(2027, 2, 28)),
    ],
)
def test_order_11_the_term_is_three_years(listed: date, ends: date):
    assert term_end(listed, "black", RULES) == ends


@pytest.mark.parametrize(
    ("today", "paid", "allowed"),
    [
        (date(2027, 2, 28), True, False),  # eleven months and some days
        (date(2027, 3, 1), True, True),  # twelve months
        (date(2027, 3, 1), False, False),
    ],
)
def test_order_11_early_removal_after_twelve_months(today: date, paid: bool, allowed: bool):
    assert may_leave_early(THEN, today, penalty_paid=paid).allowed is allowed


# -- 安监总办〔2017〕133号 ----------------------------------------------------------------------------------

CLEAN = RedFacts(promise_public=True, standardisation_level=1)
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "field", ["dishonest_on", "penalised_on", "fatal_accident_on", "occupational_disease_on"]
)
@pytest.mark.parametrize(
    ("day", "allowed"), [(date(2023, 11, 24), False), (date(2023, 11, 23), True)]
)
def test_notice_133_three_years_without(field: str, day: date, allowed: bool):
    conditions = red_conditions(replace(CLEAN, **{field: day}), TODAY)
    assert may_be_red(conditions).allowed is allowed


@pytest.mark.parametrize(("level", "allowed"), [(0, False), (1, True), (2, False), (3, False)])
def test_notice_133_standardisation_of_the_first_level(level: int, allowed: bool):
    conditions = red_conditions(replace(CLEAN, standardisation_level=level), TODAY)
    assert may_be_red(conditions).allowed is allowed


@pytest.mark.parametrize("change", [{"promise_public": False}, {"listed_elsewhere": True}])
def test_notice_133_a_promise_and_no_other_list(change: dict[str, bool]):
    assert may_be_red(red_conditions(CLEAN, TODAY))
    assert not may_be_red(red_conditions(replace(CLEAN, **change), TODAY))


def test_notice_133_three_years_for_each_grant():
    assert term_end(date(2026, 11, 23), "red", RULES) == date(2029, 11, 23)


@pytest.mark.parametrize(("day", "ends"), [(date(2026, 11, 22), False), (date(2026, 11, 23), True)])
def test_notice_133_an_accident_or_a_penalty_ends_it_at_once(day: date, ends: bool):
    granted = date(2026, 11, 23)
    assert red_must_end(granted, accident_on=day, penalised_on=None).allowed is ends
    assert red_must_end(granted, accident_on=None, penalised_on=day).allowed is ends


# -- 行政处罚法 ---------------------------------------------------------------------------------------------

FACTS = CaseFacts(
    colour="black", today=date(2026, 2, 24), actor="second", opened_by="first",
    notice_text="拟列入", notice_served_on=date(2026, 2, 13), calendar=SPRING_FESTIVAL,
    reviewed_by="third", review_opinion="事实清楚",
)  # fmt: skip


@pytest.mark.parametrize(
    ("served", "last"),
    [
        # Friday 13: the worked Saturday, then nothing until Tuesday 24.
        (date(2026, 2, 13), date(2026, 2, 27)),
        (date(2026, 2, 24), date(2026, 3, 2)),  # over the worked Saturday 28
        (date(2026, 3, 2), date(2026, 3, 9)),  # an ordinary week
    ],
)
def test_penalty_law_article_63_and_64_five_working_days_over_spring_festival(
    served: date, last: date
):
    assert hearing_due(served, SPRING_FESTIVAL) == DueDay(last)


@pytest.mark.parametrize(
    ("today", "allowed"), [(date(2026, 2, 27), False), (date(2026, 2, 28), True)]
)
def test_penalty_law_article_64_the_hearing_closes_after_the_fifth_working_day(
    today: date, allowed: bool
):
    assert may(Action.HEAR, State.NOTICE_SENT, replace(FACTS, today=today)).allowed is allowed


def test_penalty_law_article_44_no_notice_no_decision():
    silent = replace(FACTS, notice_served_on=None, today=date(2026, 6, 1))
    assert not may(Action.DECIDE, State.LEGAL_REVIEWED, silent)
    assert not may(Action.SEND_NOTICE, State.PROPOSED, replace(silent, notice_text=" "))
    assert may(Action.DECIDE, State.LEGAL_REVIEWED, replace(FACTS, today=date(2026, 6, 1)))


def test_penalty_law_article_45_a_defence_is_considered_first():
    said = replace(FACTS, today=date(2026, 6, 1), statement_on=date(2026, 2, 20))
    assert not may(Action.DECIDE, State.LEGAL_REVIEWED, said)
    assert may(Action.DECIDE, State.LEGAL_REVIEWED, replace(said, statement_considered=True))


def test_penalty_law_article_62_without_hearing_the_defence_no_decision():
    asked = replace(FACTS, today=date(2026, 6, 1), hearing_requested=True)
    assert not may(Action.DECIDE, State.LEGAL_REVIEWED, asked)
    held_on = date(2026, 3, 20)
    untold = replace(asked, hearing_held_on=held_on)
    assert not may(Action.DECIDE, State.LEGAL_REVIEWED, untold)
    told = replace(untold, hearing_announced=Announced(date(2026, 3, 2), held_on))
    assert may(Action.DECIDE, State.LEGAL_REVIEWED, told)


def test_penalty_law_article_64_item_2_a_holiday_that_is_added_later_undoes_no_hearing():
    told = Announced(date(2026, 3, 2), date(2026, 3, 11))
    held = {"hearing_requested": True, "hearing_held_on": told.set_for, "hearing_announced": told}
    later = {**SPRING_FESTIVAL, date(2026, 3, 4): False}
    facts = replace(FACTS, today=date(2026, 6, 1), calendar=later, **held)
    assert may(Action.DECIDE, State.LEGAL_REVIEWED, facts)
    assert not may(Action.HEAR, State.NOTICE_SENT, facts)  # not closed yet: the party is told again


@pytest.mark.parametrize(
    ("told", "first", "days"),
    [
        # Friday 13: the worked Saturday 14, then Tuesday 24 to the worked Saturday 28, Monday.
        (date(2026, 2, 13), date(2026, 3, 2), SPRING_FESTIVAL),
        (date(2026, 2, 24), date(2026, 3, 4), SPRING_FESTIVAL),
        # Monday 28: two days, the seven of the holiday, Thursday 8 to the worked Saturday, two more.
        (date(2026, 9, 28), date(2026, 10, 13), NATIONAL_DAY),
        (date(2026, 9, 30), date(2026, 10, 15), NATIONAL_DAY),
        (date(2026, 3, 2), date(2026, 3, 11), SPRING_FESTIVAL),  # ordinary weeks
    ],
)
def test_penalty_law_article_64_item_2_the_hearing_is_told_seven_working_days_before(
    told: date, first: date, days: dict[date, bool]
):
    assert earliest_hearing(told, days) == DueDay(first)
    at_last, too_soon = Announced(told, first), Announced(told, first - DAY)
    assert may_announce(at_last, told, days)
    assert may_hold(at_last, first, days)
    refused = may_announce(too_soon, told, days)
    assert (refused.allowed, refused.article) == (False, HEARING_NOTICE)
    assert "应提前7个工作日通知" in refused.reason
    assert not may_hold(too_soon, first - DAY, days)


def test_penalty_law_article_64_item_2_the_hearing_is_held_on_the_day_of_which_the_party_was_told():
    told = Announced(date(2026, 3, 2), date(2026, 3, 11))
    assert may_hold(None, told.set_for, SPRING_FESTIVAL).reason == (
        "听证的时间和地点还没有通知当事人"
    )
    for other in (told.set_for - DAY, told.set_for + DAY):
        assert "改期应重新通知" in may_hold(told, other, SPRING_FESTIVAL).reason
    assert not may_announce(told, None, SPRING_FESTIVAL)
    assert not may_announce(told, told.told_on + DAY, SPRING_FESTIVAL)  # before it was asked for
    heard = {"hearing_requested": True, "hearing_held_on": told.set_for, "today": told.set_for}
    for announced, allowed in ((told, True), (None, False)):
        facts = replace(FACTS, **heard, hearing_announced=announced)
        assert may(Action.HEAR, State.NOTICE_SENT, facts).allowed is allowed


def test_four_eyes_who_opened_does_not_decide():
    ruling = may(
        Action.DECIDE, State.LEGAL_REVIEWED, replace(FACTS, today=date(2026, 6, 1), actor="first")
    )
    assert (ruling.allowed, ruling.article) == (False, FOUR_EYES)


def test_penalty_law_article_61_service_within_seven_working_days():
    assert service_due(date(2026, 2, 13), SPRING_FESTIVAL) == DueDay(date(2026, 3, 2))
    assert service_due(date(2026, 3, 2), SPRING_FESTIVAL) == DueDay(date(2026, 3, 11))


def test_penalty_law_article_48_annulled_withdrawn_within_three_working_days():
    assert annulment_due(date(2026, 2, 13), SPRING_FESTIVAL) == DueDay(date(2026, 2, 25))
    assert annulment_due(date(2026, 3, 2), SPRING_FESTIVAL) == DueDay(date(2026, 3, 5))


def test_penalty_law_article_85_a_year_without_a_calendar_is_said():
    due = hearing_due(date(2026, 12, 30), SPRING_FESTIVAL)
    assert due == DueDay(date(2027, 1, 6), (2027,))


# -- 国办发〔2025〕22号, 信用修复管理办法, before it 国家发展改革委令第58号 ------------------------------------

SWITCH = date(2026, 4, 1)
DECIDED = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("severity", "repair_from", "ends_on"),
    [
        (Severity.MINOR, date(2026, 1, 31), date(2026, 4, 30)),
        (Severity.ORDINARY, date(2026, 4, 30), date(2027, 1, 31)),
        (Severity.SERIOUS, date(2027, 1, 31), date(2029, 1, 31)),
    ],
)
def test_repair_measures_three_classes_since_2026_04_01(
    severity: Severity, repair_from: date, ends_on: date
):
    found = window(DECIDED, severity, SWITCH)
    assert (found.repair_from, found.ends_on) == (repair_from, ends_on)
    assert found.normally_published is (severity is not Severity.MINOR)


@pytest.mark.parametrize("severity", Severity)
def test_order_58_one_class_until_2026_03_31(severity: Severity):
    eve = SWITCH - DAY
    safety = window(DECIDED, severity, eve)
    assert (safety.repair_from, safety.ends_on) == (date(2027, 1, 31), date(2029, 1, 31))
    assert window(DECIDED, severity, eve, safety=False).repair_from == date(2026, 4, 30)
    assert safety.normally_published


@pytest.mark.parametrize(
    ("today", "allowed"),
    [
        (date(2026, 4, 29), False),
        (date(2026, 4, 30), True),
        (date(2027, 1, 30), True),
        (date(2027, 1, 31), False),  # it has ended by itself
    ],
)
def test_repair_measures_an_ordinary_penalty_between_three_months_and_a_year(
    today: date, allowed: bool
):
    ruling = may_repair(DECIDED, Severity.ORDINARY, today, duties_performed=True)
    assert ruling.allowed is allowed


@pytest.mark.parametrize(
    ("today", "published"), [(date(2029, 1, 30), True), (date(2029, 1, 31), False)]
)
def test_repair_measures_publication_stops_by_itself(today: date, published: bool):
    assert still_published(DECIDED, Severity.SERIOUS, today).allowed is published


@pytest.mark.parametrize(
    ("kind", "given", "last"),
    [
        ("violation.warning", None, date(2026, 4, 29)),
        ("violation.fine", None, date(2027, 1, 30)),
        ("violation.large_fine", None, date(2029, 1, 30)),
        ("violation.fine", date(2026, 6, 1), date(2026, 6, 1)),
        ("violation.fine", date(2099, 1, 1), date(2027, 1, 30)),
    ],
)
def test_repair_measures_counted_from_the_document_and_never_longer(
    kind: str, given: date | None, last: date
):
    assert public_until(DECIDED, kind, given, RULES) == last


def test_repair_measures_also_for_the_removal_from_the_list():
    facts = RemovalFacts(
        colour="black", listed_on=THEN, today=date(2027, 2, 28), actor="first",
        conditions=frozenset(load_procedure().early),
    )  # fmt: skip
    assert not may_ask(Ground.EARLY, facts)
    assert may_ask(Ground.EARLY, replace(facts, today=date(2027, 3, 1)))


# -- The bureau's own table ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (date(2026, 7, 30), 1),
        (date(2026, 7, 31), 2 / 3),  # six months
        (date(2027, 1, 30), 2 / 3),
        (date(2027, 1, 31), 1 / 3),  # twelve
        (date(2028, 1, 30), 1 / 3),
        (date(2028, 1, 31), 0),  # twenty-four
        (date(2028, 2, 29), 0),
    ],
)
def test_own_table_a_penalty_fades_over_twenty_four_months(day: date, share: float):
    firms = pd.DataFrame({"enterprise": [1], "standardisation_level": [1]})
    columns = ["record", "enterprise", "kind", "happened_on"]
    records = pd.DataFrame([("r", 1, "violation.fine", DECIDED)], columns=columns)
    lines = score(firms, records, RULES, day).lines
    assert lines["decay"].tolist() == ([share] if share else [])


@pytest.mark.parametrize(
    ("points", "grade"), [(100, "A"), (85, "A"), (84.99, "B"), (70, "B"), (69.99, "C"), (50, "C"), (49.99, "D")]
)  # fmt: skip
def test_own_table_the_lowest_points_of_a_grade_are_inclusive(points: float, grade: str):
    assert grade_by_points(points, RULES).grade == grade


# -- GB 32100-2015 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("91110000600037341L", True),
        ("91320382MA1UUP3668", True),
        ("91110000600037341M", False),
        ("91320382MA1UUP3667", False),
    ],
)
def test_gb_32100_check_character(code: str, valid: bool):
    assert (read_uscc(code).kind is Kind.VALID) is valid


# -- What is checked, and what is not -----------------------------------------------------------------------


def test_every_figure_says_whether_its_text_was_checked():
    articles = {entry.article for entry in RULES.unconfirmed()}
    assert "国务院令第493号 第三条" not in articles
    assert "安监总办〔2017〕133号" not in articles
    assert "应急管理部令第11号" in articles


# -- 安全生产法 --------------------------------------------------------------------------------------------


def test_safety_law_article_78_a_penalty_is_public_within_seven_working_days():
    due = publication_due(date(2026, 2, 13), SPRING_FESTIVAL, RULES)
    assert due == DueDay(date(2026, 3, 2))
    assert publication_due(date(2026, 3, 2), SPRING_FESTIVAL, RULES) == DueDay(date(2026, 3, 11))


@pytest.mark.parametrize(
    ("gap", "met"),
    [
        (180, True),  # the 180th day after the first one
        (181, False),
    ],
)
def test_safety_law_article_113_three_penalties_within_180_days(gap: int, met: bool):
    days = [THEN, THEN + DAY, THEN + timedelta(days=gap)]
    today = days[-1]
    assert may_propose_closure(hazard=True, penalised_on=days, today=today).allowed is met
    assert not may_propose_closure(hazard=True, penalised_on=days[:2], today=today)
    assert not may_propose_closure(hazard=False, penalised_on=days, today=today)


@pytest.mark.parametrize(("last", "met"), [(date(2027, 2, 28), True), (date(2027, 3, 1), False)])
def test_safety_law_article_113_four_penalties_within_a_year(last: date, met: bool):
    days = [THEN, date(2026, 6, 1), date(2026, 12, 1), last]
    assert may_propose_closure(hazard=True, penalised_on=days, today=last).allowed is met


# -- 征信业管理条例, 安委办〔2015〕14号 -----------------------------------------------------------------------


def test_credit_reporting_regulation_article_25_an_answer_within_twenty_days():
    assert answer_due(date(2026, 2, 13)) == date(2026, 3, 5)
    assert answer_due(date(2026, 3, 1)) == date(2026, 3, 21)


def test_circular_14_listed_again_for_three_years():
    again = repeat_rule(date(2026, 3, 1), former_end=date(2026, 2, 1))
    assert (again.months, again.article[:9]) == (36, "安委办〔2015〕")


def test_circular_14_an_inspection_each_half_year_and_a_talk_each_year():
    measures = {rule.code: (rule.name, rule.article) for rule in measures_of("black")}
    told = [name for name, article in measures.values() if article.startswith("安委办〔2015〕14号")]
    assert told == ["加强监管：每半年至少检查一次", "每年至少约谈一次主要负责人"]
