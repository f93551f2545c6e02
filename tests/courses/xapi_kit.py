"""Statements, keys and sessions for the tests of the learning record store and of cmi5."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.test import Client

from courses.acts.xapi.callers import as_basic
from courses.acts.xapi.importing import bring_in
from courses.acts.xapi.keys import issue, user_name
from courses.models import Cmi5Course, Cmi5Unit, CoursePage, LrsKey
from courses.xapi import cmi5
from courses.xapi.faults import FaultError

EVERYTHING = list(LrsKey.Scope.values)
VERSION = {"X-Experience-API-Version": "1.0.3"}


def statement(**more: Any) -> dict[str, Any]:
    """A plain statement of another system about somebody who is none of ours."""
    said = {
        "actor": {"objectType": "Agent", "mbox": "mailto:worker@example.com"},
        "verb": {
            "id": "http://adlnet.gov/expapi/verbs/experienced",
            "display": {"en": "experienced"},
        },
        "object": {"objectType": "Activity", "id": "https://example.com/activities/crane"},
    }
    return copy.deepcopy(said | more)


@dataclass
class Caller:
    """Calls the store with a name and a secret, as a program would."""

    client: Client
    basic: str

    def __call__(
        self,
        method: str,
        resource: str,
        body: Any = None,
        /,
        *,
        headers: Any = None,
        **parameters: Any,
    ) -> Any:
        """The answer; ``body`` that is no bytes goes as JSON."""
        path = f"/xapi/{resource}"
        if parameters:
            path += f"?{urlencode(parameters)}"
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        sent = {"Authorization": f"Basic {self.basic}", **VERSION, **(headers or {})}
        kind = sent.pop("Content-Type", "application/json")
        return self.client.generic(
            method,
            path,
            content or b"",
            content_type=kind,
            headers={k: v for k, v in sent.items() if v},
        )

    def post(self, *said: dict[str, Any]) -> Any:
        """POST one statement, or several as a batch."""
        return self("POST", "statements", said[0] if len(said) == 1 else list(said))

    def found(self, **parameters: Any) -> list[str]:
        """The ids of the statements that a question finds."""
        answer = self("GET", "statements", **parameters)
        assert answer.status_code == 200, answer.content
        return [one["id"] for one in answer.json()["statements"]]


def administrator() -> Any:
    """Gives out keys."""
    return get_user_model().objects.create_superuser(
        f"1390000{uuid4().int % 10**4:04}", "long-enough-9"
    )


def system(scopes: list[str] | None = None, *, place: Any = None, name: str = "") -> Caller:
    """Another system with a key."""
    key, secret = issue(
        name or f"系统{uuid4().hex[:8]}",
        scopes=EVERYTHING if scopes is None else scopes,
        by=administrator(),
        place=place,
    )
    return Caller(Client(), as_basic(user_name(key), secret))


def fault_of(check: Callable[..., Any], *given: Any) -> FaultError | None:
    """The fault that ``check`` finds; any other error is one of the test."""
    try:
        check(*given)
    except FaultError as fault:
        return fault
    return None


# -- cmi5 ------------------------------------------------------------------------------------------------------


def course_xml(*units: str, title: str = "有限空间") -> bytes:
    """A course structure; ``units`` are its parts."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
<course id="https://publisher.example/course/1"><title><langstring lang="en">Confined</langstring>
<langstring lang="zh-CN">{title}</langstring></title>
<description><langstring lang="zh-CN">说明</langstring></description></course>
{"".join(units)}</courseStructure>""".encode()


def au(
    number: int = 1,
    attributes: str = 'moveOn="CompletedAndPassed" masteryScore="0.8"',
    url: str = "",
) -> str:
    """An assignable unit."""
    return f"""<au id="https://publisher.example/au/{number}" {attributes}>
<title><langstring lang="zh-CN">第{number}课</langstring></title>
<description><langstring lang="zh-CN">说明</langstring></description>
<url> {url or f"https://content.example/au{number}/index.html?theme=dark"} </url>
<launchParameters>level=1</launchParameters><entitlementKey>key-1</entitlementKey></au>"""


def block(number: int, *parts: str) -> str:
    """A block."""
    return f"""<block id="https://publisher.example/block/{number}">
<title><langstring lang="zh-CN">第{number}块</langstring></title>
<description><langstring lang="zh-CN">说明</langstring></description>{"".join(parts)}</block>"""


def imported(course: CoursePage, *units: str) -> Cmi5Course:
    """A structure of ``course``."""
    return bring_in(course_xml(*(units or (au(),))), course=course, by=administrator())


class Unit:
    """A unit that was launched: fetches its token, reads its launch data, speaks as cmi5 wants it."""

    def __init__(self, unit: Cmi5Unit, learner: Any) -> None:
        from courses.acts.xapi.launching import launch

        self.launched = launch(unit, learner=learner, back="http://localhost:8000/learn/")
        query = parse_qs(urlsplit(self.launched.url).query)
        self.parameters = {name: values[0] for name, values in query.items()}
        self.client = Client()
        self.actor = json.loads(self.parameters["actor"])
        self.registration = self.parameters["registration"]
        self.activity = self.parameters["activityId"]
        answer = self.fetch()
        self.call = Caller(self.client, answer["auth-token"])
        self.data = self.call("GET", "activities/state", **self.scope("LMS.LaunchData")).json()

    def fetch(self) -> dict[str, str]:
        """POST to the fetch address."""
        parts = urlsplit(self.parameters["fetch"])
        found: dict[str, str] = self.client.post(f"{parts.path}?{parts.query}").json()
        return found

    def scope(self, state: str) -> dict[str, str]:
        """The parameters of a state document."""
        return {
            "activityId": self.activity,
            "agent": json.dumps(self.actor),
            "registration": self.registration,
            "stateId": state,
        }

    def says(
        self, verb: str, second: int = 0, *, defined: bool = True, **result: Any
    ) -> dict[str, Any]:
        """A statement as the specification wants it, ``second`` after the launch."""
        context = copy.deepcopy(self.data["contextTemplate"])
        context["registration"] = self.registration
        categories = [{"id": cmi5.CMI5}] if defined else []
        if "success" in result or "completion" in result:
            categories.append({"id": cmi5.MOVE_ON})
            if "score" in result:
                context["extensions"][cmi5.MASTERY_SCORE] = self.data.get("masteryScore")
        context["contextActivities"]["category"] = categories
        said = {
            "id": str(uuid4()),
            "actor": self.actor,
            "verb": {"id": verb},
            "object": {"objectType": "Activity", "id": self.activity},
            "context": context,
            "timestamp": f"2026-11-25T08:{second // 60:02}:{second % 60:02}.000Z",
        }
        return said | ({"result": result} if result else {})

    def initialized(self) -> dict[str, Any]:
        return self.says(cmi5.INITIALIZED)

    def completed(self, second: int = 10) -> dict[str, Any]:
        return self.says(cmi5.COMPLETED, second, completion=True, duration="PT10S")

    def passed(self, scaled: float = 0.9, second: int = 20) -> dict[str, Any]:
        return self.says(
            cmi5.PASSED, second, success=True, duration="PT20S", score={"scaled": scaled}
        )

    def failed(self, scaled: float = 0.5, second: int = 20) -> dict[str, Any]:
        return self.says(
            cmi5.FAILED, second, success=False, duration="PT20S", score={"scaled": scaled}
        )

    def terminated(self, second: int = 30) -> dict[str, Any]:
        return self.says(cmi5.TERMINATED, second, duration="PT30S")
