"""The one text field of the office's form: lines in the notation of ``notes``, a case in blocks.

单选题：先做什么？
A. 通风
B. 下井
答案：A
解析：先通风，再检测。
"""

import re
from typing import Any, Final

from courses.rules.items import Item, Parts
from courses.rules.notes import NoteError, Notes, content_from, kept, kind_of, notes_of
from courses.rules.questions import CASE, CHOICES, FILL, KIND_NAMES, LETTERS, NUMERIC, SHORT

_HEAD: Final = re.compile(r"([^：:]{2,8})[：:]\s*(.*)", re.S)
_OPTION: Final = re.compile(r"([A-Ha-hＡ-Ｈ])\s*[.．、)）]\s*(.*)")
_SAID: Final = re.compile(r"(答案|解析)\s*[：:]\s*(.*)")


def body_from_text(kind: str, text: str) -> Any:
    """The body of a kind without options. Raises NoteError."""
    if kind in CHOICES:
        return None
    if kind == CASE:
        blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
        return Parts(tuple(_part(number, block) for number, block in enumerate(blocks, start=1)))
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    if kind in (NUMERIC, SHORT):
        return content_from(kind, Notes((), text.strip()))["body"]
    if kind == FILL:
        return content_from(kind, Notes((), "；".join(lines)))["body"]
    return content_from(kind, Notes(tuple(lines)))["body"]


def text_of(item: Item) -> str:
    """A question's body as the form shows it; empty for kinds with options."""
    if item.kind in CHOICES or item.body is None:
        return ""
    if isinstance(item.body, Parts):
        return "\n\n".join(map(_block, item.body.items))
    notes = notes_of(item)
    if item.kind == FILL:
        blanks = item.body.as_json()["blanks"]
        return "\n".join("|".join(map(kept, texts)) for texts in blanks)
    return notes.answer or "\n".join(notes.cells)


def _block(item: Item) -> str:
    notes = notes_of(item)
    lines = [f"{KIND_NAMES[item.kind]}：{item.stem}"]
    lines += [f"{LETTERS[at]}. {cell}" for at, cell in enumerate(notes.cells)]
    lines += [f"答案：{notes.answer}"] if notes.answer else []
    lines += [f"解析：{item.explanation}"] if item.explanation else []
    return "\n".join(lines)


def _part(number: int, block: str) -> Item:
    lines = block.strip().splitlines()
    head = _HEAD.fullmatch(lines[0].strip())
    kind = kind_of(head[1]) if head else None
    if head is None or kind is None or kind == CASE:
        names = "、".join(KIND_NAMES[kind] for kind in KIND_NAMES if kind != CASE)
        raise NoteError(
            "题目内容", f"第{number}小题请以题型开头，例如 单选题：先做什么？可用 {names}"
        )
    stem, cells, said = head[2], [], {"答案": "", "解析": ""}
    for line in lines[1:]:
        if match := _SAID.match(line.strip()):
            said[match[1]] = match[2]
        elif match := _OPTION.match(line.strip()):
            cells.append(match[2])
        elif said["解析"]:
            said["解析"] += f"\n{line.strip()}"
        elif not cells:
            stem += f"\n{line.strip()}"
        else:
            raise NoteError("题目内容", f"第{number}小题这一行看不懂：{line.strip()[:30]}")
    try:
        content = content_from(kind, Notes(tuple(cells), said["答案"]))
    except NoteError as fault:
        raise NoteError("题目内容", f"第{number}小题：{fault.advice}") from fault
    return Item(kind=kind, stem=stem.strip(), explanation=said["解析"], **content)
