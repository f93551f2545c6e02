"""Which scores can have changed since they were written: a day has come, or something was recorded."""

from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

import pandas as pd
from django.db import models
from django.db.models import F, Q

from credit.acts.score_records import OPEN_MATTERS, SCORED
from credit.models import Enterprise, Score, Withdrawal

_SCORE = "enterprise__score__seen_until"


def stale(where: dict[str, Any], ruleset: str, today: date) -> set[int]:
    """The enterprises of a range that must be scored again as of ``today``; a constant number of queries.

    Never scored; scored under another rule-set or for a later day; the next day of change is reached; the
    standardisation level is another; or a fact was recorded, corrected, withdrawn or restored since.
    """
    firms = {f"pk{name.removeprefix('enterprise_id')}": value for name, value in where.items()}
    found = set(Enterprise.objects.filter(**firms, score=None).values_list("pk", flat=True))
    aged = (
        ~Q(ruleset=ruleset)
        | Q(next_change_on__lte=today)
        | Q(as_of__gt=today)
        | Q(seen_until=None)
        | ~Q(level=F("enterprise__standardisation_level"))
    )
    found |= set(Score.objects.filter(aged, **where).values_list("enterprise_id", flat=True))
    for model in SCORED:
        found |= _touched(model, where)
    return found | _restored(where)


def _touched(model: Any, where: dict[str, Any]) -> set[int]:
    since = Q(recorded_at__gte=F(_SCORE))
    since |= Q(replaced_at__gte=F(_SCORE)) | Q(withdrawn_at__gte=F(_SCORE))
    facts = model._default_manager.filter(since, **where)
    return set(facts.order_by().values_list("enterprise_id", flat=True).distinct())


def _restored(where: dict[str, Any]) -> set[int]:
    """A restored fact bears no mark of it: the row that restores it does."""
    found: set[int] = set()
    for model in SCORED:
        kind = model._meta.model_name  # the withdrawal names each kind by its model
        of = {f"{kind}__{name}": value for name, value in where.items()}
        rows = Withdrawal.objects.filter(**of, recorded_at__gte=F(f"{kind}__{_SCORE}"))
        firms = rows.order_by().values_list(f"{kind}__enterprise_id", flat=True)
        found |= set(firms.distinct())
    return found


def later_days(days: pd.DataFrame, where: dict[str, Any], today: date) -> pd.DataFrame:
    """``days`` with what the records of open matters add: any later day that they name, and the day after.

    Penalties and accidents change by their decay and the vetoes alone, which are in ``days`` already. A
    hazard's deadline or a policy's end is a day of its own kind; the day after one belongs to it, because
    some terms are counted with their last day.
    """
    more: list[tuple[int, date]] = []
    for model in OPEN_MATTERS:
        names = [
            field.name
            for field in model._meta.fields
            if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField)
        ]
        later = reduce(or_, (Q(**{f"{name}__gte": today}) for name in names))
        rows = model._default_manager.filter(later, **where)
        for firm, *days_of in rows.values_list("enterprise_id", *names):
            more += [(firm, day) for day in days_of if day is not None and day >= today]
    spread = [(firm, day + timedelta(days=late)) for firm, day in more for late in (0, 1)]
    if not spread:
        return days
    extra = pd.DataFrame(spread, columns=["enterprise", "day"])
    extra["day"] = pd.to_datetime(extra["day"]).astype("datetime64[us]")
    return pd.concat([days, extra[extra["day"] > pd.Timestamp(today)]], ignore_index=True)
