"""State and profile documents: merging, ETags, preconditions (xAPI 1.0.3 part three, 2.2, 2.3, 2.6, 2.7, 3.1)."""

import hashlib
import json
from typing import Any
from uuid import uuid4

import pytest

from courses.models import XapiDocument
from tests.courses.xapi_kit import Caller, system

pytestmark = pytest.mark.django_db
ACTIVITY = "https://example.com/activities/crane"
AGENT = json.dumps({"mbox": "mailto:worker@example.com"})
STATE: dict[str, Any] = {"activityId": ACTIVITY, "agent": AGENT, "stateId": "place"}
ACTIVITY_PROFILE = {"activityId": ACTIVITY, "profileId": "colours"}
AGENT_PROFILE = {"agent": AGENT, "profileId": "preferences"}
PROFILES = [("activities/profile", ACTIVITY_PROFILE), ("agents/profile", AGENT_PROFILE)]
NEW = {"If-None-Match": "*"}


@pytest.fixture
def lrs() -> Caller:
    """A system that may do everything."""
    return system()


def without(parameters: dict[str, Any], *names: str) -> dict[str, Any]:
    """The parameters but for some."""
    return {name: value for name, value in parameters.items() if name not in names}


def test_a_state_is_put_read_and_deleted(lrs: Caller) -> None:
    """2.3; any content comes back as it was, with its digest as ETag."""
    content = b"\x00\x01 any bytes"
    headers = {"Content-Type": "application/octet-stream"}
    assert lrs("PUT", "activities/state", content, headers=headers, **STATE).status_code == 204
    found = lrs("GET", "activities/state", **STATE)
    assert (found.status_code, found.content) == (200, content)
    assert found.headers["Content-Type"] == "application/octet-stream"
    assert found.headers["ETag"] == f'"{hashlib.sha1(content).hexdigest()}"'  # noqa: S324
    assert found.headers["Last-Modified"].endswith("GMT")
    assert lrs("HEAD", "activities/state", **STATE).content == b""
    assert lrs("DELETE", "activities/state", **STATE).status_code == 204
    assert lrs("GET", "activities/state", **STATE).status_code == 404
    assert lrs("DELETE", "activities/state", **STATE).status_code == 204


def test_registrations_have_states_of_their_own(lrs: Caller) -> None:
    """2.3."""
    one, two = str(uuid4()), str(uuid4())
    lrs("PUT", "activities/state", {"a": 1}, registration=one, **STATE)
    assert lrs("GET", "activities/state", registration=one.upper(), **STATE).json() == {"a": 1}
    assert lrs("GET", "activities/state", registration=two, **STATE).status_code == 404
    assert lrs("GET", "activities/state", **STATE).status_code == 404


def test_ids_of_states_and_deleting_them_all(lrs: Caller) -> None:
    """2.3: many documents at once, and those since a moment."""
    context = without(STATE, "stateId")
    for name in ("b", "a"):
        lrs("PUT", "activities/state", {}, stateId=name, **context)
    found = lrs("GET", "activities/state", **context)
    assert found.json() == ["a", "b"]
    assert found.headers["ETag"].startswith('"')
    first = XapiDocument.objects.get(name="b").updated_at.isoformat().replace("+00:00", "Z")
    assert lrs("GET", "activities/state", since=first, **context).json() == ["a"]
    assert lrs("GET", "activities/state", since="now", **context).status_code == 400
    assert lrs("DELETE", "activities/state", **context).status_code == 204
    assert lrs("GET", "activities/state", **context).json() == []


@pytest.mark.parametrize(
    ("resource", "parameters"),
    [("activities/state", STATE), *PROFILES],
    ids=["state", "activity", "agent"],
)
def test_a_posted_object_is_merged(lrs: Caller, resource: str, parameters: dict[str, Any]) -> None:
    """2.2: top-level properties are replaced, the others stay; no document yet is a new one."""
    assert lrs("POST", resource, {"x": {"deep": 1}, "y": "bar"}, **parameters).status_code == 204
    assert lrs("POST", resource, {"x": {"other": 2}, "z": "faz"}, **parameters).status_code == 204
    merged = {"x": {"other": 2}, "y": "bar", "z": "faz"}
    assert lrs("GET", resource, **parameters).json() == merged
    text = {"Content-Type": "text/plain"}
    for body, headers in ((b"text", text), (b"[1]", {}), (b"{bad", {}), (b'{"a":1,"a":2}', {})):
        assert lrs("POST", resource, body, headers=headers, **parameters).status_code == 400
    assert lrs("GET", resource, **parameters).json() == merged
    there = lrs("GET", resource, **parameters).headers["ETag"]
    lrs("PUT", resource, b"text", headers={**text, "If-Match": there}, **parameters)
    assert lrs("POST", resource, {"a": 1}, **parameters).status_code == 400
    assert lrs("GET", resource, **parameters).content == b"text"


@pytest.mark.parametrize(("resource", "parameters"), PROFILES, ids=["activity", "agent"])
def test_a_profile_is_changed_by_whoever_knows_it(
    lrs: Caller, resource: str, parameters: dict[str, Any]
) -> None:
    """3.1: If-None-Match for a new one, If-Match for one that was read; otherwise 400, 409, 412."""
    assert lrs("PUT", resource, {"v": 1}, **parameters).status_code == 400
    assert lrs("PUT", resource, {"v": 1}, headers=NEW, **parameters).status_code == 204
    assert lrs("PUT", resource, {"v": 2}, headers=NEW, **parameters).status_code == 412
    blind = lrs("PUT", resource, {"v": 2}, **parameters)
    assert (blind.status_code, "If-Match" in blind.json()["error"]) == (409, True)
    wrong = {"If-Match": '"0000000000000000000000000000000000000000"'}
    for verb in ("PUT", "POST", "DELETE"):
        assert lrs(verb, resource, {"v": 2}, headers=wrong, **parameters).status_code == 412
    assert lrs("GET", resource, **parameters).json() == {"v": 1}
    known = {"If-Match": lrs("GET", resource, **parameters).headers["ETag"]}
    assert lrs("PUT", resource, {"v": 2}, headers=known, **parameters).status_code == 204
    assert lrs("PUT", resource, {"v": 3}, headers=known, **parameters).status_code == 412
    assert lrs("GET", resource, **without(parameters, "profileId")).json() == [
        parameters["profileId"]
    ]
    assert lrs("DELETE", resource, **parameters).status_code == 204


def test_what_must_be_there(lrs: Caller) -> None:
    """Each parameter of 2.3, 2.6, 2.7 is required where the specification says so, and well formed."""
    for resource, parameters in [("activities/state", STATE), *PROFILES]:
        for name in parameters:
            optional = name == "stateId"
            for verb in ("PUT", "POST"):
                answer = lrs(verb, resource, {}, headers=NEW, **without(parameters, name))
                assert answer.status_code == 400, (resource, verb, name)
            if not optional and name != "profileId":
                assert lrs("GET", resource, **without(parameters, name)).status_code == 400
                assert lrs("DELETE", resource, **without(parameters, name)).status_code == 400
        assert lrs("GET", resource, **parameters, extra="1").status_code == 400
    assert lrs("DELETE", "agents/profile", agent=AGENT).status_code == 400
    for bad in ("x", '{"objectType":"Group","mbox":"mailto:a@b.c"}', '{"name":"nobody"}'):
        assert lrs("GET", "agents/profile", agent=bad).status_code == 400
    assert lrs("GET", "activities/profile", activityId="crane").status_code == 400
    assert lrs("GET", "activities/state", **(STATE | {"registration": "1"})).status_code == 400


def test_documents_have_limits(lrs: Caller, settings: Any) -> None:
    """413, and a header that nobody smuggles anything in with."""
    settings.XAPI_DOCUMENT_BYTES = 10
    assert lrs("PUT", "activities/state", b"x" * 11, **STATE).status_code == 413
    lrs("POST", "activities/state", {"a": 1}, **STATE)
    assert lrs("POST", "activities/state", {"b": 1}, **STATE).status_code == 413
    bad = {"Content-Type": "text/html\tx"}
    assert lrs("PUT", "activities/state", b"x", headers=bad, **STATE).status_code == 400
    found = lrs("GET", "activities/state", **STATE)
    assert found.headers["Content-Disposition"] == "attachment"
    assert found.headers["X-Content-Type-Options"] == "nosniff"


def test_scopes() -> None:
    """A key for statements has no documents."""
    writer = system(["statements/write", "statements/read"])
    assert writer("PUT", "activities/state", {}, **STATE).status_code == 403
    assert writer("GET", "agents/profile", **AGENT_PROFILE).status_code == 403
