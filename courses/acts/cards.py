"""A person's cards: what was answered in practice and in exams moves questions between boxes.

Two queries for the hundred questions of a paper.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from courses.models import PracticeCard
from courses.rules.exams import figures_in_force
from courses.rules.practice import Standing, after

_CHANGING = ["box", "due_on", "streak", "right", "wrong", "in_book", "changed_at"]


def note(person_id: int, answers: Mapping[int, bool], *, today: date) -> None:
    """``answers`` tells for each question (by key) whether it was right."""
    if not answers:
        return
    own = PracticeCard.objects.filter(person=person_id, question__in=answers)
    there = {card.question_id: card for card in own}
    figures = figures_in_force(today)
    rows = []
    for question, right in answers.items():
        found = after(_standing(there.get(question)), right=right, today=today, figures=figures)
        to = found.standing
        rows.append(
            PracticeCard(
                person_id=person_id,
                question_id=question,
                box=to.box,
                due_on=found.due_on,
                streak=to.streak,
                right=to.right,
                wrong=to.wrong,
                in_book=to.in_book,
            )
        )
    PracticeCard.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person", "question"],
        update_fields=_CHANGING,
    )


def _standing(card: Any) -> Standing:
    if card is None:
        return Standing()
    return Standing(card.box, card.streak, card.right, card.wrong, card.in_book)
