"""What every act on an attempt needs: the refusal, the figures of the day, the attempt held for ourselves."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from courses.acts.refusing import RefusedError as RefusedError
from courses.models import Attempt
from courses.rules.exams import Figures, figures_in_force


def figures(now: datetime) -> Figures:
    """The figures of exams on the local day of ``now``."""
    return figures_in_force(timezone.localdate(now))


def grace(now: datetime) -> timedelta:
    """How long after the deadline an answer may still be on its way."""
    return timedelta(seconds=figures(now).amount("grace"))


def due(attempt: Attempt, now: datetime) -> bool:
    """Whether the time is over, and that of the wire too."""
    return now > attempt.deadline + grace(now)


def lock(attempt: Attempt, learner: Any = None) -> Attempt:
    """The attempt as it is now, ours until the end of the transaction. Raises Attempt.DoesNotExist."""
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("exam", "enrolment")
    return rows.get(pk=attempt.pk, **({} if learner is None else {"enrolment__person": learner}))
