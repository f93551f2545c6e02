"""Issue a certificate when an exam is passed; take one back with a reason; print it."""

import secrets
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from courses.acts import facts, photos
from courses.acts import seals as seal_images
from courses.acts.study import studied_minutes
from courses.models import Attempt, Certificate, CertificateSeal, Enrolment, Revocation
from courses.rules.exams import figures_in_force
from courses.rules.validity import ALPHABET, RANDOM_LENGTH, State, make_number, valid_until
from credit.printing import ACCESSIBLE, compile_pdf, compile_png
from credit.rules.terms import printed

# What a course on the web is not. Sources: 生产经营单位安全培训规定 第十三条 (hours are the employer's duty),
# 特种作业人员安全技术培训考核管理规定 (the state's own certificate).
LIMITS = "本证明不代替法定培训学时，也不代替特种作业操作证等国家规定的证件。"
HEADING = "线上课程结业证明"
_FOLDER = Path(__file__).resolve().parent.parent / "typst"
TEMPLATE, CARD = _FOLDER / "certificate.typ", _FOLDER / "card.typ"


class CannotRevokeError(ValueError):
    """Why a certificate cannot be taken back, ready to print."""


@transaction.atomic
def issue(attempt: Attempt, *, issued_on: date) -> Certificate:
    """The certificate of a passed attempt; once more gives the same one.

    Runs in the transaction that marks the attempt. Raises ValueError for one not passed.
    """
    if not attempt.passed:
        raise ValueError(f"attempt {attempt.pk} is not passed")
    figures = figures_in_force(issued_on)
    enrolment, kind = attempt.enrolment, attempt.exam.certificate_kind
    certificate, fresh = Certificate.objects.get_or_create(
        attempt=attempt,
        defaults={
            "number": _new_number(issued_on.year),
            "enrolment": enrolment,
            "kind": kind,
            "person_name": enrolment.person.real_name,
            "course_title": enrolment.course.title,
            "points": attempt.points,
            "studied_minutes": studied_minutes(enrolment),
            "issued_on": issued_on,
            "valid_until": valid_until(issued_on, kind, figures),
            "article": figures.figures[f"certificate.{kind}"].article,
        },
    )
    if fresh:
        seal_images.fix(certificate)
        facts.note_certificate(certificate)
    return certificate


@transaction.atomic
def revoke(
    certificate: Certificate, *, officer: Any, reason: str, today: date, retrain: bool = False
) -> Revocation:
    """Take a certificate back; ``retrain`` lets its holder begin a new round.

    Raises CannotRevokeError: no reason, or revoked before.
    """
    if not reason.strip():
        raise CannotRevokeError("请写明撤销原因")
    Certificate.objects.select_for_update().get(pk=certificate.pk)
    if Revocation.objects.filter(certificate=certificate).exists():
        raise CannotRevokeError("这张证书已经撤销过了")
    facts.note_revocation(certificate, today)
    return Revocation.objects.create(
        certificate=certificate,
        officer=officer,
        reason=reason.strip(),
        revoked_on=today,
        retrain=retrain,
    )


def held_by(person: Any, *, today: date) -> list[dict[str, Any]]:
    """A person's certificates, newest first, each with what it is worth on ``today``."""
    rows = Certificate.objects.filter(enrolment__person=person).select_related("revocation")
    return [
        {
            "number": row.number,
            "printed_number": row.printed_number,
            "course_title": row.course_title,
            "issued_on": row.issued_on,
            "valid_until": row.valid_until,
            "state": row.standing(today)[0].value,
        }
        for row in rows
    ]


def public_address(certificate: Certificate) -> str:
    """Where anybody checks the certificate; this is what the QR code holds."""
    page = reverse("certificates:verify", args=[certificate.number])
    return f"{settings.BASE_URL.rstrip('/')}{page}"


def print_pdf(certificate: Certificate, *, today: date) -> bytes:
    """The certificate as PDF/A-2a and PDF/UA-1, for decades of archives; stamped when it is worth nothing ``today``.

    A name with a character that the fonts lack can be neither; it is printed as plain PDF.
    """
    return print_many([certificate], today=today)


def print_many(certificates: Sequence[Certificate], *, today: date) -> bytes:
    """The same for several, a page each, in their order."""
    papers = texts_of(certificates, today=today)
    first = certificates[0]
    if len(certificates) == 1:
        title, about = (
            f"{HEADING} {first.printed_number}",
            f"{first.course_title}，{first.person_name}",
        )
        day = first.issued_on
    else:
        title, day = f"{HEADING}，{len(certificates)} 张", today
        about = "、".join(sorted({one.course_title for one in certificates}))[:200]
    texts = {
        "title": title, "author": papers[0]["issuer"], "description": about,
        "day": [day.year, day.month, day.day], "papers": papers,
    }  # fmt: skip
    return compile_pdf(TEMPLATE, texts, number=first.number, standards=ACCESSIBLE)


def card_png(certificate: Certificate, *, today: date) -> bytes:
    """The certificate as a picture for a phone's album, in which it opens without a network."""
    return compile_png(CARD, texts_of([certificate], today=today)[0])


def texts_of(certificates: Sequence[Certificate], *, today: date) -> list[dict[str, Any]]:
    """Every text and picture of each paper; the templates only place them. Three queries for any number."""
    keys = [one.pk for one in certificates]
    rows = CertificateSeal.objects.filter(certificate__in=keys).select_related("seal")
    sealed = {row.certificate_id: row for row in rows}
    seals = {row.seal_id: seal_images.svg_of(row.seal) for row in sealed.values()}
    people = dict(
        Enrolment.objects.filter(certificates__in=keys).values_list("certificates", "person")
    )
    portraits = photos.svgs_of(set(people.values()))
    return [
        {
            **_texts(one, today),
            **_sealed(sealed.get(one.pk), seals),
            "photo": portraits.get(people[one.pk], ""),
        }
        for one in certificates
    ]


def _sealed(row: CertificateSeal | None, seals: dict[int, str]) -> dict[str, str]:
    platform = f"{settings.WAGTAIL_SITE_NAME} · 安全生产培训平台"
    if row is None:
        return {"issuer": platform, "seal": "", "seal_words": ""}
    return {
        "issuer": f"{row.issuer} · {platform}",
        "seal": seals[row.seal_id],
        "seal_words": f"{row.issuer}印章图案",
    }


def _texts(certificate: Certificate, today: date) -> dict[str, Any]:
    address = public_address(certificate)
    stamp = _stamp(certificate, today)
    return {
        "heading": HEADING,
        "limits": LIMITS,
        "name": certificate.person_name,
        "course": certificate.course_title,
        "studied": printed_minutes(certificate.studied_minutes),
        "points": certificate.points,
        "number": certificate.printed_number,
        "kind": certificate.get_kind_display(),
        "issued_on": printed(certificate.issued_on),
        "valid_until": printed(certificate.valid_until),
        "address": address,
        "qr": qr_svg(address),
        "stamp": stamp,
        "standing": f"{printed(today)}，{stamp or '有效'}",
    }


def _stamp(certificate: Certificate, today: date) -> str:
    """What is printed across the paper; empty while the certificate is valid."""
    state, _ = certificate.standing(today)
    if state == State.REVOKED and certificate.revoked_on:
        return f"已撤销 {printed(certificate.revoked_on)}"
    return "已过有效期" if state == State.EXPIRED else ""


def printed_minutes(minutes: int) -> str:
    """8小时30分钟."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours}小时" if hours else "", f"{rest}分钟" if rest or not hours else ""]
    return "".join(parts)


def qr_svg(address: str) -> str:
    """A QR code of ``address`` as SVG, to be shown on a page or printed."""
    picture = BytesIO()
    code = segno.make(address, error="m", micro=False)
    # Without a size of its own it grows to the box that holds it, on paper and on a page.
    code.save(picture, kind="svg", border=0, dark="#0d474f", xmldecl=False, omitsize=True)
    return picture.getvalue().decode()


def _new_number(year: int) -> str:
    """A number that nobody can guess: 50 random bits."""
    return make_number(year, "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH)))
