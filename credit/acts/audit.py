"""Write and verify the hash-chained log of acts on legal standing.

Every act that changes a standing, a fact, a rule-set or what the public reads calls ``log`` in its own
transaction: the entry is there exactly when the act is.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from django.db import models, transaction
from django.utils import timezone

from credit.models.audit import BEGINNING, AuditEntry, canonical, digest_of
from credit.models.enterprises import Enterprise
from credit.rules.masking import mask_numbers
from credit.rules.verbs import VERBS
from credit.turns import LOGGING, take_turn

_FINGERPRINT: Final = re.compile("[0-9a-f]{32,}")
_HASHED: Final = ("number", "at", "verb", "actor", "enterprise", "subject", "said", "previous")


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
    address goes in here: numbers of persons in what people wrote are masked. Writers take turns, so that the
    chain has no fork. Raises ValueError for a verb that ``credit.rules.verbs`` does not name.
    """
    if verb not in VERBS:
        raise ValueError(f"no name for {verb!r} in credit/rules/verbs.py")
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
        said=canonical(_masked(said)),
        previous=newest.digest if newest else BEGINNING,
    )
    entry.digest = entry.computed_digest()
    entry.save(force_insert=True)
    return entry


def _masked(said: Any) -> Any:
    """The log is kept for ever and exported: what parties and officers typed may name numbers of persons."""
    if isinstance(said, dict):
        return {name: _masked(value) for name, value in said.items()}
    if isinstance(said, list | tuple):
        return [_masked(value) for value in said]
    if isinstance(said, str) and not _FINGERPRINT.fullmatch(said):
        return mask_numbers(said)
    return said


def faults(since: int = 1) -> Iterator[str]:
    """Every place where the chain is broken, from entry ``since`` on, in words; nothing when it is whole.

    The entry before ``since`` is believed. 100,000 entries take some seconds: no rows become objects.
    """
    before = BEGINNING
    if since > 1:
        earlier = AuditEntry.objects.filter(number=since - 1).values_list("digest", flat=True)
        before = earlier.first() or ""
    expected = since
    entries = AuditEntry.objects.filter(number__gte=since).order_by("number")
    for row in entries.values_list(*_HASHED, "digest").iterator(chunk_size=5000):
        *content, digest = row
        number, previous = content[0], content[-1]
        if number != expected:
            yield f"第 {expected} 条到第 {number - 1} 条缺失"
        elif previous != before:
            yield f"第 {number} 条与上一条的指纹不相接"
        if digest_of(*content) != digest:
            yield f"第 {number} 条的内容与指纹不符"
        expected, before = number + 1, digest
