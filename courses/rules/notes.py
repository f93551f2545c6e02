"""Questions as people write them in a table or a text field: cells A to H and an answer.

=========  ==============================  =============================================
kind       cells A to H                    answer
=========  ==============================  =============================================
choices    the options                     letters: AC
判断题     empty, or two options           对 / 错, or a letter
填空题     empty                           通风|先通风；检测   (| between what is also right)
计算题     empty                           19.5±0.5 %
排序题     the steps                       empty (as they stand), or their order: BAC
连线题     安全帽|头; |脚 for a spare one   empty
找隐患题   矩形 10 10 90 90 没戴安全帽     empty (圆 x y r name, 多边形 x y x y x y name)
简答题     empty                           the model answer
=========  ==============================  =============================================

A backslash before a separator makes it an ordinary character.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from courses.rules.bodies import SHAPES, Area, Blanks, Model, Number, Pairs, Spots, Steps, number_of
from courses.rules.items import Item, Parts
from courses.rules.questions import (
    CASE,
    CHOICES,
    FILL,
    HOTSPOT,
    KIND_NAMES,
    LETTERS,
    MATCHING,
    NUMERIC,
    ORDERING,
    SHORT,
    TRUE_FALSE,
    TRUE_FALSE_OPTIONS,
)

KINDS: Final = {
    **{name: kind for kind, name in KIND_NAMES.items()},
    **{name.removesuffix("题"): kind for kind, name in KIND_NAMES.items()},
    "单项选择题": "single",
    "多项选择题": "multiple",
    "选择题": "single",
    "是非题": TRUE_FALSE,
    "数值题": NUMERIC,
    "匹配题": MATCHING,
    "热点题": HOTSPOT,
    "找隐患": HOTSPOT,
    "案例分析题": CASE,
    "问答题": SHORT,
}
_YES: Final = frozenset({"对", "正确", "√", "✓", "✔", "是", "T", "TRUE", "A", "Y"})
_NO: Final = frozenset({"错", "错误", "×", "✗", "✘", "X", "否", "F", "FALSE", "B", "N"})
_SHAPE_OF: Final = {name: shape for shape, name in SHAPES.items()} | {s: s for s in SHAPES}
_BETWEEN: Final = "；;\n"
_ALSO: Final = "|｜"


class NoteError(ValueError):
    """What cannot be read; ``column`` is where (答案, or a letter), the message what to do."""

    def __init__(self, column: str, advice: str) -> None:
        super().__init__(advice)
        self.column = column
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Notes:
    """Cells A to H (at most eight) and the answer."""

    cells: Sequence[str] = ()
    answer: str = ""


def kind_of(name: str) -> str | None:
    """The kind that a name says; None for an unknown one."""
    bare = "".join(unicodedata.normalize("NFKC", name).split())
    return KINDS.get(bare) or (bare if bare in KIND_NAMES else None)


def split(text: str, separators: str) -> list[str]:
    """The pieces between separators, without blanks around them; a backslash keeps a separator."""
    pieces, piece, kept = [], "", False
    for character in text:
        if kept:
            piece += (
                character
                if character in separators or character in "\\|｜；;\n"
                else f"\\{character}"
            )
            kept = False
        elif character == "\\":
            kept = True
        elif character in separators:
            pieces.append(piece.strip())
            piece = ""
        else:
            piece += character
    return [*pieces, (piece + ("\\" if kept else "")).strip()]


def kept(text: str, separators: str = _BETWEEN + _ALSO) -> str:
    """``text`` with a backslash before every separator and every backslash."""
    return "".join(f"\\{c}" if c in separators or c == "\\" else c for c in text)


def content_from(kind: str, notes: Notes) -> dict[str, Any]:
    """What an ``Item`` of ``kind`` takes: options, right, body. Raises NoteError; a case has its own rows."""
    cells = [cell.strip() for cell in notes.cells]
    while cells and not cells[-1]:
        cells.pop()
    answer = notes.answer.strip()
    if kind in CHOICES:
        return _choice(kind, cells, answer)
    if kind in (FILL, NUMERIC, SHORT) and any(cells):
        raise NoteError("A", f"{KIND_NAMES[kind]}的答案写在“答案”一列，选项各列请留空")
    reader = {
        FILL: _blanks,
        NUMERIC: _number,
        ORDERING: _steps,
        MATCHING: _pairs,
        HOTSPOT: _areas,
        SHORT: _model,
    }[kind]
    return {"body": reader(cells, answer)}


def notes_of(item: Item) -> Notes:
    """The cells and the answer of a question; a case's own are empty."""
    body = item.body
    if item.kind in CHOICES:
        letters = "".join(LETTERS[place] for place in sorted(item.right) if place < len(LETTERS))
        plain = item.kind == TRUE_FALSE and tuple(item.options) == TRUE_FALSE_OPTIONS
        words = {"A": "对", "B": "错"}
        return Notes((), words.get(letters, "")) if plain else Notes(tuple(item.options), letters)
    if isinstance(body, Blanks):
        blanks = ("|".join(map(kept, texts)) for texts in body.accepted)
        return Notes((), "；".join(blanks))
    if isinstance(body, Number):
        wide = f"±{body.tolerance:f}" if body.tolerance else ""
        return Notes((), f"{body.value:f}{wide} {body.unit}".strip())
    if isinstance(body, Steps):
        return Notes(body.steps)
    if isinstance(body, Pairs):
        rows = [f"{kept(left, _ALSO)}|{kept(right, _ALSO)}" for left, right in body.pairs]
        return Notes((*rows, *(f"|{kept(right, _ALSO)}" for right in body.spare)))
    if isinstance(body, Spots):
        return Notes(
            tuple(
                f"{SHAPES[area.shape]} {' '.join(map(str, area.numbers))} {_named(area.name)}"
                for area in body.areas
            )
        )
    return Notes((), body.answer if isinstance(body, Model) else "")


def _choice(kind: str, cells: list[str], answer: str) -> dict[str, Any]:
    said = unicodedata.normalize("NFKC", answer).upper()
    if kind == TRUE_FALSE:
        cells = cells or list(TRUE_FALSE_OPTIONS)
        if said in _YES or said in _NO:
            return {"options": tuple(cells), "right": frozenset({0 if said in _YES else 1})}
        if not said:
            raise NoteError("答案", "没有写答案，请写 对 或 错")
        raise NoteError("答案", "判断题的答案请写 对 或 错")
    letters = re.sub(r"[\s,、;|/]", "", said)
    if not letters:
        raise NoteError("答案", "没有写答案，请写选项的字母，例如 A 或 ACD")
    if not re.fullmatch(f"[{LETTERS}]+", letters) or len(set(letters)) != len(letters):
        raise NoteError(
            "答案", f"答案请写选项的字母 A 到 {LETTERS[-1]}，每个只写一次，例如 A 或 ACD"
        )
    missing = [letter for letter in letters if LETTERS.index(letter) >= len(cells)]
    if missing:
        raise NoteError("答案", f"没有选项 {'、'.join(missing)}，请核对答案和选项")
    return {"options": tuple(cells), "right": frozenset(map(LETTERS.index, letters))}


def _model(cells: list[str], answer: str) -> Model:
    return Model(answer)


def _blanks(cells: list[str], answer: str) -> Blanks:
    if not answer:
        raise NoteError("答案", "没有写答案；有几个空就写几个，用分号隔开，例如 通风；检测")
    # Cut at the first level with its backslashes kept, so that the second level sees them.
    return Blanks(tuple(tuple(split(part, _ALSO)) for part in _cut(answer, _BETWEEN)))


def _cut(text: str, separators: str) -> list[str]:
    """As ``split``, with backslashes left for the next level."""
    pieces, piece, after = [], "", False
    for character in text:
        if not after and character in separators:
            pieces.append(piece)
            piece = ""
            continue
        after = character == "\\" and not after
        piece += character
    return [*pieces, piece]


def _number(cells: list[str], answer: str) -> Number:
    said = unicodedata.normalize("NFKC", answer).replace("+/-", "±").replace("+-", "±")
    match = re.fullmatch(r"\s*([+-]?[\d.,]+)\s*(?:±\s*([\d.,]+))?\s*(\D.*)?", said)
    value = number_of(match[1]) if match else None
    wide = number_of(match[2]) if match and match[2] else Decimal(0)
    if match is None or value is None or wide is None:
        raise NoteError("答案", "计算题的答案请写数字，可以带误差和单位，例如 19.5±0.5 %")
    return Number(value, wide, _unit(answer, match[3]))


def _unit(answer: str, normal: str | None) -> str:
    """The unit as it was written: ℃ stays ℃."""
    if not normal:
        return ""
    found = re.search(r"[^\d\s.,，±+\-＋－．].*$", re.sub(r"\+/?-", "±", answer.strip()))
    return found[0].strip() if found else normal.strip()


def _steps(cells: list[str], answer: str) -> Steps:
    letters = re.sub(r"[\s,、;|/>→-]", "", unicodedata.normalize("NFKC", answer).upper())
    if letters and sorted(letters) != list(LETTERS[: len(cells)]):
        raise NoteError(
            "答案", "排序题的答案请写全部字母的正确次序，例如 BAC；选项已经排好的，留空"
        )
    order = [LETTERS.index(letter) for letter in letters] or range(len(cells))
    return Steps(tuple(cells[place] for place in order))


def _pairs(cells: list[str], answer: str) -> Pairs:
    pairs, spare = [], []
    for letter, cell in zip(_letters(cells), cells, strict=False):
        sides = split(cell, _ALSO)
        if len(sides) != 2:
            raise NoteError(letter, "连线题每格请写 左边|右边，例如 安全帽|头部；多余的右边写 |脚")
        if sides[0]:
            pairs.append((sides[0], sides[1]))
        else:
            spare.append(sides[1])
    return Pairs(tuple(pairs), tuple(spare))


def _areas(cells: list[str], answer: str) -> Spots:
    return Spots(
        tuple(_area(letter, cell) for letter, cell in zip(_letters(cells), cells, strict=False))
    )


def _area(letter: str, cell: str) -> Area:
    advice = "请写 矩形 左 上 右 下 名称，或 圆 横 纵 半径 名称，数字是图片的像素，例如 圆 200 150 40 裸线"
    shape, _, rest = cell.partition(" ")
    match = re.fullmatch(r"((?:\d+[\s,，]+)+)[：:]?(.*)", f"{rest.strip()} ", re.S)
    if shape not in _SHAPE_OF or match is None:
        raise NoteError(letter, advice)
    numbers, name = [int(number) for number in re.findall(r"\d+", match[1])], match[2].strip()
    return Area(_SHAPE_OF[shape], tuple(min(number, 10**6) for number in numbers), name)


def _named(name: str) -> str:
    """A name that begins like a number, behind a colon."""
    return f"：{name}" if name[:1].isdigit() or name[:1] in "：:" else name


def _letters(cells: Sequence[str]) -> list[str]:
    """The column of each cell; a spare side may stand beyond H."""
    return [LETTERS[at] if at < len(LETTERS) else str(at + 1) for at in range(len(cells))]


def is_case(item: Item) -> bool:
    """Whether its questions follow in rows of their own."""
    return isinstance(item.body, Parts)
