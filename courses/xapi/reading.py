"""Reads JSON that strangers sent: one meaning, no surprises. Everything else is a FaultError that says where.

Refused: a key twice in an object (readers differ on which one counts), NaN and Infinity, numbers that no
database holds, characters that no database holds, nesting beyond reason.
"""

import json
import math
import re
from typing import Any, Final

from courses.xapi.faults import FaultError

DEEPEST: Final = 40  # levels of objects and lists
LONGEST_NUMBER: Final = 40  # digits and signs
# NUL is no text for PostgreSQL, half of a surrogate pair no text for UTF-8.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def read_json(body: bytes | str) -> Any:
    """The one value in ``body``. Raises FaultError."""
    try:
        text = body.decode("utf-8") if isinstance(body, bytes) else body
    except UnicodeDecodeError as error:
        raise FaultError("", "内容不是 UTF-8 编码，请改用 UTF-8 发送") from error
    try:
        found = json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_constant=_constant,
            parse_float=_float,
            parse_int=_int,
        )
    except RecursionError as error:
        raise FaultError("", f"JSON 嵌套太深，最多 {DEEPEST} 层") from error
    except json.JSONDecodeError as error:
        raise FaultError(
            "", f"不是正确的 JSON：第 {error.lineno} 行第 {error.colno} 个字符"
        ) from error
    _look(found, 0)
    return found


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise FaultError(twice[:60], "同一个对象里这个名称出现了两次，请只留一个")
    return found


def _constant(name: str) -> Any:
    raise FaultError("", f"JSON 里没有 {name} 这个值，请改成数字或去掉")


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number) or len(text) > LONGEST_NUMBER:
        raise FaultError("", f"数字 {text[:20]} 太长或太大")
    return number


def _int(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise FaultError("", f"数字 {text[:20]}… 太长")
    return int(text)


def _look(value: Any, depth: int) -> None:
    """Depth, and characters that cannot be kept."""
    if depth > DEEPEST:
        raise FaultError("", f"JSON 嵌套太深，最多 {DEEPEST} 层")
    if isinstance(value, dict):
        for name, inner in value.items():
            _text(name)
            _look(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _look(inner, depth + 1)
    elif isinstance(value, str):
        _text(value)


def _text(value: str) -> None:
    if _UNSTORABLE.search(value):
        raise FaultError("", "文字里有不能保存的字符（空字符或半个代理字符），请去掉")
