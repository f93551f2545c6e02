"""Rules of contests: who may play, what looks like a script, lots that anybody can repeat."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.rules.contests import (
    Timed,
    characters_of,
    contest_figures,
    digest_of,
    doubts,
    may_play,
    printed_tickets,
    seed_fault,
    winners,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR = timedelta(hours=1)
FIGURES = contest_figures(date(2026, 11, 24))


def play(**changed: object) -> tuple[bool, str]:
    terms = {
        "opens_at": NOON - HOUR, "closes_at": NOON + HOUR, "taken": 1, "allowed": 3, "admitted": True,
        "now": NOON,
    }  # fmt: skip
    ruling = may_play(**(terms | changed))  # type: ignore[arg-type]
    return ruling.allowed, ruling.reason


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, (True, "第 2 次，共 3 次机会")),
        ({"opens_at": NOON}, (True, "第 2 次，共 3 次机会")),
        ({"opens_at": NOON + HOUR}, (False, "11月24日13:00开始，还没到时间")),
        ({"closes_at": NOON}, (False, "11月24日12:00已经结束")),
        ({"admitted": False}, (False, "这一轮只有上一轮晋级的人可以参加")),
        ({"taken": 3}, (False, "3 次机会已经用完，按最好的一次算")),
    ],
)
def test_who_may_play(changed: dict[str, object], told: tuple[bool, str]):
    assert play(**changed) == told


def test_an_honest_player_is_not_doubted():
    times = [4200, 9100, 3300, 15000, 6100, 2800]
    assert doubts([Timed(60, time) for time in times], FIGURES) == []


def test_faster_than_anybody_reads_is_doubted():
    answers = [Timed(100, 900 + 400 * at) for at in range(6)] + [Timed(100, 9000)]
    assert doubts(answers, FIGURES) == ["7 道题里有 6 道答得比读得还快（一秒钟最多读 25 字）"]


def test_always_the_same_time_is_doubted():
    answers = [Timed(20, 5000 + at) for at in range(8)]
    assert doubts(answers, FIGURES) == ["8 道题用的时间几乎一样，相差不到 120 毫秒"]


def test_of_a_few_answers_nothing_is_said():
    assert doubts([Timed(100, 1)] * 4, FIGURES) == []


@given(st.lists(st.integers(2000, 30000), min_size=5, max_size=30, unique_by=lambda t: t // 500))
def test_whoever_takes_their_time_is_never_doubted(times: list[int]):
    assert doubts([Timed(50, time) for time in times], FIGURES) == []


def test_a_case_is_read_with_its_parts():
    part = {"stem": "四个字呢", "options": ["甲", "乙"]}
    assert characters_of({"stem": "案例", "options": [], "parts": [part, part]}) == 2 + 2 * 6
    assert characters_of({"stem": "连", "options": ["右"], "lefts": ["左边"]}) == 4


def test_a_draw_is_what_its_page_says():
    digest = sha256("1,李*\n2,王**\n3,张*\n".encode()).hexdigest()
    assert digest_of(printed_tickets([(1, "李*"), (2, "王**"), (3, "张*")])) == digest
    lots = {n: sha256(f"3456.78|{digest}|{n}".encode()).hexdigest() for n in (1, 2, 3)}
    assert winners("3456.78", digest, 3, 2) == sorted(lots, key=lambda n: lots[n])[:2]


@given(st.text(max_size=20), st.integers(1, 60), st.integers(0, 70))
def test_nobody_wins_twice_and_all_places_are_given(seed: str, tickets: int, places: int):
    won = winners(seed, "d" * 64, tickets, places)
    assert len(won) == len(set(won)) == min(tickets, places)
    assert set(won) <= set(range(1, tickets + 1))
    assert winners(seed, "d" * 64, tickets, places) == won


@pytest.mark.parametrize(
    ("seed", "fault"),
    [
        ("3456.78", ""),
        (" ", "请填写公开的种子"),
        ("1|2", "种子最多 200 个字，不能有换行和“|”"),
        ("x" * 201, "种子最多 200 个字，不能有换行和“|”"),
    ],
)
def test_a_seed_is_one_line(seed: str, fault: str):
    assert seed_fault(seed) == fault
