"""Moodle XML out: every kind, pictures within. What Moodle has no field for stands in its tags."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from courses.exchange.batch import Written, tags_of
from courses.exchange.moodle import CASE_TAG, JUDGE_TAG, PART_TAG
from courses.exchange.rich import page
from courses.exchange.sheet import picture_name
from courses.rules.bodies import Area, Blanks, Model, Number, Pairs, Spots, Steps, blank_ends
from courses.rules.items import Item, Parts
from courses.rules.questions import CHOICES, MULTIPLE, TRUE_FALSE, TRUE_FALSE_OPTIONS

_SHAPES: Final = {"rect": "rectangle", "circle": "circle", "poly": "polygon"}


def write(items: Sequence[Item], media: Mapping[str, bytes], name: str) -> Written:
    """One file; nothing is left out."""
    root = Element("quiz")
    for item in items:
        _question(root, item, media, tags_of(item))
        if isinstance(item.body, Parts):
            for part in item.body.items:
                _question(root, part, media, [PART_TAG])
    indent(root)
    content = tostring(root, encoding="utf-8", xml_declaration=True)
    return Written(content, f"{name}.xml", "application/xml")


def _question(root: Element, item: Item, media: Mapping[str, bytes], tags: list[str]) -> None:
    kind = _type(item)
    node = SubElement(root, "question", type=kind)
    _text(SubElement(node, "name"), " ".join(item.stem.split())[:80])
    _stem(node, item, media)
    _text(SubElement(node, "generalfeedback", format="plain_text"), item.explanation)
    if item.kind == TRUE_FALSE and kind == "multichoice":
        tags = [JUDGE_TAG, *tags]
    if isinstance(item.body, Parts):
        tags = [CASE_TAG, *tags]
    _answers(node, item)
    if tags:
        holder = SubElement(node, "tags")
        for tag in tags:
            _text(SubElement(holder, "tag"), tag)


def _type(item: Item) -> str:
    body = item.body
    if item.kind == TRUE_FALSE and tuple(item.options) == TRUE_FALSE_OPTIONS:
        return "truefalse"
    if item.kind in CHOICES:
        return "multichoice"
    if isinstance(body, Blanks):
        return "shortanswer" if len(body.accepted) == 1 else "cloze"
    names: dict[type[Any], str] = {
        Number: "numerical",
        Steps: "ordering",
        Pairs: "matching",
        Spots: "ddmarker",
        Model: "essay",
    }
    return names.get(type(body), "description")


def _text(node: Element, text: str) -> None:
    SubElement(node, "text").text = text


def _stem(node: Element, item: Item, media: Mapping[str, bytes]) -> None:
    text = _cloze(item) if _type(item) == "cloze" else item.stem
    if item.picture is None:
        _text(SubElement(node, "questiontext", format="plain_text"), text)
        return
    file = picture_name(item.picture)
    alt = item.picture_alt.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    html = f'{page(text)}<p><img src="@@PLUGINFILE@@/{file}" alt="{alt}"></p>'
    holder = SubElement(node, "questiontext", format="html")
    _text(holder, html)
    outer = node if isinstance(item.body, Spots) else holder
    picture = SubElement(outer, "file", name=file, path="/", encoding="base64")
    picture.text = base64.b64encode(media[item.picture.key]).decode()


def _cloze(item: Item) -> str:
    """The stem with a field behind each of its blanks."""
    blanks = item.body.accepted if isinstance(item.body, Blanks) else ()
    pieces, behind = [], 0
    for end, texts in zip(blank_ends(item.stem), blanks, strict=True):
        accepted = "~".join(f"={_escaped(text)}" for text in texts)
        pieces.append(f"{item.stem[behind:end]}{{1:SHORTANSWER:{accepted}}}")
        behind = end
    return "".join(pieces) + item.stem[behind:]


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in '\\}~#"/' else c for c in text)


def _answers(node: Element, item: Item) -> None:
    body = item.body
    if _type(item) == "truefalse":
        for at, word in enumerate(("true", "false")):
            _answer(node, word, 100 if at in item.right else 0)
    elif item.kind in CHOICES:
        SubElement(node, "single").text = "false" if item.kind == MULTIPLE else "true"
        SubElement(node, "shuffleanswers").text = "false" if item.kind == TRUE_FALSE else "true"
        each = 100 / len(item.right)
        wrong = -100 if item.kind == MULTIPLE else 0
        for at, text in enumerate(item.options):
            _answer(node, text, each if at in item.right else wrong)
    elif isinstance(body, Blanks) and len(body.accepted) == 1:
        for text in body.accepted[0]:
            _answer(node, text.replace("*", "\\*"), 100)
    elif isinstance(body, Number):
        _number(node, body)
    elif isinstance(body, Steps):
        for at, text in enumerate(body.steps, start=1):
            _answer(node, text, at)
    elif isinstance(body, Pairs):
        for left, right in [*body.pairs, *(("", right) for right in body.spare)]:
            row = SubElement(node, "subquestion", format="plain_text")
            _text(row, left)
            _text(SubElement(row, "answer"), right)
    elif isinstance(body, Spots):
        _areas(node, body.areas)
    elif isinstance(body, Model):
        _text(SubElement(node, "graderinfo", format="plain_text"), body.answer)


def _answer(node: Element, text: str, fraction: float) -> Element:
    answer = SubElement(
        node, "answer", fraction=f"{fraction:.5f}".rstrip("0").rstrip("."), format="plain_text"
    )
    _text(answer, text)
    return answer


def _number(node: Element, body: Number) -> None:
    answer = _answer(node, f"{body.value:f}", 100)
    SubElement(answer, "tolerance").text = f"{body.tolerance:f}"
    if body.unit:
        unit = SubElement(SubElement(node, "units"), "unit")
        SubElement(unit, "multiplier").text = "1"
        SubElement(unit, "unit_name").text = body.unit


def _areas(node: Element, areas: Sequence[Area]) -> None:
    for number, area in enumerate(areas, start=1):
        drag = SubElement(node, "drag")
        SubElement(drag, "no").text = str(number)
        _text(drag, area.name)
        SubElement(drag, "noofdrags").text = "1"
    for number, area in enumerate(areas, start=1):
        drop = SubElement(node, "drop")
        SubElement(drop, "no").text = str(number)
        SubElement(drop, "shape").text = _SHAPES[area.shape]
        SubElement(drop, "coords").text = _coordinates(area)
        SubElement(drop, "choice").text = str(number)


def _coordinates(area: Area) -> str:
    numbers = area.numbers
    if area.shape == "circle":
        return f"{numbers[0]},{numbers[1]};{numbers[2]}"
    if area.shape == "rect":
        return f"{numbers[0]},{numbers[1]};{numbers[2] - numbers[0]},{numbers[3] - numbers[1]}"
    return ";".join(f"{x},{y}" for x, y in zip(numbers[0::2], numbers[1::2], strict=True))
