"""Grades for classified supervision (分类监管): A the best, D the worst.

The bulk path in ``credit/scoring.py`` uses the same bounds and vetoes of the rule-set; this
file answers for one enterprise why its points mean a grade.
"""

from collections.abc import Iterable

from credit.rules.ruleset import GRADES, Bound, Ruleset, Veto


def grade_by_points(points: float, ruleset: Ruleset) -> Bound:
    """The first bound, from A down, whose lowest points are reached (inclusive).

    Raises ValueError when the points are outside the rule-set's range.
    """
    if not ruleset.lowest <= points <= ruleset.highest:
        raise ValueError(f"{points} is outside {ruleset.lowest} to {ruleset.highest}")
    return next(bound for bound in ruleset.bounds if points >= bound.lowest)


def worse(one: str, other: str) -> str:
    """The worse of two grades. Raises ValueError for anything but A, B, C, D."""
    return max(one, other, key=GRADES.index)


def final_grade(points: float, vetoes: Iterable[Veto], ruleset: Ruleset) -> str:
    """The grade after vetoes: none makes it better, the strictest decides."""
    grade = grade_by_points(points, ruleset).grade
    for veto in vetoes:
        grade = worse(grade, veto.grade)
    return grade
