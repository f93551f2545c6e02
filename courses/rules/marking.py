"""Marking: points for each answer, the sum, and whether it passes. Pure; figures come as data."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from courses.rules.bodies import Area, area_of, number_of, same_words
from courses.rules.papers import answered
from courses.rules.questions import (
    CASE,
    FILL,
    HOTSPOT,
    MATCHING,
    MULTIPLE,
    NUMERIC,
    ORDERING,
    SHORT,
)

NOTHING: Final = Fraction(0)
WHOLE: Final = Fraction(1)


@dataclass(frozen=True, slots=True)
class Marked:
    """One question of a paper: what was ``chosen`` and what is ``right``, in the shapes of ``papers``.

    ``by_hand`` are the points that a marker gave, for kinds that no machine marks.
    """

    kind: str
    points: int
    right: Any
    chosen: Any
    by_hand: int | None = None

    @property
    def waits(self) -> bool:
        """Whether a marker still has to read it: what nobody wrote needs no reading."""
        return self.kind == SHORT and self.by_hand is None and answered(self.kind, self.chosen)


@dataclass(frozen=True, slots=True)
class Result:
    """The sum of an attempt and whether it reaches the pass mark."""

    points: int
    passed: bool


def points_for(answer: Marked, *, incomplete_multiple: int = 0, by_part: int = 100) -> int:
    """Whole points for one answer; nothing given is nothing earned.

    Full points only if exactly right. A multiple question with some right options and no wrong
    one earns ``incomplete_multiple`` percent, rounded down. Where an answer has several places
    (blanks, steps, pairs, hazards, questions of a case) those that are right earn their share,
    times ``by_part`` percent. Both are the bureau's figures.
    """
    if answer.kind == SHORT:
        return min(max(answer.by_hand or 0, 0), answer.points)
    share = share_of(answer.kind, answer.right, answer.chosen, incomplete_multiple, by_part)
    return int(answer.points * share)


def mark(
    paper: Iterable[Marked], *, pass_mark: int, incomplete_multiple: int = 0, by_part: int = 100
) -> Result:
    """The result of a whole paper; the pass mark itself passes.

    Source: 安全生产资格考试与证书管理暂行办法 (安监总培训〔2013〕104号): 100 points, 80 pass.
    """
    figures = {"incomplete_multiple": incomplete_multiple, "by_part": by_part}
    total = sum(points_for(answer, **figures) for answer in paper)
    return Result(points=total, passed=total >= pass_mark)


def share_of(
    kind: str, right: Any, chosen: Any, incomplete_multiple: int = 0, by_part: int = 100
) -> Fraction:
    """The earned share of a question's points, 0 to 1; 1 only if everything is right."""
    if not chosen:
        return NOTHING
    if kind == CASE:
        shares = [
            share_of(part["kind"], part["right"], answer, incomplete_multiple, by_part)
            for part, answer in zip(right, chosen, strict=True)
        ]
        return _partly(sum(shares, NOTHING) / len(shares), by_part)
    if kind in _COUNTERS:
        return _partly(_COUNTERS[kind](right, chosen), by_part)
    ticked, wanted = set(chosen), set(right)
    if ticked == wanted:
        return WHOLE
    incomplete = kind == MULTIPLE and ticked < wanted
    return Fraction(incomplete_multiple, 100) if incomplete else NOTHING


def _partly(share: Fraction, by_part: int) -> Fraction:
    return WHOLE if share == WHOLE else share * by_part / 100


def _filled(right: Sequence[Sequence[str]], chosen: Sequence[str]) -> Fraction:
    hits = sum(
        same_words(text) in {same_words(accepted) for accepted in texts}
        for texts, text in zip(right, chosen, strict=True)
    )
    return Fraction(hits, len(right))


def _counted(right: Mapping[str, str], chosen: Sequence[str]) -> Fraction:
    number = number_of(chosen[0])
    if number is None:
        return NOTHING
    near = abs(number - Decimal(right["value"])) <= Decimal(right["tolerance"])
    return WHOLE if near else NOTHING


def _ordered(right: Sequence[int], chosen: Sequence[int]) -> Fraction:
    """Steps at their own number; a number given twice counts for none of them."""
    given = list(chosen)
    hits = sum(a == b and given.count(b) == 1 for a, b in zip(right, given, strict=True))
    return Fraction(hits, len(right))


def _matched(right: Sequence[int], chosen: Sequence[int]) -> Fraction:
    return Fraction(sum(a == b for a, b in zip(right, chosen, strict=True)), len(right))


def _found(right: Sequence[Mapping[str, Any]], chosen: Sequence[Sequence[int]]) -> Fraction:
    """Areas with a point of their own: two points in one area find it once."""
    areas = [area_of(area) for area in right]
    owner: dict[int, int] = {}
    hits = sum(_gives(point, areas, chosen, owner, set()) for point in range(len(chosen)))
    return Fraction(hits, len(areas))


def _gives(
    point: int,
    areas: Sequence[Area],
    points: Sequence[Sequence[int]],
    owner: dict[int, int],
    tried: set[int],
) -> bool:
    """Whether ``point`` gets an area, moving others to areas that also hold them."""
    for number, area in enumerate(areas):
        if number in tried or not area.holds(*points[point]):
            continue
        tried.add(number)
        if number not in owner or _gives(owner[number], areas, points, owner, tried):
            owner[number] = point
            return True
    return False


_COUNTERS: Final[Mapping[str, Callable[[Any, Any], Fraction]]] = {
    FILL: _filled,
    NUMERIC: _counted,
    ORDERING: _ordered,
    MATCHING: _matched,
    HOTSPOT: _found,
}
