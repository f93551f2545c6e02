"""The table of Chinese trainers, one question a row: 题型 题干 A B C D 答案 解析 难度 …; Excel and Word share it.

The questions of a case follow its row, with a 题型 such as 小题·单选题.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from courses.exchange.batch import LEVELS, UNKNOWN_SECTOR, Batch, UnreadableError, picture_or_blame
from courses.rules.items import Item, Parts, Picture
from courses.rules.notes import NoteError, Notes, content_from, kind_of, notes_of
from courses.rules.pictures import ENDINGS
from courses.rules.questions import CASE, KIND_NAMES, LEVEL_NAMES

CELLS: Final = "ABCDEFGHIJKL"  # I to L only for spare sides of matching questions
COLUMNS: Final = (
    "题型", "题干", *CELLS, "答案", "解析", "难度", "知识点", "依据", "行业", "图片", "图片说明", "启用",
)  # fmt: skip
PART: Final = "小题"
_SAME: Final = {
    "题目": "题干", "试题": "题干", "题目内容": "题干", "试题内容": "题干", "类型": "题型", "试题类型": "题型",
    "正确答案": "答案", "标准答案": "答案", "参考答案": "答案", "答案解析": "解析", "试题解析": "解析",
    "难易度": "难度", "难度等级": "难度", "章节": "知识点", "法规依据": "依据", "行业领域": "行业",
    "配图": "图片", "是否启用": "启用", **{f"选项{letter}": letter for letter in CELLS},
}  # fmt: skip
_HEADINGS_WITHIN: Final = 20  # rows
_YES: Final = {
    "": True,
    "是": True,
    "启用": True,
    "1": True,
    "否": False,
    "停用": False,
    "0": False,
}


@dataclass(slots=True)
class _Row:
    """A row by its headings."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_rows(
    rows: Sequence[Sequence[str]],
    batch: Batch,
    *,
    files: Mapping[str, bytes],
    embedded: Mapping[int, Sequence[bytes]],
) -> Batch:
    """The questions of a table. ``files`` are pictures by name, ``embedded`` those within a row.

    Raises UnreadableError when no row holds the headings.
    """
    start, places = _headings(rows)
    pending: list[Item] = []
    head: tuple[_Row, int] | None = None
    for number, cells in enumerate(rows[start:], start=start + 1):
        row = _Row(
            number, {name: cells[at].strip() for name, at in places.items() if at < len(cells)}
        )
        if not any(row.cells.values()) and not embedded.get(number):
            continue
        kind, part = _kind(row["题型"])
        if kind is None:
            batch.total += 1
            advice = "没有写题型" if not row["题型"] else "题型不认识"
            known = "、".join(KIND_NAMES.values())
            batch.blame(
                f"{advice}，请写 {known} 之一",
                row=number,
                number=batch.total,
                column="题型",
                value=row["题型"],
            )
            continue
        if part:
            _take_part(batch, row, kind, head, pending)
            continue
        _end_case(batch, head, pending, files, embedded)
        batch.total += 1
        head = (row, batch.total) if kind == CASE else None
        if kind != CASE:
            _take(batch, row, kind, None, batch.total, files, embedded)
    _end_case(batch, head, pending, files, embedded)
    return batch


def _headings(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    for start, cells in enumerate(rows[:_HEADINGS_WITHIN], start=1):
        places: dict[str, int] = {}
        for at, cell in enumerate(cells):
            name = re.sub(r"[\s*＊:：（(].*", "", unicodedata.normalize("NFKC", cell.strip()))
            name = _SAME.get(name, name)
            if name in COLUMNS:
                places.setdefault(name, at)
        if {"题型", "题干", "答案"} <= set(places):
            return start, places
    raise UnreadableError("没有找到表头：表格里要有一行写着 题型、题干、答案，请用我们的模板")


def _kind(said: str) -> tuple[str | None, bool]:
    bare = said.replace("案例小题", PART)
    if bare.startswith(PART):
        return kind_of(bare.removeprefix(PART).lstrip("·.-—:： ")), True
    return kind_of(bare), False


def _take_part(
    batch: Batch, row: _Row, kind: str, head: tuple[_Row, int] | None, pending: list[Item]
) -> None:
    if head is None:
        batch.total += 1
        batch.blame(
            "小题前面没有案例题，请先写一行案例题",
            row=row.number,
            number=batch.total,
            column="题型",
            value=row["题型"],
        )
        return
    content = _content(batch, row, kind, head[1])
    if content is not None:
        pending.append(Item(kind=kind, stem=row["题干"], explanation=row["解析"], **content))
    else:
        head[0].cells["坏"] = "是"


def _end_case(
    batch: Batch,
    head: tuple[_Row, int] | None,
    pending: list[Item],
    files: Mapping[str, bytes],
    embedded: Mapping[int, Sequence[bytes]],
) -> None:
    """The case that is open, with its questions; one with an unreadable question is told already."""
    if head is not None and not head[0]["坏"]:
        _take(batch, head[0], CASE, {"body": Parts(tuple(pending))}, head[1], files, embedded)
    pending.clear()


def _content(batch: Batch, row: _Row, kind: str, number: int) -> dict[str, Any] | None:
    """Options or body; None with a problem noted."""
    cells = [row[letter] for letter in CELLS]
    try:
        return content_from(kind, Notes(cells, row["答案"]))
    except NoteError as fault:
        value = row[fault.column]
        batch.blame(fault.advice, row=row.number, number=number, column=fault.column, value=value)
        return None


def _take(
    batch: Batch,
    row: _Row,
    kind: str,
    content: dict[str, Any] | None,
    number: int,
    files: Mapping[str, bytes],
    embedded: Mapping[int, Sequence[bytes]],
) -> None:
    before = len(batch.problems)
    content = content if content is not None else _content(batch, row, kind, number)
    facts = _facts(batch, row, number)
    picture = _picture(batch, row, number, files, embedded.get(row.number, ()))
    if content is None or len(batch.problems) > before:
        return
    item = Item(
        kind=kind,
        stem=row["题干"],
        explanation=row["解析"],
        topic=row["知识点"],
        basis=row["依据"],
        picture=picture,
        picture_alt=row["图片说明"],
        **facts,
        **content,
    )
    batch.take(item, row=row.number, number=number)


def _facts(batch: Batch, row: _Row, number: int) -> dict[str, Any]:
    level, active, sector = (
        LEVELS.get(row["难度"]),
        _YES.get(row["启用"]),
        batch.sector(row["行业"]),
    )
    for column, value, advice in (
        ("难度", level, "难度请写 易、中、难 之一，或者留空"),
        ("启用", active, "启用请写 是 或 否，或者留空"),
        ("行业", sector, UNKNOWN_SECTOR),
    ):
        if value is None:
            batch.blame(advice, row=row.number, number=number, column=column, value=row[column])
    return {"level": level, "active": active, "sector": sector}


def _picture(
    batch: Batch, row: _Row, number: int, files: Mapping[str, bytes], within: Sequence[bytes]
) -> Picture | None:
    if len(within) > 1:
        batch.blame("一道题只收一张图片", row=row.number, number=number, column="图片")
    if within:
        return picture_or_blame(batch, within[0], row=row.number, number=number)
    name = row["图片"]
    if not name:
        return None
    if name not in files:
        advice = "没有找到这张图片；请把表格和图片打成一个 zip 压缩包，图片列写文件名"
        batch.blame(advice, row=row.number, number=number, column="图片", value=name)
        return None
    return picture_or_blame(batch, files[name], row=row.number, number=number)


def rows_of(items: Sequence[Item]) -> list[list[str]]:
    """The table of ``items`` with its headings; columns that nobody needs between D and 答案 are left out."""
    filled = [row for item in items for row in _item_rows(item)]
    widest = max([4, *(len(row[1]) for row in filled)])
    head = ["题型", "题干", *CELLS[:widest], *COLUMNS[COLUMNS.index("答案") :]]
    return [head] + [
        [*front, *cells, *[""] * (widest - len(cells)), *back] for front, cells, back in filled
    ]


def picture_name(picture: Picture) -> str:
    """The name of a picture's file in an export."""
    return f"{picture.key[:16]}.{ENDINGS[picture.kind]}"


def _item_rows(item: Item) -> list[tuple[list[str], list[str], list[str]]]:
    notes = notes_of(item)
    tail = [
        notes.answer,
        item.explanation,
        LEVEL_NAMES[item.level] if item.level else "",
        item.topic,
        item.basis,
        item.sector,
        picture_name(item.picture) if item.picture else "",
        item.picture_alt,
        "" if item.active else "否",
    ]
    rows = [([KIND_NAMES[item.kind], item.stem], list(notes.cells), tail)]
    if isinstance(item.body, Parts):
        for part in item.body.items:
            said = notes_of(part)
            front = [f"{PART}·{KIND_NAMES[part.kind]}", part.stem]
            rows.append((front, list(said.cells), [said.answer, part.explanation, *[""] * 7]))
    return rows
