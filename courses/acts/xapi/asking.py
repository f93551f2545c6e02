"""Answers what is asked of the statements: one, many page by page, what is known of an activity."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from courses.acts.xapi.callers import Caller, Scope
from courses.models import XapiStatement
from courses.models.xapi import StatementQuerySet
from courses.xapi.faults import FaultError
from courses.xapi.matching import ACTIVITY, NEAR_ACTIVITY, REGISTRATION, VERB

MOST: Final = 100  # statements on a page
_DEFINITIONS: Final = 20  # statements that are read for what they say of an activity


@dataclass(frozen=True, slots=True)
class Question:
    """The filters of part three, 2.1.3. ``after`` is where the page before ended."""

    agent: str | None = None
    verb: str | None = None
    activity: str | None = None
    registration: str | None = None
    near_activities: bool = False
    near_agents: bool = False
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 0
    ascending: bool = False
    after: tuple[datetime, UUID] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Statements in their order; ``next`` is where the next page begins, None on the last one."""

    statements: Sequence[dict[str, Any]]
    next: tuple[datetime, UUID] | None
    newest: datetime | None


def one(key: str, *, voided: bool, caller: Caller, now: datetime) -> dict[str, Any]:
    """A statement by its id. Raises FaultError (404)."""
    caller.require(Scope.READ, Scope.READ_MINE)
    found = caller.readable(now).filter(pk=key)
    row = (found.voided() if voided else found.standing()).first()
    if row is None:
        raise FaultError("", "没有这条陈述", 404)
    return body_of(row)


def many(question: Question, *, caller: Caller, now: datetime) -> Page:
    """A page. One query, whatever the filters."""
    caller.require(Scope.READ, Scope.READ_MINE)
    found = _filtered(caller.readable(now).standing(), question)
    size = min(question.limit or MOST, MOST)
    order = ("stored", "id") if question.ascending else ("-stored", "-id")
    rows = list(found.order_by(*order)[: size + 1])
    shown = rows[:size]
    last = (shown[-1].stored, shown[-1].pk) if len(rows) > size else None
    newest = max((row.stored for row in shown), default=None)
    return Page([body_of(row) for row in shown], last, newest)


def _filtered(found: StatementQuerySet, question: Question) -> StatementQuerySet:
    if question.agent is not None:
        found = found.about_agent(question.agent, near=question.near_agents)
    if question.verb is not None:
        found = found.mentioning((VERB,), question.verb)
    if question.activity is not None:
        kinds = (ACTIVITY, NEAR_ACTIVITY) if question.near_activities else (ACTIVITY,)
        found = found.mentioning(kinds, question.activity)
    if question.registration is not None:
        found = found.mentioning((REGISTRATION,), question.registration)
    if question.since is not None:
        found = found.filter(stored__gt=question.since)
    if question.until is not None:
        found = found.filter(stored__lte=question.until)
    if question.after is not None:
        at, key = question.after
        beyond = (
            Q(stored__gt=at) | Q(stored=at, pk__gt=key)
            if question.ascending
            else Q(stored__lt=at) | Q(stored=at, pk__lt=key)
        )
        found = found.filter(beyond)
    return found


def body_of(row: XapiStatement) -> dict[str, Any]:
    """The statement as it is kept."""
    found: dict[str, Any] = json.loads(row.body)
    return found


def activity(iri: str, *, caller: Caller, now: datetime) -> dict[str, Any]:
    """What the newest statements say of an activity, put together; only the id where none is known (2.5)."""
    caller.require(Scope.READ, Scope.READ_MINE)
    rows = caller.readable(now).standing().mentioning((ACTIVITY,), iri)
    known: dict[str, Any] = {}
    for row in reversed(rows.order_by("-stored", "-id")[:_DEFINITIONS]):
        thing = body_of(row)["object"]
        if thing.get("id") == iri:
            _add(known, thing.get("definition", {}))
    found: dict[str, Any] = {"objectType": "Activity", "id": iri}
    return found | ({"definition": known} if known else {})


def _add(known: dict[str, Any], more: dict[str, Any]) -> None:
    """Names and descriptions gain languages, everything else is the newest."""
    for name, value in more.items():
        known[name] = known.get(name, {}) | value if name in ("name", "description") else value


def person(agent: dict[str, Any]) -> dict[str, Any]:
    """The person object of 2.4: no more than what was asked with, for nothing else is kept."""
    told = {name: [value] for name, value in agent.items() if name not in ("objectType", "member")}
    return {"objectType": "Person", **told}
