"""How a kept statement is shown: exact, only ids, or canonical in one language. Source: part three, 2.1.3."""

from collections.abc import Sequence
from typing import Any, Final

from courses.xapi.actors import key_of
from courses.xapi.matching import listed

FORMATS: Final = ("exact", "ids", "canonical")
_KEPT: Final = frozenset({"objectType", "mbox", "mbox_sha1sum", "openid", "account"})
_COMPONENTS: Final = ("choices", "scale", "source", "target", "steps")


def shown(statement: dict[str, Any], shape: str, languages: Sequence[str] = ()) -> dict[str, Any]:
    """The statement in a format; ``languages`` are the reader's, best first."""
    if shape == "ids":
        return _ids(statement)
    if shape == "canonical":
        return _canonical(statement, languages)
    return statement


def accepted(header: str) -> list[str]:
    """The languages of an Accept-Language header, best first."""
    weighed = []
    for place, part in enumerate(header.split(",")[:30]):
        tag, _, rest = part.strip().partition(";")
        weight = rest.strip().removeprefix("q=") if rest else "1"
        try:
            weighed.append((-float(weight), place, tag.strip()))
        except ValueError:
            continue
    return [tag for negative, _, tag in sorted(weighed) if tag and negative < 0]


def one_language(words: dict[str, str], languages: Sequence[str]) -> dict[str, str]:
    """The one entry of a language map that fits best; the first where none fits."""
    if not words:
        return words
    lower = {tag.lower(): tag for tag in words}
    for wanted in (tag.lower() for tag in languages):
        near = (tag for tag in lower if tag.split("-")[0] == wanted.split("-")[0])
        found = wanted if wanted in lower else next(near, None)
        if found is not None:
            return {lower[found]: words[lower[found]]}
    first = next(iter(words))
    return {first: words[first]}


def _ids(statement: dict[str, Any]) -> dict[str, Any]:
    said = dict(statement)
    said["actor"] = _bare_actor(said["actor"])
    said["verb"] = {"id": said["verb"]["id"]}
    said["object"] = _bare_thing(said["object"])
    if "authority" in said:
        said["authority"] = _bare_actor(said["authority"])
    if "context" in said:
        context = dict(said["context"])
        for name in ("instructor", "team"):
            if name in context:
                context[name] = _bare_actor(context[name])
        if "contextActivities" in context:
            context["contextActivities"] = {
                name: [_bare_thing(one) for one in listed(found)]
                for name, found in context["contextActivities"].items()
            }
        said["context"] = context
    return said


def _bare_actor(actor: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in actor.items() if name in _KEPT}
    if key_of(actor) is None:
        said["member"] = [_bare_actor(one) for one in actor["member"]]
    return said


def _bare_thing(thing: dict[str, Any]) -> dict[str, Any]:
    kind = thing.get("objectType", "Activity")
    if kind == "SubStatement":
        return _ids(thing)
    if kind in ("Agent", "Group"):
        return _bare_actor(thing)
    return {name: value for name, value in thing.items() if name in ("objectType", "id")}


def _canonical(statement: dict[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    said = dict(statement)
    verb = said["verb"]
    if "display" in verb:
        said["verb"] = verb | {"display": one_language(verb["display"], languages)}
    thing = said["object"]
    if thing.get("objectType") == "SubStatement":
        said["object"] = _canonical(thing, languages)
    elif "definition" in thing:
        said["object"] = canonical_activity(thing, languages)
    lists = said.get("context", {}).get("contextActivities")
    if lists:
        told = {
            name: [canonical_activity(one, languages) for one in listed(found)]
            for name, found in lists.items()
        }
        said["context"] = said["context"] | {"contextActivities": told}
    return said


def canonical_activity(activity: dict[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    """An activity with each of its texts in one language."""
    if "definition" not in activity:
        return activity
    definition = dict(activity["definition"])
    for name in ("name", "description"):
        if name in definition:
            definition[name] = one_language(definition[name], languages)
    for name in _COMPONENTS:
        if name in definition:
            definition[name] = [
                one | {"description": one_language(one["description"], languages)}
                if "description" in one
                else one
                for one in definition[name]
            ]
    return activity | {"definition": definition}
