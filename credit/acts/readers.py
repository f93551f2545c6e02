"""Who may read scores and grades: officers in their places, those who only look on, and an enterprise its own
(``credit.models.managers``)."""

from typing import Any, Final

from django.db.models import QuerySet

from credit.acts import reach
from credit.models import Enterprise

OFFICERS: Final = ("credit.open_case", "credit.decide_case")
LOOKS_ON: Final = "credit.view_score"


def reads_scores_of(person: Any) -> bool:
    """Whether this person reads scores by office (of whom, ``register_of`` says)."""
    return any(person.has_perm(permission) for permission in (*OFFICERS, LOOKS_ON))


def register_of(person: Any) -> QuerySet[Enterprise]:
    """The enterprises whose scores this person reads by office."""
    if not reads_scores_of(person):
        return Enterprise.objects.none()
    return reach.register_of(person, OFFICERS, LOOKS_ON)
