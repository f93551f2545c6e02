"""The rules of statements: what is well formed, what is not, and what holds for every statement (properties)."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.xapi import values
from courses.xapi.faults import FaultError
from courses.xapi.matching import mentions, say_the_same
from courses.xapi.reading import read_json
from courses.xapi.shapes import accepted, one_language, shown
from courses.xapi.statements import check_statement
from tests.courses.xapi_kit import fault_of, statement

ACTIVITY = {"id": "https://example.com/activities/crane"}
AGENT = {"mbox": "mailto:a@example.com"}
UUID = "f47ac10b-58cc-4372-a567-0e02b2c3d479"


def full() -> dict[str, Any]:
    """A statement with something in every place."""
    return statement(
        id=UUID,
        timestamp="2026-03-01T08:30:00.123+08:00",
        stored="2026-03-01T08:30:01Z",
        version="1.0.3",
        authority={"account": {"homePage": "https://example.com", "name": "x"}},
        result={
            "score": {"scaled": 0.5, "raw": 50, "min": 0, "max": 100},
            "success": True,
            "completion": False,
            "response": "",
            "duration": "P1DT2H3M4.5S",
            "extensions": {"https://example.com/e": None},
        },
        context={
            "registration": UUID,
            "instructor": AGENT,
            "team": {"objectType": "Group", "member": [AGENT]},
            "contextActivities": {
                name: [ACTIVITY] for name in ("parent", "grouping", "category", "other")
            },
            "revision": "1",
            "platform": "p",
            "language": "zh-Hans-CN",
            "statement": {"objectType": "StatementRef", "id": UUID},
            "extensions": {"https://example.com/e": {}},
        },
        object={
            **ACTIVITY,
            "objectType": "Activity",
            "definition": {
                "name": {"zh-CN": "起重机"},
                "description": {"en": "Crane"},
                "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
                "moreInfo": "https://example.com/more",
                "interactionType": "choice",
                "correctResponsesPattern": ["a"],
                "choices": [{"id": "a", "description": {"en": "A"}}, {"id": "b"}],
                "extensions": {"https://example.com/e": [1]},
            },
        },
    )


def at(place: str, value: Any) -> dict[str, Any]:
    """The full statement with one thing changed; ``...`` takes it out."""
    said = full()
    *way, last = place.split(".")
    inner = said
    for name in way:
        inner = inner[name]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return said


def test_a_full_statement_is_well_formed() -> None:
    """Nothing of it is refused, and nothing of it is changed."""
    said = full()
    assert check_statement(said) == full()


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("actor", ...), ("verb", ...), ("object", ...), ("actor", None), ("extra", 1), ("Actor", AGENT),
        ("id", "1"), ("id", UUID + "0"), ("id", None), ("timestamp", "2026-03-01"), ("timestamp", 5),
        ("timestamp", "2026-03-01T08:30:00-00:00"), ("stored", "x"), ("version", "1.1.0"), ("version", "0.9"),
        ("actor", []), ("actor", {"name": "nobody"}), ("actor", AGENT | {"openid": "https://example.com"}),
        ("actor.mbox", "a@example.com"), ("actor.mbox", "mailto:nobody"), ("actor.objectType", "agent"),
        ("actor", {"mbox_sha1sum": "abc"}), ("actor", {"openid": "nothing"}), ("actor", {"account": {"name": "x"}}),
        ("actor", {"account": {"homePage": "https://e.com", "name": ""}}),
        ("actor", {"account": {"homePage": "https://e.com", "name": "x", "more": 1}}),
        ("actor", {"objectType": "Group"}), ("actor", {"objectType": "Group", "member": []}),
        ("actor", {"objectType": "Group", "member": [{"objectType": "Group", **AGENT}]}),
        ("verb", "did"), ("verb.id", "did"), ("verb.id", ...), ("verb.display", {"not a tag": "x"}),
        ("verb.display", {"en": 1}), ("object", {}), ("object.id", "crane"), ("object.objectType", "activity"),
        ("object", AGENT), ("object", {"objectType": "StatementRef", "id": "1"}),
        ("object.definition.type", "none"), ("object.definition.extensions", {"none": 1}),
        ("object.definition.interactionType", "riddle"), ("object.definition.interactionType", ...),
        ("object.definition.scale", []), ("object.definition.choices", [{"id": "a"}, {"id": "a"}]),
        ("object.definition.correctResponsesPattern", "a"), ("object.definition.name", "x"),
        ("result.score.scaled", 1.1), ("result.score.raw", 101), ("result.score.min", 100), ("result.score", 5),
        ("result.success", "true"), ("result.completion", 1), ("result.duration", "1h"), ("result.duration", "PT"),
        ("result.duration", "P"), ("result.duration", "P1W2D"), ("result.response", 1),
        ("result.extensions", {"none": 1}), ("result.score.scaled", None), ("result.score.scaled", True),
        ("context.registration", "1"), ("context.team", AGENT), ("context.language", "中文"),
        ("context.statement", {"id": UUID}), ("context.contextActivities", {"sibling": ACTIVITY}),
        ("context.contextActivities.parent", [{"id": "x"}]), ("context.extensions", []),
        ("object", {"objectType": "Agent", **AGENT}),  # with revision and platform, which are an activity's
        ("object", {"objectType": "SubStatement", "actor": AGENT, "verb": {"id": "https://e.com/v"}}),
        ("object", {"objectType": "SubStatement", "id": UUID, "actor": AGENT, "verb": {"id": "https://e.com/v"},
                    "object": ACTIVITY}),
        ("object", {"objectType": "SubStatement", "actor": AGENT, "verb": {"id": "https://e.com/v"},
                    "object": {"objectType": "SubStatement", "actor": AGENT, "verb": {"id": "https://e.com/v"},
                               "object": ACTIVITY}}),
        ("authority", {"objectType": "Group", "member": [AGENT]}), ("attachments", {}),
        ("verb.id", "http://adlnet.gov/expapi/verbs/voided"),
    ],
)  # fmt: skip
def test_what_is_not_well_formed_is_told_with_its_place(place: str, value: Any) -> None:
    """The requirements of part two, 2.2 to 2.4, each broken once."""
    with pytest.raises(FaultError) as told:
        check_statement(at(place, value))
    assert told.value.status == 400
    assert told.value.advice


@pytest.mark.parametrize(
    "said",
    ["P1Y2M3DT4H5M6S", "P4W", "PT0S", "PT36H", "P0.5D", "PT1.25S", "P1DT1M"],
)
def test_durations(said: str) -> None:
    """4.6."""
    assert values.duration(said, "d") == said


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-03-01T08:30:00Z", datetime(2026, 3, 1, 8, 30, tzinfo=UTC)),
        ("2026-03-01T08:30:00.5+0800", datetime(2026, 3, 1, 0, 30, 0, 500_000, tzinfo=UTC)),
        ("2026-03-01t08:30:00z", datetime(2026, 3, 1, 8, 30, tzinfo=UTC)),
        ("2026-03-01T08:30:00.1234567890", datetime(2026, 3, 1, 8, 30, 0, 123_456, tzinfo=UTC)),
        ("2026-03-01T08:30-05", datetime(2026, 3, 1, 13, 30, tzinfo=UTC)),
    ],
)
def test_timestamps(said: str, meant: datetime) -> None:
    """4.5."""
    assert values.instant(said, "t") == meant


@pytest.mark.parametrize(
    "said",
    ["2026-02-30T00:00:00Z", "2026-03-01T25:00:00Z", "2026-03-01T08:30:00+15:00", "9999-12-31T23:00:00-14:00",
     "0001-01-01T00:00:00+14:00", "2026-03-01T08:30:00 Z", "２０26-03-01T08:30:00Z", ""],
)  # fmt: skip
def test_timestamps_that_are_none(said: str) -> None:
    """Never another error than ours."""
    with pytest.raises(FaultError):
        values.instant(said, "t")


# -- Properties ------------------------------------------------------------------------------------------------

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=15,
)


def places(said: Any, way: str = "") -> list[str]:
    """Every place of an object, however deep."""
    found = []
    for name, inner in said.items() if isinstance(said, dict) else ():
        found.append(f"{way}{name}")
        if "https:" not in name:
            found += places(inner, f"{way}{name}.")
    return found


@given(st.sampled_from(places(full())), anything)
def test_whatever_stands_in_a_place_is_taken_or_told(place: str, value: Any) -> None:
    """No value makes the checks stumble; what they take can be found, shown, and compared with itself."""
    if "https:" in place:
        return
    said = at(place, value)
    fault = fault_of(check_statement, copy.deepcopy(said))
    if fault is not None:
        assert fault.status == 400
        return
    assert mentions(said)
    assert say_the_same(said, copy.deepcopy(said))
    for shape in ("ids", "canonical", "exact"):
        check_statement({k: v for k, v in shown(said, shape, ["zh"]).items() if k != "attachments"})


@given(anything)
def test_whatever_json_is_read_as_python_reads_it(value: Any) -> None:
    """The strict reader gives the same value; only what is not to be kept is refused."""
    assert read_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=60))
def test_whatever_bytes_are_read_or_told(body: bytes) -> None:
    """No other error than ours."""
    fault = fault_of(read_json, body)
    assert fault is None or fault.status == 400


@given(st.text(max_size=40))
def test_plain_values_raise_nothing_but_faults(said: str) -> None:
    """IRIs, UUIDs, timestamps, durations, languages of whatever text."""
    checks: list[Callable[[Any, str], Any]] = [
        values.iri, values.uuid, values.instant, values.duration, values.language,
    ]  # fmt: skip
    for check in checks:
        fault = fault_of(check, said, "x")
        assert fault is None or fault.where == "x"


@given(
    st.text(max_size=60),
    st.dictionaries(st.sampled_from(["zh-CN", "en", "en-GB", "de"]), texts, max_size=4),
)
def test_one_language_is_one_of_those_there(header: str, words: dict[str, str]) -> None:
    """Whatever a browser sends."""
    chosen = one_language(words, accepted(header))
    assert len(chosen) == min(len(words), 1)
    assert chosen.items() <= words.items()


def test_comparing() -> None:
    """What the store sets does not count; what was said does."""
    said = full()
    again = full() | {"stored": "2027-01-01T00:00:00Z", "version": "1.0.0", "authority": AGENT}
    again["timestamp"] = "2026-03-01T00:30:00.123Z"
    again["result"]["duration"] = "P1DT2H3M4.5000001S"
    again["context"]["contextActivities"]["parent"] = ACTIVITY
    assert say_the_same(said, again)
    for place, value in (
        ("result.success", False), ("context.registration", UUID.replace("f", "e")), ("actor.mbox", "mailto:b@b.b"),
        ("object.id", "https://example.com/other"), ("timestamp", "2026-03-01T08:31:00Z"), ("result", ...),
    ):  # fmt: skip
        assert not say_the_same(said, at(place, value)), place
