"""What every answer of the API keeps to: errors in one shape and in words, and how often one may ask.

Without a key the address counts (a whole IPv6 network as one), with a key the partner, who may ask more
often. Whoever issues keys adds a function to ``PARTNERS``: request → a name of the partner, or None.
"""

import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from ipaddress import IPv6Address, ip_network
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, Throttled, ValidationError
from ninja.throttling import BaseThrottle
from pydantic import Field

MINUTE: Final = 60
PARTNERS: list[Callable[[HttpRequest], str | None]] = []


class Fault(Schema):
    """Why there is no answer, in Chinese words."""

    detail: str = Field(..., examples=["没有找到"])


class Problem(Schema):
    """One thing that is wrong with the question."""

    where: str = Field(..., description="哪一项", examples=["query.limit"])
    what: str = Field(..., description="什么问题", examples=["Input should be less than 201"])


class Invalid(Schema):
    """A question that cannot be understood, thing by thing."""

    detail: str = Field(..., examples=["请求有错，请按 errors 逐项改正"])
    errors: list[Problem]


FAULTS: Final = {422: Invalid, 429: Fault}


class Limit(BaseThrottle):
    """So many questions in each minute of the clock, counted in the shared cache."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Count this one; whether it may be answered."""
        who, most = _asker(request)
        key = f"api:{sha256(who.encode()).hexdigest()[:32]}:{int(time.time()) // MINUTE}"
        cache.add(key, 0, 2 * MINUTE)
        try:
            return cache.incr(key) <= most
        except ValueError:  # the cache dropped it between the two calls: begin again
            return True

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return MINUTE - time.time() % MINUTE


def _asker(request: HttpRequest) -> tuple[str, int]:
    """Who asks, and how often that one may in a minute."""
    for partner in PARTNERS:
        if name := partner(request):
            return f"partner:{name}", settings.API_PER_MINUTE_PARTNER
    return f"address:{_address(request)}", settings.API_PER_MINUTE


def _address(request: HttpRequest) -> str:
    """The caller's address; behind our own proxy the last one that it wrote down."""
    said = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUST_PROXY:
        said = str(request.META.get("HTTP_X_FORWARDED_FOR", said)).rpartition(",")[2].strip()
    try:
        address = IPv6Address(said)
    except ValueError:
        return said
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False))


def with_manners(api: NinjaAPI) -> NinjaAPI:
    """The API with limits and errors as above."""
    said = {
        Throttled: (429, "问得太多了，请按 Retry-After 的秒数稍后再问"),
        AuthenticationError: (401, "密钥不对或没有带密钥，请检查 Authorization"),
    }
    for kind, (status, words) in said.items():
        api.add_exception_handler(kind, partial(_fault, api, status, words))
    api.add_exception_handler(ValidationError, partial(_invalid, api))
    return api


def _fault(
    api: NinjaAPI, status: int, words: str, request: HttpRequest, fault: object
) -> HttpResponse:
    return api.create_response(request, {"detail": words}, status=status)


def _invalid(api: NinjaAPI, request: HttpRequest, fault: Any) -> HttpResponse:
    errors = [
        {"where": ".".join(map(str, error.get("loc", ()))), "what": str(error.get("msg", ""))}
        for error in fault.errors
    ]
    said: dict[str, Any] = {"detail": "请求有错，请按 errors 逐项改正", "errors": errors}
    return api.create_response(request, said, status=422)
