"""Agents and groups, and how one tells whether two are the same. Source: xAPI 1.0.3 part two, 2.4.2."""

import re
from collections.abc import Iterator
from typing import Any, Final

from courses.xapi.faults import FaultError
from courses.xapi.values import iri, shaped, text

IDENTIFIERS: Final = ("mbox", "mbox_sha1sum", "openid", "account")
_AGENT: Final = frozenset({"objectType", "name", *IDENTIFIERS})
_GROUP: Final = _AGENT | {"member"}
_ACCOUNT: Final = frozenset({"homePage", "name"})
_MBOX: Final = re.compile(r"mailto:[^@\s<>]+@[^@\s<>]+")
_SHA1: Final = re.compile(r"[0-9A-Fa-f]{40}")


def check_actor(value: Any, where: str) -> None:
    """An agent or a group. Raises FaultError."""
    if isinstance(value, dict) and value.get("objectType") == "Group":
        check_group(value, where)
    else:
        check_agent(value, where)


def check_agent(value: Any, where: str) -> None:
    """An agent with exactly one identifier. Raises FaultError."""
    agent = shaped(value, where, _AGENT)
    if agent.get("objectType", "Agent") != "Agent":
        raise FaultError(f"{where}.objectType", "这里应该是 Agent")
    if _identified(agent, where) != 1:
        raise FaultError(where, f"要写且只写一种身份标识：{'、'.join(IDENTIFIERS)}")


def check_group(value: Any, where: str) -> None:
    """A group: with one identifier, or with members. Raises FaultError."""
    group = shaped(value, where, _GROUP)
    if group.get("objectType") != "Group":
        raise FaultError(f"{where}.objectType", "这里应该是 Group")
    if _identified(group, where) > 1:
        raise FaultError(where, f"只能写一种身份标识：{'、'.join(IDENTIFIERS)}")
    members = group.get("member", [])
    if not isinstance(members, list):
        raise FaultError(f"{where}.member", "应该是列表")
    if not members and key_of(group) is None:
        raise FaultError(where, "没有身份标识的组要写明成员 member")
    for place, member in enumerate(members):
        check_agent(member, f"{where}.member[{place}]")


def _identified(actor: dict[str, Any], where: str) -> int:
    """How many identifiers there are, each well formed."""
    if "name" in actor:
        text(actor["name"], f"{where}.name")
    if "mbox" in actor and not _MBOX.fullmatch(text(actor["mbox"], f"{where}.mbox", longest=400)):
        raise FaultError(f"{where}.mbox", "应该像 mailto:name@example.com")
    if "mbox_sha1sum" in actor and not _SHA1.fullmatch(
        text(actor["mbox_sha1sum"], f"{where}.mbox_sha1sum", longest=400)
    ):
        raise FaultError(f"{where}.mbox_sha1sum", "应该是 40 位十六进制")
    if "openid" in actor:
        iri(actor["openid"], f"{where}.openid")
    if "account" in actor:
        account = shaped(actor["account"], f"{where}.account", _ACCOUNT)
        iri(account.get("homePage"), f"{where}.account.homePage")
        text(account.get("name"), f"{where}.account.name", empty=False, longest=400)
    return sum(name in actor for name in IDENTIFIERS)


def key_of(actor: dict[str, Any]) -> str | None:
    """What tells this one from every other; None for a group without identifier."""
    if "account" in actor:
        return f"account {actor['account']['homePage']} {actor['account']['name']}"
    if "mbox_sha1sum" in actor:
        return f"mbox_sha1sum {actor['mbox_sha1sum'].lower()}"
    return next((f"{name} {actor[name]}" for name in IDENTIFIERS if name in actor), None)


def keys_of(actor: dict[str, Any]) -> Iterator[str]:
    """The keys of an agent, or of a group and its members."""
    for one in (actor, *actor.get("member", ())):
        key = key_of(one)
        if key is not None:
            yield key
