"""Keep an evidence file, and say who may read it."""

import secrets
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone

from credit.acts import audit
from credit.acts.casework import RefusedError, refuse
from credit.acts.reach import register_of
from credit.models import Attachment, ListCase
from credit.models.attachments import row_of, subject_of
from credit.models.managers import managed_by
from credit.models.records import Fact
from credit.rules.files import ARTICLE, LARGEST, MOST, TYPES, kind_of_file, plain_name


@transaction.atomic
def keep_file(
    upload: UploadedFile, *, by: Any, subject: models.Model, for_party: bool = False
) -> Attachment:
    """Keep ``upload`` as evidence about ``subject``, a row of one enterprise. Raises RefusedError.

    The bytes stay as they came. What it is, the bytes say; its name is only remembered.
    """
    content = upload.read(LARGEST + 1)
    known = kind_of_file(content)
    if not known.ruling:
        raise refuse(f"“{(upload.name or '文件')[:60]}”没有收下：{known.ruling.reason}", ARTICLE)
    enterprise = _enterprise_of(subject)
    path = f"evidence/{timezone.localdate():%Y/%m}/{secrets.token_hex(16)}.{known.kind}"
    kept = Attachment(
        subject=subject_of(subject), enterprise_id=enterprise, name=plain_name(upload.name or "", known.kind),
        kind=known.kind, content_type=TYPES[known.kind], size=len(content),
        sha256=sha256(content).hexdigest(), for_party=for_party, uploaded_by=by,
        file=storages["private"].save(path, ContentFile(content)),
    )  # fmt: skip
    kept.save()
    audit.log(
        "file.keep", by=by, subject=kept, enterprise=enterprise,
        about=kept.subject, sha256=kept.sha256, size=kept.size, for_party=for_party,
    )  # fmt: skip
    return kept


@transaction.atomic
def keep_files(
    uploads: Iterable[UploadedFile], *, by: Any, subject: models.Model, for_party: bool = False
) -> list[Attachment]:
    """Several at once; one that is refused takes the others with it. Raises RefusedError."""
    files = list(uploads)
    if len(files) > MOST:
        raise refuse(f"一次最多上传 {MOST} 个文件，请分几次上传", ARTICLE)
    return [keep_file(one, by=by, subject=subject, for_party=for_party) for one in files]


def files_of(*subjects: models.Model) -> Any:
    """The files about these rows, oldest first."""
    about = [subject_of(one) for one in subjects]
    return Attachment.objects.filter(subject__in=about).select_related("uploaded_by")


def may_read(person: Any, attachment: Attachment, today: date) -> bool:
    """An officer in whose reach the enterprise is; its managers what is open to the party by ``today``.

    Source: 行政处罚法 第四十四条、第四十五条: facts and evidence are put to the party with the notice, not before.
    """
    firm = attachment.enterprise_id
    if register_of(person).filter(pk=firm).exists():
        return True
    if not attachment.for_party or not managed_by(person, today).filter(pk=firm).exists():
        return False
    return _party_knows(attachment, today)


def _party_knows(attachment: Attachment, today: date) -> bool:
    """A case is known to the party from the day of its notice, a fact while it stands in the party's own file.

    Everything else with files (statements, objections, repairs) the party itself sent.
    """
    row = row_of(attachment.subject)
    if isinstance(row, ListCase):
        return row.notice_served_on is not None and row.notice_served_on <= today
    if isinstance(row, Fact):  # a correction may have given it to another enterprise
        versions = type(row)._default_manager.versions_of(row)
        return bool(versions.filter(replaced_at__isnull=True).exists())
    return row is not None


def _enterprise_of(subject: Any) -> int:
    found = getattr(subject, "enterprise_id", None) or subject.case.enterprise_id
    return int(found)


__all__ = ["RefusedError", "files_of", "keep_file", "keep_files", "may_read"]
