"""Subtitles as WebVTT text and chapters as minutes and seconds, read strictly and written anew as plain text.

Source: W3C WebVTT. Only times and words are kept: no styles, no settings, no tags. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_TIME: Final = r"(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)\.(\d{3})"
_LINE: Final = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}(?:\s.*)?")
_MARK: Final = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)")
MOST: Final = 3000
LONGEST: Final = 200_000


@dataclass(frozen=True, slots=True)
class Cue:
    """Words from ``start`` to ``end``, in milliseconds."""

    start: int
    end: int
    words: str


def cues(text: str) -> list[Cue]:
    """The cues of a WebVTT text. Raises ValueError in Chinese, naming the line."""
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").split("\n")
    if not lines[0].startswith("WEBVTT"):
        raise ValueError("字幕的第一行应是 WEBVTT")
    if len(text) > LONGEST:
        raise ValueError(f"字幕太长，最多 {LONGEST} 字")
    found: list[Cue] = []
    for number, line in enumerate(lines, 1):
        if "-->" in line:
            found.append(_cue(line, number, lines[number:], found))
    if not found:
        raise ValueError("字幕里没有一句话，每句前要有一行时间，如 00:01.000 --> 00:04.000")
    if len(found) > MOST:
        raise ValueError(f"字幕太多，最多 {MOST} 句")
    return found


def _cue(line: str, number: int, after: Iterable[str], before: list[Cue]) -> Cue:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"字幕第 {number} 行的时间写法不对，应如 00:01.000 --> 00:04.000")
    start, end = _ms(match.groups()[:4]), _ms(match.groups()[4:])
    if end <= start or (before and start < before[-1].start):
        raise ValueError(f"字幕第 {number} 行的时间前后颠倒")
    words = []
    for told in after:
        if not told.strip():
            break
        words.append(re.sub(r"<[^>]*>", "", told).strip())
    if not any(words):
        raise ValueError(f"字幕第 {number} 行的时间后面没有文字")
    return Cue(start, end, "\n".join(words))


def _ms(parts: Iterable[str | None]) -> int:
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def written(found: Iterable[Cue]) -> str:
    """WebVTT of plain words."""
    out = ["WEBVTT", ""]
    for cue in found:
        words = cue.words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        out += [f"{_clock(cue.start)} --> {_clock(cue.end)}", words, ""]
    return "\n".join(out)


def _clock(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def seconds_of(mark: str) -> int:
    """``1:30`` is 90. Raises ValueError in Chinese."""
    match = _MARK.fullmatch(mark.strip())
    if match is None:
        raise ValueError(f"时间“{mark}”应写成 分:秒，如 1:30")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return (hours * 60 + minutes) * 60 + seconds


def chapter_faults(marks: Iterable[str]) -> list[str]:
    """What is wrong with the times of chapters."""
    last, found = -1, []
    for mark in marks:
        try:
            at = seconds_of(mark)
        except ValueError as fault:
            found.append(str(fault))
            continue
        if at <= last:
            found.append(f"章节时间“{mark}”要比前一章晚")
        last = at
    return found
