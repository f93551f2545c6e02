"""Who may read scores and grades: officers in their places, those who only look on, and an enterprise its own
(``credit.models.managers``)."""

from typing import Any, Final

from django.db.models import QuerySet

from credit.models import Enterprise, Posting

OFFICERS: Final = ("credit.open_case", "credit.decide_case")
LOOKS_ON: Final = "credit.view_score"


def reads_scores_of(person: Any) -> bool:
    """Whether this person reads scores by office (of whom, ``register_of`` says)."""
    return any(person.has_perm(permission) for permission in (*OFFICERS, LOOKS_ON))


def register_of(person: Any) -> QuerySet[Enterprise]:
    """The enterprises whose scores this person reads by office.

    An officer's reach is the posting; one who may only look and is posted nowhere (an auditor) sees all.
    """
    if person.is_superuser:
        return Enterprise.objects.all()
    if not reads_scores_of(person):
        return Enterprise.objects.none()
    officer = any(person.has_perm(permission) for permission in OFFICERS)
    if officer or Posting.objects.filter(officer=person.pk).exists():
        return Enterprise.objects.in_reach_of(person)
    return Enterprise.objects.all()
