"""Store a course's pictures, films, sounds and papers from files, through Wagtail's own libraries."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.images import ImageFile
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

STORED = ("image", "video", "audio", "document")


def stored(block: Mapping[str, Any], images: Path | None, media: Path | None) -> Any:
    """A block's value as Wagtail takes it; what lies in a file is stored once and known by its title.

    Raises ValueError when a file is named and its folder was not given.
    """
    kind, value = block["type"], block["value"]
    if kind not in STORED:
        return value
    folder = images if kind == "image" else media
    if folder is None:
        raise ValueError(f"a lesson shows a file ({kind}), and no folder of such files was given")
    if kind == "image":
        return _image(value, folder)
    return _paper(value, folder) if kind == "document" else _film(kind, value, folder)


def _image(value: Mapping[str, Any], folder: Path) -> Any:
    shown = picture(value, folder)
    shown.decorative = False
    shown.contextual_alt_text = value["alt"]
    return shown


def picture(value: Mapping[str, Any], images: Path) -> Any:
    """The stored picture {file, alt, crop?} by its words; ``crop`` (left, top, right, bottom) cuts a part out.

    Titles are unique by use: a second call with the same words gives the same picture.
    """
    model = get_image_model()
    words = value["alt"][:255]
    found = model.objects.filter(title=words).first()
    if found is not None:
        return found
    data = _part(images / value["file"], value.get("crop"))
    kept = model(title=words, file=ImageFile(data, name=value["file"]), description=words)
    kept.save()
    return kept


def _part(path: Path, crop: Sequence[int] | None) -> BytesIO:
    if crop is None:
        return BytesIO(path.read_bytes())
    part = BytesIO()
    left, top, right, bottom = crop
    with Image.open(path) as whole:
        whole.crop((left, top, right, bottom)).save(part, "PNG")
    part.seek(0)
    return part


def _film(kind: str, value: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """``value``: file, title, duration (seconds), caption, transcript; a film has a poster besides."""
    model = get_media_model()
    media = model.objects.filter(title=value["title"]).first()
    if media is None:
        media = model(title=value["title"], type=kind, duration=value["duration"])
        with (folder / value["file"]).open("rb") as file:
            media.file.save(value["file"], File(file), save=False)
        if poster := value.get("poster"):
            with (folder / poster).open("rb") as file:
                media.thumbnail.save(poster, File(file), save=False)
        media.save()
    return {"media": media, "caption": value["caption"], "transcript": value["transcript"]}


def _paper(value: Mapping[str, Any], folder: Path) -> Any:
    model = get_document_model()
    paper = model.objects.filter(title=value["title"]).first()
    if paper is None:
        paper = model(title=value["title"])
        with (folder / value["file"]).open("rb") as file:
            paper.file.save(value["file"], File(file), save=False)
        paper.save()
    return paper
