"""Pictures of questions: known by their bytes, kept once, privately."""

from collections.abc import Mapping
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from courses.models import QuestionPicture
from courses.rules.items import Picture
from courses.rules.pictures import look_at


def keep_pictures(media: Mapping[str, bytes]) -> dict[str, QuestionPicture]:
    """The rows of ``media`` by fingerprint; what is there already stays. Raises PictureError."""
    there = {row.key: row for row in QuestionPicture.objects.filter(key__in=media)}
    new = [_kept(look_at(content), content) for key, content in media.items() if key not in there]
    QuestionPicture.objects.bulk_create(new, ignore_conflicts=True)
    return {row.key: row for row in QuestionPicture.objects.filter(key__in=media)}


def keep_picture(content: bytes) -> Picture:
    """One picture. Raises PictureError."""
    found = look_at(content)
    keep_pictures({found.key: content})
    return found


def open_picture(row: QuestionPicture) -> IO[bytes]:
    """Its bytes. Raises FileNotFoundError."""
    return storages["private"].open(row.file)


def bytes_of(keys: set[str]) -> dict[str, bytes]:
    """The bytes of pictures by fingerprint, for an export."""
    found = {}
    for row in QuestionPicture.objects.filter(key__in=keys):
        with open_picture(row) as file:
            found[row.key] = file.read()
    return found


def _kept(picture: Picture, content: bytes) -> QuestionPicture:
    name = f"questions/{picture.key[:2]}/{picture.key}.{picture.kind}"
    storage = storages["private"]
    file = name if storage.exists(name) else storage.save(name, ContentFile(content))
    return QuestionPicture(
        key=picture.key,
        kind=picture.kind,
        width=picture.width,
        height=picture.height,
        size=len(content),
        file=file,
    )
