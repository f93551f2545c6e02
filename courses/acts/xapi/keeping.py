"""Puts statements into the store with everything by which they are found: a few queries for any number."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from courses.models import XapiMention, XapiStatement
from courses.xapi.matching import Mention, listed, mentions, target_of
from courses.xapi.statements import VOIDED
from courses.xapi.values import instant, uuid, written

VERSION = "1.0.0"  # of a statement without one (part two, 2.4.10)
_STEP = timedelta(microseconds=1)


@dataclass(slots=True)
class Draft:
    """A statement that is to be kept, what our columns say of it beside its body, and how it came."""

    body: dict[str, Any]
    columns: dict[str, Any] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """As text."""
        return str(self.body["id"])


def completed(
    statement: Mapping[str, Any], *, authority: Mapping[str, Any], stored: datetime
) -> dict[str, Any]:
    """The statement with what the store adds; lists of context activities are lists (2.4.6.2)."""
    body = dict(statement)
    body["id"] = uuid(body["id"], "id") if "id" in body else str(uuid4())
    body["stored"] = written(stored)
    body["timestamp"] = body.get("timestamp", body["stored"])
    body["authority"] = authority
    body["version"] = body.get("version", VERSION)
    _listed_contexts(body)
    return body


def _listed_contexts(body: dict[str, Any]) -> None:
    lists = body.get("context", {}).get("contextActivities")
    if lists:
        told = {name: listed(found) for name, found in lists.items()}
        body["context"] = body["context"] | {"contextActivities": told}
    if body["object"].get("objectType") == "SubStatement":
        inner = dict(body["object"])
        _listed_contexts(inner)
        body["object"] = inner


def stamps(now: datetime, count: int) -> list[datetime]:
    """Moments for ``count`` statements, so that the order of a batch is the order of time."""
    return [now + place * _STEP for place in range(count)]


def keep(drafts: Sequence[Draft]) -> None:
    """Add them, with their mentions and those of what they refer to."""
    if not drafts:
        return
    rows = [_row(one) for one in drafts]
    found = _with_targets({str(row.pk): row for row in rows}, drafts)
    XapiStatement.objects.bulk_create(rows)
    _add(found)


def _row(draft: Draft) -> XapiStatement:
    body = draft.body
    target = target_of(body)
    return XapiStatement(
        id=UUID(body["id"]),
        stored=instant(body["stored"], "stored"),
        said_at=instant(body["timestamp"], "timestamp"),
        verb=body["verb"]["id"],
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        target=UUID(target) if target else None,
        voids=body["verb"]["id"] == VOIDED,
        **draft.columns,
    )


def _with_targets(
    rows: Mapping[str, XapiStatement], drafts: Iterable[Draft]
) -> dict[str, set[Mention]]:
    """The mentions of each new statement, and what older ones gain that referred to it before it came."""
    own = {one.id: mentions(one.body) for one in drafts}
    targets = {key: str(row.target) for key, row in rows.items() if row.target}
    own_targets = set(targets.values()) - own.keys()
    kept: dict[str, set[Mention]] = {}
    if own_targets:
        told = XapiMention.objects.filter(statement__in=own_targets)
        for statement, kind, key in told.values_list("statement_id", "kind", "key"):
            kept.setdefault(str(statement), set()).add(Mention(kind, key))
    found = {key: _closed(key, own, targets, kept) for key in own}
    return found | _gained(found)


def _closed(
    key: str,
    own: Mapping[str, set[Mention]],
    targets: Mapping[str, str],
    kept: Mapping[str, set[Mention]],
) -> set[Mention]:
    """The own mentions and those down the chain of references; a ring ends where it began."""
    found: set[Mention] = set()
    seen: set[str] = set()
    at: str | None = key
    while at is not None and at not in seen:
        seen.add(at)
        found |= own.get(at, set()) | kept.get(at, set())
        at = targets.get(at)
    return found


def _gained(fresh: Mapping[str, set[Mention]]) -> dict[str, set[Mention]]:
    """What statements that are there gain because their target came only now; level by level upwards."""
    gained: dict[str, set[Mention]] = {}
    level: dict[str, set[Mention]] = dict(fresh)
    while level:
        above = XapiStatement.objects.filter(target__in=list(level))
        rows = [(str(pk), str(target)) for pk, target in above.values_list("pk", "target")]
        level = {
            pk: gained.get(pk, set()) | level[target]
            for pk, target in rows
            if pk not in fresh and not level[target] <= gained.get(pk, set())
        }
        for pk, found in level.items():
            gained[pk] = gained.get(pk, set()) | found
    return _without_known(gained) if gained else gained


def _without_known(gained: Mapping[str, set[Mention]]) -> dict[str, set[Mention]]:
    """Only what is not there yet."""
    told = XapiMention.objects.filter(statement__in=list(gained))
    known = {
        (str(statement), kind, key)
        for statement, kind, key in told.values_list("statement_id", "kind", "key")
    }
    return {
        pk: {one for one in found if (pk, one.kind, one.key) not in known}
        for pk, found in gained.items()
    }


def _add(found: Mapping[str, set[Mention]]) -> None:
    XapiMention.objects.bulk_create(
        [
            XapiMention(statement_id=UUID(statement), kind=one.kind, key=one.key)
            for statement, told in found.items()
            for one in sorted(told)
        ]
    )
