"""``POST /api/v1/records``: records of one kind from a source system with a key, up to 10,000 at once."""

import json
from typing import Any, Final, NoReturn

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError

from credit.acts import intake
from credit.api_keys import SourceKey
from credit.api_manners import FAULTS, Fault
from credit.models import SourceSystem
from credit.tasks import import_file

MOST_RECORDS: Final = 10_000
router = Router(tags=["records"])


class ItemFault(Schema):
    """What is wrong with a record: the column, its value, and what to do."""

    column: str
    value: str
    remedy: str


class ItemResult(Schema):
    """What became of the record at ``index`` (from 0): new, corrected, same or problem."""

    index: int
    source_key: str
    result: str
    problems: list[ItemFault]


class Answer(Schema):
    """The import and every item, in the order in which they came."""

    batch: int
    new: int
    corrected: int
    same: int
    problem: int
    items: list[ItemResult]


_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["kind", "records"],
                    "properties": {
                        "kind": {"type": "string", "enum": sorted(intake.TOLD_KINDS)},
                        "records": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": MOST_RECORDS,
                            "items": {"type": "object"},
                        },
                    },
                }
            }
        },
    }
}


@router.post(
    "",
    auth=SourceKey(),
    response={200: Answer, **dict.fromkeys((400, 401, 403, 413), Fault), **FAULTS},
    openapi_extra=_BODY,
)
def records(request: HttpRequest) -> dict[str, Any]:
    """Record them. Fields are those of the import templates (docs/import-templates.md), money in yuan.

    Sending the same again changes nothing; a changed record supersedes the former one. Good records are
    recorded even if others have problems.
    """
    system: SourceSystem = request.auth  # type: ignore[attr-defined]  # ninja's
    content = _content(request)
    kind, told = _said(content)
    if kind not in system.kinds:
        _refuse(403, f"这个密钥不能报送“{kind[:40]}”，可报送：{'、'.join(system.kinds)}")
    batch, results = intake.take(kind, told, source=system.name, system=system)
    if batch.rows_new or batch.rows_corrected:
        import_file.delay_on_commit(batch.pk)  # type: ignore[attr-defined]  # scores whom it touched
    return {
        "batch": batch.pk, "new": batch.rows_new, "corrected": batch.rows_corrected,
        "same": batch.rows_same, "problem": batch.rows_bad, "items": results,
    }  # fmt: skip


def _content(request: HttpRequest) -> bytes:
    most = settings.API_MAX_BYTES
    too_big = f"内容超过{most // 1024 // 1024} MB，请分批报送，每批最多{MOST_RECORDS}条"
    said = request.META.get("CONTENT_LENGTH") or "0"
    if not said.isdigit():
        _refuse(400, "Content-Length 不是数字")
    if int(said) > most:
        _refuse(413, too_big)
    content: bytes = request.read(most + 1)
    if len(content) > most:
        _refuse(413, too_big)
    return content


def _said(content: bytes) -> tuple[str, list[Any]]:
    try:
        body = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError):
        _refuse(400, "内容不是 JSON（UTF-8）")
    if not isinstance(body, dict) or set(body) != {"kind", "records"}:
        _refuse(400, '内容应为 {"kind": "…", "records": […]}')
    kind, told = body["kind"], body["records"]
    if not isinstance(kind, str) or kind not in intake.TOLD_KINDS:
        _refuse(400, f"kind 应为其中一种：{'、'.join(sorted(intake.TOLD_KINDS))}")
    if not isinstance(told, list) or not told:
        _refuse(400, "records 应为有内容的数组")
    if len(told) > MOST_RECORDS:
        _refuse(413, f"一次最多{MOST_RECORDS}条，现有{len(told)}条，请分批报送")
    return kind, told


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse(status: int, words: str) -> NoReturn:
    raise HttpError(status, words)
