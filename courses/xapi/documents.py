"""Documents of the state and profile resources: names, merging, preconditions. Source: part three, 2.2 and 3.1."""

import json
import re
from hashlib import sha1
from typing import Any, Final

from courses.xapi.faults import FaultError
from courses.xapi.reading import read_json

JSON: Final = "application/json"
_TYPE: Final = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,80}(\s*;[ -~]{1,100})?", re.ASCII)


def etag_of(content: bytes) -> str:
    """SHA-1 in small hex, as 3.1 asks for; it guards nothing but lost updates."""
    return sha1(content, usedforsecurity=False).hexdigest()


def content_type(said: str) -> str:
    """What may go out again as a header. Raises FaultError."""
    found = said.strip() or "application/octet-stream"
    if not _TYPE.fullmatch(found):
        raise FaultError("Content-Type", "内容类型写法不对")
    return found


def is_json(kind: str) -> bool:
    """Whether a content type is JSON."""
    return kind.partition(";")[0].strip().lower() == JSON


def as_object(content: bytes) -> dict[str, Any]:
    """A JSON object. Raises FaultError."""
    found = read_json(content)
    if not isinstance(found, dict):
        raise FaultError("", "合并的文档应该是 JSON 对象")
    return found


def merged(old: bytes, old_type: str, new: bytes, new_type: str) -> bytes:
    """The old object with the new one's properties; only the top level is merged. Raises FaultError."""
    if not (is_json(old_type) and is_json(new_type)):
        raise FaultError("Content-Type", "只有 application/json 的文档能合并，请改用 PUT 整份替换")
    whole = as_object(old) | as_object(new)
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def check_preconditions(
    etag: str | None, *, if_match: str | None, if_none_match: str | None, required: bool
) -> None:
    """``etag``: of what is there, None for nothing; ``required``: a change must say what it knew. Raises FaultError."""
    if if_match is not None and (
        etag is None or (if_match.strip() != "*" and etag not in _tags(if_match))
    ):
        raise FaultError("If-Match", "文档已经变了，请重新读取再改", 412)
    if (
        if_none_match is not None
        and etag is not None
        and (if_none_match.strip() == "*" or etag in _tags(if_none_match))
    ):
        raise FaultError("If-None-Match", "已经有这份文档", 412)
    if required and if_match is None and if_none_match is None:
        if etag is None:
            raise FaultError("", "请带 If-None-Match: *（新文档）或 If-Match（替换）")
        raise FaultError("", "已经有这份文档：请先读取，再带 If-Match 写明它的 ETag", 409)


def _tags(header: str) -> list[str]:
    return [one.strip().removeprefix("W/").strip('"').lower() for one in header.split(",")]
