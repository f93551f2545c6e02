"""A question on the page: what its template needs, and what its form sends back. Every kind, one shape."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import QueryDict
from django.urls import reverse

from courses.acts.exams import BadAnswerError
from courses.rules.papers import LONGEST_ESSAY, LONGEST_WORDS
from courses.rules.questions import (
    CASE,
    CHOICES,
    FILL,
    HOTSPOT,
    KIND_NAMES,
    LETTERS,
    MATCHING,
    MULTIPLE,
    NUMERIC,
    ORDERING,
    SHORT,
)

TAP_WIDTH: Final = (
    320  # CSS pixels of a picture to tap on without script: the browser tells in these
)
DOT: Final = 22  # a tapped point's radius is the picture's width by this
RIGHTS: Final = "ABCDEFGHIJKL"  # letters of the right sides of a matching question
_ODD: Final = "答案的格式不对，请刷新页面后再试"


def asked(shown: Mapping[str, Any], chosen: Sequence[Any], name: str) -> dict[str, Any]:
    """A question with the saved answer, never the sealed part; ``name`` is that of its fields."""
    kind = shown["kind"]
    question = {
        "code": kind,
        "kind": KIND_NAMES[kind],
        "stem": shown["stem"],
        "name": name,
        "picture": picture(shown),
        "template": f"courses/papers/_{'choice' if kind in CHOICES else kind}.html",
    }
    filled: dict[str, Any] = _FILLED.get(kind, _choice)(shown, list(chosen), name)
    return question | filled


def picture(shown: Mapping[str, Any]) -> dict[str, Any] | None:
    """The picture's address and size, on the page and in its own pixels; None without one."""
    found = shown.get("picture")
    if not found:
        return None
    tall = round(TAP_WIDTH * found["height"] / found["width"]) or 1
    address = reverse("courses:picture", args=[found["key"]])
    return {**found, "src": address, "tap_width": TAP_WIDTH, "tap_height": tall}


def written(kind: str, chosen: Sequence[Any]) -> str:
    """A saved answer as the page notes it, to tell later what was changed."""
    if kind in CHOICES:
        return ",".join(map(str, chosen))
    return json.dumps(chosen, ensure_ascii=False) if chosen else ""


def given(form: QueryDict, name: str, shown: Mapping[str, Any]) -> list[Any] | None:
    """The answer that a form holds; None where it does not differ from what the page showed.

    An old page must not undo another phone's newer answers. Raises BadAnswerError.
    """
    was = form.get(f"was{name.removeprefix('q')}")
    if was is None:
        return None
    found = _read(form, name, shown)
    kind = shown["kind"]
    before = was if kind in CHOICES else _parsed(was)
    now = written(kind, found) if kind in CHOICES else found
    return None if now == before or (not before and _empty(found)) else found


def tapped(form: QueryDict) -> str:
    """The number of the question whose picture was tapped without script; "" for none."""
    found = [key for key in form if key.startswith("q") and key.endswith(".at.x")]
    return found[0].removeprefix("q").split(".")[0] if found else ""


# -- What templates need ---------------------------------------------------------------------------


def _choice(shown: Mapping[str, Any], chosen: list[Any], name: str) -> dict[str, Any]:
    options = [
        {"value": value, "letter": LETTERS[value], "text": text, "chosen": value in chosen}
        for value, text in enumerate(shown["options"])
    ]
    return {"multiple": shown["kind"] == MULTIPLE, "options": options}


def _blanks(shown: Mapping[str, Any], chosen: list[Any], name: str) -> dict[str, Any]:
    texts = chosen or [""] * shown["blanks"]
    blanks = [
        {"name": f"{name}.{at}", "label": f"第{at + 1}空", "value": text}
        for at, text in enumerate(texts)
    ]
    return {"blanks": blanks, "longest": LONGEST_WORDS}


def _number(shown: Mapping[str, Any], chosen: list[Any], name: str) -> dict[str, Any]:
    value = chosen[0] if chosen else ""
    return {"value": value, "unit": shown["unit"], "longest": LONGEST_WORDS}


def _essay(shown: Mapping[str, Any], chosen: list[Any], name: str) -> dict[str, Any]:
    return {"value": chosen[0] if chosen else "", "longest": LONGEST_ESSAY}


def _steps(shown: Mapping[str, Any], chosen: list[Any], name: str) -> dict[str, Any]:
    texts = shown["options"]
    labels = [f"第 {number} 步" for number in range(1, len(texts) + 1)]
    return {"rows": _rows(texts, labels, chosen, name)}


def _pairs(shown: Mapping[str, Any], chosen: list[Any], name: str) -> dict[str, Any]:
    rights = [f"{RIGHTS[at]}. {text}" for at, text in enumerate(shown["options"])]
    return {"rows": _rows(shown["lefts"], rights, chosen, name)}


def _rows(
    texts: Sequence[str], labels: Sequence[str], chosen: list[Any], name: str
) -> list[dict[str, Any]]:
    places = chosen or [-1] * len(texts)
    return [
        {
            "name": f"{name}.{at}",
            "text": text,
            "choices": [
                {"value": value, "label": label, "chosen": value == places[at]}
                for value, label in enumerate(labels)
            ],
        }
        for at, text in enumerate(texts)
    ]


def _spots(shown: Mapping[str, Any], chosen: list[Any], name: str) -> dict[str, Any]:
    points = [{"x": x, "y": y, "value": f"{x},{y}"} for x, y in chosen]
    dot = max(shown["picture"]["width"] // DOT, 1)
    return {"spots": shown["spots"], "points": points, "dot": dot}


def _parts(shown: Mapping[str, Any], chosen: list[Any], name: str) -> dict[str, Any]:
    answers = chosen or [[]] * len(shown["parts"])
    parts = zip(shown["parts"], answers, strict=True)
    return {
        "parts": [asked(part, answer, f"{name}.{at}") for at, (part, answer) in enumerate(parts)]
    }


_FILLED: Final[Mapping[str, Any]] = {
    FILL: _blanks,
    NUMERIC: _number,
    SHORT: _essay,
    ORDERING: _steps,
    MATCHING: _pairs,
    HOTSPOT: _spots,
    CASE: _parts,
}


# -- What forms send -------------------------------------------------------------------------------


def _read(form: QueryDict, name: str, shown: Mapping[str, Any]) -> list[Any]:
    kind = shown["kind"]
    if kind in CHOICES:
        return _numbers(sorted(form.getlist(name)))
    if kind in (NUMERIC, SHORT):
        return [form.get(name, "")]
    if kind == FILL:
        return [form.get(f"{name}.{at}", "") for at in range(shown["blanks"])]
    if kind in (ORDERING, MATCHING):
        rows = range(len(shown.get("lefts", shown["options"])))
        picked = [form.get(f"{name}.{at}", "") for at in rows]
        return [-1 if text == "" else _numbers([text])[0] for text in picked]
    if kind == HOTSPOT:
        return _points(form, name, shown)
    return [_read(form, f"{name}.{at}", part) for at, part in enumerate(shown["parts"])]


def _points(form: QueryDict, name: str, shown: Mapping[str, Any]) -> list[Any]:
    """The points that stay ticked, and the one that was tapped now."""
    points = [_numbers(text.split(",")) for text in form.getlist(f"{name}.keep")]
    x, y = form.get(f"{name}.at.x", ""), form.get(f"{name}.at.y", "")
    if x and y and (x, y) != ("0", "0"):  # 0, 0 is the Enter key upon the picture
        size = shown["picture"]
        scale = size["width"] / TAP_WIDTH
        across, down = (round(number * scale) for number in _numbers([x, y]))
        points.append([min(across, size["width"]), min(down, size["height"])])
    return points


def _numbers(texts: Sequence[str]) -> list[int]:
    if not all(text.isascii() and text.isdigit() and len(text) < 6 for text in texts):
        raise BadAnswerError(_ODD)
    return [int(text) for text in texts]


def _parsed(was: str) -> Any:
    try:
        return json.loads(was) if was else []
    except (ValueError, RecursionError) as fault:
        raise BadAnswerError(_ODD) from fault


def _empty(found: Any) -> bool:
    """Whether an answer of any kind says nothing."""
    if isinstance(found, list):
        return all(map(_empty, found))
    return found in ("", -1)
