"""What the exam's page and the server say to each other in JSON: read with care, answered with the server's clock."""

from typing import Any

from django.http import JsonResponse
from django.utils import timezone

from courses.acts.answers import BadAnswerError
from courses.views.said import said

MOST_EVENTS = 50


def answer_said(body: bytes) -> dict[str, Any]:
    """The three values of a saved answer. Raises BadAnswerError."""
    fault = BadAnswerError("答案的格式不对，请刷新页面后再试")
    try:
        told = said(body)
        found = {name: told[name] for name in ("position", "chosen", "sequence")}
    except (ValueError, KeyError) as error:
        raise fault from error
    if not isinstance(found["chosen"], list):
        raise fault
    if not all(type(found[name]) is int for name in ("position", "sequence")):
        raise fault
    if not 0 < found["position"] < 10_000:
        raise fault
    return found


def events_said(body: bytes) -> list[tuple[str, int]]:
    """``{"events": [["left", milliseconds], …]}``. Raises BadAnswerError."""
    fault = BadAnswerError("离开记录的格式不对")
    try:
        events = said(body)["events"]
    except (ValueError, KeyError) as error:
        raise fault from error
    if not isinstance(events, list) or not 0 < len(events) <= MOST_EVENTS:
        raise fault
    for event in events:
        if not isinstance(event, list) or len(event) != 2:
            raise fault
        if not isinstance(event[0], str) or type(event[1]) is not int:
            raise fault
    return [(kind, at) for kind, at in events]


def refused(status: int, state: str, message: str) -> JsonResponse:
    """Why nothing was accepted, in words."""
    facts = {"state": state, "message": message, "now": milliseconds(timezone.now())}
    return JsonResponse(facts, status=status)


def milliseconds(moment: Any) -> int:
    """A moment as a browser counts."""
    return int(moment.timestamp() * 1000)
