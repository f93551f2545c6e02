"""Points and vetoes make a grade."""

import pytest

from credit.rules.grading import final_grade, grade_by_points, worse
from credit.rules.ruleset import load_ruleset

RULESET = load_ruleset()


@pytest.mark.parametrize(
    ("points", "grade"),
    [
        (100, "A"),
        (85, "A"),
        (84.99, "B"),
        (70, "B"),
        (69.99, "C"),
        (50, "C"),
        (49.99, "D"),
        (0, "D"),
    ],
)
def test_bounds_are_inclusive(points, grade):
    assert grade_by_points(points, RULESET).grade == grade


@pytest.mark.parametrize("points", [-0.01, 100.01])
def test_points_outside_the_range_are_refused(points):
    with pytest.raises(ValueError, match="outside 0 to 100"):
        grade_by_points(points, RULESET)


def test_a_veto_only_makes_it_worse():
    veto = {veto.code: veto for veto in RULESET.vetoes}
    assert final_grade(90, [], RULESET) == "A"
    assert final_grade(90, [veto["general_accident"]], RULESET) == "C"
    assert final_grade(90, [veto["general_accident"], veto["supervised_hazard"]], RULESET) == "D"
    assert final_grade(10, [veto["two_penalties"]], RULESET) == "D"


def test_grades_compare():
    assert [worse("A", "D"), worse("C", "B"), worse("A", "A")] == ["D", "C", "A"]
