"""Activities with their definitions, interactions too. Source: xAPI 1.0.3 part two, 2.4.4.1."""

from typing import Any, Final

from courses.xapi.faults import FaultError
from courses.xapi.values import extensions, iri, language_map, shaped, text

INTERACTIONS: Final = frozenset(
    {"true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing"}
    | {"likert", "numeric", "other"}
)
# Which lists of components a kind of interaction may have.
_LISTS: Final = {
    "choice": frozenset({"choices"}),
    "sequencing": frozenset({"choices"}),
    "likert": frozenset({"scale"}),
    "matching": frozenset({"source", "target"}),
    "performance": frozenset({"steps"}),
}
_COMPONENTS: Final = frozenset({"choices", "scale", "source", "target", "steps"})
_ACTIVITY: Final = frozenset({"objectType", "id", "definition"})
_DEFINITION: Final = frozenset(
    {"name", "description", "type", "moreInfo", "extensions", "interactionType"}
    | {"correctResponsesPattern"}
    | _COMPONENTS
)
_COMPONENT: Final = frozenset({"id", "description"})


def check_activity(value: Any, where: str) -> None:
    """An activity. Raises FaultError."""
    activity = shaped(value, where, _ACTIVITY)
    if activity.get("objectType", "Activity") != "Activity":
        raise FaultError(f"{where}.objectType", "这里应该是 Activity")
    iri(activity.get("id"), f"{where}.id")
    if "definition" in activity:
        _check_definition(activity["definition"], f"{where}.definition")


def _check_definition(value: Any, where: str) -> None:
    definition = shaped(value, where, _DEFINITION)
    for name in ("name", "description"):
        if name in definition:
            language_map(definition[name], f"{where}.{name}")
    for name in ("type", "moreInfo"):
        if name in definition:
            iri(definition[name], f"{where}.{name}")
    if "extensions" in definition:
        extensions(definition["extensions"], f"{where}.extensions")
    _check_interaction(definition, where)


def _check_interaction(definition: dict[str, Any], where: str) -> None:
    kind = definition.get("interactionType")
    lists = _COMPONENTS & definition.keys()
    if kind is None:
        if lists or "correctResponsesPattern" in definition:
            raise FaultError(f"{where}.interactionType", "有选项或正确答案时要写明题型")
        return
    if not isinstance(kind, str) or kind not in INTERACTIONS:
        raise FaultError(
            f"{where}.interactionType", f"没有这种题型，可用：{'、'.join(sorted(INTERACTIONS))}"
        )
    if extra := lists - _LISTS.get(kind, frozenset()):
        raise FaultError(f"{where}.{min(extra)}", f"题型 {kind} 不用这个列表")
    pattern = definition.get("correctResponsesPattern", [])
    if not isinstance(pattern, list):
        raise FaultError(f"{where}.correctResponsesPattern", "应该是文字列表")
    for place, one in enumerate(pattern):
        text(one, f"{where}.correctResponsesPattern[{place}]")
    for name in lists:
        _check_components(definition[name], f"{where}.{name}")


def _check_components(value: Any, where: str) -> None:
    if not isinstance(value, list):
        raise FaultError(where, "应该是列表")
    seen = set()
    for place, one in enumerate(value):
        component = shaped(one, f"{where}[{place}]", _COMPONENT)
        key = text(component.get("id"), f"{where}[{place}].id", empty=False)
        if key in seen:
            raise FaultError(f"{where}[{place}].id", "同一个列表里标识重复")
        seen.add(key)
        if "description" in component:
            language_map(component["description"], f"{where}[{place}].description")
