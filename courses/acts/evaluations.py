"""Learners evaluate a class: once each, and nobody can tell who said what. Results are shown after the closing.

That somebody evaluated, and what was said, are two rows that nothing joins: the second has a random key and no time.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from courses.acts.class_reach import refuse, require_open
from courses.models import ClassClosing, ClassMember, ClassSign, Evaluation, EvaluationGiven
from courses.rules import classes as rules
from credit.rules.masking import mask_numbers


@dataclass(frozen=True, slots=True)
class Results:
    """What a class was told: ``people`` answered; marks on average with a tenth; words in random order.

    ``shown`` False: not closed yet, or so few that one could be guessed; then there is nothing else.
    """

    people: int
    shown: bool
    marks: tuple[tuple[str, float], ...] = ()
    words: tuple[str, ...] = ()


def may_evaluate(member: ClassMember) -> bool:
    """Once, by who was there, until the class is closed."""
    return (
        ClassSign.objects.filter(member=member, way=rules.OUT).exists()
        and not EvaluationGiven.objects.filter(member=member).exists()
        and not ClassClosing.objects.filter(training_class=member.training_class_id).exists()
    )


@transaction.atomic
def evaluate(member: ClassMember, *, marks: Mapping[str, int], words: str = "") -> None:
    """Keep what a learner thinks. Raises RefusedError."""
    require_open(member.training_class)
    if not may_evaluate(member):
        raise refuse("上完课（签退后）才能评价，每人评一次")
    asked = {question.code for question in rules.questions()}
    if set(marks) != asked or not all(mark in rules.MARKS for mark in marks.values()):
        raise refuse("请给每个问题都选一个答案")
    EvaluationGiven.objects.create(member=member)
    Evaluation.objects.create(
        id=UUID(bytes=secrets.token_bytes(16)),
        training_class_id=member.training_class_id,
        marks={code: marks[code] for code in sorted(asked)},
        words=words.strip()[:300],
    )


def results(training_class: Any) -> Results:
    """What may be read of a class's evaluation: two queries."""
    rows = list(Evaluation.objects.filter(training_class=training_class))
    closed = ClassClosing.objects.filter(training_class=training_class).exists()
    if not closed or len(rows) < rules.amount("few"):
        return Results(len(rows), shown=False)
    means = [
        (one.text, round(sum(row.marks.get(one.code, 0) for row in rows) / len(rows), 1))
        for one in rules.questions()
    ]
    words = sorted(mask_numbers(row.words) for row in rows if row.words)
    return Results(len(rows), True, tuple(means), tuple(words))
