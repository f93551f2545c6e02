"""After the end: each question with what was given and what is right, in words; pictures with their areas."""

from collections.abc import Mapping, Sequence
from typing import Any

from courses.models import PaperQuestion
from courses.rules.bodies import area_of
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
from courses.views.papers import asked


def marked(place: PaperQuestion, earned: int, waits: bool) -> dict[str, Any]:
    """A place of an ended attempt; ``earned`` are its points, ``waits``: a marker has yet to read it."""
    chosen = place.chosen()
    told = explained(place.shown, place.sealed, chosen, f"q{place.position}")
    mark = getattr(place, "hand_mark", None)
    return {
        **told,
        "position": place.position,
        "points_each": place.points,
        "earned": earned,
        "answered": bool(chosen),
        "waits": waits,
        "is_right": earned == place.points,
        "partly": 0 < earned < place.points,
        "note": mark.note if mark else "",
    }


def explained(
    shown: Mapping[str, Any], sealed: Mapping[str, Any], chosen: Sequence[Any], name: str
) -> dict[str, Any]:
    """A question with the right answer, what was given, the explanation and its basis."""
    kind, right = shown["kind"], sealed["right"]
    question = asked(shown, chosen, name)
    told = {key: sealed.get(key, "") for key in ("explanation", "basis")}
    if kind == CASE:
        answers = chosen or [[]] * len(right)
        rows = zip(shown["parts"], right, answers, strict=True)
        parts = [explained(part, key, answer, name) for part, key, answer in rows]
        return {**question, **told, "parts": parts, "right_words": "", "chosen_words": ""}
    if kind in CHOICES:
        for option in question["options"]:
            option["right"] = option["value"] in right
    if kind == HOTSPOT:
        question |= {"areas": [_outline(area, number) for number, area in enumerate(right, 1)]}
    given = words(shown, chosen) if answered(kind, chosen) else ""
    return {**question, **told, "right_words": _right_words(shown, right), "chosen_words": given}


def words(shown: Mapping[str, Any], chosen: Sequence[Any]) -> str:
    """An answer as a person reads it."""
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


def _right_words(shown: Mapping[str, Any], right: Any) -> str:
    kind = shown["kind"]
    if kind == NUMERIC:
        wide = "" if right["tolerance"].strip("0.") == "" else f"（±{right['tolerance']} 都算对）"
        return f"{right['value']} {shown['unit']}".strip() + wide
    if kind == FILL:
        return "；".join(" 或 ".join(texts) for texts in right)
    if kind == HOTSPOT:
        return "；".join(f"{number}. {area['name']}" for number, area in enumerate(right, start=1))
    return str(right) if kind == SHORT else words(shown, right)


def _outline(area: Mapping[str, Any], number: int) -> dict[str, Any]:
    """An area for the drawing over the picture, in the picture's pixels."""
    left, top, right, bottom = area_of(area).box()
    numbers = area["numbers"]
    corners = zip(numbers[0::2], numbers[1::2], strict=False)
    return {
        **area,
        "number": number,
        "left": left,
        "top": top,
        "wide": right - left,
        "high": bottom - top,
        "radius": numbers[-1],
        "middle": ((left + right) // 2, (top + bottom) // 2),
        "corners": " ".join(f"{x},{y}" for x, y in corners),
    }
