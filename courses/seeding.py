"""Make courses from plain data: for the demo, and for moving courses between districts."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from django.db import transaction
from PIL import Image
from wagtail.images import get_image_model

from courses.models import CourseIndexPage, CoursePage, LessonPage


@transaction.atomic
def build_course(
    catalogue: CourseIndexPage, data: Mapping[str, Any], *, images: Path | None = None
) -> CoursePage:
    """A live course with its lessons below ``catalogue``; one with the same slug is kept as it is.

    ``data``: title, slug, summary, audience (a list of codes, the first counts), required_minutes, cover?, lessons:
    [{title, slug, min_minutes, body: [{type, value}]}]. Pictures come from the folder ``images``.
    """
    found = CoursePage.objects.child_of(catalogue).filter(slug=data["slug"]).first()
    if found is not None:
        kept: CoursePage = found
        return kept
    course = CoursePage(
        title=data["title"],
        slug=data["slug"],
        summary=data["summary"],
        audience=data["audience"][0],
        required_minutes=data["required_minutes"],
        cover=picture(data["cover"], images) if images and "cover" in data else None,
    )
    catalogue.add_child(instance=course)
    course.save_revision().publish()
    for row in data["lessons"]:
        lesson = LessonPage(
            title=row["title"],
            slug=row["slug"],
            min_minutes=row["min_minutes"],
            body=[(block["type"], _value(block, images)) for block in row["body"]],
        )
        course.add_child(instance=lesson)
        lesson.save_revision().publish()
    return course


def _value(block: Mapping[str, Any], images: Path | None) -> Any:
    """A block's value; a picture is stored and named by its words."""
    value = block["value"]
    if block["type"] != "image":
        return value
    if images is None:
        raise ValueError("a lesson shows a picture, and no folder of pictures was given")
    shown = picture(value, images)
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
    stored = model(title=words, file=ImageFile(data, name=value["file"]), description=words)
    stored.save()
    return stored


def _part(path: Path, crop: Sequence[int] | None) -> BytesIO:
    if crop is None:
        return BytesIO(path.read_bytes())
    part = BytesIO()
    left, top, right, bottom = crop
    with Image.open(path) as whole:
        whole.crop((left, top, right, bottom)).save(part, "PNG")
    part.seek(0)
    return part
