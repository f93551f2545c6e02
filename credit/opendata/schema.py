"""What a row may look like: published as JSON Schema, and checked here without a library for it."""

import json
import re
from typing import Any, Final

from credit.opendata.rows import FIELDS, Row

_TEXT: Final[dict[str, Any]] = {"type": "string", "maxLength": 4000}
_DATE: Final = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}$",
    "description": "北京时间的日期",
}
_ID: Final = {
    "type": "string",
    "pattern": "^[0-9a-f]{32}$",
    "description": "随机编号，移出后仍可对应",
}
_FORMS: Final[dict[str, dict[str, Any]]] = {
    "id": _ID,
    "list": {"enum": ["black", "red"], "description": "black 严重失信主体名单，red 守信激励名单"},
    "listed_on": _DATE,
    "ends_on": _DATE,
}
LISTING: Final[dict[str, Any]] = {
    "title": "名单条目",
    "type": "object",
    "additionalProperties": False,
    "required": list(FIELDS),
    "properties": {
        name: {"title": title, **_FORMS.get(name, _TEXT)} for name, title in FIELDS.items()
    },
}
TOMBSTONE: Final[dict[str, Any]] = {
    "title": "依法删除的条目",
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "redacted"],
    "properties": {"id": _ID, "redacted": {"const": True}},
}
CHANGE: Final[dict[str, Any]] = {
    "title": "增量文件的一行",
    "oneOf": [
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["op", "row"],
            "properties": {"op": {"enum": ["ADD", "MOD"]}, "row": {"$ref": "#/$defs/row"}},
        },
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["op", "id"],
            "properties": {"op": {"const": "DEL"}, "id": _ID},
        },
    ],
}
SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:anxin:open-data:1",
    "title": "安信名单开放数据",
    "oneOf": [{"$ref": "#/$defs/row"}, {"$ref": "#/$defs/change"}],
    "$defs": {
        "listing": LISTING,
        "tombstone": TOMBSTONE,
        "row": {"oneOf": [{"$ref": "#/$defs/listing"}, {"$ref": "#/$defs/tombstone"}]},
        "change": CHANGE,
    },
}
SCHEMA_BYTES: Final = (json.dumps(SCHEMA, ensure_ascii=False, indent=1) + "\n").encode()


def fault_in_row(row: Any) -> str:
    """What is wrong with a row, in words; "" for a sound one."""
    if not isinstance(row, dict):
        return "不是一个对象"
    return _fault(row, TOMBSTONE if "redacted" in row else LISTING)


def fault_in_change(change: Any) -> str:
    """What is wrong with a line of a delta, in words; "" for a sound one."""
    if not isinstance(change, dict) or change.get("op") not in ("ADD", "MOD", "DEL"):
        return "op 应为 ADD、MOD 或 DEL"
    kept = {"op", "id"} if change["op"] == "DEL" else {"op", "row"}
    if set(change) != kept:
        return f"{change['op']} 应只有 {'、'.join(sorted(kept))}"
    return _fits("id", change["id"], _ID) if "id" in kept else fault_in_row(change["row"])


def _fault(row: Row, form: dict[str, Any]) -> str:
    if odd := set(row) ^ set(form["required"]):
        return f"多出或缺少的项：{'、'.join(sorted(odd))}"
    faults = (_fits(name, row[name], kind) for name, kind in form["properties"].items())
    return next(filter(None, faults), "")


def _fits(name: str, value: Any, kind: dict[str, Any]) -> str:
    allowed = [kind["const"]] if "const" in kind else kind.get("enum")
    if allowed is not None:
        return "" if value in allowed and type(value) is type(allowed[0]) else f"{name} 的值不对"
    if not isinstance(value, str) or len(value) > kind.get("maxLength", 4000):
        return f"{name} 应为不太长的文字"
    return "" if re.search(kind.get("pattern", ""), value) else f"{name} 的格式不对：{value[:40]}"
