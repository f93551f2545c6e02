"""Documents of the state and profile resources: read, put, merge, delete, each within what the caller may."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from courses.acts.xapi.callers import Caller
from courses.acts.xapi.callers import Scope as KeyScope
from courses.acts.xapi.identity import agent_of, unit_iri
from courses.acts.xapi.receiving import our_name
from courses.models import LearnerAccount, LrsKey, XapiDocument
from courses.models.xapi import DOCUMENTS_AT_MOST
from courses.xapi.actors import key_of
from courses.xapi.cmi5 import LAUNCH_DATA
from courses.xapi.documents import (
    JSON,
    as_object,
    check_preconditions,
    content_type,
    etag_of,
    is_json,
    merged,
)
from courses.xapi.faults import FaultError, forbidden
from courses.xapi.matching import digest

Kind = XapiDocument.Kind


@dataclass(frozen=True, slots=True)
class Scope:
    """To what a document belongs."""

    kind: str
    activity: str = ""
    agent: Mapping[str, Any] | None = None
    registration: str = ""

    @classmethod
    def state(cls, activity: str, agent: Mapping[str, Any], registration: str) -> Self:
        """Of a learner in an activity (and a registration)."""
        return cls(Kind.STATE, activity, agent, registration)

    @property
    def agent_key(self) -> str:
        """What tells the agent from others; empty without one."""
        return str(key_of(dict(self.agent))) if self.agent else ""

    @property
    def digest(self) -> str:
        """Under what it is kept."""
        return digest("\n".join([self.kind, self.activity, self.agent_key, self.registration]))

    def all(self) -> "QuerySet[XapiDocument]":
        """Its documents."""
        return XapiDocument.objects.filter(scope=self.digest)


@dataclass(frozen=True, slots=True)
class Preconditions:
    """What the caller knew of the document; ``required``: a PUT of a profile must say so (3.1)."""

    if_match: str | None = None
    if_none_match: str | None = None

    def check(self, there: XapiDocument | None, *, required: bool = False) -> None:
        """Raises FaultError (412, 409)."""
        check_preconditions(
            there.etag if there else None,
            if_match=self.if_match,
            if_none_match=self.if_none_match,
            required=required,
        )


# -- Rights ---------------------------------------------------------------------------------------------------


def may(scope: Scope, caller: Caller, *, writes: bool, name: str = "") -> None:
    """Whether the caller may read, or write, here. Raises FaultError (403)."""
    if writes and name == LAUNCH_DATA:
        raise forbidden("stateId", f"{LAUNCH_DATA} 只由平台写")
    if caller.key is not None:
        caller.require(KeyScope.STATE if scope.kind == Kind.STATE else KeyScope.PROFILE)
        _check_reach(scope, caller.key)
        return
    session, account = caller.session, caller.account
    assert session is not None  # noqa: S101  # one of the two
    if scope.agent is not None and scope.agent_key != key_of(agent_of(account)):
        raise forbidden("agent", "只能读写打开这个课件的学员自己的文档")
    if scope.activity and scope.activity != unit_iri(session.unit_id):
        raise forbidden("activityId", "只能读写本次打开的课件的文档")
    if scope.kind == Kind.STATE and scope.registration != str(session.registration.key):
        raise forbidden("registration", "请带上本次学习的 registration")
    if scope.kind == Kind.ACTIVITY and writes:
        raise forbidden("", "课件资料是所有学员共用的，学员的令牌只能读")


def _check_reach(scope: Scope, key: LrsKey) -> None:
    """A system with a place has no documents of other learners of ours."""
    name = our_name(scope.agent) if scope.agent else None
    people = key.reaches(timezone.localdate()) if name is not None else None
    if people is None:
        return
    if not LearnerAccount.objects.filter(name=_uuid(name), person__in=people).exists():
        raise forbidden("agent", "没有这个学员，或者学员不在这个密钥的属地")


def _uuid(name: str | None) -> str:
    from courses.xapi.values import uuid

    return uuid(name, "agent.account.name")


# -- The verbs ------------------------------------------------------------------------------------------------


def put_launch_data(scope: Scope, content: bytes, now: datetime) -> None:
    """What a unit learns of its launch; written by us alone."""
    _write(scope, LAUNCH_DATA, content, JSON, now, _locked(scope, LAUNCH_DATA))


@transaction.atomic
def put(
    scope: Scope, name: str, content: bytes, kind: str, *, caller: Caller, known: Preconditions
) -> None:
    """Replace a document, or make it. Raises FaultError."""
    may(scope, caller, writes=True, name=name)
    there = _locked(scope, name)
    known.check(there, required=scope.kind != Kind.STATE)
    kind = content_type(kind)
    if is_json(kind):
        _readable(content)
    _write(scope, name, content, kind, timezone.now(), there)


@transaction.atomic
def post(
    scope: Scope, name: str, content: bytes, kind: str, *, caller: Caller, known: Preconditions
) -> None:
    """Merge a JSON object into a document, or make it. Raises FaultError."""
    may(scope, caller, writes=True, name=name)
    there = _locked(scope, name)
    known.check(there)
    kind = content_type(kind)
    if there is not None:
        content = merged(bytes(there.content), there.content_type, content, kind)
    elif is_json(kind):
        as_object(content)
    _write(scope, name, content, kind, timezone.now(), there)


@transaction.atomic
def delete(scope: Scope, name: str | None, *, caller: Caller, known: Preconditions) -> None:
    """One document, or all of a state (``name`` None); what is not there is gone too. Raises FaultError."""
    may(scope, caller, writes=True, name=name or "")
    if name is None:
        scope.all().exclude(name=LAUNCH_DATA).delete()
        return
    there = _locked(scope, name)
    known.check(there)
    if there is not None:
        there.delete()


def read(scope: Scope, name: str, *, caller: Caller) -> XapiDocument:
    """One document. Raises FaultError (404)."""
    may(scope, caller, writes=False)
    there = scope.all().filter(name=name).first()
    if there is None:
        raise FaultError("", "没有这份文档", 404)
    return there


def names(scope: Scope, since: datetime | None, *, caller: Caller) -> list[tuple[str, datetime]]:
    """The names of the documents that were written after ``since``, with the time."""
    may(scope, caller, writes=False)
    found = scope.all()
    if since is not None:
        found = found.filter(updated_at__gt=since)
    return list(found.order_by("name").values_list("name", "updated_at"))


def _readable(content: bytes) -> None:
    from courses.xapi.reading import read_json

    read_json(content)


def _locked(scope: Scope, name: str) -> XapiDocument | None:
    return scope.all().select_for_update().filter(name=name).first()


def _write(
    scope: Scope, name: str, content: bytes, kind: str, now: datetime, there: XapiDocument | None
) -> None:
    if len(content) > settings.XAPI_DOCUMENT_BYTES:
        most = settings.XAPI_DOCUMENT_BYTES // 1024
        raise FaultError("", f"文档太大，最多 {most} KB", 413)
    if there is None and scope.all().count() >= DOCUMENTS_AT_MOST:
        raise forbidden("", f"文档太多，最多 {DOCUMENTS_AT_MOST} 份，请先删除不用的")
    document = there or XapiDocument(
        kind=scope.kind,
        scope=scope.digest,
        name=name,
        activity=scope.activity,
        agent=scope.agent_key,
        registration=scope.registration,
    )
    document.content, document.content_type = content, kind
    document.etag, document.updated_at = etag_of(content), now
    document.save()
