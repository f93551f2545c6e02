"""The statements resource: PUT, POST, GET. Source: xAPI 1.0.3 part three, 2.1."""

import json
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import http_date

from courses.acts.xapi import asking
from courses.acts.xapi.receiving import receive
from courses.views.xapi.manners import Asked, actor, boolean, instant, iri, resource, uuid, whole
from courses.xapi.actors import key_of
from courses.xapi.documents import is_json
from courses.xapi.faults import FaultError
from courses.xapi.reading import read_json
from courses.xapi.shapes import FORMATS, accepted, shown
from courses.xapi.values import written

_SHAPES: Final = ("format", "attachments")
_FILTERS: Final = (
    "agent", "verb", "activity", "registration", "related_activities", "related_agents", "since", "until",
    "limit", "ascending",
)  # fmt: skip
CURSOR: Final = "cursor"  # ours: where the next page begins
_BOUNDARY: Final = "anxin-statements"


@resource(
    {
        "GET": ("statementId", "voidedStatementId", *_SHAPES, *_FILTERS, CURSOR),
        "PUT": ("statementId",),
        "POST": (),
    }
)
def statements(asked: Asked) -> HttpResponse:
    """Store one or many, or answer a question."""
    response = _answered(asked) if asked.method == "GET" else _stored(asked)
    response.headers["X-Experience-API-Consistent-Through"] = written(asked.now)
    return response


def _stored(asked: Asked) -> HttpResponse:
    put = asked.need("statementId", uuid) if asked.method == "PUT" else None
    kind = asked.request.headers.get("Content-Type", "")
    if kind.lower().startswith("multipart/"):
        raise FaultError(
            "Content-Type", "不收附件内容：请用 application/json，附件只写网址 fileUrl"
        )
    if not is_json(kind):
        raise FaultError("Content-Type", "应该是 application/json")
    said = read_json(asked.body(settings.XAPI_STATEMENT_BYTES))
    if put is not None and not isinstance(said, dict):
        raise FaultError("", "PUT 一次只收一条陈述")
    ids = receive(said, caller=asked.caller, put=put)
    if put is not None:
        return HttpResponse(status=204)
    return _json(ids)


def _answered(asked: Asked) -> HttpResponse:
    shape = asked.parameters.get("format", "exact")
    if shape not in FORMATS:
        raise FaultError("format", f"应该是 {'、'.join(FORMATS)} 之一")
    attached = bool(asked.get("attachments", boolean))
    languages = accepted(asked.request.headers.get("Accept-Language", ""))
    single = {"statementId", "voidedStatementId"} & asked.parameters.keys()
    if single:
        found = _one(asked, single)
        response = _sent(shown(found, shape, languages), attached)
        response.headers["Last-Modified"] = _http(instant(found["stored"], "stored"))
        return response
    page = asking.many(_question(asked), caller=asked.caller, now=asked.now)
    said = {
        "statements": [shown(one, shape, languages) for one in page.statements],
        "more": _more(asked, page.next),
    }
    response = _sent(said, attached)
    if page.newest is not None:
        response.headers["Last-Modified"] = _http(page.newest)
    return response


def _one(asked: Asked, single: set[str]) -> dict[str, Any]:
    others = asked.parameters.keys() - single - set(_SHAPES)
    if len(single) > 1 or others:
        raise FaultError("statementId", "查一条陈述时，不能再带别的条件")
    name = single.pop()
    key = asked.need(name, uuid)
    voided = name == "voidedStatementId"
    return asking.one(key, voided=voided, caller=asked.caller, now=asked.now)


def _question(asked: Asked) -> asking.Question:
    who = asked.get("agent", actor)
    key = key_of(who) if who is not None else None
    if who is not None and key is None:
        raise FaultError("agent", "没有身份标识的组不能用来查找")
    return asking.Question(
        agent=key,
        verb=asked.get("verb", iri),
        activity=asked.get("activity", iri),
        registration=asked.get("registration", uuid),
        near_activities=bool(asked.get("related_activities", boolean)),
        near_agents=bool(asked.get("related_agents", boolean)),
        since=asked.get("since", instant),
        until=asked.get("until", instant),
        limit=asked.get("limit", whole) or 0,
        ascending=bool(asked.get("ascending", boolean)),
        after=asked.get(CURSOR, _cursor),
    )


def _cursor(said: str, where: str) -> tuple[datetime, UUID]:
    at, _, key = said.partition(" ")
    return instant(at, where), UUID(uuid(key, where))


def _more(asked: Asked, after: tuple[datetime, UUID] | None) -> str:
    """The address of the next page, relative to the host; empty on the last one (part two, 2.5)."""
    if after is None:
        return ""
    query = {**asked.parameters, CURSOR: f"{written(after[0])} {after[1]}"}
    return f"{reverse('xapi:statements')}?{urlencode(query)}"


def _http(at: datetime) -> str:
    return http_date(at.timestamp())


def _sent(said: Any, attached: bool) -> HttpResponse:
    """With ``attachments=true`` in several parts, of which ours is the only one: no attachments are kept."""
    if not attached:
        return _json(said)
    part = json.dumps(said, ensure_ascii=False)
    lines = [f"--{_BOUNDARY}", "Content-Type: application/json", "", part, f"--{_BOUNDARY}--", ""]
    kind = f'multipart/mixed; boundary="{_BOUNDARY}"'
    return HttpResponse("\r\n".join(lines), content_type=kind)


def _json(said: Any) -> HttpResponse:
    content = json.dumps(said, ensure_ascii=False)
    return HttpResponse(content, content_type="application/json")
