"""Whose study somebody may see: the own, the workers' of an enterprise that one acts for, those of one's places."""

from datetime import date
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db.models import Q

from credit.models import Employment, Enterprise, Jurisdiction, Posting
from credit.models.managers import managed_by

CORRECT: Final = "courses.correct_hours"
OVERSEE: Final = "courses.oversee_training"
INVIGILATE: Final = "courses.invigilate"
APPEALS: Final = "courses.decide_appeal"
# Those who run the courses, or look on, see every learner.
RUNS: Final = "courses.change_enrolment"
LOOKS: Final = "courses.view_studyevent"


def works_with_learners(viewer: Any) -> bool:
    """Whether ``viewer`` is of the office that sees learners."""
    return any(viewer.has_perm(code) for code in (CORRECT, OVERSEE, RUNS, LOOKS))


def employed_in(enterprises: Any, today: date) -> Any:
    """The keys of people who work in one of ``enterprises`` on ``today``."""
    standing = Q(ended_on__isnull=True) | Q(ended_on__gte=today)
    return Employment.objects.filter(standing, enterprise__in=enterprises).values("person")


def learners_of_office(viewer: Any, today: date) -> Any:
    """The people whose study ``viewer`` may see as one of the office, as a queryset of users.

    An officer sees who works in the places of the posting; whoever has no employer is seen by those posted to a
    whole district.
    """
    people = get_user_model()._default_manager.all()
    if viewer.is_superuser or viewer.has_perm(RUNS) or viewer.has_perm(LOOKS):
        return people
    if viewer.has_perm(OVERSEE):
        here = Q(pk__in=employed_in(Enterprise.objects.in_reach_of(viewer), today))
        if Posting.objects.filter(officer=viewer, place__kind=Jurisdiction.Kind.DISTRICT).exists():
            here |= ~Q(pk__in=employed_in(Enterprise.objects.all(), today))
        return people.filter(here)
    return people.none()


def learners_of_manager(viewer: Any, today: date) -> Any:
    """The people who work for the enterprises that ``viewer`` acts for."""
    people = get_user_model()._default_manager.all()
    return people.filter(pk__in=employed_in(managed_by(viewer, today), today))
