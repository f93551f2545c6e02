"""Reads what a page of ours sent as JSON; everything else is a ValueError."""

import json
from typing import Any


def said(body: bytes) -> dict[str, Any]:
    """The object in ``body``; an empty body is an empty one. Raises ValueError."""
    found = _parsed(body or b"{}")
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def listed(body: bytes) -> list[Any]:
    """The list in ``body``. Raises ValueError."""
    found = _parsed(body)
    if not isinstance(found, list):
        raise ValueError("not a list")
    return found


def _parsed(body: bytes) -> Any:
    """A body of a hundred thousand brackets makes the parser give up with RecursionError."""
    try:
        return json.loads(body)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def whole(value: Any, most: int) -> int:
    """A whole number from 0 to ``most``, fractions cut off. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:
        raise ValueError("number")
    return int(value)
