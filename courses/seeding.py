"""Make courses from plain data: for the demo, and for moving courses between districts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from courses.models import CourseIndexPage, CoursePage, LessonPage
from courses.seeding_media import picture, stored
from credit.models import Sector


@transaction.atomic
def build_course(
    catalogue: CourseIndexPage,
    data: Mapping[str, Any],
    *,
    images: Path | None = None,
    media: Path | None = None,
) -> CoursePage:
    """A live course with its lessons below ``catalogue``; one with the same slug is kept as it is.

    ``data``: title, slug, summary, audience (a list of codes, the first counts), required_minutes; sector
    (a code), trade, induction, stage and cover may be left out; lessons: [{title, slug, min_minutes, body:
    [{type, value}]}]. Pictures come from the folder ``images``, films, sounds and papers from the folder ``media``.
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
        trade=data.get("trade"),
        induction=data.get("induction"),
        stage=data.get("stage"),
        sector=Sector.objects.filter(code=data.get("sector", "")).first(),
    )
    catalogue.add_child(instance=course)
    course.save_revision().publish()
    for row in data["lessons"]:
        lesson = LessonPage(
            title=row["title"],
            slug=row["slug"],
            min_minutes=row["min_minutes"],
            body=[(block["type"], stored(block, images, media)) for block in row["body"]],
        )
        course.add_child(instance=lesson)
        lesson.save_revision().publish()
    return course
