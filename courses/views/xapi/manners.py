"""What every xAPI resource keeps to: version, who calls, which parameters, how large, how often, errors in words.

Source: xAPI 1.0.3 part three, 1 and 3. Not done: the alternate request syntax of 1.3, and OAuth.
"""

import re
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from courses.acts.xapi.callers import Caller, caller_of
from courses.xapi.actors import check_actor, check_agent
from courses.xapi.faults import FaultError
from courses.xapi.reading import read_json
from courses.xapi.values import instant, iri, text, uuid

VERSION: Final = "1.0.3"
_TAKEN: Final = re.compile(r"1\.0(\.\d+)?")
_CORS: Final = {
    # No cookie is looked at here: whoever has no token gets nothing, from whatever page.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, PUT, POST, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match, If-None-Match, "
    "X-Experience-API-Version, Accept, Accept-Language",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, X-Experience-API-Version, "
    "X-Experience-API-Consistent-Through, Content-Length",
    "Access-Control-Max-Age": "600",
}
Parameters = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may be looked at: its parameters, each once and known, and who calls."""

    request: HttpRequest
    parameters: Parameters
    caller: Caller
    now: datetime

    @property
    def method(self) -> str:
        """HEAD is GET without the body (1.1)."""
        method = self.request.method or ""
        return "GET" if method == "HEAD" else method

    def get(self, name: str, read: Callable[[str, str], Any]) -> Any:
        """A parameter as ``read`` understands it; None where it is not there. Raises FaultError."""
        said = self.parameters.get(name)
        return None if said is None else read(said, name)

    def need(self, name: str, read: Callable[[str, str], Any]) -> Any:
        """The same for one that must be there. Raises FaultError."""
        if name not in self.parameters:
            raise FaultError(name, "缺少这个参数")
        return read(self.parameters[name], name)

    def body(self, most: int) -> bytes:
        """The content. Raises FaultError (413)."""
        try:
            length = int(self.request.headers.get("Content-Length") or 0)
        except ValueError:
            length = 0
        try:
            content = b"" if length > most else self.request.body
        except RequestDataTooBig:
            length = most + 1
            content = b""
        if max(length, len(content)) > most:
            raise FaultError("", f"内容太大，最多 {most // 1024} KB，请分几次发送", 413)
        return content


View = Callable[[Asked], HttpResponse]


def resource(known: Mapping[str, Collection[str]]) -> Callable[[View], Callable[..., HttpResponse]]:
    """A view of a resource; ``known`` are the parameters of each method. Others are refused (3.2)."""

    def made(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            if request.method == "OPTIONS":
                return polite(HttpResponse(status=204))
            try:
                return polite(view(_asked(request, known)))
            except FaultError as fault:
                return polite(told(fault))

        return guarded

    return made


def _asked(request: HttpRequest, known: Mapping[str, Collection[str]]) -> Asked:
    method = "GET" if request.method == "HEAD" else request.method or ""
    if method not in known:
        raise FaultError("", f"这里不能用 {method[:10]}", 405)
    _check_version(request)
    now = timezone.now()
    caller = caller_of(request.headers.get("Authorization", ""), now)
    _check_rate(caller)
    return Asked(request, _parameters(request.GET, known[method]), caller, now)


def _check_version(request: HttpRequest) -> None:
    if "method" in request.GET:
        raise FaultError("method", "不支持“替代请求写法”，请直接用 GET、PUT、POST、DELETE")
    said = request.headers.get("X-Experience-API-Version")
    if said is None:
        raise FaultError("X-Experience-API-Version", "缺少版本头，请写 1.0.3")
    if not _TAKEN.fullmatch(said.strip()):
        raise FaultError("X-Experience-API-Version", "只支持 1.0.x，请写 1.0.3")


def _parameters(said: QueryDict, known: Collection[str]) -> dict[str, str]:
    found = {}
    for name, values in said.lists():
        if name not in known:
            raise FaultError(name[:60], "没有这个参数（注意大小写）")
        if len(values) > 1:
            raise FaultError(name, "这个参数只能写一次")
        found[name] = str(values[0])
    return found


def _check_rate(caller: Caller) -> None:
    """So many requests of a caller in a minute of the clock."""
    who = f"key {caller.key.pk}" if caller.key else f"session {caller.session}"
    most = settings.API_PER_MINUTE_PARTNER if caller.key else settings.API_PER_MINUTE
    key = f"xapi:{who}:{int(time.time()) // 60}".replace(" ", "-")
    cache.add(key, 0, 120)
    try:
        count = cache.incr(key)
    except ValueError:  # dropped between the two calls: begin again
        return
    if count > most:
        raise FaultError("", f"请求太多，每分钟最多 {most} 次，请稍后再发", 429)


def polite(response: HttpResponse) -> HttpResponse:
    """The headers of every answer."""
    response.headers["X-Experience-API-Version"] = VERSION
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    for name, value in _CORS.items():
        response.headers[name] = value
    return response


def told(fault: FaultError) -> HttpResponse:
    """An error as JSON: what, where, and what to do."""
    said = {"error": fault.advice, "where": fault.where}
    response = JsonResponse(said, status=fault.status, json_dumps_params={"ensure_ascii": False})
    if fault.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="xapi", charset="UTF-8"'
    if fault.status == 429:
        response.headers["Retry-After"] = "60"
    return response


# -- Parameters: held to the rules of the same values in statements (part two, 2.2) --------------------------


def boolean(said: str, where: str) -> bool:
    """``true`` or ``false``. Raises FaultError."""
    if said not in ("true", "false"):
        raise FaultError(where, "应该是 true 或 false")
    return said == "true"


def whole(said: str, where: str) -> int:
    """A nonnegative whole number. Raises FaultError."""
    if not (said.isascii() and said.isdecimal() and len(said) < 10):
        raise FaultError(where, "应该是不小于 0 的整数")
    return int(said)


def agent(said: str, where: str) -> dict[str, Any]:
    """An agent as JSON. Raises FaultError."""
    found = _json(said, where)
    check_agent(found, where)
    return found


def actor(said: str, where: str) -> dict[str, Any]:
    """An agent, or a group with an identifier, as JSON. Raises FaultError."""
    found = _json(said, where)
    check_actor(found, where)
    return found


def _json(said: str, where: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = read_json(said)
    except FaultError as fault:
        raise FaultError(where, f"应该是 JSON：{fault.advice}") from fault
    return found


def name(said: str, where: str) -> str:
    """The id of a document. Raises FaultError."""
    found = text(said, where, empty=False, longest=400)
    if "\x00" in found:
        raise FaultError(where, "有不能保存的字符")
    return found


__all__ = [
    "Asked",
    "actor",
    "agent",
    "boolean",
    "instant",
    "iri",
    "name",
    "resource",
    "uuid",
    "whole",
]
