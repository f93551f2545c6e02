"""Reads what a page of ours sent as JSON; everything else is a ValueError."""

import json
from typing import Any


def said(body: bytes) -> dict[str, Any]:
    """The object in ``body``; an empty body is an empty one. Raises ValueError.

    A body of a hundred thousand brackets makes the parser give up with RecursionError.
    """
    try:
        found = json.loads(body or b"{}")
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found
