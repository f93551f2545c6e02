"""The open-data folder as the public downloads it: every address below /credit/open-data/ and its bytes."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings
from django.urls import reverse

from credit.acts.open_data import content_of
from credit.acts.signing import published_keys
from credit.models import OpenDay, OpenFile, Redaction
from credit.opendata import papers
from credit.opendata.schema import SCHEMA_BYTES

_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})/manifest\.json(\.sig)?")
_RECORD: Final = re.compile(r"redactions/(\d{5})\.json(\.sig)?")


@dataclass(frozen=True, slots=True)
class Served:
    """A file of the folder. One that stays for ever may be cached for ever."""

    content: bytes
    sha256: str
    stays: bool = False


def served(path: str) -> Served | None:
    """The file at ``path``, or None."""
    if path in _FIXED:
        content = _FIXED[path]()
        return Served(content, papers.digest(content))
    if found := _DAY.fullmatch(path):
        day = _date(found[1])
        return _paper(OpenDay.objects.filter(day=day).first(), found[2]) if day else None
    if found := _RECORD.fullmatch(path):
        return _paper(Redaction.objects.filter(number=int(found[1])).first(), found[2])
    file = OpenFile.objects.filter(path=path).first()
    return Served(content_of(file), file.sha256) if file else None


def paths() -> Iterator[str]:
    """Every address of the folder, the fixed ones first."""
    yield from _FIXED
    for day in OpenDay.objects.order_by("number").values_list("day", flat=True):
        yield papers.manifest_path(day)
        yield f"{papers.manifest_path(day)}.sig"
    for number in Redaction.objects.order_by("number").values_list("number", flat=True):
        yield papers.redaction_path(number)
        yield f"{papers.redaction_path(number)}.sig"
    yield from OpenFile.objects.values_list("path", flat=True)


def index() -> bytes:
    """index.json: what a mirror must fetch, with the hash that each paper and file has now."""
    files: dict[str, list[dict[str, object]]] = {}
    for path, sha, size in OpenFile.objects.values_list("path", "sha256", "size"):
        files.setdefault(path[:10], []).append({"path": path, "sha256": sha, "bytes": size})
    days = OpenDay.objects.order_by("number").values_list("day", "sha256")
    content = {
        "format": papers.FORMAT,
        "days": [
            {"manifest": papers.manifest_path(day), "sha256": sha, "files": files[str(day)]}
            for day, sha in days
        ],
        "redactions": [
            {"path": papers.redaction_path(number), "sha256": sha}
            for number, sha in Redaction.objects.order_by("number").values_list("number", "sha256")
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


_FIXED: Final[dict[str, Callable[[], bytes]]] = {
    "keys.json": published_keys,
    "index.json": index,
    papers.SCHEMA_PATH: lambda: SCHEMA_BYTES,
}


def _paper(paper: OpenDay | Redaction | None, sig: str | None) -> Served | None:
    if paper is None:
        return None
    content = (paper.signature if sig else paper.text).encode()
    return Served(content, papers.digest(content), stays=True)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def latest() -> dict[str, object] | None:
    """The newest manifest: day, address, hash and content."""
    newest = OpenDay.objects.order_by("-number").first()
    if newest is None:
        return None
    address = f"{settings.BASE_URL.rstrip('/')}{reverse('credit:open_data')}"
    return {
        "day": newest.day,
        "manifest": f"{address}{papers.manifest_path(newest.day)}",
        "sha256": newest.sha256,
        "content": json.loads(newest.text),
    }
