"""GIFT out. What GIFT has no place for stands in a comment line before its question; see ``gift``."""

import json
from collections.abc import Sequence
from typing import Any, Final

from courses.exchange.batch import LeftOut, Written, tags_of
from courses.exchange.gift import MARK
from courses.rules.bodies import Blanks, Model, Number, Pairs
from courses.rules.items import Item
from courses.rules.questions import (
    CHOICES,
    FILL,
    MATCHING,
    MULTIPLE,
    NUMERIC,
    SHORT,
    SINGLE,
    TRUE_FALSE,
    TRUE_FALSE_OPTIONS,
)

_SPECIAL: Final = "~=#{}:"


def write(items: Sequence[Item], name: str) -> Written:
    """A GIFT text; questions that GIFT has no kind for are left out and named."""
    blocks, left_out = [], []
    for number, item in enumerate(items, start=1):
        if reason := _reason(item):
            left_out.append(LeftOut(number, item.stem[:40], reason))
        else:
            blocks.append(_block(item))
    content = "\n\n".join(blocks) + "\n"
    return Written(content.encode(), f"{name}.gift.txt", "text/plain; charset=utf-8", left_out)


def _reason(item: Item) -> str:
    """Why GIFT cannot hold it; empty if it can."""
    if item.picture:
        return "GIFT 不能带图片"
    if item.kind not in {*CHOICES, FILL, NUMERIC, MATCHING, SHORT}:
        return "GIFT 没有这种题型"
    if isinstance(item.body, Blanks) and len(item.body.accepted) > 1:
        return "GIFT 的填空题只能有一个空"
    if isinstance(item.body, Pairs) and any("->" in left for left, _ in item.body.pairs):
        return "左边含有“->”，GIFT 分不清"
    return ""


def _block(item: Item) -> str:
    said: dict[str, Any] = {"tags": tags_of(item)} if tags_of(item) else {}
    if isinstance(item.body, Model):
        said["answer"] = item.body.answer
    if isinstance(item.body, Number) and item.body.unit:
        said["unit"] = item.body.unit
    if item.kind == TRUE_FALSE and tuple(item.options) != TRUE_FALSE_OPTIONS:
        said["options"] = list(item.options)
    note = f"{MARK} {json.dumps(said, ensure_ascii=False)}\n" if said else ""
    general = f"####{_escaped(item.explanation)}" if item.explanation else ""
    return f"{note}::::[plain]{_escaped(item.stem)} {{{_inside(item)}{general}}}"


def _inside(item: Item) -> str:
    body = item.body
    if item.kind == TRUE_FALSE:
        return "T" if 0 in item.right else "F"
    if item.kind == SINGLE:
        return "".join(
            f"\n{'=' if at in item.right else '~'}{_escaped(text)}"
            for at, text in enumerate(item.options)
        )
    if item.kind == MULTIPLE:
        share = 100 / len(item.right)
        return "".join(
            f"\n~%{share if at in item.right else -100:.5f}%{_escaped(text)}"
            for at, text in enumerate(item.options)
        )
    if isinstance(body, Blanks):
        return "".join(f"={_guarded(text)} " for text in body.accepted[0])
    if isinstance(body, Number):
        return f"#{body.value:f}:{body.tolerance:f}"
    if isinstance(body, Pairs):
        rows = [*body.pairs, *(("", right) for right in body.spare)]
        return "".join(f"\n={_escaped(left)} -> {_escaped(right)}" for left, right in rows)
    return ""


def _guarded(text: str) -> str:
    """An accepted text; one with an arrow gets the full weight before it, so that it is no pair."""
    return f"%100%{_escaped(text)}"


def _escaped(text: str) -> str:
    special = {character: f"\\{character}" for character in _SPECIAL} | {"\\": "\\\\", "\n": "\\n"}
    return "".join(special.get(character, character) for character in text)
