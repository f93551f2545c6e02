"""Keeping scores: read the current facts, ask the one score function, write only what changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pandas as pd
from django.db import transaction
from django.utils import timezone

from credit.acts.score_records import records_of
from credit.models import Enterprise, Score, ScoreLine
from credit.models.rulesets import timeline
from credit.rules.timeline import Rules
from credit.scoring import ScoreFrames, score

PARTITION: Final = 10_000  # enterprises in one transaction
SOME: Final = 1_000  # of named ones, which may lie anywhere in the register
_WRITTEN: Final = (
    "base", "deducted", "points", "grade_by_points", "grade", "veto", "veto_reason", "veto_article",
    "ruleset",
)  # fmt: skip
_MONEY: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of the register: (key, standardisation level) by key, and the filter that finds their rows."""

    enterprises: list[tuple[int, int]]
    where: dict[str, Any]


def refresh(enterprise_ids: Iterable[int] | None = None, *, as_of: date | None = None) -> int:
    """Score the given enterprises, or all, as of a day (today); how many were scored.

    Idempotent. Each partition is one transaction of a constant number of statements per chunk;
    figures that stayed are not written again.
    """
    today = as_of or timezone.localdate()
    rules = timeline(today)
    done = 0
    for part in _partitions(enterprise_ids):
        with transaction.atomic():
            done += _refresh_part(part, rules, today)
    return done


def _partitions(enterprise_ids: Iterable[int] | None) -> Iterator[_Part]:
    register = Enterprise.objects.order_by("pk").values_list("pk", "standardisation_level")
    if enterprise_ids is not None:
        wanted = sorted(set(enterprise_ids))
        for start in range(0, len(wanted), SOME):
            keys = wanted[start : start + SOME]
            if found := list(register.filter(pk__in=keys)):
                yield _Part(found, {"enterprise_id__in": [pk for pk, _ in found]})
        return
    last = 0
    while found := list(register.filter(pk__gt=last)[:PARTITION]):
        first, last = found[0][0], found[-1][0]
        yield _Part(found, {"enterprise_id__gte": first, "enterprise_id__lte": last})


def _refresh_part(part: _Part, rules: Rules, today: date) -> int:
    enterprises = pd.DataFrame(part.enterprises, columns=["enterprise", "standardisation_level"])
    records = records_of(part.where, {pk for pk, _ in part.enterprises}, rules, today)
    frames = score(enterprises, records, rules, today)
    _write_scores(part, frames, rules.now.label, today)
    _write_lines(part, frames, records)
    return len(part.enterprises)


def _write_scores(part: _Part, frames: ScoreFrames, label: str, today: date) -> None:
    now = timezone.now()
    rows = _dicts(frames.enterprises, ("base", "deducted", "points"))
    fresh = [
        Score(enterprise_id=row.pop("enterprise"), ruleset=label, as_of=today,
              computed_at=now, **row)
        for row in rows
    ]  # fmt: skip
    standing = {one.enterprise_id: one for one in Score.objects.filter(**part.where)}
    changed = [one for one in fresh if _differs(standing.get(one.enterprise_id), one)]
    Score.objects.bulk_create(
        changed,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["enterprise"],
        update_fields=[*_WRITTEN, "as_of", "computed_at"],
    )
    Score.objects.filter(**part.where).exclude(as_of=today).update(as_of=today)


def _differs(old: Score | None, new: Score) -> bool:
    return old is None or any(getattr(old, name) != getattr(new, name) for name in _WRITTEN)


def _write_lines(part: _Part, frames: ScoreFrames, records: pd.DataFrame) -> None:
    """The partition's lines anew where they differ; those that still hold are left alone."""
    shown = records.drop_duplicates("record").set_index("record")
    details = shown.loc[frames.lines["record"], ["record_type", "record_id", "label"]]
    lines = frames.lines.drop(columns=["record", "circumstance"]).assign(
        **{name: details[name].to_numpy() for name in details.columns}
    )
    fresh = {}
    for row in _dicts(lines, ("points", "weight", "deducted"), days=("happened_on", "drop_off")):
        row["decay"] = Decimal(str(row["decay"])).quantize(Decimal("0.0001"))
        line = ScoreLine(enterprise_id=row.pop("enterprise"), **row)
        fresh[_content(line)] = line
    standing = {_content(line): line.pk for line in ScoreLine.objects.filter(**part.where)}
    gone = [pk for content, pk in standing.items() if content not in fresh]
    for start in range(0, len(gone), 1000):
        ScoreLine.objects.filter(pk__in=gone[start : start + 1000]).delete()
    new = [line for content, line in fresh.items() if content not in standing]
    ScoreLine.objects.bulk_create(new, batch_size=1000)


def _content(line: ScoreLine) -> tuple[Any, ...]:
    return tuple(
        getattr(line, field.attname)
        for field in ScoreLine._meta.concrete_fields
        if not field.primary_key
    )


def _dicts(
    frame: pd.DataFrame, money: tuple[str, ...], days: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """Rows as plain Python: cents as Decimal, days as date, missing as None."""
    plain: list[dict[str, Any]] = frame.astype(object).to_dict("records")  # type: ignore[assignment]
    for row in plain:
        for name in money:
            row[name] = Decimal(str(row[name])).quantize(_MONEY)
        for name in days:
            row[name] = None if pd.isna(row[name]) else row[name].date()
    return plain
