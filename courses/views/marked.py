"""After the end: each question with what was given and what is right, in words; pictures with their areas."""

from collections.abc import Mapping, Sequence
from typing import Any

from courses.models import PaperQuestion
from courses.rules.bodies import area_of
from courses.rules.papers import answered
from courses.rules.questions import CASE, CHOICES, HOTSPOT
from courses.rules.told import right_words, words
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
    return {**question, **told, "right_words": right_words(shown, right), "chosen_words": given}


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
