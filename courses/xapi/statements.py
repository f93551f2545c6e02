"""Whether a statement is one. Source: xAPI 1.0.3 part two, 2 (statements). Nothing is changed here."""

import re
from typing import Any, Final

from courses.xapi.activities import check_activity
from courses.xapi.actors import check_actor, check_agent, check_group
from courses.xapi.faults import FaultError
from courses.xapi.values import (
    duration,
    extensions,
    instant,
    iri,
    language,
    language_map,
    number,
    shaped,
    text,
    truth,
    uuid,
)

VOIDED: Final = "http://adlnet.gov/expapi/verbs/voided"
_SAID = frozenset({"actor", "verb", "object", "result", "context", "timestamp", "attachments"})
_STATEMENT: Final = _SAID | {"id", "stored", "authority", "version"}
_SUBSTATEMENT: Final = _SAID | {"objectType"}
_RESULT: Final = frozenset({"score", "success", "completion", "response", "duration", "extensions"})
_SCORE: Final = frozenset({"scaled", "raw", "min", "max"})
_CONTEXT: Final = frozenset(
    {"registration", "instructor", "team", "contextActivities", "revision", "platform"}
    | {"language", "statement", "extensions"}
)
CONTEXT_LISTS: Final = ("parent", "grouping", "category", "other")
_ATTACHMENT: Final = frozenset(
    {"usageType", "display", "description", "contentType", "length", "sha2", "fileUrl"}
)
_VERSION: Final = re.compile(r"1\.0(\.\d+)?")
_SHA2: Final = re.compile(r"[0-9A-Fa-f]{56}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{96}|[0-9A-Fa-f]{128}")


def check_statement(value: Any, where: str = "") -> dict[str, Any]:
    """The statement, well formed. Raises FaultError."""
    statement = shaped(value, where or "statement", _STATEMENT)
    dot = f"{where}." if where else ""
    if "id" in statement:
        uuid(statement["id"], f"{dot}id")
    if "stored" in statement:
        instant(statement["stored"], f"{dot}stored")
    if "version" in statement and not _VERSION.fullmatch(
        text(statement["version"], f"{dot}version")
    ):
        raise FaultError(f"{dot}version", "只收 1.0.x 版的陈述")
    if "authority" in statement:
        _check_authority(statement["authority"], f"{dot}authority")
    _check_said(statement, dot)
    return statement


def _check_said(statement: dict[str, Any], dot: str) -> None:
    """What statements and substatements share."""
    for name in ("actor", "verb", "object"):
        if name not in statement:
            raise FaultError(f"{dot}{name}", "缺少这一项")
    check_actor(statement["actor"], f"{dot}actor")
    _check_verb(statement["verb"], f"{dot}verb")
    kind = _check_object(statement["object"], f"{dot}object", inside=dot.endswith("object."))
    if statement["verb"]["id"] == VOIDED and kind != "StatementRef":
        raise FaultError(f"{dot}object", "作废陈述的对象应该是 StatementRef")
    if "timestamp" in statement:
        instant(statement["timestamp"], f"{dot}timestamp")
    if "result" in statement:
        _check_result(statement["result"], f"{dot}result")
    if "context" in statement:
        _check_context(statement["context"], f"{dot}context", of_activity=kind == "Activity")
    if "attachments" in statement:
        _check_attachments(statement["attachments"], f"{dot}attachments")


def _check_verb(value: Any, where: str) -> None:
    verb = shaped(value, where, frozenset({"id", "display"}))
    iri(verb.get("id"), f"{where}.id")
    if "display" in verb:
        language_map(verb["display"], f"{where}.display")


def _check_object(value: Any, where: str, *, inside: bool) -> str:
    """Its kind."""
    if not isinstance(value, dict):
        raise FaultError(where, "应该是对象")
    kind = value.get("objectType", "Activity")
    if kind == "Activity":
        check_activity(value, where)
    elif kind == "Agent":
        check_agent(value, where)
    elif kind == "Group":
        check_group(value, where)
    elif kind == "StatementRef":
        _check_reference(value, where)
    elif kind == "SubStatement" and not inside:
        _check_said(shaped(value, where, _SUBSTATEMENT), f"{where}.")
    else:
        raise FaultError(f"{where}.objectType", "没有这种对象，或子陈述里又有子陈述")
    return str(kind)


def _check_reference(value: Any, where: str) -> None:
    reference = shaped(value, where, frozenset({"objectType", "id"}))
    if reference.get("objectType") != "StatementRef":
        raise FaultError(f"{where}.objectType", "这里应该是 StatementRef")
    uuid(reference.get("id"), f"{where}.id")


def _check_result(value: Any, where: str) -> None:
    result = shaped(value, where, _RESULT)
    for name in ("success", "completion"):
        if name in result:
            truth(result[name], f"{where}.{name}")
    if "response" in result:
        text(result["response"], f"{where}.response")
    if "duration" in result:
        duration(result["duration"], f"{where}.duration")
    if "extensions" in result:
        extensions(result["extensions"], f"{where}.extensions")
    if "score" in result:
        _check_score(result["score"], f"{where}.score")


def _check_score(value: Any, where: str) -> None:
    score = shaped(value, where, _SCORE)
    for name in score:
        number(score[name], f"{where}.{name}")
    if not -1 <= score.get("scaled", 0) <= 1:
        raise FaultError(f"{where}.scaled", "应在 -1 到 1 之间")
    low, high = score.get("min"), score.get("max")
    if low is not None and high is not None and low >= high:
        raise FaultError(f"{where}.min", "应小于 max")
    raw = score.get("raw")
    below = raw is not None and low is not None and raw < low
    if below or (raw is not None and high is not None and raw > high):
        raise FaultError(f"{where}.raw", "应在 min 和 max 之间")


def _check_context(value: Any, where: str, *, of_activity: bool) -> None:
    context = shaped(value, where, _CONTEXT)
    if "registration" in context:
        uuid(context["registration"], f"{where}.registration")
    if "instructor" in context:
        check_actor(context["instructor"], f"{where}.instructor")
    if "team" in context:
        check_group(context["team"], f"{where}.team")
    for name in ("revision", "platform"):
        if name in context:
            text(context[name], f"{where}.{name}")
            if not of_activity:
                raise FaultError(f"{where}.{name}", "对象不是活动（Activity）时不能写这一项")
    if "language" in context:
        language(context["language"], f"{where}.language")
    if "statement" in context:
        _check_reference(context["statement"], f"{where}.statement")
    if "extensions" in context:
        extensions(context["extensions"], f"{where}.extensions")
    if "contextActivities" in context:
        lists = shaped(
            context["contextActivities"], f"{where}.contextActivities", frozenset(CONTEXT_LISTS)
        )
        for name, found in lists.items():
            for place, one in enumerate(found if isinstance(found, list) else [found]):
                check_activity(one, f"{where}.contextActivities.{name}[{place}]")


def _check_attachments(value: Any, where: str) -> None:
    if not isinstance(value, list):
        raise FaultError(where, "应该是列表")
    for place, one in enumerate(value):
        here = f"{where}[{place}]"
        attachment = shaped(one, here, _ATTACHMENT)
        iri(attachment.get("usageType"), f"{here}.usageType")
        language_map(attachment.get("display"), f"{here}.display")
        if "description" in attachment:
            language_map(attachment["description"], f"{here}.description")
        text(attachment.get("contentType"), f"{here}.contentType", empty=False, longest=200)
        length = attachment.get("length")
        if isinstance(length, bool) or not isinstance(length, int) or length < 0:
            raise FaultError(f"{here}.length", "应该是字节数")
        if not _SHA2.fullmatch(text(attachment.get("sha2"), f"{here}.sha2")):
            raise FaultError(f"{here}.sha2", "应该是十六进制的 SHA-2 值")
        if "fileUrl" not in attachment:
            raise FaultError(f"{here}.fileUrl", "本系统不收附件内容，请写明附件的网址 fileUrl")
        iri(attachment["fileUrl"], f"{here}.fileUrl")


def _check_authority(value: Any, where: str) -> None:
    if isinstance(value, dict) and value.get("objectType") == "Group":
        check_group(value, where)
        if len(value.get("member", [])) != 2:
            raise FaultError(f"{where}.member", "授权组应有两个成员（OAuth）")
    else:
        check_agent(value, where)
