"""A learner does something in a lesson: ticks, answers, chooses. What was done is written once and stays."""

from collections.abc import Collection
from typing import Any

from django.utils import timezone

from courses.acts.exams import RefusedError
from courses.blocks_activities import scenes_of
from courses.models import ActivityEvent, Enrolment, LessonPage
from courses.rules.scenes import Scene
from credit.rules.ruling import Ruling

OLD = "这一步已经变了，请刷新页面再做"


def act(
    enrolment: Enrolment, lesson: LessonPage, block: Any, *, chosen: Collection[int], restart: bool
) -> ActivityEvent:
    """Do what the kind of ``block`` is. ``chosen``: places from 0. Raises RefusedError in Chinese."""
    kinds = {"tasks": _tick, "question": _answer, "case": _choose}
    kind, said, done = kinds[block.block_type](enrolment, lesson, block, chosen, restart)
    return ActivityEvent.objects.create(
        enrolment=enrolment,
        lesson=lesson,
        block=block.id,
        kind=kind,
        said=said,
        done=done,
        at=timezone.now(),
    )


def last_of(enrolment: Enrolment, lesson: LessonPage, block: Any) -> ActivityEvent | None:
    """The newest event of a block."""
    events = ActivityEvent.objects.filter(enrolment=enrolment, lesson=lesson, block=block.id)
    return events.order_by("-pk").first()


def _tick(_: Any, __: Any, block: Any, chosen: Collection[int], ___: bool) -> Any:
    points = len(block.value["points"])
    ticked = sorted({place for place in chosen if place < points})
    return ActivityEvent.Kind.CHECKLIST, {"ticked": ticked}, len(ticked) == points


def _answer(_: Any, __: Any, block: Any, chosen: Collection[int], ___: bool) -> Any:
    options = block.value["options"]
    picked = sorted({place for place in chosen if place < len(options)})
    if not picked:
        raise RefusedError(Ruling(False, "请先选一个答案", ""))
    right = [place for place, option in enumerate(options) if option["correct"]]
    return ActivityEvent.Kind.QUESTION, {"picked": picked}, picked == right


def _choose(
    enrolment: Enrolment, lesson: LessonPage, block: Any, chosen: Collection[int], restart: bool
) -> Any:
    """One choice, in the scene where the learner stands."""
    scenes = scenes_of(block.value)
    if restart:
        return ActivityEvent.Kind.CASE, {"scene": scenes[0].code, "path": []}, False
    scene, path = standing(scenes, last_of(enrolment, lesson, block))
    place = next(iter(chosen), -1)
    if len(chosen) != 1 or not 0 <= place < len(scene.choices):
        raise RefusedError(Ruling(False, OLD if scene.choices else "这个情景已经到结局了", ""))
    to = next(one for one in scenes if one.code == scene.choices[place].to)
    said = {"scene": to.code, "path": [*path, [scene.code, place]][-100:]}
    return ActivityEvent.Kind.CASE, said, not to.choices


def standing(scenes: list[Scene], last: ActivityEvent | None) -> tuple[Scene, list[Any]]:
    """The scene where a learner stands and the way there; the first where the case was changed since."""
    by_code = {scene.code: scene for scene in scenes}
    if last is None or last.said.get("scene") not in by_code:
        return scenes[0], []
    return by_code[last.said["scene"]], last.said["path"]
