"""Who and what a statement is about (for filters), and whether two statements say the same.

Sources: xAPI 1.0.3 part three, 2.1.3 (filters); part two, 2.3.1 (immutability, comparison).
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final, NamedTuple

from courses.xapi.actors import key_of, keys_of
from courses.xapi.statements import CONTEXT_LISTS
from courses.xapi.values import hundredths, instant, uuid


class Mention(NamedTuple):
    """``kind``: verb, registration; agent and activity as the plain filters mean it, and near it (related_*)."""

    kind: str
    key: str


AGENT: Final = "agent"
NEAR_AGENT: Final = "near-agent"
ACTIVITY: Final = "activity"
NEAR_ACTIVITY: Final = "near-activity"
VERB: Final = "verb"
REGISTRATION: Final = "registration"


def digest(value: str) -> str:
    """What is kept of an identifier for finding it: 128 bits, in hex."""
    return sha256(value.encode()).hexdigest()[:32]


def mentions(statement: dict[str, Any]) -> set[Mention]:
    """Everything by which a filter finds ``statement`` itself; its targets are the store's matter."""
    found = {Mention(VERB, digest(statement["verb"]["id"]))}
    found |= {Mention(AGENT, digest(key)) for key in _plain_agents(statement)}
    found |= {Mention(NEAR_AGENT, digest(key)) for key in _near_agents(statement)}
    thing = statement["object"]
    if _is_activity(thing):
        found.add(Mention(ACTIVITY, digest(thing["id"])))
    found |= {Mention(NEAR_ACTIVITY, digest(key)) for key in _near_activities(statement)}
    registration = statement.get("context", {}).get("registration")
    if registration:
        found.add(Mention(REGISTRATION, digest(uuid(registration, ""))))
    plain = {one.key for one in found if one.kind == AGENT}
    plain_activities = {one.key for one in found if one.kind == ACTIVITY}
    return {
        one
        for one in found
        if not (one.kind == NEAR_AGENT and one.key in plain)
        and not (one.kind == NEAR_ACTIVITY and one.key in plain_activities)
    }


def _is_activity(thing: dict[str, Any]) -> bool:
    return bool(thing.get("objectType", "Activity") == "Activity")


def _plain_agents(statement: dict[str, Any]) -> Iterator[str]:
    yield from keys_of(statement["actor"])
    if statement["object"].get("objectType") in ("Agent", "Group"):
        yield from keys_of(statement["object"])


def _near_agents(statement: dict[str, Any]) -> Iterator[str]:
    yield from _plain_agents(statement)
    context = statement.get("context", {})
    for one in (statement.get("authority"), context.get("instructor"), context.get("team")):
        if one:
            yield from keys_of(one)
    if statement["object"].get("objectType") == "SubStatement":
        yield from _near_agents(statement["object"])


def _near_activities(statement: dict[str, Any]) -> Iterator[str]:
    if _is_activity(statement["object"]):
        yield statement["object"]["id"]
    yield from (one["id"] for one in context_activities(statement))
    if statement["object"].get("objectType") == "SubStatement":
        yield from _near_activities(statement["object"])


def context_activities(statement: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    """The activities of its context; only of the lists ``names``, where given."""
    lists = statement.get("context", {}).get("contextActivities", {})
    return [one for name in names or CONTEXT_LISTS for one in listed(lists.get(name, []))]


def listed(value: Any) -> list[Any]:
    """A list as it is, one thing as a list of it."""
    return value if isinstance(value, list) else [value]


def target_of(statement: dict[str, Any]) -> str | None:
    """The id of the statement that it is about, if it is about one."""
    thing = statement["object"]
    return uuid(thing["id"], "") if thing.get("objectType") == "StatementRef" else None


def say_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether a statement that came again is the one that is kept.

    What the store sets (stored, authority, version, a missing timestamp) and definitions of activities and
    verbs, which are no part of what was said, do not count.
    """
    first, second = meaning(one), meaning(other)
    if "timestamp" not in one or "timestamp" not in other:
        first.pop("timestamp", None)
        second.pop("timestamp", None)
    return first == second


def meaning(statement: dict[str, Any]) -> dict[str, Any]:
    """A statement reduced to what it says, in one form."""
    left_out = ("id", "stored", "authority", "version")
    said = {name: value for name, value in statement.items() if name not in left_out}
    said["actor"] = _actor(said["actor"])
    said["verb"] = said["verb"]["id"]
    said["object"] = _thing(said["object"])
    if "timestamp" in said:
        said["timestamp"] = instant(said["timestamp"], "")
    if "result" in said and "duration" in said["result"]:
        said["result"] = said["result"] | {"duration": hundredths(said["result"]["duration"])}
    if "context" in said:
        said["context"] = _context(said["context"])
    return said


def _actor(actor: dict[str, Any]) -> Any:
    key = key_of(actor)
    if key is not None:
        return actor.get("objectType", "Agent"), key
    return "Group", sorted(str(key_of(one)) for one in actor["member"])


def _thing(thing: dict[str, Any]) -> Any:
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        return kind, thing["id"]
    if kind in ("Agent", "Group"):
        return _actor(thing)
    if kind == "StatementRef":
        return kind, uuid(thing["id"], "")
    return kind, meaning(thing)


def _context(context: dict[str, Any]) -> dict[str, Any]:
    said = dict(context)
    if "registration" in said:
        said["registration"] = uuid(said["registration"], "")
    for name in ("instructor", "team"):
        if name in said:
            said[name] = _actor(said[name])
    if "contextActivities" in said:
        lists = said["contextActivities"]
        said["contextActivities"] = {
            name: sorted(one["id"] for one in listed(found)) for name, found in lists.items()
        }
    return said
