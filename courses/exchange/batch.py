"""What a file of questions becomes: sound questions with their pictures, and every problem at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from courses.rules.items import Item, Picture
from courses.rules.pictures import PictureError, look_at
from courses.rules.questions import LEVEL_NAMES

MOST_ITEMS: Final = 5000
MOST_PROBLEMS: Final = 1000
LEVELS: Final = {
    "": 0, "未定": 0, "易": 1, "简单": 1, "容易": 1, "低": 1, "1": 1, "中": 2, "一般": 2, "中等": 2, "2": 2,
    "难": 3, "困难": 3, "高": 3, "3": 3,
}  # fmt: skip


class UnreadableError(ValueError):
    """A file that is not of its format at all; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be taken, and what to do. ``row`` is the line or row (0: none), ``item`` the question."""

    row: int
    item: int
    column: str
    value: str
    advice: str

    @property
    def where(self) -> str:
        """The place in words."""
        row = f"第{self.row}行" if self.row else ""
        if not self.item:
            return row or "整个文件"
        return f"第{self.item}题（{row}）" if row else f"第{self.item}题"

    def as_dict(self) -> dict[str, Any]:
        """For JSON and templates."""
        return {
            "where": self.where,
            "row": self.row,
            "item": self.item,
            "column": self.column,
            "value": self.value,
            "advice": self.advice,
        }


@dataclass(frozen=True, slots=True)
class Taken:
    """A sound question with its place in the file."""

    item: Item
    row: int
    number: int


@dataclass(slots=True)
class Batch:
    """A reading on its way. ``sectors`` knows codes by code and by name; ``media`` pictures by key."""

    sectors: Mapping[str, str] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    total: int = 0
    stems: dict[tuple[str, str, str], int] = field(default_factory=dict)

    @property
    def items(self) -> list[Item]:
        """The sound questions."""
        return [taken.item for taken in self.taken]

    def blame(
        self, advice: str, *, row: int = 0, number: int = 0, column: str = "", value: str = ""
    ) -> None:
        """Note a problem."""
        if len(self.problems) < MOST_PROBLEMS:
            shown = "".join(c if c.isprintable() else "\ufffd" for c in value)[:100]
            self.problems.append(Problem(row, number, column, shown, advice))

    def take(self, item: Item, *, row: int, number: int) -> None:
        """A question that was read: kept if it is sound and new, else its faults are noted."""
        faults = item.faults()
        same = (item.kind, item.stem.strip(), item.picture.key if item.picture else "")
        first = self.stems.setdefault(same, number)
        if first != number:
            faults.append(f"与第{first}题相同，请删除一题")
        for fault in faults:
            self.blame(fault, row=row, number=number, value=item.stem[:40])
        if not faults:
            self.taken.append(Taken(item, row, number))

    def picture(self, content: bytes) -> Picture:
        """A picture of the file, kept. Raises PictureError."""
        found = look_at(content)
        self.media[found.key] = content
        return found

    def sector(self, said: str) -> str | None:
        """The sector's code by its code or name; None for an unknown one."""
        return self.sectors.get(said.strip()) if said.strip() else ""


def tags_of(item: Item) -> list[str]:
    """What formats with plain key words keep: level, topic, basis, sector, whether it is switched off."""
    said = [
        ("难度", LEVEL_NAMES[item.level] if item.level else ""),
        ("知识点", item.topic),
        ("依据", item.basis),
        ("行业", item.sector),
        ("停用", "" if item.active else "是"),
    ]
    return [f"{name}：{value}" for name, value in said if value]


def facts_from(tags: Sequence[str], batch: Batch, *, row: int, number: int) -> dict[str, Any]:
    """The fields of an item that ``tags_of`` wrote; a bare key word is the topic if there is none."""
    facts: dict[str, Any] = {}
    for tag in tags:
        name, separator, value = tag.partition("：")
        if not separator:
            facts.setdefault("topic", tag.strip()[:40])
        elif name == "难度" and value in LEVELS:
            facts["level"] = LEVELS[value]
        elif name == "知识点":
            facts["topic"] = value
        elif name == "依据":
            facts["basis"] = value
        elif name == "停用":
            facts["active"] = value != "是"
        elif name == "行业":
            code = batch.sector(value)
            if code is None:
                batch.blame(UNKNOWN_SECTOR, row=row, number=number, column="行业", value=value)
            else:
                facts["sector"] = code
    return facts


UNKNOWN_SECTOR: Final = "没有这个行业领域，请写系统里的名称或代码，或者留空"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A question that a format cannot hold, and why."""

    number: int
    stem: str
    reason: str


@dataclass(frozen=True, slots=True)
class Written:
    """A file to download; ``left_out`` are the questions that it cannot hold."""

    content: bytes
    name: str
    content_type: str
    left_out: list[LeftOut] = field(default_factory=list)


def picture_or_blame(batch: Batch, content: bytes, *, row: int, number: int) -> Picture | None:
    """The picture, or None with a problem noted."""
    try:
        return batch.picture(content)
    except PictureError as fault:
        batch.blame(str(fault), row=row, number=number, column="图片")
        return None
