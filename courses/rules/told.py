"""Answers and questions in words, as a person reads them on a page or in a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from courses.rules.papers import answered
from courses.rules.questions import (
    CASE,
    CHOICES,
    FILL,
    HOTSPOT,
    LETTERS,
    MATCHING,
    NUMERIC,
    ORDERING,
    SHORT,
)


def words(shown: Mapping[str, Any], chosen: Sequence[Any]) -> str:
    """An answer as a person reads it; not for a case, which is read part by part."""
    kind = shown["kind"]
    if kind in CHOICES:
        return "、".join(LETTERS[place] for place in sorted(chosen))
    if kind == NUMERIC:
        return f"{chosen[0]} {shown['unit']}".strip()
    if kind in (FILL, SHORT):
        return "；".join(text or "（空）" for text in chosen)
    if kind == ORDERING:
        steps = sorted((place, text) for place, text in zip(chosen, shown["options"], strict=True))
        return " → ".join(text if place >= 0 else f"（没排：{text}）" for place, text in steps)
    if kind == MATCHING:
        rows = zip(shown["lefts"], chosen, strict=True)
        return "；".join(
            f"{left}—{shown['options'][place] if place >= 0 else '（没连）'}"
            for left, place in rows
        )
    return f"点了 {len(chosen)} 处"


def right_words(shown: Mapping[str, Any], right: Any) -> str:
    """What is right, in words; not for a case."""
    kind = shown["kind"]
    if kind == NUMERIC:
        wide = "" if right["tolerance"].strip("0.") == "" else f"（±{right['tolerance']} 都算对）"
        return f"{right['value']} {shown['unit']}".strip() + wide
    if kind == FILL:
        return "；".join(" 或 ".join(texts) for texts in right)
    if kind == HOTSPOT:
        return "；".join(f"{number}. {area['name']}" for number, area in enumerate(right, start=1))
    return str(right) if kind == SHORT else words(shown, right)


def stem_words(shown: Mapping[str, Any]) -> str:
    """The question with its options, or its parts, as one text."""
    lines = [shown["stem"]]
    if shown["kind"] == CASE:
        lines += [f"（{at}）{stem_words(part)}" for at, part in enumerate(shown["parts"], start=1)]
    elif shown["kind"] in CHOICES:
        options = zip(LETTERS, shown["options"], strict=False)
        lines += [f"{letter}. {text}" for letter, text in options]
    if shown.get("picture"):
        lines.append(f"（图：{shown['picture'].get('alt') or '见试题图片'}）")
    return "\n".join(lines)


def given_words(shown: Mapping[str, Any], chosen: Sequence[Any]) -> str:
    """What was answered, a case part by part; （没有作答） for nothing."""
    if not answered(shown["kind"], chosen):
        return "（没有作答）"
    if shown["kind"] == CASE:
        rows = enumerate(zip(shown["parts"], chosen, strict=True), start=1)
        return "；".join(f"（{at}）{given_words(part, answer)}" for at, (part, answer) in rows)
    return words(shown, chosen)


def sealed_words(shown: Mapping[str, Any], right: Any) -> str:
    """What was right, a case part by part."""
    if shown["kind"] == CASE:
        rows = enumerate(zip(shown["parts"], right, strict=True), start=1)
        return "；".join(f"（{at}）{sealed_words(part, key['right'])}" for at, (part, key) in rows)
    return right_words(shown, right)
