"""As of a day: what was true then, and what was shown then. Two clocks, asked apart.

``true_on``: by what we know today, it had happened by that day and nothing took it back since.
``shown_on``: by what we knew at the end of that day, it was on record, neither corrected nor withdrawn.
Both look into the whole history: they are for officers and auditors. The public reads of the past only what is
public today (``public_facts``, docs/decisions/0019): a date in the address opens no removed entry and no
record past its publication.
"""

from datetime import date, datetime, time, timedelta
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from credit.models.cases import ListEntry
from credit.models.records import Accident, Violation
from credit.models.withdrawals import Withdrawal

Fact = TypeVar("Fact", Violation, Accident)


def end_of(day: date) -> datetime:
    """The first moment after ``day``, in our time zone."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


# -- Facts -------------------------------------------------------------------------------------------------


def true_on(model: type[Fact], day: date) -> QuerySet[Fact]:
    """The newest word on what had happened by ``day``."""
    found: QuerySet[Fact] = model.objects.current().filter(happened_on__lte=day)
    return found


def shown_on(model: type[Fact], day: date) -> QuerySet[Fact]:
    """What stood on record at the end of ``day``, as it was worded then.

    A withdrawal that was restored since is in the rows of ``Withdrawal``; the mark on the fact is the last.
    """
    moment = end_of(day)
    steps = Withdrawal.objects.filter(**{(model._meta.model_name or ""): OuterRef("pk")})
    before = steps.filter(recorded_at__lt=moment).order_by("-pk")
    found: QuerySet[Fact] = (
        model._default_manager.filter(recorded_at__lt=moment)
        .filter(Q(replaced_at__isnull=True) | Q(replaced_at__gte=moment))
        .alias(stand=Subquery(before.values("action")[:1]))
        .filter(Q(stand__isnull=True) | ~Q(stand=Withdrawal.Action.WITHDRAW))
        .filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=moment) | Exists(steps))
    )
    if model is Violation:
        public = Violation.objects.filter(public_until__gte=day)
        return found.filter(pk__in=public.values("pk"))
    return found


def public_facts(model: type[Fact], today: date) -> QuerySet[Fact]:
    """What the public may read of them today, whatever day it asks about."""
    if model is Violation:
        return Violation.objects.public(today)
    found: QuerySet[Fact] = model.objects.current()
    return found


# -- Entries -----------------------------------------------------------------------------------------------


def entries_shown_on(day: date) -> QuerySet[ListEntry]:
    """The entries that stood on the lists on ``day``."""
    return ListEntry.objects.in_force(day)


def entries_true_on(day: date) -> QuerySet[ListEntry]:
    """The same without those that were taken back since as annulled or wrong."""
    return ListEntry.objects.in_force(day).valid()
