"""Anchors of the log: its newest number and digest, kept outside the database, so that a cut tail is noticed.

Whoever could remove the newest entries from the database would leave a whole, shorter chain. A file for each
day in private storage, and a line in the server's log, say how far it once reached.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from credit.acts.audit import faults
from credit.models import AuditEntry

log = logging.getLogger(__name__)
FOLDER: Final = "audit"


@dataclass(frozen=True, slots=True)
class Anchor:
    """How far the log reached when it was noted, and how many faults it had then."""

    number: int
    digest: str
    noted_at: str
    faults: int


def note(today: date) -> Anchor:
    """Verify the whole log and write down how far it reaches, in a file of the day and in the server's log.

    A second note on the same day is a second file: nothing is overwritten.
    """
    broken = [*faults(), *lost()]
    newest = AuditEntry.objects.order_by("-number").first()
    anchor = Anchor(
        newest.number if newest else 0, newest.digest if newest else "",
        timezone.localtime().isoformat(timespec="seconds"), len(broken),
    )  # fmt: skip
    said = {name: getattr(anchor, name) for name in ("number", "digest", "noted_at", "faults")}
    storages["private"].save(
        f"{FOLDER}/{today.isoformat()}.json", ContentFile(json.dumps(said).encode())
    )
    log.info("audit log reaches %s with digest %s", anchor.number, anchor.digest)
    for fault in broken:
        log.error("audit log: %s", fault)
    return anchor


def anchors() -> Iterator[Anchor]:
    """Every anchor that was noted, oldest first; a file that is none of ours is passed over."""
    storage = storages["private"]
    if not storage.exists(FOLDER):
        return
    for name in sorted(storage.listdir(FOLDER)[1]):
        with storage.open(f"{FOLDER}/{name}") as file:
            try:
                said = json.loads(file.read())
                yield Anchor(said["number"], said["digest"], said["noted_at"], said["faults"])
            except (ValueError, KeyError, TypeError):
                log.warning("%s is no anchor of the audit log", name)


def newest() -> Anchor | None:
    """The last one."""
    found = list(anchors())
    return found[-1] if found else None


def lost() -> Iterator[str]:
    """Every anchor that the log does not bear out any more, in words. One query for 500 anchors."""
    noted = [anchor for anchor in anchors() if anchor.number]
    for start in range(0, len(noted), 500):
        part = noted[start : start + 500]
        numbers = {anchor.number for anchor in part}
        found = AuditEntry.objects.filter(number__in=numbers).values_list("number", "digest")
        standing: dict[Any, str] = dict(found)
        for anchor in part:
            when = datetime.fromisoformat(anchor.noted_at).date()
            if anchor.number not in standing:
                yield f"{when} 记下的第 {anchor.number} 条已不在日志里：末尾被删去了"
            elif standing[anchor.number] != anchor.digest:
                yield f"{when} 记下的第 {anchor.number} 条的指纹与日志不符"
