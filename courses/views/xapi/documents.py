"""The state, activity profile and agent profile resources. Source: xAPI 1.0.3 part three, 2.2, 2.3, 2.6, 2.7."""

import json
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import http_date

from courses.acts.xapi import documents
from courses.acts.xapi.documents import Kind, Preconditions, Scope
from courses.views.xapi.manners import Asked, agent, instant, iri, name, resource, uuid
from courses.xapi.documents import etag_of
from courses.xapi.faults import FaultError

_STATE: Final = ("activityId", "agent", "registration", "stateId")
_ACTIVITY: Final = ("activityId", "profileId")
_AGENT: Final = ("agent", "profileId")


def _methods(known: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {"GET": (*known, "since"), "PUT": known, "POST": known, "DELETE": known}


@resource(_methods(_STATE))
def state(asked: Asked) -> HttpResponse:
    """What a unit keeps for a learner."""
    registration = asked.get("registration", uuid) or ""
    scope = Scope.state(asked.need("activityId", iri), asked.need("agent", agent), registration)
    return _carry(asked, scope, "stateId")


@resource(_methods(_ACTIVITY))
def activity_profile(asked: Asked) -> HttpResponse:
    """What is kept of an activity for everybody."""
    return _carry(asked, Scope(Kind.ACTIVITY, activity=asked.need("activityId", iri)), "profileId")


@resource(_methods(_AGENT))
def agent_profile(asked: Asked) -> HttpResponse:
    """What is kept of a person, such as preferences."""
    return _carry(asked, Scope(Kind.AGENT, agent=asked.need("agent", agent)), "profileId")


def _carry(asked: Asked, scope: Scope, parameter: str) -> HttpResponse:
    key = asked.get(parameter, name)
    if asked.method == "GET":
        return _listed(asked, scope) if key is None else _read(asked, scope, key, parameter)
    known = Preconditions(
        asked.request.headers.get("If-Match"), asked.request.headers.get("If-None-Match")
    )
    if asked.method == "DELETE":
        if key is None and scope.kind != Kind.STATE:
            raise FaultError(parameter, "缺少这个参数")
        documents.delete(scope, key, caller=asked.caller, known=known)
    else:
        _write(asked, scope, known, parameter)
    return HttpResponse(status=204)


def _write(asked: Asked, scope: Scope, known: Preconditions, parameter: str) -> None:
    key = asked.need(parameter, name)
    verb: Callable[..., None] = documents.put if asked.method == "PUT" else documents.post
    kind = asked.request.headers.get("Content-Type", "")
    content = asked.body(settings.XAPI_DOCUMENT_BYTES)
    verb(scope, key, content, kind, caller=asked.caller, known=known)


def _read(asked: Asked, scope: Scope, key: str, parameter: str) -> HttpResponse:
    if "since" in asked.parameters:
        raise FaultError("since", f"写了 {parameter} 就不能再写 since")
    found = documents.read(scope, key, caller=asked.caller)
    response = HttpResponse(bytes(found.content), content_type=found.content_type)
    response.headers["ETag"] = f'"{found.etag}"'
    response.headers["Last-Modified"] = http_date(found.updated_at.timestamp())
    response.headers["Content-Disposition"] = "attachment"
    return response


def _listed(asked: Asked, scope: Scope) -> HttpResponse:
    found = documents.names(scope, asked.get("since", instant), caller=asked.caller)
    content = json.dumps([one for one, _ in found], ensure_ascii=False).encode()
    response = HttpResponse(content, content_type="application/json")
    response.headers["ETag"] = f'"{etag_of(content)}"'
    if found:
        newest = max(at for _, at in found)
        response.headers["Last-Modified"] = http_date(newest.timestamp())
    return response
