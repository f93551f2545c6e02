"""On a paper nothing of the answer is shown, every answer has one shape, and marks keep their bounds."""

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.rules.marking import Marked, points_for
from courses.rules.papers import AnswerError, answered, cleaned, complete, frozen
from tests.courses.item_kit import SOUND, right_answer, steady

anything: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 500) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=8,
)
kinds = st.sampled_from(sorted(SOUND))


def paper_of(kind: str, seed: int = 0) -> Any:
    item, chance = SOUND[kind], random.Random(seed)
    return frozen(item, list(range(len(item.options))), chance)


@steady
@given(kinds, st.integers(0, 50))
def test_the_right_answer_earns_everything_whatever_the_shuffle(kind: str, seed: int):
    kept = json.loads(json.dumps([paper_of(kind, seed).shown, paper_of(kind, seed).sealed]))
    answer = cleaned(kept[0], right_answer(kept[0], kept[1]["right"]))
    assert answered(kind, answer)
    assert complete(kept[0], answer)
    by_hand = 10 if kind == "short" else None
    assert points_for(Marked(kind, 10, kept[1]["right"], answer, by_hand), by_part=0) == 10


@steady
@given(kinds, st.integers(0, 20), anything, st.integers(0, 100), st.integers(0, 100))
def test_any_answer_is_refused_or_earns_within_bounds(
    kind: str, seed: int, chosen: Any, incomplete: int, by_part: int
):
    kept = paper_of(kind, seed)
    try:
        answer = cleaned(kept.shown, chosen)
    except AnswerError:
        return
    assert cleaned(kept.shown, answer) == answer  # one shape
    points = points_for(
        Marked(kind, 7, kept.sealed["right"], answer),
        incomplete_multiple=incomplete,
        by_part=by_part,
    )
    assert 0 <= points <= 7


@pytest.mark.parametrize("kind", SOUND)
def test_nothing_of_the_answer_is_shown(kind: str):
    shown = paper_of(kind).shown
    told = json.dumps(shown, ensure_ascii=False)
    secrets = {"fill": "通风", "numeric": "19.5", "hotspot": "没戴帽", "short": "缺氧"}
    assert secrets.get(kind, "right") not in told
    assert "right" not in told
    assert "accepted" not in told


@pytest.mark.parametrize(
    ("kind", "chosen", "points"),
    [
        ("fill", ["通风", "监护"], 5),
        ("fill", ["先通风。", "检 测"], 10),
        ("numeric", ["１９.６"], 10),
        ("numeric", ["19.61"], 0),
        ("numeric", ["不知道"], 0),
        ("hotspot", [[50, 50], [60, 60]], 5),
        ("hotspot", [[399, 299]], 0),
        ("hotspot", [[200, 111], [90, 90]], 10),
        ("short", ["不知道"], 0),
    ],
)
def test_parts_earn_their_share(kind: str, chosen: list[Any], points: int):
    kept = paper_of(kind)
    assert points_for(Marked(kind, 10, kept.sealed["right"], chosen)) == points


def test_a_number_given_to_two_steps_counts_for_neither():
    assert points_for(Marked("ordering", 8, [0, 1, 2, 3], [0, 0, 2, 3])) == 4
    assert points_for(Marked("ordering", 8, [0, 1, 2, 3], [0, 0, 0, 0])) == 0


def test_a_part_earns_by_the_bureau_s_figure():
    assert points_for(Marked("matching", 10, [0, 1], [0, 0]), by_part=0) == 0
    assert points_for(Marked("matching", 10, [0, 1], [0, 0]), by_part=50) == 2


def test_a_case_is_the_mean_of_its_parts():
    kept = paper_of("case")
    answer = right_answer(kept.shown, kept.sealed["right"])
    answer[0] = []
    assert points_for(Marked("case", 9, kept.sealed["right"], answer)) == 6


def test_overlapping_hazards_are_found_by_points_in_any_order():
    right = [
        {"shape": "rect", "numbers": [0, 0, 100, 100], "name": ""},
        {"shape": "rect", "numbers": [50, 50, 60, 60], "name": ""},
    ]
    for points in ([[55, 55], [5, 5]], [[5, 5], [55, 55]], [[55, 55], [55, 55]]):
        assert points_for(Marked("hotspot", 10, right, points)) == 10


@pytest.mark.parametrize(
    ("kind", "chosen", "told"),
    [
        ("single", "A", "的答案格式不对"),
        ("single", [True], "的答案格式不对"),
        ("fill", ["一"], "的答案个数不对"),
        ("fill", ["字" * 101, ""], "的答案太长，最多 100 个字"),
        ("ordering", [0, 1, 2, 4], "没有这个选项"),
        ("matching", [0], "的答案个数不对"),
        ("hotspot", [[1, 1], [2, 2], [3, 3]], "最多点 2 处"),
        ("hotspot", [[401, 1]], "点到图片外面了"),
        ("hotspot", [[1]], "的答案格式不对"),
        ("case", [[0]], "的答案个数不对"),
        ("short", ["字" * 3001], "的答案太长，最多 3000 个字"),
    ],
)
def test_an_impossible_answer_is_told(kind: str, chosen: Any, told: str):
    with pytest.raises(AnswerError, match=told):
        cleaned(paper_of(kind).shown, chosen)


@pytest.mark.parametrize(
    ("kind", "chosen"),
    [
        ("fill", ["", " "]),
        ("ordering", [-1] * 4),
        ("case", [[], ["", ""], [-1] * 4]),
        ("short", [""]),
    ],
)
def test_an_answer_that_says_nothing_is_empty(kind: str, chosen: list[Any]):
    assert cleaned(paper_of(kind).shown, chosen) == []


def test_a_half_answered_question_is_told_before_the_hand_in():
    assert not complete(paper_of("fill").shown, ["通风", ""])
    assert not complete(paper_of("hotspot").shown, [[1, 1]])


def test_an_essay_waits_for_its_marker():
    waiting = Marked("short", 10, "答", ["写了"])
    assert (waiting.waits, points_for(waiting)) == (True, 0)
    assert not Marked("short", 10, "答", []).waits
    done = Marked("short", 10, "答", ["写了"], by_hand=7)
    assert (done.waits, points_for(done)) == (False, 7)
