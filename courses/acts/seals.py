"""A district's seal on certificates: versions of a picture, each fixed to what is issued while it is the newest.

A picture of a seal is no electronic signature (电子签名法 第十三条); what proves a certificate is its public page.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction

from courses.acts.managing import RefusedError
from courses.models import Certificate, CertificateSeal, SealImage
from courses.models.roster import at_work
from courses.rules.pictures import PictureError
from courses.rules.portraits import as_svg, seal
from credit.acts import audit
from credit.models import Employment, Jurisdiction
from credit.rules.ruling import Ruling

SET: Final = "courses.set_seal"
ARTICLE: Final = "平台规则（证书印章）"


def places_of(person: Any) -> Any:
    """The districts whose seal ``person`` may set."""
    rows = Jurisdiction.objects.filter(kind=Jurisdiction.Kind.DISTRICT)
    if not person.has_perm(SET):
        return rows.none()
    return rows if person.is_superuser else rows & Jurisdiction.objects.of_officer(person)


@transaction.atomic
def set_seal(
    place: Jurisdiction, content: bytes, *, by: Any, reason: str, now: datetime
) -> SealImage:
    """A new version. Raises RefusedError: no right, no reason, no such picture, or the same once more."""
    _require(place, by, reason)
    try:
        picture, width, height = seal(content)
    except PictureError as fault:
        raise _no(str(fault)) from fault
    mark = sha256(picture).hexdigest()
    newest = SealImage.objects.newest(place)
    if newest is not None and newest.sha256 == mark:
        raise _no("和现在用的印章一样，不用再换")
    storage, name = storages["private"], f"seals/{mark[:2]}/{mark}.png"
    file = name if storage.exists(name) else storage.save(name, ContentFile(picture))
    made = SealImage.objects.create(
        place=place, file=file, sha256=mark, width=width, height=height, reason=reason.strip(),
        by=by, at=now,
    )  # fmt: skip
    audit.log("seal.set", by=by, subject=made, place=place.name, sha256=mark, reason=reason.strip())
    return made


@transaction.atomic
def stop(place: Jurisdiction, *, by: Any, reason: str, now: datetime) -> SealImage:
    """From now on no seal is printed on new certificates. Raises RefusedError."""
    _require(place, by, reason)
    newest = SealImage.objects.newest(place)
    if newest is None or not newest.file:
        raise _no("现在没有用印章")
    made = SealImage.objects.create(place=place, reason=reason.strip(), by=by, at=now)
    audit.log("seal.stop", by=by, subject=made, place=place.name, reason=reason.strip())
    return made


def fix(certificate: Certificate) -> CertificateSeal | None:
    """Write which district issued ``certificate`` and its seal of today; None where nothing is known.

    The district is that of the employer of the day; for one without an employer, the only district there is.
    """
    place = _district_of(certificate)
    newest = SealImage.objects.newest(place) if place else None
    if place is None or newest is None or not newest.file:
        return None
    issuer = f"{place.name}应急管理局"
    return CertificateSeal.objects.create(certificate=certificate, seal=newest, issuer=issuer)


def svg_of(row: SealImage) -> str:
    """The picture for a paper; "" where the file is not there any more."""
    try:
        with storages["private"].open(row.file) as file:
            return as_svg(file.read(), "png", row.width, row.height)
    except FileNotFoundError:
        return ""


def bytes_of(row: SealImage) -> bytes:
    """The PNG. Raises FileNotFoundError."""
    with storages["private"].open(row.file) as file:
        return bytes(file.read())


def _district_of(certificate: Certificate) -> Jurisdiction | None:
    day, person = certificate.issued_on, certificate.enrolment.person_id
    works = at_work(Employment.objects.filter(person=person, began_on__lte=day), day)
    work = works.select_related("enterprise__place__parent").order_by("began_on", "pk").last()
    if work is not None:
        found = work.enterprise.place.district
        return found if found.kind == Jurisdiction.Kind.DISTRICT else None
    districts = list(Jurisdiction.objects.filter(kind=Jurisdiction.Kind.DISTRICT)[:2])
    return districts[0] if len(districts) == 1 else None


def _require(place: Jurisdiction, by: Any, reason: str) -> None:
    if not by.has_perm(SET):
        raise _no("您没有更换证书印章的权限")
    if not places_of(by).filter(pk=place.pk).exists():
        raise _no("只能换您任职的区的印章")
    if not reason.strip():
        raise _no("请写明原因")


def _no(reason: str) -> RefusedError:
    return RefusedError(Ruling(False, reason, ARTICLE))
