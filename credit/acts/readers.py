"""Who may read scores and grades: officers in their places, those who only look on, and an enterprise its own."""

from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet

from credit.models import Employment, Enterprise, Posting

OFFICERS: Final = ("credit.open_case", "credit.decide_case")
LOOKS_ON: Final = "credit.view_score"
_MANAGES: Final = (Employment.Position.PRINCIPAL, Employment.Position.SAFETY_MANAGER)


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


def is_manager_of(person: Any, enterprise: Enterprise, today: date) -> bool:
    """Whether the person is today the principal or a safety manager of the enterprise."""
    working = Q(began_on__lte=today) & (Q(ended_on=None) | Q(ended_on__gte=today))
    own = Employment.objects.filter(person=person.pk, enterprise=enterprise, position__in=_MANAGES)
    return own.filter(working).exists()
