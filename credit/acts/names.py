"""Rows that name an enterprise without a valid code: near names of the register, and a person's decision."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from django.db import transaction
from rapidfuzz import fuzz, process

from credit.acts import audit
from credit.acts.casework import refuse
from credit.models import Enterprise, ImportBatch, NameMatch
from credit.rules.names import fold

IMPORT: Final = "credit.import_records"
ARTICLE: Final = "企业名称核对"
MOST_NAMES: Final = 200  # of one file; the rest waits for the next import
MOST_CANDIDATES: Final = 5
NEAR: Final = 60  # percent
_CHUNK: Final = 20_000  # names of the register in memory at once


def suggest(batch: ImportBatch, unknown: Iterable[tuple[str, str]]) -> int:
    """Keep what waits for a decision, with near names; how many are new. ``unknown``: (name, number said).

    One pass over the register of its places, at most ``MOST_NAMES`` names against it.
    """
    asked = {(fold(name)[:200], said[:60]): name[:200] for name, said in unknown if name}
    known = NameMatch.objects.filter(key__in=[key for key, _ in asked])
    for pair in known.values_list("key", "said"):
        asked.pop(pair, None)
    fresh = dict(list(asked.items())[:MOST_NAMES])
    if not fresh:
        return 0
    near = _near({key for key, _ in fresh}, batch)
    NameMatch.objects.bulk_create(
        [
            NameMatch(key=key, name=name, said=said, candidates=near.get(key, []), batch=batch)
            for (key, said), name in fresh.items()
        ],
        ignore_conflicts=True,
    )
    return len(fresh)


def _near(keys: set[str], batch: ImportBatch) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {key: [] for key in keys}
    for chunk in _register(batch):
        names = {pk: fold(name) for pk, name, _, _ in chunk}
        rows = {pk: (name, uscc or old or "") for pk, name, uscc, old in chunk}
        for key in keys:
            hits = process.extract(
                key, names, scorer=fuzz.ratio, score_cutoff=NEAR, limit=MOST_CANDIDATES
            )
            found[key] += [
                {"pk": pk, "name": rows[pk][0], "number": rows[pk][1], "likeness": round(score)}
                for _, score, pk in hits
            ]
    return {
        key: sorted(one, key=lambda hit: (-hit["likeness"], hit["pk"]))[:MOST_CANDIDATES]
        for key, one in found.items()
    }


def _register(batch: ImportBatch) -> Iterator[list[tuple[int, str, str | None, str | None]]]:
    """The register of the places that the batch may speak of, in pieces."""
    everybody = Enterprise.objects.order_by("pk")
    if batch.system is not None:
        everybody = everybody.filter(place__path__startswith=batch.system.place.path)
    elif batch.by is not None and not batch.by.is_superuser:
        everybody = everybody.in_reach_of(batch.by)
    last = 0
    columns = everybody.values_list("pk", "name", "uscc", "legacy_number")
    while chunk := list(columns.filter(pk__gt=last)[:_CHUNK]):
        yield chunk
        last = chunk[-1][0]


@transaction.atomic
def decide(
    match: NameMatch, *, enterprise: Enterprise | None, officer: Any, today: date
) -> NameMatch:
    """It is ``enterprise``, or (None) none of the candidates. Decided once. Raises RefusedError."""
    held = NameMatch.objects.select_for_update().get(pk=match.pk)
    if not officer.has_perm(IMPORT):
        raise refuse("您没有导入记录的权限", ARTICLE)
    if held.state != NameMatch.State.PENDING:
        raise refuse("已经核对过了", ARTICLE)
    reach = Enterprise.objects.in_reach_of(officer)
    if enterprise is not None and not reach.filter(pk=enterprise.pk).exists():
        raise refuse("这家企业不在您的辖区", ARTICLE)
    held.state = NameMatch.State.LINKED if enterprise else NameMatch.State.DIFFERENT
    held.enterprise, held.by, held.decided_on = enterprise, officer, today
    held.save()
    audit.log(
        "name.decide", by=officer, subject=held, enterprise=enterprise, name=held.name,
        number=held.said, state=held.state,
    )  # fmt: skip
    return held
