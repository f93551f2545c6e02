"""Makes statements of our own facts: set-based, a window of rows at a time, each fact once, run after run.

A copy for other systems: nobody reads here what somebody has learned. A row is looked at again for a while, since a
transaction may end later than one with higher numbers; what has its statement is passed over by the database.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from courses.acts.xapi.identity import accounts_of, agent_of, ourselves, registrations_of
from courses.acts.xapi.keeping import Draft, completed, keep, stamps
from courses.acts.xapi.sources import SOURCES, Source, Told
from courses.models import DerivedUpTo, LearnerAccount, XapiStatement
from courses.xapi.values import written
from credit.turns import DERIVING, take_turn

WINDOW: Final = 5000  # rows of a fact's table at once
AGAIN: Final = 5000  # rows before the last one that are looked at again
MOST: Final = 50_000  # statements of a source in one run


def derive(now: datetime | None = None) -> int:
    """Statements for every fact that has none yet; how many were made."""
    return sum(_derive(source, now) for source in SOURCES)


def _derive(source: Source, now: datetime | None) -> int:
    newest = source.model.objects.aggregate(newest=Max("pk"))["newest"] or 0
    last = DerivedUpTo.objects.filter(fact=source.fact).values_list("last", flat=True).first() or 0
    low, made = max(last - AGAIN, 0), 0
    while low < newest and made < MOST:
        high = min(low + WINDOW, newest)
        made += _make(source, low, high, now or timezone.now())
        low = high
    if low > last:
        reached = _held(source, last, low)
        DerivedUpTo.objects.update_or_create(fact=source.fact, defaults={"last": reached})
    return made


def _held(source: Source, last: int, reached: int) -> int:
    """Not beyond the first row that becomes a fact later."""
    if source.waiting is None:
        return reached
    rows = source.waiting().filter(pk__gt=last, pk__lte=reached).order_by("pk")
    first = rows.values_list("pk", flat=True).first()
    return reached if first is None else first - 1


@transaction.atomic
def _make(source: Source, low: int, high: int, now: datetime) -> int:
    """The statements of the rows ``low`` < key <= ``high``. About ten queries, whatever their number."""
    take_turn(DERIVING)
    there = XapiStatement.objects.filter(fact=source.fact, fact_id=OuterRef(source.key))
    rows = source.rows().filter(~Exists(there), pk__gt=low, pk__lte=high)
    told = [source.tell(row) for row in rows.order_by("pk").values(*source.columns)]
    fresh = list({one.fact_id: one for one in told}.values())
    if fresh:
        keep(_drafts(source.fact, fresh, now))
    return len(fresh)


def _drafts(fact: str, told: Sequence[Told], now: datetime) -> list[Draft]:
    people = {one.person for one in told}
    names = accounts_of(people)
    keys = dict(LearnerAccount.objects.filter(person__in=people).values_list("person_id", "pk"))
    registrations = registrations_of({one.enrolment for one in told})
    return [
        Draft(
            _body(one, agent_of(names[one.person]), str(registrations[one.enrolment]), at),
            {"account_id": keys[one.person], "fact": fact, "fact_id": one.fact_id},
        )
        for one, at in zip(told, stamps(now, len(told)), strict=True)
    ]


def _body(told: Told, actor: dict[str, Any], registration: str, stored: datetime) -> dict[str, Any]:
    said: dict[str, Any] = {
        "actor": actor,
        "verb": told.verb,
        "object": told.thing,
        "timestamp": written(told.at),
        "context": {"registration": registration, "language": "zh-CN"},
    }
    if told.parent:
        said["context"]["contextActivities"] = {"parent": [told.parent]}
    if told.result:
        said["result"] = told.result
    return completed(said, authority=ourselves(), stored=stored)
