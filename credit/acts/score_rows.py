"""Scores and their lines as rows: compared with what stands, and only what differs is written, in bulk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import pandas as pd
from django.utils import timezone

from credit.models import Score, ScoreLine

Row = tuple[Any, ...]
_FIGURES: Final = (
    "base", "deducted", "points", "grade_by_points", "grade", "veto", "veto_reason", "veto_article",
)  # fmt: skip
_COMPARED: Final = (*_FIGURES, "ruleset", "level", "next_change_on")
_MARKS: Final = ("as_of", "seen_until", "computed_at")
_LINE: Final = (
    "enterprise_id", "record_type", "record_id", "label", "kind", "name", "article", "confirmed",
    "happened_on", "points", "weight", "decay", "deducted", "drop_off",
)  # fmt: skip
_BATCH: Final = 2_000


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every score of one run bears: its rule-set, its day, and up to when all facts were seen."""

    ruleset: str
    as_of: date
    seen_until: datetime


def write_scores(
    where: dict[str, Any], frame: pd.DataFrame, upcoming: Mapping[int, date], stamp: Stamp
) -> None:
    """One statement for the scores that differ, one for the marks of those that stay."""
    standing = {
        row[0]: row[1:]
        for row in Score.objects.filter(**where).values_list("pk", *_COMPARED, "computed_at")
    }
    changed = []
    now = timezone.now()
    for firm, row in zip(frame["enterprise"].to_list(), _scores(frame), strict=True):
        fresh = (*row[:-1], stamp.ruleset, row[-1], upcoming.get(firm))
        old = standing.get(firm)
        if old is None or old[:-1] != fresh:
            same_figures = old is not None and old[: len(_FIGURES)] == fresh[: len(_FIGURES)]
            since = old[-1] if old is not None and same_figures else now
            marks = {"as_of": stamp.as_of, "seen_until": stamp.seen_until, "computed_at": since}
            values = dict(zip(_COMPARED, fresh, strict=True))
            changed.append(Score(enterprise_id=firm, **values, **marks))
    Score.objects.bulk_create(
        changed,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["enterprise"],
        update_fields=[*_COMPARED, *_MARKS],
    )
    if len(changed) < len(frame):
        Score.objects.filter(**where).update(as_of=stamp.as_of, seen_until=stamp.seen_until)


def _scores(frame: pd.DataFrame) -> Iterable[Row]:
    money = [_decimals(frame[name], 2) for name in _FIGURES[:3]]
    words = [frame[name].to_list() for name in (*_FIGURES[3:], "level")]
    return zip(*money, *words, strict=True)


def write_lines(where: dict[str, Any], lines: pd.DataFrame, records: pd.DataFrame) -> None:
    """The lines anew where they differ; those that still hold are left alone."""
    fresh = set(_lines(lines, records))
    standing = {
        row[1:]: row[0] for row in ScoreLine.objects.filter(**where).values_list("pk", *_LINE)
    }
    gone = [pk for content, pk in standing.items() if content not in fresh]
    for start in range(0, len(gone), _BATCH):
        ScoreLine.objects.filter(pk__in=gone[start : start + _BATCH]).delete()
    new = sorted(fresh - standing.keys(), key=lambda row: row[:3])
    ScoreLine.objects.bulk_create(
        [ScoreLine(**dict(zip(_LINE, row, strict=True))) for row in new], batch_size=_BATCH
    )


def _lines(lines: pd.DataFrame, records: pd.DataFrame) -> Iterable[Row]:
    """Rows in the order of ``_LINE``."""
    shown = records.drop_duplicates("record").set_index("record")
    details = shown.loc[lines["record"], ["record_type", "record_id", "label"]]
    return zip(
        lines["enterprise"].to_list(),
        *(details[name].to_list() for name in details.columns),
        lines["kind"].to_list(),
        lines["name"].to_list(),
        lines["article"].to_list(),
        lines["confirmed"].to_list(),
        _days(lines["happened_on"]),
        _decimals(lines["points"], 2),
        _decimals(lines["weight"], 2),
        _decimals(lines["decay"], 4),
        _decimals(lines["deducted"], 2),
        _days(lines["drop_off"]),
        strict=True,
    )


def _decimals(column: "pd.Series[Any]", places: int) -> list[Decimal]:
    """Each different value is converted once: there are few."""
    known = {value: Decimal(f"{value:.{places}f}") for value in column.unique().tolist()}
    return [known[value] for value in column.to_list()]


def _days(column: "pd.Series[Any]") -> list[date | None]:
    """Days as the database has them; NaT is None."""
    return [None if pd.isna(day) else day for day in column.dt.date]
