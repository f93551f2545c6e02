"""Proof of service (送达回证): what was served how, to whom and when, with the scan of the signed receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction

from credit.acts import audit
from credit.acts.casework import OPEN, RefusedError, hearing_notice, refuse, require
from credit.models import CaseDocument, ListCase, ServiceRecord
from credit.rules.papers import NOTICE_OF, SERVED_WITH, PaperKind
from credit.rules.service import ARTICLE, ServiceFacts, ServiceKind, may_record

# How a file begins, its type, and the ending of its name.
_SIGNS: Final = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
)


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan whose content was looked at."""

    content: bytes
    content_type: str
    ending: str


def read_scan(content: bytes) -> Scan:
    """A PDF, JPEG or PNG by its first bytes, whatever its name says. Raises RefusedError."""
    most = settings.SCAN_MAX_BYTES
    if len(content) > most:
        raise refuse(
            f"扫描件有{len(content) // 1024 // 1024} MB，最多{most // 1024 // 1024} MB", ARTICLE
        )
    for sign, content_type, ending in _SIGNS:
        if content.startswith(sign):
            return Scan(content, content_type, ending)
    raise refuse("扫描件应是 PDF、JPG 或 PNG 文件，这个文件的内容不是", ARTICLE)


@transaction.atomic
def record_service(
    case: ListCase,
    *,
    officer: Any,
    documents: Sequence[CaseDocument],
    how: ServiceKind,
    recipient: str,
    served_on: date,
    today: date,
    witness: str = "",
    announced_on: date | None = None,
    note: str = "",
    scan: Scan | None = None,
) -> list[ServiceRecord]:
    """One row for each paper that was handed over together. Raises RefusedError."""
    require(officer, OPEN, case.enterprise)
    if not documents:
        raise refuse("请选择送达了哪些文书", ARTICLE)
    for document in documents:
        _may_serve(document, case)
        ruling = may_record(
            ServiceFacts(
                how=how, recipient=recipient, made_on=document.made_on, served_on=served_on,
                today=today, witness=witness, announced_on=announced_on, note=note,
            )
        )  # fmt: skip
        if not ruling:
            raise RefusedError(ruling)
    about = {
        "how": how.value, "recipient": recipient.strip(), "witness": witness.strip(),
        "served_on": served_on, "note": note.strip(), "recorded_by": officer,
        "announced_on": announced_on if how is ServiceKind.ANNOUNCED else None,
        **_kept(scan),
    }  # fmt: skip
    return [_record(document, case, officer, about) for document in documents]


def last_service(case: ListCase, kind: PaperKind) -> ServiceRecord | None:
    """The newest proof that a paper of this kind was handed over."""
    rows = ServiceRecord.objects.filter(document__case=case, document__kind=kind)
    return rows.order_by("-pk").first()


def papers_of_party(case: ListCase, today: date) -> list[tuple[CaseDocument, date]]:
    """The papers that the party has by ``today``, each with the day of its service, the oldest first.

    That day is in the proof of service, or in the step of the case that registered it. A paper that was
    made again was never handed over. Source: 行政处罚法 第六十一条.
    """
    steps = {
        NOTICE_OF[case.colour].value: case.notice_served_on,
        **{kind.value: case.served_on for kind in SERVED_WITH[case.colour]},
    }
    if told := hearing_notice(case):
        steps[PaperKind.HEARING_NOTICE.value] = told.told_on
    found = []
    made = CaseDocument.objects.filter(case=case, replaced_by__isnull=True).order_by("pk")
    for paper in made.prefetch_related("services"):
        days = [steps.get(paper.kind), *(proof.served_on for proof in paper.services.all())]
        known = [day for day in days if day is not None and day <= today]
        if known:
            found.append((paper, min(known)))
    return sorted(found, key=lambda one: one[1])


def scan_of(record: ServiceRecord) -> bytes:
    """The scan as it was kept."""
    with storages["private"].open(record.scan) as file:
        content: bytes = file.read()
    return content


def _may_serve(document: CaseDocument, case: ListCase) -> None:
    if document.case_id != case.pk:
        raise refuse("这份文书不是这个案件的", ARTICLE)
    if CaseDocument.objects.filter(replaces=document).exists():
        raise refuse(f"{document}已经重新制作，请送达最新的一版", ARTICLE)


def _record(
    document: CaseDocument, case: ListCase, officer: Any, about: dict[str, Any]
) -> ServiceRecord:
    record = ServiceRecord(document=document, **about)
    record.save(force_insert=True)
    audit.log(
        "document.serve", by=officer, subject=document, enterprise=case.enterprise_id,
        number=document.number, how=about["how"], on=about["served_on"],
        scan_sha256=about["scan_sha256"],
    )  # fmt: skip
    return record


def _kept(scan: Scan | None) -> dict[str, str]:
    """The scan in private storage, under a name of our own."""
    if scan is None:
        return {"scan": "", "scan_type": "", "scan_sha256": ""}
    name = f"services/{uuid4().hex}.{scan.ending}"
    return {
        "scan": storages["private"].save(name, ContentFile(scan.content)),
        "scan_type": scan.content_type,
        "scan_sha256": sha256(scan.content).hexdigest(),
    }
