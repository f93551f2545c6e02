"""Make the papers of a case, keep them as they were made, and let anybody verify them.

A paper is made from the template in use: ``draft`` fills it, an officer reads and completes the words,
``make`` gives it its number and writes the PDF once. What is missing before service, ``require_same_notice``
and ``require_papers_of_service`` refuse; the steps of the case ask them.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Any, Final

import segno
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.urls import reverse

from credit.acts import audit
from credit.acts.casework import DECIDE, OPEN, RefusedError, refuse, require
from credit.acts.paper_values import authority, newest_notice, values_of, warnings_of
from credit.acts.templates import Words, in_use
from credit.models import CaseDocument, DocumentCounter, ListCase, ListEntry
from credit.printing import compile_pdf
from credit.rules.cases import State
from credit.rules.documents import document_key
from credit.rules.hearings import ARTICLE as HEARING
from credit.rules.papers import (
    ARTICLE,
    DECISIONS,
    RED,
    SERVED_WITH,
    PaperFacts,
    PaperKind,
    fill,
    may_make,
    number,
    paragraphs,
    still_open,
    text_problems,
)
from credit.rules.ruling import Ruling
from credit.rules.terms import printed

# Made at one step of a case; the others whenever there is something to answer or to serve.
OF_A_STEP: Final = (
    PaperKind.LISTING_NOTICE, PaperKind.HEARING_NOTICE, PaperKind.LISTING_DECISION,
    PaperKind.REPAIR_LETTER, PaperKind.REMOVAL_DECISION, PaperKind.NOT_LISTED,
    PaperKind.RED_ANNOUNCEMENT, PaperKind.RED_GRANT,
)  # fmt: skip
TOGETHER: Final = "信用修复管理办法（两书同达，待核）"
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is read for something else
CODE_LENGTH: Final = 17  # of 30 signs: 83 bits


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper before it is made: the filled words, what an officer still has to write, what to look at."""

    words: Words
    title: str
    addressee: str
    text: str
    missing: list[str]
    warnings: list[str]


# -- Making ---------------------------------------------------------------------------------------------


def ruling_on(case: ListCase, kind: PaperKind) -> Ruling:
    """Whether the case has come to the step of which this paper speaks."""
    return may_make(kind, _facts(case))


def rulings(case: ListCase) -> list[tuple[PaperKind, Ruling]]:
    """The same for every kind, from one reading of the case."""
    facts = _facts(case)
    return [(kind, may_make(kind, facts)) for kind in PaperKind]


def draft(case: ListCase, kind: PaperKind, *, today: date) -> Draft:
    """The template in use, filled from the case; what nobody knows yet stays as its placeholder."""
    words, values = in_use(kind), values_of(case, today)
    text = fill(words.text, values)
    missing = still_open(text, values)
    return Draft(
        words, fill(words.title, values), fill(words.addressee, values), text, missing,
        warnings_of(case, text),
    )  # fmt: skip


@transaction.atomic
def make(
    case: ListCase,
    kind: PaperKind,
    *,
    officer: Any,
    text: str,
    today: date,
    replaces: CaseDocument | None = None,
) -> CaseDocument:
    """Number, print and keep a paper. Raises RefusedError.

    A kind of which a case has one only is made again as a new version of it; of the others, such as
    answers to objections, ``replaces`` names the one that is made again.
    """
    held = _held(case, officer)
    if not (ruling := ruling_on(held, kind)):
        raise RefusedError(ruling)
    given = draft(held, kind, today=today)
    text = _checked(held, given, text, today)
    former = replaces or (None if kind.repeatable else newest(held, kind))
    if former is not None:
        _may_replace(former, held, kind)
    document = CaseDocument(
        case=held, kind=kind, template=given.words.row, replaces=former,
        number=former.number if former else _number(held, kind, today),
        version=former.version + 1 if former else 1,
        code=_code(), made_by=officer, made_on=today,
    )  # fmt: skip
    document.texts = _texts(document, given, text)
    _keep(document)
    audit.log(
        "document.make", by=officer, subject=document, enterprise=held.enterprise_id,
        kind=kind.value, number=document.number, version=document.version, sha256=document.sha256,
    )  # fmt: skip
    return document


def newest(case: ListCase, kind: PaperKind) -> CaseDocument | None:
    """The newest paper of a kind."""
    return CaseDocument.objects.filter(case=case, kind=kind).order_by("-pk").first()


def due(case: ListCase) -> list[PaperKind]:
    """The papers that belong to the step to which the case has come, and were not made yet."""
    facts, each = _facts(case), CaseDocument.objects.filter(case=case)
    made = set(each.values_list("kind", flat=True))
    return [kind for kind in OF_A_STEP if may_make(kind, facts) and kind.value not in made]


def made_for(case: ListCase) -> Iterable[CaseDocument]:
    """Every paper of the case, newest first, each with its services."""
    made = CaseDocument.objects.filter(case=case).select_related(
        "made_by", "replaced_by", "template"
    )
    return made.prefetch_related("services__recorded_by")


def pdf_of(document: CaseDocument) -> bytes:
    """The file as it was kept. Raises ValueError when it is not the one that was made."""
    with storages["private"].open(document.file) as file:
        content: bytes = file.read()
    if sha256(content).hexdigest() != document.sha256:
        raise ValueError("文件与制作时的指纹不符，请联系管理员从备份恢复")
    return content


def _held(case: ListCase, officer: Any) -> ListCase:
    """The case, locked, for one who may open or decide cases there. Raises RefusedError."""
    held = ListCase._base_manager.select_for_update().select_related(None).get(pk=case.pk)
    require(officer, DECIDE if officer.has_perm(DECIDE) else OPEN, held.enterprise)
    return held


def _facts(case: ListCase) -> PaperFacts:
    entry = ListEntry.objects.filter(case=case).first()
    return PaperFacts(
        colour=case.colour,
        opened=case.state == State.PROPOSED,
        notice_served_on=case.notice_served_on,
        hearing_requested_on=case.hearing_requested_on,
        hearing_held_on=case.hearing_held_on,
        decided_on=case.decided_on,
        served_on=case.served_on,
        dropped=case.state == State.DROPPED,
        removed_on=entry.removed_on if entry else None,
    )


def _checked(case: ListCase, given: Draft, text: str, today: date) -> str:
    """The text, if it may be printed. Raises RefusedError with every problem."""
    text = text.replace("\r\n", "\n").strip()
    problems = text_problems(given.words.title, text)
    if given.words.kind is not PaperKind.SERVICE_RECEIPT:  # which is filled in by hand
        whole = f"{given.title}\n{given.addressee}\n{text}"
        names = still_open(whole, values_of(case, today))
        problems += [f"请把“{{{{{name}}}}}”换成实际内容" for name in names]
    if problems:
        raise refuse("；".join(problems), ARTICLE)
    return text


def _may_replace(former: CaseDocument, case: ListCase, kind: PaperKind) -> None:
    if former.case_id != case.pk or former.kind != kind:
        raise refuse("要重新制作的文书不是这个案件的同一种文书", ARTICLE)
    if CaseDocument.objects.filter(replaces=former).exists():
        raise refuse("这份文书已经重新制作过，请用最新的一版", ARTICLE)
    if former.services.exists():
        raise refuse("这份文书已经送达，不能重新制作", ARTICLE)


def _texts(document: CaseDocument, given: Draft, text: str) -> dict[str, Any]:
    """Every word on the paper."""
    return {
        "authority": authority(document.case),
        "kind": PaperKind(document.kind).label,
        "title": given.title,
        "number": document.number,
        "addressee": given.addressee,
        "paragraphs": paragraphs(text),
        "on": [document.made_on.year, document.made_on.month, document.made_on.day],
        "printed_on": printed(document.made_on),
        "version": _version_note(document),
        "template_version": given.words.version,
        "code": document.code,
    }


def _version_note(document: CaseDocument) -> str:
    former = document.replaces
    if former is None:
        return ""
    return (
        f"本文书为第{document.version}版，代替{printed(former.made_on)}制作的第{former.version}版。"
    )


def _keep(document: CaseDocument) -> None:
    """Print it, put the file into private storage, write the row; no row leaves no file behind."""
    address = public_address(document)
    texts = {**document.texts, "address": address}
    if document.kind == PaperKind.SERVICE_RECEIPT:
        texts["rows"] = [_row(line) for line in document.texts["paragraphs"]]
    content = compile_pdf(_layout(document), texts, qr=qr(address))
    document.sha256 = sha256(content).hexdigest()
    storage = storages["private"]
    document.file = storage.save(f"papers/{document.code}.pdf", ContentFile(content))
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except BaseException:
        storage.delete(document.file)
        raise


def _layout(document: CaseDocument) -> str:
    return "receipt.typ" if document.kind == PaperKind.SERVICE_RECEIPT else "paper.typ"


def _row(line: str) -> list[str]:
    """A line of the receipt: what it asks, and the answer ("" leaves room for a pen)."""
    asked, _, answer = line.partition("：")
    return [asked, "" if answer.strip().startswith("{{") else answer.strip()]


def _code() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LENGTH))


# -- Numbers --------------------------------------------------------------------------------------------


def _number(case: ListCase, kind: PaperKind, today: date) -> str:
    """The decision bears the number that it was given when it was made; others take the next one."""
    if kind in DECISIONS and case.decision_number:
        return case.decision_number
    return next_number(_prefix(case), kind, today.year)


def next_number(prefix: str, kind: PaperKind, year: int) -> str:
    """Take the next number. Without gaps: a transaction that fails gives its number back.

    The row of the counter is locked until the transaction ends, so that two officers take turns.
    """
    counters = DocumentCounter.objects
    counters.get_or_create(prefix=prefix, kind=kind, year=year)
    counter = counters.select_for_update().get(prefix=prefix, kind=kind, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return number(prefix, kind, year, counter.last)


def _prefix(case: ListCase) -> str:
    """云应急: as configured (PAPER_PREFIX), else the first character of the district and 应急."""
    return settings.PAPER_PREFIX or f"{case.enterprise.place.district.name[:1]}应急"


# -- Before service -------------------------------------------------------------------------------------


def require_same_notice(case: ListCase, text: str) -> None:
    """The notice, or for red the announcement, that was made is the one that is registered. Raises RefusedError."""
    notice = newest_notice(case)
    what = "公告" if case.colour == "red" else "告知书"
    if notice and _plain(text) != _plain(notice.body):
        raise refuse(f"{what}已经制作（{notice.number}），登记的正文应与它相同", ARTICLE)


def require_papers_of_service(case: ListCase) -> None:
    """What is handed over has been made: the grant of the red list; for black the decision and with it the
    repair letter (两书同达). Raises RefusedError.
    """
    made = set(CaseDocument.objects.filter(case=case).values_list("kind", flat=True))
    lacking = [kind.label for kind in SERVED_WITH[case.colour] if kind.value not in made]
    if lacking and case.colour == "red":
        raise refuse(f"请先制作{'、'.join(lacking)}，再登记送达", RED)
    if lacking:
        raise refuse(f"请先制作{'、'.join(lacking)}，两份文书一并送达", TOGETHER)


def require_hearing_notice(case: ListCase, set_for: date) -> None:
    """The day of the hearing is on the paper that was handed over. Raises RefusedError."""
    made = newest(case, PaperKind.HEARING_NOTICE)
    if made is None:
        raise refuse("请先制作听证通知书，送达以后再登记", HEARING)
    if printed(set_for) not in _plain(made.body):
        raise refuse(f"听证通知书（{made.number}）上没有写{printed(set_for)}，请核对日期", HEARING)


def notice_text(case: ListCase) -> str:
    """The text of the notice (red: the announcement) that was made; "" while there is none."""
    notice = newest_notice(case)
    return notice.body if notice else ""


def _plain(text: str) -> str:
    return "".join(text.split())


# -- Verification ---------------------------------------------------------------------------------------


def public_address(document: CaseDocument) -> str:
    """Where anybody verifies the paper; this is what the QR code holds."""
    page = reverse("credit:document", args=[document.code])
    return f"{settings.BASE_URL.rstrip('/')}{page}"


def find(code: str) -> CaseDocument | None:
    """The paper with this code, however it was typed."""
    plain = "".join(code.upper().replace("-", "").split())
    if len(plain) != CODE_LENGTH or not set(plain) <= set(_ALPHABET):
        return None
    return CaseDocument.objects.select_related("replaced_by").filter(code=plain).first()


def same_number(document: CaseDocument, typed: str) -> bool:
    """Whether this is the paper's number, whatever kind of bracket was typed."""
    return document_key(typed) == document_key(document.number)


def matches(document: CaseDocument, chunks: Iterable[bytes]) -> bool:
    """Whether a file is the very one that was made; nothing of it is kept."""
    digest = sha256()
    for chunk in chunks:
        digest.update(chunk)
    return secrets.compare_digest(digest.hexdigest(), document.sha256)


def qr(address: str) -> str:
    """The address as a QR code, SVG."""
    picture = BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(picture, kind="svg", border=0, dark="#1d2b2f", xmldecl=False)
    return picture.getvalue().decode()
