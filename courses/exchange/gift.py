"""GIFT, Moodle's plain text: one question a block, its answers in braces.

What GIFT has no place for (tags, a unit, a marker's model answer) stands in a comment line before it:
``// anxin: {"level": 2}``. Source: docs.moodle.org/en/GIFT_format.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from courses.exchange.batch import Batch, facts_from
from courses.exchange.rich import plain
from courses.rules.bodies import Blanks, Model, Number, Pairs, number_of
from courses.rules.items import Item
from courses.rules.questions import (
    FILL,
    MATCHING,
    MULTIPLE,
    NUMERIC,
    SHORT,
    SINGLE,
    TRUE_FALSE,
    TRUE_FALSE_OPTIONS,
)

MARK: Final = "// anxin:"
_FORMAT: Final = re.compile(r"^\[(html|markdown|plain|moodle)\]", re.I)
_TITLE: Final = re.compile(r"^::(.*?)(?<!\\)::", re.S)
_WEIGHT: Final = re.compile(r"^%(-?[\d.]+)%(.*)$", re.S)
_TRUE: Final = frozenset({"T", "TRUE"})
_FALSE: Final = frozenset({"F", "FALSE"})


class GiftError(ValueError):
    """A block that cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one question, from line ``row`` (from 1), with what its comment says."""

    row: int
    text: str
    said: str


def read(text: str, batch: Batch) -> Batch:
    """Every question of a GIFT text; a broken one is a problem with its line and number."""
    for number, block in enumerate(_blocks(text), start=1):
        batch.total += 1
        try:
            batch.take(_item(block, batch, number), row=block.row, number=number)
        except GiftError as fault:
            first = block.text.strip().splitlines()[0]
            batch.blame(str(fault), row=block.row, number=number, value=first)
    return batch


def _blocks(text: str) -> list[Block]:
    blocks: list[Block] = []
    lines: list[str] = []
    row, said = 0, ""
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        bare = line.strip()
        if bare.startswith("//"):
            said = bare.removeprefix(MARK).strip() if bare.startswith(MARK) else said
        elif bare.startswith("$CATEGORY:") and not lines:
            continue
        elif bare:
            row = row or number
            lines.append(line.rstrip("\r"))
        elif lines:
            blocks.append(Block(row, "\n".join(lines), said))
            lines, row, said = [], 0, ""
    return blocks


def _item(block: Block, batch: Batch, number: int) -> Item:
    text = _TITLE.sub("", block.text.strip(), count=1).strip()
    stem, inside, after = _braces(text)
    markup = _FORMAT.match(stem)
    said = _said(block, batch, number)
    read_text = (
        (lambda piece: plain(_bare(piece))) if markup and markup[1].lower() == "html" else _bare
    )
    stem = _FORMAT.sub("", stem).strip()
    whole = f"{stem} ____ {after.strip()}" if after.strip() else stem
    inside, _, general = _parted(inside, "####")
    explanation = read_text(general)
    content = _content(inside.strip(), said, read_text)
    if content["kind"] == SHORT and not content["body"].answer:
        content["body"] = Model(
            explanation
        )  # an essay's general feedback is what a marker compares with
    facts = facts_from(said.get("tags", []), batch, row=block.row, number=number)
    return Item(stem=read_text(whole), explanation=explanation, **content, **facts)


def _braces(text: str) -> tuple[str, str, str]:
    """Before, within and behind the braces."""
    start = _find(text, "{")
    if start < 0:
        raise GiftError("没有写答案：题干后面要有一对大括号 {}，里面写答案")
    stop = _find(text, "}", start + 1)
    if stop < 0:
        raise GiftError("大括号没有关上：答案后面缺少 }")
    if (again := _find(text[start + 1 : stop], "{")) >= 0 or _find(text[stop + 1 :], "{") >= 0:
        where = "里面" if again >= 0 else "后面"
        raise GiftError(
            f"答案的大括号{where}又有一个 {{；题目之间要空一行，普通的大括号前面加反斜杠 \\"
        )
    if not text[:start].strip():
        raise GiftError("没有题干：大括号前面是空的")
    return text[:start].strip(), text[start + 1 : stop], text[stop + 1 :]


def _find(text: str, wanted: str, start: int = 0) -> int:
    """Where ``wanted`` stands without a backslash before it; -1 for nowhere."""
    at = start
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text.startswith(wanted, at):
            return at
        else:
            at += 1
    return -1


def _parted(text: str, wanted: str) -> tuple[str, str, str]:
    at = _find(text, wanted)
    return (text, "", "") if at < 0 else (text[:at], wanted, text[at + len(wanted) :])


def _bare(text: str) -> str:
    """Text without backslashes; \\n is a new line, line breaks of the file are blanks."""
    found = re.sub(r"[ \t]*\n[ \t]*", " ", text.strip())
    return re.sub(
        r"\\(n|[~=#{}:\\])", lambda match: "\n" if match[1] == "n" else str(match[1]), found
    ).strip()


def _said(block: Block, batch: Batch, number: int) -> dict[str, Any]:
    if not block.said:
        return {}
    try:
        found = json.loads(block.said)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and all(_is_said(*pair) for pair in found.items()):
        return found
    batch.blame(
        "以 // anxin: 开头的一行不完整，请改正或删去这一行",
        row=block.row,
        number=number,
        value=block.said,
    )
    return {}


def _is_said(name: str, value: Any) -> bool:
    """Whether a value of our comment is of its type."""
    if name in ("tags", "options"):
        return isinstance(value, list) and all(isinstance(text, str) for text in value)
    return isinstance(value, str)


def _content(inside: str, said: Mapping[str, Any], text: Any) -> dict[str, Any]:
    if not inside:
        return {"kind": SHORT, "body": Model(str(said.get("answer", "")))}
    if inside.startswith("#"):
        return {"kind": NUMERIC, "body": _number(inside[1:].strip(), str(said.get("unit", "")))}
    first = _parted(inside, "#")[0].strip().upper()
    if first in _TRUE | _FALSE:
        options = tuple(map(str, said.get("options", TRUE_FALSE_OPTIONS)))
        right = frozenset({0 if first in _TRUE else 1})
        return {"kind": TRUE_FALSE, "options": options, "right": right}
    return _answers(_pieces(inside), text)


def _pieces(inside: str) -> list[tuple[str, str]]:
    """Answers with their marks, = or ~, without feedback."""
    pieces: list[tuple[str, str]] = []
    at, mark, begun = 0, "", 0
    while at <= len(inside):
        if at == len(inside) or inside[at] in "=~":
            said = inside[begun:at]
            if mark:
                pieces.append((mark, _parted(said, "#")[0].strip()))
            elif said.strip():
                raise GiftError(f"每个答案前面要有 = 或 ~，这一段没有：{said.strip()[:30]}")
            mark, begun = inside[at : at + 1], at + 1
        at += 2 if inside[at : at + 1] == "\\" else 1
    if mark and at > len(inside) + 1:  # a backslash at the very end
        pieces.append((mark, inside[begun:].strip()))
    return pieces


def _answers(pieces: list[tuple[str, str]], text: Any) -> dict[str, Any]:
    marks = {mark for mark, _ in pieces}
    if marks == {"="} and all(_find(said, "->") >= 0 for _, said in pieces):
        sides = [_parted(said, "->") for _, said in pieces]
        pairs = tuple((text(left), text(right)) for left, _, right in sides if left.strip())
        spare = tuple(text(right) for left, _, right in sides if not left.strip())
        return {"kind": MATCHING, "body": Pairs(pairs, spare)}
    weighted = [(mark, *_weight(said)) for mark, said in pieces]
    if marks == {"="}:
        wrong = [said for _, weight, said in weighted if weight not in (None, 100)]
        if wrong:
            raise GiftError(f"填空题不能给部分分，请改成 = 或删去：{wrong[0][:30]}")
        return {"kind": FILL, "body": Blanks((tuple(text(said) for *_, said in weighted),))}
    options = tuple(text(said) for *_, said in weighted)
    several = any(weight is not None for _, weight, _ in weighted) and "=" not in marks
    right = frozenset(
        at
        for at, (mark, weight, _) in enumerate(weighted)
        if mark == "=" or (several and weight is not None and weight > 0)
    )
    if not right:
        raise GiftError("没有正确答案：正确的选项前面要写 =，或者用 ~%50% 写明得分比例")
    return {"kind": MULTIPLE if len(right) > 1 else SINGLE, "options": options, "right": right}


def _weight(said: str) -> tuple[float | None, str]:
    match = _WEIGHT.match(said)
    if match is None:
        return None, said
    try:
        return float(match[1]), match[2].strip()
    except ValueError as fault:
        raise GiftError(f"得分比例不是数字：{match[1]}") from fault


def _number(inside: str, unit: str) -> Number:
    said = _parted(inside, "#")[0].strip()
    if said.startswith("="):
        answers = [piece for _, piece in _pieces(said) if _weight(piece)[0] in (None, 100)]
        if len(answers) != 1:
            raise GiftError("计算题只能有一个正确的数字")
        said = _weight(answers[0])[1]
    low, between, high = said.partition("..")
    value, _, wide = said.partition(":")
    first, second = (
        number_of(low if between else value),
        number_of(high if between else wide or "0"),
    )
    if first is None or second is None:
        raise GiftError(f"计算题的答案不是数字：{said[:30]}，请写 {{#19.5:0.1}} 或 {{#19.4..19.6}}")
    if between:
        return Number((first + second) / 2, abs(second - first) / 2, unit)
    return Number(first, second, unit)
