"""Publish the lists as open data: a signed day, and the lawful deletion of what may not stay.

Once a day a full file and a delta of each list; the day's manifest follows the one before it. What leaves a
list is deleted at once from every file that has it, today's and those of past days, and a signed record says
so: the law wants it out of the public, and the chain stays verifiable (docs/decisions/0018).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from credit.acts import audit
from credit.acts.open_rows import gone_ids, standing_rows
from credit.acts.signing import signed_file
from credit.models import OpenDay, OpenEntry, OpenFile, Redaction
from credit.opendata import papers
from credit.opendata.rows import (
    RENDER,
    Row,
    diff,
    from_jsonl,
    redact,
    redact_changes,
)
from credit.opendata.schema import SCHEMA_BYTES
from credit.turns import PUBLISHING, take_turn

FOLDER = "open-data"
PUBLISHER = "安信"


@transaction.atomic
def publish_day(today: date) -> OpenDay:
    """The day's files and manifest; once more the same day changes nothing. Deletes first what is gone."""
    take_turn(PUBLISHING)
    made: OpenDay | None = OpenDay.objects.filter(day=today).first()
    if made is not None:
        delete_gone(today)
        return made
    rows = standing_rows(today)
    before = OpenDay.objects.order_by("-number").first()
    contents = {
        papers.file_path(today, colour, kind): content
        for colour in papers.LISTS
        for kind, content in _contents(before, colour, rows).items()
    }
    day = _add_day(today, before, contents)
    delete_gone(today)
    audit.log("opendata.publish", by=None, subject=day, day=today, sha256=day.sha256)
    return day


@transaction.atomic
def delete_gone(today: date) -> Redaction | None:
    """Take every entry that is not in force out of all files; the record, or None when nothing was to do."""
    take_turn(PUBLISHING)
    gone = gone_ids(today)
    if not gone:
        return None
    ids = [one.public_id for one in gone]
    changed = _rewritten(ids, since=min(one.since for one in gone))
    record = _record(ids, changed) if changed else None
    OpenEntry.objects.filter(pk__in=[one.pk for one in gone]).update(
        gone_on=today, redaction=record
    )
    if record:
        audit.log("opendata.delete", by=None, subject=record, ids=ids, files=len(changed))
    return record


def names_gone(content: bytes, today: date) -> bool:
    """Whether it still has an entry that ended or left by ``today``: the deletion comes some minutes later."""
    return any(one.public_id.encode() in content for one in gone_ids(today))


def content_of(file: OpenFile) -> bytes:
    """The file's bytes as they are served."""
    with storages["private"].open(file.stored) as stored:
        return bytes(stored.read())


def _contents(before: OpenDay | None, colour: str, rows: list[Row]) -> dict[str, bytes]:
    """The three files of a list, by kind."""
    today = [row for row in rows if row["list"] == colour]
    changes = diff(_rows_of(before, colour), today)
    return {
        kind: render(changes if kind == "delta.jsonl" else today) for kind, render in RENDER.items()
    }


def _rows_of(day: OpenDay | None, colour: str) -> list[Row]:
    if day is None:
        return []
    path = papers.file_path(day.day, colour, "jsonl")
    return from_jsonl(content_of(OpenFile.objects.get(path=path)))


def _add_day(today: date, before: OpenDay | None, contents: dict[str, bytes]) -> OpenDay:
    newest = Redaction.objects.order_by("-number").first()
    number, now = before.number + 1 if before else 1, timezone.now()
    files = [_described(path, contents) for path in sorted(contents)]
    text = papers.manifest(
        number=number,
        day=today,
        made_at=now,
        publisher=PUBLISHER,
        previous={"day": before.day.isoformat(), "sha256": before.sha256} if before else None,
        redactions={
            "count": newest.number if newest else 0,
            "sha256": newest.sha256 if newest else None,
        },
        schema=papers.digest(SCHEMA_BYTES),
        files=files,
    )
    key, signature = signed_file(text)
    day = OpenDay.objects.create(
        number=number, day=today, made_at=now, text=text.decode(), sha256=papers.digest(text),
        key=key, signature=signature,
    )  # fmt: skip
    OpenFile.objects.bulk_create(
        [_file(day, described, contents[described["path"]]) for described in files]
    )
    return day


def _described(path: str, contents: dict[str, bytes]) -> dict[str, Any]:
    """A file as the manifest lists it; a table has as many rows as the JSON lines of the same day."""
    content, lines = contents[path], contents[path.replace(".csv", ".jsonl")]
    return {
        "path": path, "sha256": papers.digest(content), "bytes": len(content),
        "rows": lines.count(b"\n"),
    }  # fmt: skip


def _file(day: OpenDay, described: dict[str, Any], content: bytes) -> OpenFile:
    sha, path = described["sha256"], described["path"]
    return OpenFile(
        day=day, path=path, stored=_store(path, content), original=sha, sha256=sha,
        size=len(content), rows=described["rows"],
    )  # fmt: skip


def _store(path: str, content: bytes) -> str:
    """Keep it under a name that carries its hash: a rewritten file never overwrites the one before."""
    name = f"{FOLDER}/{path.replace('/', '/' + papers.digest(content)[:12] + '-', 1)}"
    storage = storages["private"]
    return name if storage.exists(name) else storage.save(name, ContentFile(content))


def _rewritten(ids: list[str], since: date) -> list[dict[str, Any]]:
    """Put tombstones into every file that has one of ``ids``; what changed, for the record."""
    changed = []
    for file in OpenFile.objects.filter(day__day__gte=since, rows__gt=0).select_related("day"):
        content = content_of(file)
        if not any(identity.encode() in content for identity in ids):
            continue
        new = _without(file, content, frozenset(ids))
        if new == content:  # a delta that only says DEL
            continue
        changed.append(
            {
                "path": file.path, "original": file.original, "before": file.sha256,
                "sha256": papers.digest(new), "bytes": len(new),
            }
        )  # fmt: skip
        _replace(file, new)
    return changed


def _without(file: OpenFile, content: bytes, gone: frozenset[str]) -> bytes:
    """The file's content with tombstones; a table is written anew from the day's rows."""
    colour, _, kind = file.path.rpartition("/")[2].partition(".")
    if kind == "delta.jsonl":
        return RENDER[kind](redact_changes(from_jsonl(content), gone))
    rows = from_jsonl(content) if kind == "jsonl" else _rows_of(file.day, colour)
    return RENDER[kind](redact(rows, gone))


def _replace(file: OpenFile, content: bytes) -> None:
    old = file.stored
    file.stored, file.sha256, file.size = (
        _store(file.path, content),
        papers.digest(content),
        len(content),
    )
    file.save(update_fields=["stored", "sha256", "size"])
    transaction.on_commit(lambda: storages["private"].delete(old))


def _record(ids: Iterable[str], changed: list[dict[str, Any]]) -> Redaction:
    before = Redaction.objects.order_by("-number").first()
    number, now = before.number + 1 if before else 1, timezone.now()
    text = papers.redaction(
        number=number, made_at=now, previous=before and before.sha256, ids=list(ids), files=changed
    )
    key, signature = signed_file(text)
    return Redaction.objects.create(
        number=number, made_at=now, text=text.decode(), sha256=papers.digest(text), key=key,
        signature=signature,
    )  # fmt: skip
