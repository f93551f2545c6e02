"""Make courses from plain data: for the demo, and for moving courses between districts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from django.db import transaction
from wagtail.images import get_image_model

from courses.models import CourseIndexPage, CoursePage, LessonPage
from credit.models import Sector


@transaction.atomic
def build_course(
    catalogue: CourseIndexPage, data: Mapping[str, Any], *, images: Path | None = None
) -> CoursePage:
    """A live course with its lessons below ``catalogue``; one with the same slug is kept as it is.

    ``data``: title, slug, summary, audience (a list of codes, the first counts), required_minutes, sector
    (a code, may be left out), lessons: [{title, slug, min_minutes, body: [{type, value}]}]. Pictures come from the folder ``images``.
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
        sector=Sector.objects.filter(code=data.get("sector", "")).first(),
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
    model = get_image_model()
    picture = model.objects.filter(title=value["alt"][:255]).first()
    if picture is None:
        with (images / value["file"]).open("rb") as file:
            picture = model(title=value["alt"][:255], file=ImageFile(file, name=value["file"]))
            picture.description = value["alt"][:255]
            picture.save()
    picture.decorative = False
    picture.contextual_alt_text = value["alt"]
    return picture
