"""Keeping scores: read the current facts, ask the one score function, write only what changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import pandas as pd
from django.db import transaction
from django.utils import timezone

from credit.acts import score_rows
from credit.acts.score_days import later_days, stale
from credit.acts.score_records import records_of
from credit.models import Enterprise
from credit.models.rulesets import in_force, timeline
from credit.rules.timeline import Timeline
from credit.scoring import ScoreFrames, score
from credit.upcoming import change_days, months_of_kinds, next_change

PARTITION: Final = 10_000  # enterprises in one transaction
SOME: Final = 1_000  # of named ones, which may lie anywhere in the register
# What was recorded this long before a score was read may still have been uncommitted: it is read again.
MARGIN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the register: (key, standardisation level) by key, and the filter that finds their rows."""

    enterprises: list[tuple[int, int]]
    where: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Computed:
    """What the score function said of a part, with the records it saw and the days on which it may change."""

    frames: ScoreFrames
    records: pd.DataFrame
    days: pd.DataFrame
    rules: Timeline


def compute(part: Part, as_of: date, *, upcoming: bool = True) -> Computed:
    """Ask the score function about a part as of a day, with the records of now. Writes nothing.

    ``upcoming``: also the days that the records name beyond their decay; a look at a single day needs none.
    """
    rules = timeline(as_of)
    enterprises = pd.DataFrame(part.enterprises, columns=["enterprise", "standardisation_level"])
    records = records_of(part.where, {pk for pk, _ in part.enterprises}, rules, as_of)
    frames = score(enterprises, records, rules, as_of)
    days = change_days(records, months_of_kinds(rules.sets), as_of)
    if upcoming:
        days = later_days(days, part.where, as_of)
    return Computed(frames, records, days, rules)


def refresh(enterprise_ids: Iterable[int] | None = None, *, as_of: date | None = None) -> int:
    """Score the given enterprises, or all, as of a day (today); how many were scored.

    Idempotent. Each partition is one transaction of a constant number of statements per chunk;
    figures that stayed are not written again.
    """
    today = as_of or timezone.localdate()
    if enterprise_ids is not None:
        return _refresh_keys(sorted(set(enterprise_ids)), today)
    return sum(refresh_range(first, last, as_of=today) for first, last in ranges())


def refresh_changed(*, as_of: date | None = None) -> int:
    """Score anew only what can have changed since it was scored last; how many were scored.

    What stays is not touched at all. Gives the same figures and lines as a full run.
    """
    today = as_of or timezone.localdate()
    return sum(refresh_range(first, last, as_of=today, changed=True) for first, last in ranges())


def ranges() -> Iterator[tuple[int, int]]:
    """The register cut by key into partitions: first and last key of each."""
    register = Enterprise.objects.order_by("pk").values_list("pk", flat=True)
    last = 0
    while found := list(register.filter(pk__gt=last)[:PARTITION]):
        first, last = found[0], found[-1]
        yield first, last


def refresh_range(first: int, last: int, *, as_of: date, changed: bool = False) -> int:
    """Score the enterprises from key to key, or those of them that can have ``changed``."""
    where = {"enterprise_id__gte": first, "enterprise_id__lte": last}
    if not changed:
        return _refresh_part(where, {"pk__gte": first, "pk__lte": last}, as_of)
    return _refresh_keys(sorted(stale(where, in_force(as_of).label, as_of)), as_of)


def _refresh_keys(keys: list[int], as_of: date) -> int:
    """Those of the keys that there are, a thousand in a transaction."""
    chunks = [keys[start : start + SOME] for start in range(0, len(keys), SOME)]
    return sum(
        _refresh_part({"enterprise_id__in": chunk}, {"pk__in": chunk}, as_of) for chunk in chunks
    )


@transaction.atomic
def _refresh_part(where: dict[str, Any], which: dict[str, Any], as_of: date) -> int:
    """One partition. Its enterprises are locked, so that two runs over one of them take turns."""
    seen_until = timezone.now() - MARGIN
    register = Enterprise.objects.select_for_update(no_key=True).filter(**which).order_by("pk")
    part = Part(list(register.values_list("pk", "standardisation_level")), where)
    if part.enterprises:
        _write(part, compute(part, as_of), as_of, seen_until)
    return len(part.enterprises)


def _write(part: Part, computed: Computed, as_of: date, seen_until: datetime) -> None:
    score_rows.write_scores(
        part.where,
        computed.frames.enterprises.assign(level=[level for _, level in part.enterprises]),
        next_change(computed.days),
        score_rows.Stamp(computed.rules.now.label, as_of, seen_until),
    )
    score_rows.write_lines(part.where, computed.frames.lines, computed.records)
