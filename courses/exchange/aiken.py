"""Aiken: a stem in one line, options A. or A), and ANSWER: with one letter. Single choice, nothing else.

Source: docs.moodle.org/en/Aiken_format.
"""

import re
from collections.abc import Sequence
from typing import Final

from courses.exchange.batch import Batch, LeftOut, Written
from courses.rules.items import Item
from courses.rules.questions import LETTERS, SINGLE

_OPTION: Final = re.compile(r"^\s*([A-Z])[.)]\s+(.*\S)\s*$")
_ANSWER: Final = re.compile(r"^\s*ANSWER\s*[:：]\s*(.*?)\s*$", re.I)


def read(text: str, batch: Batch) -> Batch:
    """Every question of an Aiken text; a broken one is a problem with its line and number."""
    lines: list[tuple[int, str]] = []
    for row, line in enumerate([*text.splitlines(), ""], start=1):
        if line.strip():
            lines.append((row, line))
        if lines and (not line.strip() or _ANSWER.match(line)):
            _take(lines, batch)
            lines = []
    return batch


def _take(lines: list[tuple[int, str]], batch: Batch) -> None:
    batch.total += 1
    row, number = lines[0][0], batch.total
    stem: list[str] = []
    options: list[str] = []
    answer, at = "", row
    for at, line in lines:
        if match := _ANSWER.match(line):
            answer = match[1]
        elif match := _OPTION.match(line):
            if match[1] != "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[len(options) : len(options) + 1]:
                wanted = LETTERS[len(options) : len(options) + 1] or "ANSWER"
                batch.blame(f"选项字母不连续，这里应为 {wanted}", row=at, number=number, value=line)
                return
            options.append(match[2])
        elif options:
            batch.blame("选项要以 A. 或 A) 开头，后面空一格", row=at, number=number, value=line)
            return
        else:
            stem.append(line.strip())
    fault = _fault(stem, options, answer)
    if fault:
        batch.blame(fault, row=at, number=number, value=lines[0][1])
        return
    right = frozenset({LETTERS.index(answer.upper())})
    item = Item(kind=SINGLE, stem="\n".join(stem), options=tuple(options), right=right)
    batch.take(item, row=row, number=number)


def _fault(stem: list[str], options: list[str], answer: str) -> str:
    if not stem:
        return "没有题干"
    if not answer:
        return "没有答案：选项后面要有一行 ANSWER: 和一个字母，例如 ANSWER: B"
    if len(answer) != 1 or answer.upper() not in LETTERS:
        return f"答案“{answer[:20]}”应为一个字母 A 到 {LETTERS[-1]}；Aiken 只有单选题"
    return "" if LETTERS.index(answer.upper()) < len(options) else f"没有选项 {answer.upper()}"


def write(items: Sequence[Item], name: str) -> Written:
    """An Aiken text; what is no single choice is left out and named. Explanations and tags have no place."""
    blocks, left_out = [], []
    for number, item in enumerate(items, start=1):
        if reason := _reason(item):
            left_out.append(LeftOut(number, item.stem[:40], reason))
            continue
        rows = [f"{LETTERS[at]}. {text}" for at, text in enumerate(item.options)]
        right = LETTERS[min(item.right)]
        blocks.append("\n".join([item.stem, *rows, f"ANSWER: {right}"]))
    content = "\n\n".join(blocks) + "\n"
    return Written(content.encode(), f"{name}.aiken.txt", "text/plain; charset=utf-8", left_out)


def _reason(item: Item) -> str:
    """Why Aiken cannot hold it; empty if it can."""
    if item.kind != SINGLE:
        return "Aiken 只有单选题"
    if item.picture:
        return "Aiken 不能带图片"
    lines = item.stem.split("\n")
    if any("\n" in text for text in item.options) or any(
        not line.strip() or _OPTION.match(line) or _ANSWER.match(line) for line in lines
    ):
        return "题干或选项分成了几行，Aiken 分不清"
    return ""
