"""Measures (惩戒、激励) begin with an entry and are lifted with it, in the same transaction.

The database refuses to take an entry off its list while a measure of it runs (migration 0046).
"""

from datetime import date

from credit.models import ListEntry, Measure
from credit.models.measures import planned


def begin(entry: ListEntry) -> None:
    """Every measure that the catalogue has for the entry's list, from its first day."""
    Measure._base_manager.bulk_create(planned(entry))


def lift(entry: ListEntry, *, on: date, reason: str) -> int:
    """Lift what still runs, with the reason that the entry ends; how many."""
    running = Measure._base_manager.filter(entry=entry.pk, lifted_on__isnull=True)
    return running.update(lifted_on=on, lift_reason=reason[:500])
