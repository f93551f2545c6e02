"""Who runs a class, and who may look at it: officers in their places, enterprise managers at home."""

from datetime import date
from typing import Any, Final

from django.db.models import Q

from courses.acts.exams import RefusedError
from courses.models import TrainingClass
from courses.models.classes import ClassQuerySet
from courses.rules.classes import ARTICLE
from credit.models import Enterprise, Jurisdiction, Posting
from credit.models.managers import managed_by
from credit.rules.ruling import Ruling

RUN: Final = "courses.run_classes"
LOOKS: Final = "courses.view_trainingclass"


def refuse(reason: str) -> RefusedError:
    """The refusal to raise."""
    return RefusedError(Ruling(False, reason, ARTICLE))


def places_of(person: Any) -> Any:
    """Where ``person`` may open a class of the bureau."""
    if person.is_superuser:
        return Jurisdiction.objects.all()
    if person.has_perm(RUN):
        return Jurisdiction.objects.of_officer(person)
    return Jurisdiction.objects.none()


def run_by(person: Any, today: date) -> ClassQuerySet:
    """The classes that ``person`` runs: the bureau's of the own places, those of enterprises that one acts for."""
    firms = managed_by(person, today)
    own = Q(enterprise__in=firms) | Q(enterprise=None, place__in=places_of(person))
    found: ClassQuerySet = TrainingClass.objects.filter(own)
    return found


def seen_by(person: Any, today: date) -> ClassQuerySet:
    """The classes that ``person`` may read: those one runs, all of the own places, and all for who only looks on."""
    if _looks_on(person):
        every: ClassQuerySet = TrainingClass.objects.all()
        return every
    firms = managed_by(person, today)
    reach = Q(enterprise__in=firms) | Q(enterprise=None, place__in=places_of(person))
    if person.has_perm(RUN):
        reach |= Q(enterprise__in=Enterprise.objects.in_reach_of(person))
    found: ClassQuerySet = TrainingClass.objects.filter(reach)
    return found


def offered_to(firm: Enterprise) -> ClassQuerySet:
    """The open classes to which an enterprise may send people: its own, the bureau's of its places and those above."""
    codes = [code for code in firm.place.path.split("/") if code]
    bureau = Q(enterprise=None, place__code__in=codes)
    found: ClassQuerySet = TrainingClass.objects.open().filter(Q(enterprise=firm) | bureau)
    return found


def require_run(person: Any, training_class: TrainingClass, today: date) -> None:
    """Raises RefusedError for anybody who does not run it."""
    if not run_by(person, today).filter(pk=training_class.pk).exists():
        raise refuse("您不管这个班")


def require_open(training_class: TrainingClass) -> None:
    """Raises RefusedError once it is closed."""
    if not TrainingClass.objects.open().filter(pk=training_class.pk).exists():
        raise refuse("这个班已经结班，不能再改")


def _looks_on(person: Any) -> bool:
    if person.is_superuser:
        return True
    posted = Posting.objects.filter(officer=person.pk).exists()
    return person.has_perm(LOOKS) and not person.has_perm(RUN) and not posted
