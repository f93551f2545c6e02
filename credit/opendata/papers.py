"""The two signed papers of open data: a day's manifest, and the record of a lawful deletion.

A manifest is never rewritten: it keeps the hash of each file as first published, and the hash of the manifest
before it. A deletion changes files and adds a record, which names the ids, the hash of each file before and
after, and the hash of the record before it. A file is sound when it has the hash of the newest record that
names it, or else of its manifest.
"""

import json
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

from credit.opendata.rows import RENDER

FORMAT: Final = "anxin-open-data/1"
LISTS: Final = ("black", "red")
KINDS: Final = tuple(RENDER)
SCHEMA_PATH: Final = "schema-1.json"
LICENCE: Final = (
    "可以免费使用、复制、再发布，请注明来源和数据日期；"
    "条目被删除（DEL 或删除记录）后，应当立即停止展示并删除副本。"
)
ARTICLE: Final = "条目移出、期满或者撤销后，停止公示（应急管理部令第11号；信用修复管理办法）"


def digest(content: bytes) -> str:
    """SHA-256 in hex."""
    return sha256(content).hexdigest()


def file_path(day: date, colour: str, kind: str) -> str:
    """Where a file lies below the open-data folder."""
    return f"{day.isoformat()}/{colour}.{kind}"


def manifest_path(day: date) -> str:
    """Where a day's manifest lies; its signature lies beside it, as ….sig."""
    return f"{day.isoformat()}/manifest.json"


def redaction_path(number: int) -> str:
    """Where the record of a deletion lies."""
    return f"redactions/{number:05}.json"


def manifest(
    *,
    number: int,
    day: date,
    made_at: datetime,
    publisher: str,
    previous: dict[str, Any] | None,
    redactions: dict[str, Any],
    schema: str,
    files: list[dict[str, Any]],
) -> bytes:
    """A day's manifest; ``files`` with path, sha256, bytes, rows; ``redactions`` with count, sha256."""
    return _paper(
        format=FORMAT, number=number, day=day.isoformat(), made_at=made_at.isoformat(),
        publisher=publisher, licence=LICENCE, previous=previous, redactions=redactions,
        schema={"path": SCHEMA_PATH, "sha256": schema}, files=files,
    )  # fmt: skip


def redaction(
    *,
    number: int,
    made_at: datetime,
    previous: str | None,
    ids: list[str],
    files: list[dict[str, Any]],
) -> bytes:
    """The record of a deletion; ``files`` with path, original (of the manifest), before, sha256, bytes."""
    return _paper(
        format=FORMAT, redaction=number, made_at=made_at.isoformat(), article=ARTICLE,
        previous=previous, ids=sorted(ids), files=files,
    )  # fmt: skip


def _paper(**content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
