"""Spaced repetition by boxes (Leitner): each right answer moves a question on, a wrong one back to the first box.

The days between are figures ``practice.box.N`` in ``courses/rulesets/exams-*.toml``. Everything here is for learning:
nothing of it counts as an exam or as study time.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from courses.rules.exams import Figures

BOX: Final = "practice.box."


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands with a question: its box (from 1), right answers in a row, and in all; 错题本 or not."""

    box: int = 1
    streak: int = 0
    right: int = 0
    wrong: int = 0
    in_book: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """The standing after an answer, and the day when the question comes again."""

    standing: Standing
    due_on: date


def boxes(figures: Figures) -> list[int]:
    """The days of each box, first box first."""
    codes = sorted(code for code in figures.figures if code.startswith(BOX))
    return [figures.amount(code) for code in codes]


def after(standing: Standing, *, right: bool, today: date, figures: Figures) -> Next:
    """What an answer of ``today`` changes. A mistake leaves the book after ``practice.clear`` right ones in a row."""
    days = boxes(figures)
    if not right:
        fresh = Standing(1, 0, standing.right, standing.wrong + 1, in_book=True)
        return Next(fresh, today + timedelta(days=days[0]))
    streak = standing.streak + 1
    box = min(standing.box + 1, len(days))
    still = standing.in_book and streak < figures.amount("practice.clear")
    moved = Standing(box, streak, standing.right + 1, standing.wrong, in_book=still)
    return Next(moved, today + timedelta(days=days[box - 1]))


def of_the_day(keys: Sequence[int], *, person: int, day: date) -> int:
    """The question of a day for a person: the same all day, another for others. Raises ValueError without any."""
    if not keys:
        raise ValueError("no questions")
    digest = hashlib.sha256(f"{day.isoformat()}:{person}".encode()).digest()
    return sorted(keys)[int.from_bytes(digest[:8]) % len(keys)]
