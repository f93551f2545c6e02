"""A question as a pure value: what the bank, the papers and every file format speak about."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from courses.rules.bodies import Body, BodyError, Spots, body_of
from courses.rules.questions import (
    CASE,
    CHOICES,
    HOTSPOT,
    KIND_NAMES,
    LEVEL_NAMES,
    PARTS_OF_CASE,
    question_faults,
)

MOST_PARTS: Final = 8  # questions of one case
LONGEST_STEM: Final = 4000
LONGEST_TOPIC: Final = 40
LONGEST_BASIS: Final = 200
LONGEST_OPTION: Final = 300
LONGEST_ALT: Final = 200


_DAMAGE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _texts_in(value: Any) -> Iterator[str]:
    """Every text within JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(inner)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its fingerprint (SHA-256 of its bytes); ``width`` and ``height`` in pixels."""

    key: str
    kind: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question. ``right`` are places (from 0) of right options; other kinds have a ``body``.

    ``level`` is 0 (not said) to 3 (hard); ``basis`` names the article, ``sector`` the sector's code.
    """

    kind: str
    stem: str
    options: Sequence[str] = ()
    right: frozenset[int] = frozenset()
    body: "Body | Parts | None" = None
    topic: str = ""
    explanation: str = ""
    basis: str = ""
    level: int = 0
    sector: str = ""
    picture: Picture | None = None
    picture_alt: str = ""
    active: bool = True

    def faults(self) -> list[str]:
        """Every fault at once; none means it is sound."""
        faults = question_faults(
            kind=self.kind, stem=self.stem, options=self.options, right=self.right
        )
        if self.kind in KIND_NAMES and self.kind not in CHOICES:
            faults += self.body.faults(self.stem) if self.body else ["题目内容是空的，请填写答案"]
        return faults + self._lengths() + self._damage() + self._picture_faults()

    def _damage(self) -> list[str]:
        """Characters that no keyboard writes, and that a database may refuse."""
        said = [
            self.stem,
            self.explanation,
            self.topic,
            self.basis,
            self.picture_alt,
            *self.options,
        ]
        damaged = any(_DAMAGE.search(text) for text in (*said, *_texts_in(self.body_json())))
        return ["含有乱码或不可见字符，请重新输入"] if damaged else []

    def _lengths(self) -> list[str]:
        said = [
            ("题干", self.stem, LONGEST_STEM),
            ("解析", self.explanation, LONGEST_STEM),
            ("知识点", self.topic, LONGEST_TOPIC),
            ("依据", self.basis, LONGEST_BASIS),
            ("图片说明", self.picture_alt, LONGEST_ALT),
            *(("选项", text, LONGEST_OPTION) for text in self.options),
        ]
        long = [
            f"{what}太长：最多 {most} 个字，现有 {len(text)} 个字"
            for what, text, most in said
            if len(text) > most
        ]
        return long + ([] if self.level in LEVEL_NAMES else ["难度应为 易、中、难 之一"])

    def _picture_faults(self) -> list[str]:
        if self.kind == HOTSPOT and self.picture is None:
            return ["找隐患题要有一张图片，请上传"]
        if self.picture is None:
            return []
        faults = [] if self.picture_alt.strip() else ["图片要写说明，看不见图的人靠它听懂题目"]
        if isinstance(self.body, Spots):
            for area in self.body.areas:
                faults += area.faults(self.picture.width, self.picture.height)
        return faults

    def body_json(self) -> dict[str, Any]:
        """The body as it lies in the bank; empty for kinds with options."""
        return self.body.as_json() if self.body else {}


@dataclass(frozen=True, slots=True)
class Parts:
    """案例题: questions that share the stem; each counts the same."""

    items: tuple[Item, ...]

    def faults(self, stem: str) -> list[str]:
        """One to eight sound questions, of kinds that a machine can mark."""
        faults = []
        if not 1 <= len(self.items) <= MOST_PARTS:
            faults.append(f"案例题应有 1 到 {MOST_PARTS} 道小题，现有 {len(self.items)} 道")
        for number, item in enumerate(self.items, start=1):
            found = item.faults()
            if item.kind in KIND_NAMES and item.kind not in PARTS_OF_CASE:
                found = [f"案例题里不能有{KIND_NAMES[item.kind]}，请单独出题"]
            faults += [f"第{number}小题：{fault}" for fault in found]
        return faults

    def as_json(self) -> dict[str, Any]:
        """As it lies in the bank."""
        return {"parts": [_part_json(item) for item in self.items]}


def content_of(kind: str, data: Mapping[str, Any]) -> "Body | Parts | None":
    """The body of any kind, the case's too. Raises BodyError."""
    if kind != CASE:
        return body_of(kind, data)
    try:
        return Parts(tuple(_part(row) for row in data["parts"]))
    except (KeyError, TypeError, AttributeError) as fault:
        raise BodyError(f"案例题内容不完整：{fault}") from fault


def _part_json(item: Item) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "stem": item.stem,
        "options": list(item.options),
        "right": sorted(item.right),
        "body": item.body_json(),
        "explanation": item.explanation,
    }


def _part(row: Mapping[str, Any]) -> Item:
    return Item(
        kind=row["kind"],
        stem=row["stem"],
        options=tuple(row.get("options", ())),
        right=frozenset(row.get("right", ())),
        body=body_of(row["kind"], row.get("body", {})),
        explanation=row.get("explanation", ""),
    )
