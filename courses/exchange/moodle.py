"""Moodle XML in: every type that we have a kind for; pictures come within, in base64.

A case is a ``description`` with the tag 题型：案例题, and its questions follow with the tag 小题.
Source: docs.moodle.org/en/Moodle_XML_format; ddmarker and ordering as their exports write them.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from xml.etree.ElementTree import Element

from courses.exchange.archive import parsed
from courses.exchange.batch import Batch, UnreadableError, facts_from
from courses.exchange.rich import Rich, rich
from courses.rules.bodies import Area, Blanks, Model, Number, Pairs, Spots, Steps, number_of
from courses.rules.items import Item, Parts, Picture
from courses.rules.pictures import PictureError
from courses.rules.questions import (
    CASE,
    FILL,
    HOTSPOT,
    MATCHING,
    MULTIPLE,
    NUMERIC,
    ORDERING,
    PARTS_OF_CASE,
    SHORT,
    SINGLE,
    TRUE_FALSE,
    TRUE_FALSE_OPTIONS,
)

KIND_TAG: Final = "题型："
PART_TAG: Final = "小题"
CASE_TAG: Final = f"{KIND_TAG}案例题"
JUDGE_TAG: Final = f"{KIND_TAG}判断题"
_CLOZE: Final = re.compile(r"\{\d*:(SHORTANSWER|SA|MW|SHORTANSWER_C|SAC|MWC):((?:\\.|[^}\\])*)\}")
_GAP: Final = re.compile(r"(?:_{2,}|（\s*）|\(\s*\))$")
_SHAPES: Final = {"rectangle": "rect", "circle": "circle", "polygon": "poly"}


class MoodleError(ValueError):
    """A question that cannot be read; the message says what to do."""


@dataclass(slots=True)
class _Open:
    """A case whose questions are being read."""

    item: Item
    number: int
    parts: list[Item]
    broken: bool = False


def read(content: bytes, batch: Batch) -> Batch:
    """Every question of a Moodle XML file. Raises UnreadableError for a file that is none."""
    root = parsed(content, "Moodle XML 文件")
    if root.tag != "quiz":
        raise UnreadableError("这不是 Moodle XML 题库文件（最外层应为 quiz）")
    case: _Open | None = None
    for node in root.findall("question"):
        if node.get("type") == "category":
            continue
        tags = [_words(tag) for tag in node.findall("tags/tag")]
        if PART_TAG in tags and case is not None:
            _take_part(node, tags, batch, case)
            continue
        _close(case, batch)
        case = None
        batch.total += 1
        try:
            item = _item(node, tags, batch, batch.total)
        except MoodleError as fault:
            batch.blame(str(fault), number=batch.total, value=_words(node.find("name")))
            continue
        if item.kind == CASE:
            case = _Open(item, batch.total, [])
        else:
            batch.take(item, row=0, number=batch.total)
    _close(case, batch)
    return batch


def _take_part(node: Element, tags: list[str], batch: Batch, case: _Open) -> None:
    try:
        item = _item(node, [tag for tag in tags if tag != PART_TAG], batch, case.number)
    except MoodleError as fault:
        case.broken = True
        advice = f"第{len(case.parts) + 1}小题：{fault}"
        batch.blame(advice, number=case.number, value=_words(node.find("name")))
        return
    if item.kind not in PARTS_OF_CASE or item.picture:
        case.broken = True
        batch.blame("案例题的小题只能是客观题，不带图片", number=case.number, value=item.stem)
    case.parts.append(item)


def _close(case: _Open | None, batch: Batch) -> None:
    if case is None or case.broken:
        return
    facts = {name: getattr(case.item, name) for name in Item.__slots__}
    item = Item(**{**facts, "body": Parts(tuple(case.parts))})
    batch.take(item, row=0, number=case.number)


def _item(node: Element, tags: list[str], batch: Batch, number: int) -> Item:
    kind = node.get("type", "")
    reader = _READERS.get(kind)
    if reader is None or (kind == "description" and CASE_TAG not in tags):
        known = "、".join(_READERS)
        raise MoodleError(f"不收这种类型的题（{kind[:30]}）；收 {known}")
    text = _rich(node.find("questiontext"))
    content: dict[str, Any] = reader(node, tags, text)
    content.setdefault("stem", text.text)
    plain_tags = [tag for tag in tags if not tag.startswith(KIND_TAG)]
    facts = facts_from(plain_tags, batch, row=0, number=number)
    explanation = _rich(node.find("generalfeedback")).text
    picture, alt = _picture(node, text, batch)
    return Item(explanation=explanation, picture=picture, picture_alt=alt, **content, **facts)


def _words(node: Element | None) -> str:
    """The text element within, as it is."""
    found = node.find("text") if node is not None else None
    return (found.text or "").strip() if found is not None else ""


def _rich(node: Element | None) -> Rich:
    if node is None:
        return Rich("")
    if node.get("format", "html") in ("plain_text", "markdown", "moodle_auto_format"):
        return Rich(_words(node))
    return rich(_words(node))


def _said(node: Element) -> str:
    """An answer's text: HTML only where it says so."""
    return rich(_words(node)).text if node.get("format") == "html" else _words(node)


def _picture(node: Element, text: Rich, batch: Batch) -> tuple[Picture | None, str]:
    files = [*node.findall("questiontext/file"), *node.findall("file")]
    sources = [source for source, _ in text.pictures]
    if any(not source.startswith("@@PLUGINFILE@@/") for source in sources):
        raise MoodleError("图片在别的网站上，请在 Moodle 里把图片上传到题目里再导出")
    if len(files) > 1 or len(sources) > 1:
        raise MoodleError("一道题只收一张图片")
    if not files:
        if sources:
            raise MoodleError("文件里没有这张图片，请重新导出")
        return None, ""
    try:
        content = base64.b64decode("".join((files[0].text or "").split()), validate=True)
        picture = batch.picture(content)
    except (binascii.Error, ValueError, PictureError) as fault:
        advice = str(fault) if isinstance(fault, PictureError) else "图片的 base64 内容已损坏"
        raise MoodleError(advice) from fault
    return picture, text.pictures[0][1] if text.pictures else ""


# -- Each type -------------------------------------------------------------------------------------------


def _weight(answer: Element) -> Decimal:
    found = number_of(answer.get("fraction", "0"))
    if found is None:
        raise MoodleError(f"得分比例不是数字：{answer.get('fraction', '')[:20]}")
    return found


def _choice(node: Element, tags: list[str], text: Rich) -> dict[str, Any]:
    answers = node.findall("answer")
    options = tuple(map(_said, answers))
    right = frozenset(at for at, answer in enumerate(answers) if _weight(answer) > 0)
    several = (node.findtext("single") or "true").strip().lower() in ("false", "0")
    if not several and len(right) > 1:
        right = frozenset(at for at, answer in enumerate(answers) if _weight(answer) == 100)
    kind = TRUE_FALSE if JUDGE_TAG in tags else MULTIPLE if several else SINGLE
    if kind == MULTIPLE and len(right) == 1:
        kind = SINGLE
    return {"kind": kind, "options": options, "right": right}


def _true_false(node: Element, tags: list[str], text: Rich) -> dict[str, Any]:
    right = [_words(answer).lower() for answer in node.findall("answer") if _weight(answer) == 100]
    if right not in (["true"], ["false"]):
        raise MoodleError("判断题应正好有一个正确答案：true 或 false")
    places = frozenset({0 if right == ["true"] else 1})
    return {"kind": TRUE_FALSE, "options": TRUE_FALSE_OPTIONS, "right": places}


def _short_answer(node: Element, tags: list[str], text: Rich) -> dict[str, Any]:
    answers = node.findall("answer")
    if any("*" in _words(answer).replace("\\*", "") for answer in answers):
        raise MoodleError("答案里用了星号通配符，请改成具体的答案")
    texts = tuple(_words(a).replace("\\*", "*") for a in answers if _weight(a) == 100)
    return {"kind": FILL, "body": Blanks((texts,))}


def _cloze(node: Element, tags: list[str], text: Rich) -> dict[str, Any]:
    blanks: list[tuple[str, ...]] = []
    stem, behind = "", 0
    for match in _CLOZE.finditer(text.text):
        stem += text.text[behind : match.start()]
        stem += "" if _GAP.search(stem) else "____"
        behind = match.end()
        pieces = re.split(r"(?<!\\)~", match[2])
        right = [piece for piece in pieces if piece.startswith(("=", "%100%"))]
        texts = (re.sub(r"^(=|%100%)", "", re.split(r"(?<!\\)#", piece)[0]) for piece in right)
        blanks.append(tuple(re.sub(r"\\(.)", r"\1", found) for found in texts))
    stem += text.text[behind:]
    if re.search(r"\{\d*:[A-Z_]+:", stem):
        raise MoodleError("完形填空题里只收填空（SHORTANSWER），不收选择和数值")
    return {"kind": FILL, "body": Blanks(tuple(blanks)), "stem": stem}


def _numerical(node: Element, tags: list[str], text: Rich) -> dict[str, Any]:
    answers = [answer for answer in node.findall("answer") if _weight(answer) == 100]
    if len(answers) != 1:
        raise MoodleError("计算题只能有一个正确的数字")
    value = number_of(_words(answers[0]))
    wide = number_of(answers[0].findtext("tolerance") or "0")
    if value is None or wide is None:
        raise MoodleError("计算题的答案或误差不是数字")
    units = node.findall("units/unit")
    unit = (units[0].findtext("unit_name") or "").strip() if units else ""
    return {"kind": NUMERIC, "body": Number(value, wide, unit)}


def _matching(node: Element, tags: list[str], text: Rich) -> dict[str, Any]:
    rows = [(_rich(row).text, _words(row.find("answer"))) for row in node.findall("subquestion")]
    pairs = tuple((left, right) for left, right in rows if left)
    return {
        "kind": MATCHING,
        "body": Pairs(pairs, tuple(right for left, right in rows if not left)),
    }


def _ordering(node: Element, tags: list[str], text: Rich) -> dict[str, Any]:
    return {"kind": ORDERING, "body": Steps(tuple(map(_said, node.findall("answer"))))}


def _markers(node: Element, tags: list[str], text: Rich) -> dict[str, Any]:
    names = {
        drag.findtext("no", ""): drag.findtext("text", "").strip() for drag in node.findall("drag")
    }
    areas = []
    for drop in node.findall("drop"):
        shape = _SHAPES.get((drop.findtext("shape") or "").strip().lower())
        numbers = [int(number) for number in re.findall(r"\d+", drop.findtext("coords") or "")]
        if shape is None or len(numbers) < 3 or len(numbers) > 100:
            raise MoodleError("图上的区域应为 circle、rectangle 或 polygon，并写明坐标")
        if shape == "rect" and len(numbers) == 4:  # left, top, width, height
            numbers = [*numbers[:2], numbers[0] + numbers[2], numbers[1] + numbers[3]]
        areas.append(Area(shape, tuple(numbers), names.get(drop.findtext("choice", ""), "")))
    return {"kind": HOTSPOT, "body": Spots(tuple(areas))}


def _essay(node: Element, tags: list[str], text: Rich) -> dict[str, Any]:
    model = _rich(node.find("graderinfo")).text or _rich(node.find("generalfeedback")).text
    return {"kind": SHORT, "body": Model(model)}


def _case(node: Element, tags: list[str], text: Rich) -> dict[str, Any]:
    return {"kind": CASE, "body": Parts(())}


_READERS: Final[Mapping[str, Callable[[Element, list[str], Rich], dict[str, Any]]]] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "shortanswer": _short_answer,
    "cloze": _cloze,
    "numerical": _numerical,
    "matching": _matching,
    "ordering": _ordering,
    "ddmarker": _markers,
    "essay": _essay,
    "description": _case,
}
