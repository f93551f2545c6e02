"""A question on a paper: what the browser sees, what stays sealed, and which answers a page can send.

``shown`` never holds anything of the answer; ``sealed`` holds ``right`` in the shape of its kind:

=========  ====================================================  =================================
kind       right                                                 an answer
=========  ====================================================  =================================
choices    places of right options                               places ticked
fill       accepted texts for each blank                         a text for each blank
numeric    value, tolerance                                      one text
ordering   for each step shown: its number (from 0)              the same, -1 where not yet given
matching   for each left: the place of its right                 the same, -1 where not yet given
hotspot    areas, in pixels of the picture                       points [x, y] in the same pixels
case       a sealed part for each question                       an answer for each question
short      the model answer                                      one text
=========  ====================================================  =================================
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from courses.rules.bodies import Blanks, Model, Number, Pairs, Spots, Steps
from courses.rules.items import Item, Parts
from courses.rules.questions import (
    CASE,
    CHOICES,
    FILL,
    HOTSPOT,
    MATCHING,
    MULTIPLE,
    NUMERIC,
    ORDERING,
    SHORT,
    TRUE_FALSE,
)

LONGEST_WORDS: Final = 100  # characters of an answer in a blank
LONGEST_ESSAY: Final = 3000


class AnswerError(ValueError):
    """An answer that no page of ours would send; the message goes on behind the question's number."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A question as it lies on one paper; ``order`` is how options were shuffled."""

    shown: dict[str, Any]
    sealed: dict[str, Any]
    order: list[int]


def frozen(item: Item, order: Sequence[int], chance: random.Random) -> Frozen:
    """``item`` for a paper. ``order`` is that of its options; ``chance`` shuffles all else."""
    shown: dict[str, Any] = {"kind": item.kind, "topic": item.topic, "stem": item.stem}
    if item.picture:
        picture = item.picture
        shown["picture"] = {
            "key": picture.key,
            "width": picture.width,
            "height": picture.height,
            "alt": item.picture_alt,
        }
    more, right, kept = _laid_out(item, list(order), chance)
    sealed = {"right": right, "explanation": item.explanation, "basis": item.basis}
    return Frozen({**shown, "options": [], **more}, sealed, kept)


def laid(item: Item, chance: random.Random) -> Frozen:
    """``item`` where no draw shuffled its options: ``chance`` does, except 正确/错误."""
    return frozen(item, _natural(item, chance), chance)


def _laid_out(
    item: Item, order: list[int], chance: random.Random
) -> tuple[dict[str, Any], Any, list[int]]:
    body = item.body
    if item.kind in CHOICES:
        texts = [item.options[place] for place in order]
        return {"options": texts}, [at for at, of in enumerate(order) if of in item.right], order
    if isinstance(body, Steps):
        order = _shuffled(len(body.steps), chance)
        return {"options": [body.steps[place] for place in order]}, order, order
    if isinstance(body, Pairs):
        rights = body.rights()
        order = _shuffled(len(rights), chance)
        texts = [rights[place] for place in order]
        lefts = [left for left, _ in body.pairs]
        right = [texts.index(right) for _, right in body.pairs]
        return {"lefts": lefts, "options": texts}, right, order
    if isinstance(body, Parts):
        parts = [frozen(part, _natural(part, chance), chance) for part in body.items]
        shown = {"parts": [part.shown for part in parts]}
        sealed = [{"kind": part.shown["kind"], **part.sealed} for part in parts]
        return shown, sealed, []
    return *_plain(body), []


def _plain(body: Any) -> tuple[dict[str, Any], Any]:
    """Kinds of which nothing is shuffled."""
    if isinstance(body, Blanks):
        return {"blanks": len(body.accepted)}, body.as_json()["blanks"]
    if isinstance(body, Number):
        right = body.as_json()
        return {"unit": right.pop("unit")}, right
    if isinstance(body, Spots):
        return {"spots": len(body.areas)}, body.as_json()["areas"]
    if isinstance(body, Model):
        return {}, body.answer
    raise TypeError(f"a question without a body: {body!r}")


def _shuffled(count: int, chance: random.Random) -> list[int]:
    order = list(range(count))
    chance.shuffle(order)
    return order


def _natural(part: Item, chance: random.Random) -> list[int]:
    if part.kind == TRUE_FALSE:
        return list(range(len(part.options)))
    return _shuffled(len(part.options), chance)


def cleaned(shown: Mapping[str, Any], chosen: Any) -> list[Any]:
    """The answer in its one shape; empty when nothing is given. Raises AnswerError."""
    if not isinstance(chosen, (list, tuple)):
        raise AnswerError("的答案格式不对")
    kind = shown["kind"]
    answer = _CLEANERS.get(kind, _ticked)(shown, list(chosen))
    return answer if answered(kind, answer) else []


def answered(kind: str, chosen: Sequence[Any]) -> bool:
    """Whether anything was given at all."""
    if kind in (FILL, NUMERIC, SHORT):
        return any(text.strip() for text in chosen)
    if kind in (ORDERING, MATCHING):
        return any(place >= 0 for place in chosen)
    if kind == CASE:
        return any(chosen)  # an answer to a part that says nothing is empty
    return bool(chosen)


def complete(shown: Mapping[str, Any], chosen: Sequence[Any]) -> bool:
    """Whether every place of the question is answered: the hand-in page tells of the others."""
    kind = shown["kind"]
    if not answered(kind, chosen):
        return False
    if kind == FILL:
        return all(text.strip() for text in chosen)
    if kind in (ORDERING, MATCHING):
        return all(place >= 0 for place in chosen)
    if kind == HOTSPOT:
        return bool(len(chosen) == shown["spots"])
    if kind == CASE:
        return all(map(complete, shown["parts"], chosen))
    return True


def _ticked(shown: Mapping[str, Any], chosen: list[Any]) -> list[Any]:
    wanted = sorted(set(_numbers(chosen)))
    if any(not 0 <= place < len(shown["options"]) for place in wanted):
        raise AnswerError("没有这个选项")
    if len(wanted) > 1 and shown["kind"] != MULTIPLE:
        raise AnswerError("只能选一个选项")
    return wanted


def _placed(shown: Mapping[str, Any], chosen: list[Any]) -> list[Any]:
    count, options = len(shown.get("lefts", shown["options"])), len(shown["options"])
    wanted = _numbers(chosen)
    if wanted and len(wanted) != count:
        raise AnswerError("的答案个数不对")
    if any(not -1 <= place < options for place in wanted):
        raise AnswerError("没有这个选项")
    return wanted


def _written(shown: Mapping[str, Any], chosen: list[Any]) -> list[Any]:
    count = shown.get("blanks", 1)
    longest = LONGEST_ESSAY if shown["kind"] == SHORT else LONGEST_WORDS
    if chosen and len(chosen) != count:
        raise AnswerError("的答案个数不对")
    if not all(isinstance(text, str) for text in chosen):
        raise AnswerError("的答案格式不对")
    if any(len(text) > longest for text in chosen):
        raise AnswerError(f"的答案太长，最多 {longest} 个字")
    return [_printable(text) for text in chosen]


def _pointed(shown: Mapping[str, Any], chosen: list[Any]) -> list[Any]:
    size = shown["picture"]
    if len(chosen) > shown["spots"]:
        raise AnswerError(f"最多点 {shown['spots']} 处")
    points = []
    for point in chosen:
        if not isinstance(point, (list, tuple)) or len(point) != 2:
            raise AnswerError("的答案格式不对")
        x, y = _numbers(list(point))
        if not (0 <= x <= size["width"] and 0 <= y <= size["height"]):
            raise AnswerError("点到图片外面了")
        points.append([x, y])
    return points


def _each_part(shown: Mapping[str, Any], chosen: list[Any]) -> list[Any]:
    if chosen and len(chosen) != len(shown["parts"]):
        raise AnswerError("的答案个数不对")
    return [cleaned(part, answer) for part, answer in zip(shown["parts"], chosen, strict=False)]


def _numbers(values: list[Any]) -> list[int]:
    if not all(type(value) is int for value in values):
        raise AnswerError("的答案格式不对")
    return values


def _printable(text: str) -> str:
    """Without what no keyboard sends: a database may refuse it."""
    return "".join(c for c in text if c in "\n\t" or c.isprintable() or c == "\u3000").strip()


_CLEANERS: Final[Mapping[str, Callable[[Mapping[str, Any], list[Any]], list[Any]]]] = {
    FILL: _written,
    NUMERIC: _written,
    SHORT: _written,
    ORDERING: _placed,
    MATCHING: _placed,
    HOTSPOT: _pointed,
    CASE: _each_part,
}
