"""The holder's picture: uploaded by the person or the employer, made anew, sealed, deleted when the person asks.

Sources: 个人信息保护法 第二十八条 (kept as carefully as sensitive data), 第四十七条 (deleted on request).
"""

from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.acts.managing import RefusedError, refuse
from courses.models import HolderPhoto
from courses.models.reach import learners_of_manager
from courses.rules.files import figure
from courses.rules.pictures import PictureError
from courses.rules.portraits import as_svg, portrait
from credit.acts import audit, messages
from credit.sealing import seal, unseal

__all__ = ["RefusedError", "bytes_of", "delete", "keep", "reseal_all", "svg_of", "svgs_of"]


@transaction.atomic
def keep(person: Any, content: bytes, *, by: Any, now: datetime) -> HolderPhoto:
    """Keep the picture in place of the one before; an employer's upload is told to the person. Raises RefusedError."""
    _require(person, by, now)
    try:
        picture = portrait(content)
    except PictureError as fault:
        raise refuse(str(fault)) from fault
    sealed = seal(b64encode(picture).decode())
    kept, _ = HolderPhoto.objects.update_or_create(
        person=person, defaults={"picture_sealed": sealed, "by": by, "at": now}
    )
    audit.log("photo.keep", by=by, subject=kept, person=person.pk)
    if by.pk != person.pk:
        words = "单位管理员上传了您的照片，印在您的证书上。不同意的，可以在“我的证件”里删除。"
        messages.tell(
            [person], kind="training", key=f"photo {kept.pk} {now.isoformat()}",
            title="单位上传了您的证件照片", body=words, link="/learn/wallet/",
        )  # fmt: skip
    return kept


@transaction.atomic
def delete(person: Any, *, by: Any, now: datetime) -> bool:
    """Delete the picture; whether there was one. Papers printed before keep it. Raises RefusedError."""
    _require(person, by, now)
    found = HolderPhoto.objects.filter(person=person).first()
    if found is None:
        return False
    audit.log("photo.delete", by=by, subject=found, person=person.pk)
    found.delete()
    return True


def bytes_of(row: HolderPhoto) -> bytes:
    """The JPEG."""
    return b64decode(unseal(row.picture_sealed))


def svg_of(person: Any) -> str:
    """The picture for a paper; "" for none."""
    return svgs_of([person.pk]).get(person.pk, "")


def svgs_of(people: Any) -> dict[int, str]:
    """The pictures of some people, by key: one query."""
    size = figure("photo_width"), figure("photo_height")
    rows = HolderPhoto.objects.filter(person__in=people)
    return {row.person_id: as_svg(bytes_of(row), "jpeg", *size) for row in rows}


def reseal_all() -> int:
    """Every picture sealed anew with the newest key; how many."""
    keys = list(HolderPhoto.objects.values_list("pk", flat=True))
    for pk in keys:
        with transaction.atomic():
            row = HolderPhoto.objects.select_for_update().filter(pk=pk).first()
            if row is not None:
                row.picture_sealed = seal(unseal(row.picture_sealed))
                row.save(update_fields=["picture_sealed"])
    return len(keys)


def _require(person: Any, by: Any, now: datetime) -> None:
    if by.pk == person.pk:
        return
    if not learners_of_manager(by, timezone.localdate(now)).filter(pk=person.pk).exists():
        raise refuse("只有本人和现在的单位管理员可以管理照片")
