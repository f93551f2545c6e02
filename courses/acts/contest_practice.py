"""Practise for a knowledge contest: so many questions a day, each explained at once."""

import random
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.acts.contests import pool, shares
from courses.acts.exams import BadAnswerError
from courses.models import ContestPractice, Entrant, Question
from courses.rules.marking import Marked, points_for
from courses.rules.papers import AnswerError, Frozen, cleaned, laid


@transaction.atomic
def question_of_today(entrant: Entrant, *, now: datetime) -> ContestPractice | None:
    """The question that waits, or a new one while the day's quota lasts; None when it is used up."""
    Entrant.objects.select_for_update(of=("self",)).get(pk=entrant.pk)
    today = timezone.localdate(now)
    own = ContestPractice.objects.filter(entrant=entrant, day=today)
    if waiting := own.filter(chosen__isnull=True).select_related("question").first():
        return waiting
    used = own.count()
    if used >= entrant.contest.practice_a_day:
        return None
    seed = secrets.randbits(63)
    keys = list(pool(entrant.contest).values_list("pk", flat=True))
    seen = set(own.values_list("question", flat=True))
    fresh = [key for key in keys if key not in seen] or keys
    if not fresh:
        return None
    picked = random.Random(seed).choice(fresh)  # noqa: S311  # nobody is examined here
    return ContestPractice.objects.create(
        entrant=entrant, day=today, number=used + 1, question_id=picked, seed=seed
    )


def practised(one: ContestPractice) -> Frozen:
    """The question as it lies before the learner: the same each time."""
    question = Question.objects.whole().get(pk=one.question_id)
    return laid(question.item(), random.Random(one.seed))  # noqa: S311  # the same


@transaction.atomic
def answer(one: ContestPractice, *, chosen: Sequence[Any], now: datetime) -> bool:
    """Keep the answer, once; tells whether it is right. Raises BadAnswerError."""
    locked = ContestPractice.objects.select_for_update().get(pk=one.pk)
    if locked.chosen is not None:
        return bool(locked.right)
    kept = practised(locked)
    try:
        found = cleaned(kept.shown, chosen)
    except AnswerError as fault:
        raise BadAnswerError(f"这道题{fault}") from fault
    marked = Marked(kept.shown["kind"], 100, kept.sealed["right"], found)
    locked.chosen, locked.right = found, points_for(marked, **shares(now)) == 100
    locked.save(update_fields=["chosen", "right"])
    return locked.right
