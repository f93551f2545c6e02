"""About, activities, agents, and the fetch address of cmi5. Sources: xAPI part three, 2.4, 2.5, 2.8; cmi5 8.2."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from courses.acts.xapi import asking
from courses.acts.xapi.callers import Scope
from courses.acts.xapi.launching import FetchError
from courses.acts.xapi.launching import fetch as fetch_token
from courses.views.xapi.manners import VERSION, Asked, agent, iri, polite, resource
from courses.xapi.faults import FaultError, forbidden
from courses.xapi.shapes import accepted, canonical_activity

WORDS = {"ensure_ascii": False}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "OPTIONS"])
def about(request: HttpRequest) -> HttpResponse:
    """Which versions are spoken; anybody may ask."""
    if request.method == "OPTIONS":
        return polite(HttpResponse(status=204))
    return polite(JsonResponse({"version": [VERSION, "1.0.2", "1.0.1", "1.0.0"]}))


@resource({"GET": ("activityId",)})
def activities(asked: Asked) -> HttpResponse:
    """What is known of an activity, in the reader's language."""
    key = asked.need("activityId", iri)
    found = asking.activity(key, caller=asked.caller, now=asked.now)
    languages = accepted(asked.request.headers.get("Accept-Language", ""))
    if languages:
        found = canonical_activity(found, languages)
    return JsonResponse(found, json_dumps_params=WORDS)


@resource({"GET": ("agent",)})
def agents(asked: Asked) -> HttpResponse:
    """Who an agent is: no more than what was asked with."""
    who = asked.need("agent", agent)
    asked.caller.require(Scope.READ, Scope.READ_MINE, Scope.PROFILE)
    session = asked.caller.session
    if session is not None and who.get("account", {}).get("name") != str(asked.caller.account.name):
        raise forbidden("agent", "只能查打开这个课件的学员自己")
    return JsonResponse(asking.person(who), json_dumps_params=WORDS)


@csrf_exempt
@require_http_methods(["POST", "OPTIONS"])
def fetch(request: HttpRequest) -> HttpResponse:
    """The token of a session, once; errors come with status 200, as cmi5 wants it."""
    if request.method == "OPTIONS":
        return polite(HttpResponse(status=204))
    try:
        return polite(JsonResponse({"auth-token": fetch_token(request.GET.get("k", "")[:500])}))
    except FetchError as fault:
        said = {"error-code": fault.code, "error-text": fault.text}
        return polite(JsonResponse(said, json_dumps_params=WORDS))


@csrf_exempt
def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """No such resource, told as every other error here."""
    from courses.views.xapi.manners import told

    return polite(told(FaultError("", "没有这个地址", 404)))
