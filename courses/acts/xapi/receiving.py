"""Takes statements from systems and units: all of a batch or nothing, none twice, none that is forged."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from courses.acts.xapi import sessions
from courses.acts.xapi.callers import Caller, Scope
from courses.acts.xapi.identity import home, is_ours
from courses.acts.xapi.keeping import Draft, completed, keep, stamps
from courses.models import LearnerAccount, LrsKey, Registration, XapiStatement
from courses.xapi.cmi5 import CMI5
from courses.xapi.faults import FaultError, forbidden
from courses.xapi.matching import context_activities, say_the_same, target_of
from courses.xapi.statements import VOIDED, check_statement
from courses.xapi.values import uuid

MOST: Final = 500  # statements in a batch
Kept = Mapping[str, XapiStatement]


def receive(said: Any, *, caller: Caller, put: str | None = None) -> list[str]:
    """Keep one statement or a list of them; their ids in order. ``put``: the id in the address of a PUT.

    Raises FaultError: 400 malformed, 403 not this caller's to say, 409 another statement has the id.
    """
    caller.require(Scope.WRITE)
    batch = said if isinstance(said, list) else [said]
    if not batch or len(batch) > MOST:
        raise FaultError("", f"一次请发 1 到 {MOST} 条陈述")
    single = not isinstance(said, list)
    checked = [check_statement(one, "" if single else f"[{n}]") for n, one in enumerate(batch)]
    if put is not None:
        checked = [_put(checked[0], put)]
    try:
        with transaction.atomic():
            return _receive(checked, caller)
    except (
        IntegrityError
    ) as error:  # somebody wrote the same id, or ended the session, at the same moment
        raise FaultError("", "同时有另一个写入，请再发一次", 409) from error


def _put(statement: dict[str, Any], said: str) -> dict[str, Any]:
    wanted = uuid(said, "statementId")
    if uuid(statement.get("id", wanted), "id") != wanted:
        raise FaultError("id", "和地址里的 statementId 不一样")
    return statement | {"id": wanted}


def _receive(checked: Sequence[dict[str, Any]], caller: Caller) -> list[str]:
    now = timezone.now()
    turn = sessions.take_turn(caller.session) if caller.session else None
    drafts = [
        Draft(completed(one, authority=caller.authority, stored=at), said=one)
        for one, at in zip(checked, stamps(now, len(checked)), strict=True)
    ]
    ids = [one.id for one in drafts]
    if len(set(ids)) != len(ids):
        raise FaultError("id", "同一批里有两条陈述编号相同")
    kept = _kept(drafts)
    fresh = [one for one in drafts if not _repeats(one, kept)]
    if caller.key is not None:
        _check_key(fresh, caller.key, kept, now)
    elif turn is not None:
        sessions.judge_all(fresh, turn, now)
    keep(fresh)
    if turn is not None:
        sessions.earn(fresh, turn, now)
    return ids


def _kept(drafts: Sequence[Draft]) -> Kept:
    """Those that are there already under one of the ids, or are to be voided. One query."""
    wanted = {one.id for one in drafts}
    wanted |= {str(target_of(one.body)) for one in drafts if one.body["verb"]["id"] == VOIDED}
    return {str(one.pk): one for one in XapiStatement.objects.filter(pk__in=wanted)}


def _repeats(draft: Draft, kept: Kept) -> bool:
    """Whether it is there already. Raises FaultError (409) where another one has its id."""
    there = kept.get(draft.id)
    if there is None:
        return False
    if not say_the_same(dict(draft.said), json.loads(there.body)):
        raise FaultError("id", f"编号 {draft.id} 已经有另一条陈述，陈述不能改，请换一个编号", 409)
    return True


# -- What a system may say ------------------------------------------------------------------------------------


def _check_key(drafts: Sequence[Draft], key: LrsKey, kept: Kept, now: datetime) -> None:
    """Raises FaultError. Two queries, whatever the number, where it speaks of our learners."""
    for one in drafts:
        one.columns["key"] = key
        _check_object(one.body)
        _check_voiding(one.body, key, kept)
    accounts, registrations = _ours(drafts, key, now)
    for one in drafts:
        name = our_name(one.body["actor"])
        account = accounts.get(name) if name is not None else None
        if name is not None and account is None:
            raise forbidden("actor.account.name", "没有这个学员，或者学员不在这个密钥的属地")
        one.columns["account"] = account
        said = one.body.get("context", {}).get("registration")
        person = registrations.get(uuid(said, "")) if said else None
        if account is None and person is None:
            continue
        if said and (account is None or person != account.person_id):
            raise forbidden(
                "context.registration", "这不是这名学员的报名编号，不能替别人或没有报名的人记录"
            )


def _check_object(body: Mapping[str, Any]) -> None:
    """Only we tell what happened to things of ours; only units tell cmi5."""
    thing = body["object"]
    for one in (thing, thing.get("object", {})):
        if is_ours(str(one.get("id", ""))):
            raise forbidden("object.id", "本平台课程、考试、证书的陈述只由平台自己记录")
    if any(one["id"] == CMI5 for one in context_activities(dict(body), "category")):
        raise forbidden(
            "context.contextActivities.category", "cmi5 陈述只能由课件用启动时领到的令牌发送"
        )


def _check_voiding(body: Mapping[str, Any], key: LrsKey, kept: Kept) -> None:
    if body["verb"]["id"] != VOIDED:
        return
    there = kept.get(str(target_of(dict(body))))
    if there is None:
        return
    if there.key_id != key.pk:
        raise forbidden("object.id", "只能作废自己写入的陈述")
    if there.voids:
        raise FaultError("object.id", "作废的陈述本身不能再作废")


def our_name(actor: Mapping[str, Any]) -> str | None:
    """The account name of an actor of ours, else None."""
    account = actor.get("account")
    if account and str(account["homePage"]).rstrip("/") == home():
        return str(account["name"])
    return None


def _ours(
    drafts: Sequence[Draft], key: LrsKey, now: datetime
) -> tuple[dict[str, LearnerAccount], dict[str, int]]:
    """The accounts that the key reaches by name, and whose each registration is."""
    names = {_uuid(our_name(one.body["actor"])) for one in drafts} - {None}
    said = {_uuid(one.body.get("context", {}).get("registration")) for one in drafts} - {None}
    accounts: dict[str, LearnerAccount] = {}
    if names:
        found = LearnerAccount.objects.filter(name__in=names)
        people = key.reaches(timezone.localdate(now))
        if people is not None:
            found = found.filter(Q(person__in=people))
        accounts = {str(one.name): one for one in found}
    registrations: dict[str, int] = {}
    if said:
        rows = Registration.objects.filter(key__in=said)
        registrations = {
            str(one): person for one, person in rows.values_list("key", "enrolment__person_id")
        }
    return accounts, registrations


def _uuid(said: str | None) -> UUID | None:
    try:
        return UUID(said) if said else None
    except ValueError:
        return None
