"""Marking: points for each answer, the sum, and whether it passes. Pure; figures come as data."""

from collections.abc import Iterable
from dataclasses import dataclass

from courses.rules.questions import MULTIPLE


@dataclass(frozen=True, slots=True)
class Marked:
    """One question of a paper with what was ``chosen`` and what is ``right`` (places of options)."""

    kind: str
    points: int
    right: frozenset[int]
    chosen: frozenset[int]


@dataclass(frozen=True, slots=True)
class Result:
    """The sum of an attempt and whether it reaches the pass mark."""

    points: int
    passed: bool


def points_for(answer: Marked, *, incomplete_multiple: int = 0) -> int:
    """Whole points for one answer; nothing chosen is nothing earned.

    Full points only if exactly right. A multiple question with some right options and no wrong
    one earns ``incomplete_multiple`` percent, rounded down: the bureau's figure, 0 as shipped.
    """
    if answer.chosen == answer.right:
        return answer.points
    if answer.kind == MULTIPLE and answer.chosen and answer.chosen < answer.right:
        return answer.points * incomplete_multiple // 100
    return 0


def mark(paper: Iterable[Marked], *, pass_mark: int, incomplete_multiple: int = 0) -> Result:
    """The result of a whole paper; the pass mark itself passes.

    Source: 安全生产资格考试与证书管理暂行办法 (安监总培训〔2013〕104号): 100 points, 80 pass.
    """
    total = sum(points_for(answer, incomplete_multiple=incomplete_multiple) for answer in paper)
    return Result(points=total, passed=total >= pass_mark)
