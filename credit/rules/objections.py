"""Objections (异议) to a single line: until when they are answered, by whom, and what is counted in public.

Source: 征信业管理条例 第二十五条: the line is marked as disputed at once, checked and answered in writing
within 20 days. That another officer answers is the bureau's four eyes.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

from credit.rules.cases import FOUR_EYES
from credit.rules.ruleset import Ruleset, load_ruleset
from credit.rules.ruling import Ruling

FEWEST: Final = (
    5  # fewer answered objections of a year are not broken down: they would point at one firm
)


def answer_due(raised_on: date, ruleset: Ruleset | None = None) -> date:
    """The last day for the written answer: 20 days from receipt. Source: 征信业管理条例 第二十五条."""
    term = (ruleset or load_ruleset()).terms["objection.answer"]
    return raised_on + timedelta(days=term.amount)


def may_answer(
    actor: Hashable, made_by: frozenset[Hashable], assigned_to: Hashable | None
) -> Ruling:
    """Whether ``actor`` may answer: none of those who recorded or decided the line, and the one in charge."""
    if actor in made_by:
        reason = "这一条是您登记或决定的，应由另一名人员答复异议"
        return Ruling(False, reason, FOUR_EYES)
    if assigned_to is not None and actor != assigned_to:
        return Ruling(False, "这件异议已交给另一名人员办理", FOUR_EYES)
    return Ruling(True, "可以答复", FOUR_EYES)


@dataclass(frozen=True, slots=True)
class Year:
    """What a year's objections came to; ``days`` and ``overturned`` are None where too few were answered."""

    year: int
    raised: int
    answered: int
    days: float | None
    overturned: float | None


def year_of(year: int, raised: int, days: list[int], upheld: int) -> Year:
    """The figures of one year: ``days`` to each answer, ``upheld`` of them in the enterprise's favour."""
    if len(days) < FEWEST:
        return Year(year, raised, len(days), None, None)
    return Year(year, raised, len(days), float(median(days)), upheld / len(days))
