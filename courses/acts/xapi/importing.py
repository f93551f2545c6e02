"""Brings in a cmi5 course structure for one of our courses, and places its units in lessons."""

import hashlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from courses.acts.exams import RefusedError
from courses.models import AuSession, Cmi5Block, Cmi5Course, Cmi5Unit, CoursePage, LessonPage
from courses.packages.archive import ZIP, Archive
from courses.packages.cmi5 import structure_of
from courses.packages.manifests import manifest_of
from courses.packages.problems import PackageError
from courses.packages.unpacking import READERS
from courses.xapi.faults import FaultError
from courses.xapi.structure import Block, Structure, Unit, read_structure
from credit.acts.audit import log
from credit.rules.ruling import Ruling

TITLE = 300


def look_into(content: bytes) -> Structure:
    """The course in a cmi5.xml, alone or in a package (14). Raises FaultError.

    Units that lie in the package itself are told, and not taken: nothing here could open them yet.
    """
    structure = _packed(content) if content[:4] == ZIP else read_structure(content)
    own = urlsplit(settings.BASE_URL).hostname
    if any(urlsplit(one.url).hostname == own for one in structure.units()):
        raise FaultError(
            "课件", "启动地址不能是本平台的网址：课件要在另一个网站上运行，才碰不到学员的登录"
        )
    inside = [one.title for one in structure.units() if not one.remote]
    if inside:
        raise FaultError(
            f"课件“{inside[0]}”",
            "启动地址是包里的文件，现在只能打开写完整网址（http(s)://…）的课件",
        )
    return structure


def _packed(content: bytes) -> Structure:
    """Of a package that was judged whole."""
    try:
        archive = Archive(BytesIO(content))
        manifest_of(archive, READERS, ["cmi5"])
        return structure_of(archive)
    except PackageError as error:
        raise FaultError("课件包", "；".join(error.problems)) from error


@transaction.atomic
def bring_in(content: bytes, *, course: CoursePage, by: Any) -> Cmi5Course:
    """A structure as the course's newest. Not while learners are at work in the one before.

    Raises FaultError for what is wrong in the file, RefusedError for a course in use.
    """
    structure = look_into(content)
    if AuSession.objects.filter(unit__structure__course=course).exists():
        raise RefusedError(
            Ruling(
                False, "已经有学员打开过这门课的课件，记录要保留，不能换；请另建一门课再导入", ""
            )
        )
    row = Cmi5Course.objects.create(
        course=course,
        publisher=structure.id,
        title=structure.title[:TITLE],
        description=structure.description,
        digest=hashlib.sha256(content).hexdigest(),
        by=by,
        at=timezone.now(),
    )
    units = list(_blocks(structure.parts, row, None))
    lessons = list(course.lessons())
    Cmi5Unit.objects.bulk_create(
        _unit(one, row, block, order, lessons) for order, (one, block) in enumerate(units, start=1)
    )
    log("cmi5.bring_in", by=by, subject=row, title=row.title, course=course.pk, units=len(units))
    return row


def _blocks(
    parts: Sequence[Unit | Block], row: Cmi5Course, parent: Cmi5Block | None
) -> list[tuple[Unit, Cmi5Block | None]]:
    """Write the blocks; the units with their block, in order."""
    found: list[tuple[Unit, Cmi5Block | None]] = []
    for one in parts:
        if isinstance(one, Unit):
            found.append((one, parent))
        else:
            block = Cmi5Block.objects.create(
                structure=row, parent=parent, publisher=one.id, title=one.title[:TITLE]
            )
            found += _blocks(one.parts, row, block)
    return found


def _unit(
    unit: Unit, row: Cmi5Course, block: Cmi5Block | None, order: int, lessons: Sequence[LessonPage]
) -> Cmi5Unit:
    """In the lesson of the same title, where there is one; the office chooses for the others."""
    lesson = next((one for one in lessons if one.title.strip() == unit.title), None)
    return Cmi5Unit(
        structure=row,
        block=block,
        order=order,
        publisher=unit.id,
        title=unit.title[:TITLE],
        description=unit.description,
        url=unit.url,
        move_on=unit.move_on,
        mastery=unit.mastery,
        launch_method=unit.launch_method,
        launch_parameters=unit.launch_parameters,
        entitlement_key=unit.entitlement_key,
        activity_type=unit.activity_type,
        lesson=lesson,
    )


@transaction.atomic
def place(structure: Cmi5Course, chosen: Mapping[int, int | None], *, by: Any) -> int:
    """Put units into lessons of the course (or none); how many moved. Raises RefusedError."""
    lessons = {one.pk: one for one in structure.course.lessons()}
    moved = 0
    for unit in Cmi5Unit.objects.select_for_update().filter(structure=structure):
        wanted = chosen.get(unit.pk, unit.lesson_id)
        if wanted == unit.lesson_id:
            continue
        if wanted is not None and wanted not in lessons:
            raise RefusedError(Ruling(False, f"课件“{unit}”选的课时不在这门课里，请重新选择", ""))
        unit.lesson = lessons[wanted] if wanted is not None else None
        unit.save(update_fields=["lesson"])
        moved += 1
    if moved:
        log("cmi5.place", by=by, subject=structure, moved=moved)
    return moved
