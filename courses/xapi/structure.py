"""Reads a course structure of cmi5 (cmi5.xml) whole, or says what is wrong with it.

Source: cmi5 section 13 and v1/CourseStructure.xsd. What vendors add in other namespaces is passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from courses.xapi.cmi5 import MOVE_ONS
from courses.xapi.faults import FaultError
from courses.xapi.values import iri

NAMESPACE: Final = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"
LARGEST: Final = 5 * 1024 * 1024  # bytes
MOST_UNITS: Final = 5000
DEEPEST: Final = 12  # blocks in blocks
LAUNCH_METHODS: Final = ("AnyWindow", "OwnWindow")
OURS: Final = frozenset({"endpoint", "fetch", "actor", "registration", "activityId"})
_Q: Final = f"{{{NAMESPACE}}}"


@dataclass(frozen=True, slots=True)
class Unit:
    """An assignable unit; ``url`` is absolute, or a path inside the package."""

    id: str
    title: str
    description: str
    url: str
    move_on: str = "NotApplicable"
    mastery: Decimal | None = None
    launch_method: str = "AnyWindow"
    launch_parameters: str = ""
    entitlement_key: str = ""
    activity_type: str = ""

    @property
    def remote(self) -> bool:
        """Whether it lies elsewhere."""
        return bool(urlsplit(self.url).scheme)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of units and blocks, in their order."""

    id: str
    title: str
    parts: list["Unit | Block"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Structure:
    """A whole course."""

    id: str
    title: str
    description: str
    parts: list[Unit | Block] = field(default_factory=list)

    def units(self) -> Iterator[Unit]:
        """Every unit, in order."""
        yield from _units(self.parts)


def _units(parts: list[Unit | Block]) -> Iterator[Unit]:
    for one in parts:
        if isinstance(one, Unit):
            yield one
        else:
            yield from _units(one.parts)


def read_structure(content: bytes) -> Structure:
    """The course in ``content``. Raises FaultError."""
    if len(content) > LARGEST:
        raise FaultError("cmi5.xml", f"超过 {LARGEST // 1024 // 1024} MB", 413)
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, ValueError, LookupError, DefusedXmlException) as error:
        # DefusedXmlException: entities and DTDs, which no course structure needs
        raise FaultError("cmi5.xml", "不是可以读的 XML（不收 DTD 和实体）") from error
    if root.tag != f"{_Q}courseStructure":
        raise FaultError("cmi5.xml", "不是 cmi5 第一版的课程结构（courseStructure）")
    course = root.find(f"{_Q}course")
    if course is None:
        raise FaultError("course", "缺少课程说明")
    found = Structure(
        _id(course, "course"), _words(course, "title", "course"), _words(course, "description", "course"),
        _parts(root, "courseStructure", 0),
    )  # fmt: skip
    _check_ids(found)
    return found


def _parts(element: Element, where: str, depth: int) -> list[Unit | Block]:
    if depth > DEEPEST:
        raise FaultError(where, f"块套块太深，最多 {DEEPEST} 层")
    parts: list[Unit | Block] = []
    for child in element:
        if child.tag == f"{_Q}au":
            parts.append(_unit(child))
        elif child.tag == f"{_Q}block":
            key = _id(child, "block")
            parts.append(Block(key, _words(child, "title", key), _parts(child, key, depth + 1)))
    if not parts:
        raise FaultError(where, "里面没有课件（au）")
    return parts


def _unit(element: Element) -> Unit:
    key = _id(element, "au")
    move_on = element.get("moveOn", "NotApplicable").strip()
    if move_on not in MOVE_ONS:
        raise FaultError(f"{key} moveOn", f"应该是 {'、'.join(MOVE_ONS)} 之一")
    method = element.get("launchMethod", "AnyWindow").strip()
    if method not in LAUNCH_METHODS:
        raise FaultError(f"{key} launchMethod", "应该是 AnyWindow 或 OwnWindow")
    return Unit(
        id=key,
        title=_words(element, "title", key),
        description=_words(element, "description", key),
        url=_url(_text(element, "url"), key),
        move_on=move_on,
        mastery=_mastery(element.get("masteryScore"), key),
        launch_method=method,
        launch_parameters=_text(element, "launchParameters"),
        entitlement_key=_text(element, "entitlementKey"),
        activity_type=element.get("activityType", "").strip(),
    )


def _mastery(said: str | None, key: str) -> Decimal | None:
    if said is None:
        return None
    try:
        score = Decimal(said.strip())
    except InvalidOperation:
        score = Decimal(-1)
    if not score.is_finite() or not 0 <= score <= 1 or score != round(score, 4):
        raise FaultError(f"{key} masteryScore", "应该是 0 到 1 的小数，最多四位")
    return score


def _url(said: str, key: str) -> str:
    """Where it is launched: http(s), or a path inside the package that stays inside."""
    try:
        parts = urlsplit(said)
        names = {pair.partition("=")[0] for pair in parts.query.split("&")}
        absolute = bool(parts.scheme)
        good = (parts.scheme in ("http", "https") and bool(parts.hostname)) if absolute else True
    except ValueError as error:
        raise FaultError(f"{key} url", "不是网址") from error
    inside = not parts.netloc and not said.startswith("/") and ".." not in parts.path.split("/")
    if not said or len(said) > 2000 or not good or not (absolute or inside) or "\\" in said:
        raise FaultError(f"{key} url", "应该是 http(s) 网址，或课件包里面的路径")
    if names & OURS:
        raise FaultError(f"{key} url", f"网址的参数不能叫 {'、'.join(sorted(names & OURS))}")
    return said


def _id(element: Element, where: str) -> str:
    return iri(element.get("id", "").strip(), f"{where} id")


def _text(element: Element, name: str) -> str:
    found = element.find(f"{_Q}{name}")
    return "".join(found.itertext()).strip() if found is not None else ""


def _words(element: Element, name: str, where: str) -> str:
    """A text in Chinese where there is one, else in the first language. White space at the ends goes."""
    told = element.find(f"{_Q}{name}")
    found = [] if told is None else told.findall(f"{_Q}langstring")
    if not found:
        raise FaultError(f"{where} {name}", "缺少文字（langstring）")
    chinese = [one for one in found if one.get("lang", "").lower().startswith("zh")]
    words = " ".join("".join((chinese or found)[0].itertext()).split())
    if name == "title" and not words:
        raise FaultError(f"{where} title", "没有标题")
    return words


def _check_ids(structure: Structure) -> None:
    units = list(structure.units())
    if len(units) > MOST_UNITS:
        raise FaultError("cmi5.xml", f"课件太多，最多 {MOST_UNITS} 个")
    seen: set[str] = set()
    for key in _ids(structure.parts):
        if key in seen:
            raise FaultError(key, "同一份课程结构里编号重复")
        seen.add(key)


def _ids(parts: list[Unit | Block]) -> Iterator[str]:
    for one in parts:
        yield one.id
        if isinstance(one, Block):
            yield from _ids(one.parts)
