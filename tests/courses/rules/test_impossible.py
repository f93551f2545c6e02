"""What looks impossible, and what honest learners do: the rules ask, they judge nobody."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from courses.rules import impossible
from courses.rules.impossible import (
    LABELS,
    Clash,
    DayTotal,
    DeviceUse,
    Finding,
    Kind,
    Marks,
    Reading,
    Sitting,
)

DAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


def sitting(person: int, lesson: int, *, late: float = 0) -> Sitting:
    begin = NOON + timedelta(hours=lesson, seconds=late)
    return Sitting(person, 1, f"第{lesson}课", begin, begin + timedelta(minutes=30))


def full(people: int, points: int = 100) -> Marks:
    return Marks(
        3, "结业考试", 1, 5, "甲厂（虚构）", DAY, tuple((n, points) for n in range(people))
    )


def fast(person: int, lesson: int, minutes: float = 1) -> Reading:
    return Reading(person, 1, f"第{lesson}课", 3000, minutes, DAY)


def work(minutes: int, source: str = "work") -> Clash:
    return Clash(7, source, 1, "三号车间", NOON, NOON + timedelta(hours=8), minutes)


FAKES: dict[str, tuple[Callable[[Any], Any], list[Any], tuple[int, ...]]] = {
    "nine hours in a day": (impossible.long_days, [DayTotal(7, DAY, 540)], (7,)),
    "study at work": (impossible.elsewhere, [work(30)], (7,)),
    "study in an exam": (impossible.elsewhere, [work(5, "exam")], (7,)),
    "a class to the second": (
        impossible.same_times,
        [sitting(person, lesson) for person in range(1, 6) for lesson in (1, 2)],
        (1, 2, 3, 4, 5),
    ),
    "six with full marks": (impossible.all_full, [full(6)], (0, 1, 2, 3, 4, 5)),
    "a phone for five": (impossible.one_device, [DeviceUse("ab" * 32, DAY, (5, 4, 3, 2, 1))], (1, 2, 3, 4, 5)),
    "3000 characters a minute": (impossible.too_fast, [fast(7, 1), fast(7, 2)], (7,)),
}  # fmt: skip
HONEST: dict[str, tuple[Callable[[Any], Any], list[Any]]] = {
    "eight hours": (impossible.long_days, [DayTotal(7, DAY, 480)]),
    "study in the lunch break": (impossible.elsewhere, [work(29)]),
    "the hand-in overlaps a beat": (impossible.elsewhere, [work(4, "exam")]),
    "a class that begins together": (
        impossible.same_times,
        [
            sitting(person, lesson, late=1.7 * person)
            for person in range(1, 30)
            for lesson in (1, 2)
        ],
    ),
    "one lesson by chance": (impossible.same_times, [sitting(n, 1) for n in range(1, 6)]),
    "four friends": (
        impossible.same_times,
        [sitting(person, lesson) for person in range(1, 5) for lesson in (1, 2)],
    ),
    "five with full marks": (impossible.all_full, [full(5)]),
    "one of them has 98": (
        impossible.all_full,
        [Marks(3, "x", 1, 5, "甲", DAY, ((9, 98), *full(9).points))],
    ),
    "a family's phone": (impossible.one_device, [DeviceUse("ab" * 32, DAY, (1, 2, 3, 4))]),
    "a quick reader": (impossible.too_fast, [fast(7, 1, 2.5), fast(7, 2, 2.5)]),
    "one lesson that was known": (impossible.too_fast, [fast(7, 1)]),
}


@pytest.mark.parametrize("name", FAKES)
def test_a_fake_is_found_with_its_people(name: str):
    rule, rows, people = FAKES[name]
    (found,) = rule(rows)
    assert found.people == people


@pytest.mark.parametrize("name", HONEST)
def test_what_honest_learners_do_is_not(name: str):
    rule, rows = HONEST[name]
    assert list(rule(rows)) == []


@pytest.mark.parametrize("name", FAKES)
def test_every_finding_says_in_words_what_was_seen_and_what_else_it_could_be(name: str):
    rule, rows, _ = FAKES[name]
    found: Finding
    (found,) = rule(rows)
    assert "可能" in found.explanation
    assert found.evidence
    assert found.article
    assert len(found.key) <= 80
    assert not {"作弊", "处罚", "违法"} & set(found.explanation)
    assert next(iter(rule(rows))).key == found.key


def test_an_explanation_in_full():
    (found,) = impossible.all_full([full(6)])
    assert found.explanation == (
        "2026年11月24日甲厂（虚构） 6 人考《结业考试》，第一次就全部 100 分。"
        "可能是漏题或者替考，也可能真的学得好，可以抽几个人当面再考。"
    )


def test_every_kind_has_a_name_and_every_figure_an_article():
    assert set(LABELS) == set(Kind)
    assert all(one.article and one.name for one in impossible.thresholds().values())


def test_long_evidence_is_cut():
    (found,) = impossible.too_fast([fast(7, n) for n in range(40)])
    assert (len(found.evidence), found.evidence[-1]) == (31, "还有 10 条")
