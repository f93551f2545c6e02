"""Marks: exactly right or nothing, unless the bureau's figures say otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.rules.marking import Marked, Result, mark, points_for

places = st.frozensets(st.integers(0, 7))


def answer(kind: str, right: set[int], chosen: set[int], points: int = 5) -> Marked:
    return Marked(kind, points, frozenset(right), frozenset(chosen))


@pytest.mark.parametrize(
    ("kind", "right", "chosen", "points"),
    [
        ("single", {1}, {1}, 5),
        ("single", {1}, {2}, 0),
        ("single", {1}, set(), 0),
        ("true_false", {0}, {0}, 5),
        ("multiple", {0, 2}, {0, 2}, 5),
        ("multiple", {0, 2}, {0}, 0),
        ("multiple", {0, 2}, {0, 1, 2}, 0),
        ("multiple", {0, 2}, set(), 0),
    ],
)
def test_full_points_only_if_exactly_right(kind, right, chosen, points):
    assert points_for(answer(kind, right, chosen)) == points


@pytest.mark.parametrize(("chosen", "points"), [({0}, 2), ({0, 1}, 0), (set(), 0), ({0, 2, 3}, 5)])
def test_an_incomplete_multiple_earns_the_share_of_the_figures(chosen, points):
    given_answer = answer("multiple", {0, 2, 3}, chosen)
    assert points_for(given_answer, incomplete_multiple=50) == points


@given(st.sampled_from(["single", "multiple", "true_false"]), places, places, st.integers(0, 100))
def test_points_never_leave_their_bounds(kind, right, chosen, share):
    assert 0 <= points_for(Marked(kind, 5, right, chosen), incomplete_multiple=share) <= 5


@pytest.mark.parametrize(("wrong", "result"), [(4, Result(80, True)), (5, Result(75, False))])
def test_the_pass_mark_itself_passes(wrong, result):
    paper = [answer("single", {0}, {1} if number < wrong else {0}) for number in range(20)]
    assert mark(paper, pass_mark=80) == result
