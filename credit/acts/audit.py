"""Write and verify the hash-chained log of acts on legal standing.

Every act that changes a standing, a fact, a rule-set or what the public reads calls ``log`` in its own
transaction: the entry is there exactly when the act is.
"""

from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from credit.models.audit import BEGINNING, AuditEntry, canonical
from credit.models.enterprises import Enterprise
from credit.turns import LOGGING, take_turn


@transaction.atomic(savepoint=False)
def log(
    verb: str,
    *,
    by: Any,
    subject: models.Model,
    enterprise: Enterprise | int | None = None,
    **said: Any,
) -> AuditEntry:
    """Add an entry: ``verb`` such as "case.decide", ``by`` a person or None for the system.

    ``said`` is what was done, in plain values; days and amounts are kept as text. No phone, ID number or
    address goes in here. Writers take turns, so that the chain has no fork.
    """
    take_turn(LOGGING)
    newest = AuditEntry.objects.order_by("-number").only("number", "digest").first()
    firm = enterprise.pk if isinstance(enterprise, Enterprise) else enterprise
    entry = AuditEntry(
        number=newest.number + 1 if newest else 1,
        at=timezone.now(),
        verb=verb,
        actor_id=by.pk if by is not None else None,
        enterprise_id=firm,
        subject=f"{subject._meta.label_lower}:{subject.pk}",
        said=canonical(said),
        previous=newest.digest if newest else BEGINNING,
    )
    entry.digest = entry.computed_digest()
    entry.save(force_insert=True)
    return entry


def faults() -> Iterator[str]:
    """Every place where the chain is broken, in words; nothing when it is whole."""
    expected, before = 1, BEGINNING
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != expected:
            yield f"第 {expected} 条到第 {entry.number - 1} 条缺失"
        elif entry.previous != before:
            yield f"第 {entry.number} 条与上一条的指纹不相接"
        if entry.digest != entry.computed_digest():
            yield f"第 {entry.number} 条的内容与指纹不符"
        expected, before = entry.number + 1, entry.digest
