"""The rows of a public list as files, and what changed between two days.

A row is a dictionary with the keys of ``FIELDS``. A row that had to leave by law is a tombstone: its ``id``,
which is drawn at random and says nothing, and ``redacted``. For every two days holds
``apply(before, diff(before, after)) == after``, also after any ids were redacted in all three.
"""

import csv
import io
import json
from collections.abc import Callable, Container, Iterable
from typing import Any, Final

Row = dict[str, Any]
Change = dict[str, Any]  # {"op": "ADD" | "MOD", "row": …} or {"op": "DEL", "id": …}

FIELDS: Final = {
    "id": "条目编号",
    "list": "名单",
    "name": "企业名称",
    "number": "统一社会信用代码",
    "legal_representative": "法定代表人",
    "place": "属地",
    "sector": "行业领域",
    "grounds": "列入情形",
    "decision_number": "决定文号",
    "authority": "列入机关",
    "listed_on": "列入日期",
    "ends_on": "期满日期",
    "disputed": "有异议",
}
GONE: Final = "（已依法删除）"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def tombstone(identity: str) -> Row:
    """What stays of a row that was deleted by law."""
    return {"id": identity, "redacted": True}


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: the same content gives the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def to_jsonl(rows: Iterable[Row]) -> bytes:
    """One row a line, by id."""
    return _lines(sorted(rows, key=lambda row: str(row["id"])))


def changes_to_jsonl(changes: Iterable[Change]) -> bytes:
    """One change a line, by id."""
    return _lines(sorted(changes, key=change_id))


def from_jsonl(data: bytes) -> list[Any]:
    """What the lines say. Raises ValueError."""
    return [json.loads(line) for line in data.decode("utf-8").split("\n") if line]


def to_csv(rows: Iterable[Row]) -> bytes:
    """A table that office programs open: UTF-8 with its mark, Chinese headings, no cell runs as a formula."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(FIELDS.values())
    for row in sorted(rows, key=lambda row: str(row["id"])):
        shown = {"id": row["id"], "name": GONE} if row.get("redacted") else row
        table.writerow(_harmless(str(shown.get(field, ""))) for field in FIELDS)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def diff(before: Iterable[Row], after: Iterable[Row]) -> list[Change]:
    """ADD, MOD and DEL that lead from one day to the next, by id."""
    old, new = _by_id(before), _by_id(after)
    changes: list[Change] = [{"op": "DEL", "id": gone} for gone in old.keys() - new.keys()]
    changes += [{"op": "ADD", "row": new[one]} for one in new.keys() - old.keys()]
    changes += [
        {"op": "MOD", "row": new[one]} for one in new.keys() & old.keys() if new[one] != old[one]
    ]
    return sorted(changes, key=change_id)


def apply(before: Iterable[Row], changes: Iterable[Change]) -> list[Row]:
    """The next day's rows. Raises ValueError when the changes do not belong to ``before``."""
    rows = _by_id(before)
    for change in changes:
        identity, op = change_id(change), change["op"]
        if (identity in rows) is (op == "ADD"):
            raise ValueError(f"{op} {identity}：与前一天的文件对不上")
        if op == "DEL":
            del rows[identity]
        else:
            rows[identity] = change["row"]
    return sorted(rows.values(), key=lambda row: str(row["id"]))


def redact(rows: Iterable[Row], gone: Container[str]) -> list[Row]:
    """The rows with tombstones for ``gone``."""
    return [tombstone(row["id"]) if row["id"] in gone else row for row in rows]


def redact_changes(changes: Iterable[Change], gone: Container[str]) -> list[Change]:
    """The changes with tombstones for ``gone``; a DEL names nobody and stays."""
    return [
        {**change, "row": tombstone(change_id(change))}
        if "row" in change and change_id(change) in gone
        else change
        for change in changes
    ]


def change_id(change: Change) -> str:
    """Whose change it is."""
    identity = change["id"] if change["op"] == "DEL" else change["row"]["id"]
    return str(identity)


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        if found.setdefault(row["id"], row) is not row:
            raise ValueError(f"条目编号重复：{row['id']}")
    return found


def _lines(values: Iterable[Any]) -> bytes:
    return "".join(f"{canonical(value)}\n" for value in values).encode()


def _harmless(text: str) -> str:
    """Text that a spreadsheet program would run as a formula gets a leading quote."""
    return f"'{text}" if text.startswith(_FORMULA) else text


RENDER: Final[dict[str, Callable[[Iterable[Any]], bytes]]] = {
    "jsonl": to_jsonl,
    "csv": to_csv,
    "delta.jsonl": changes_to_jsonl,
}
