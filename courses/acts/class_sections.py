"""Classes in a hall as tables of 一期一档: timetable with lecturers, who was there how long, evaluation."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from courses.acts import class_facts
from courses.acts.class_facts import ClassFacts, Participant, Sign
from courses.acts.file_sections import Section
from courses.models import TrainingClass

MINUTE = 60_000


def sections(course: Any, people: Any) -> Iterator[Section]:
    """The classes of ``course`` with somebody of ``people`` (keys of persons) in them; others' names stay out."""
    own = set(people)
    rows = TrainingClass.objects.filter(course=course, members__person__in=own).distinct()
    for training_class in rows.order_by("pk"):
        facts = class_facts.whole(training_class)
        yield _timetable(facts)
        yield _presence(facts, own)


def _timetable(facts: ClassFacts) -> Section:
    ended = (
        f"{timezone.localtime(facts.closed_at):%Y-%m-%d} 由{facts.closed_by}结班"
        if facts.closed_at
        else "没有结班"
    )
    rows = [
        (
            f"{timezone.localtime(one.starts_at):%Y-%m-%d %H:%M}",
            f"{timezone.localtime(one.ends_at):%H:%M}",
            one.lesson,
            one.lecturer,
            one.venue,
            f"取消：{one.cancelled}" if one.cancelled else "",
        )
        for one in facts.sessions
    ]
    note = (
        f"{facts.organiser}举办，{facts.opened_by}开班，{ended}；结业 {facts.people_completed} 人"
    )
    return Section(
        f"培训班：{facts.title}", ("开始", "结束", "课时", "讲师", "地点", "备注"), rows,
        (2, 1, 2, 1.5, 2, 1.5), note,
    )  # fmt: skip


def _presence(facts: ClassFacts, own: set[int]) -> Section:
    rows = [
        row for one in facts.participants if one.person_id in own for row in _signed(facts, one)
    ]
    head = ("姓名", "单位", "上课", "签到", "签退", "计入（分钟）", "代签和原因")
    return Section(f"签到：{facts.title}", head, rows, (1.5, 2, 1.5, 1, 1, 1, 2))


def _signed(facts: ClassFacts, one: Participant) -> Iterator[tuple[Any, ...]]:
    for held in facts.sessions:
        if held.cancelled:
            continue
        there = one.presences.get(held.pk)
        day = f"{timezone.localtime(held.starts_at):%Y-%m-%d %H:%M}"
        came, left = (there.came, there.left) if there else (None, None)
        minutes = there.credited_ms // MINUTE if there else 0
        told = "；".join(filter(None, map(_by_hand, (came, left))))
        yield one.name, one.enterprise, day, _at(came), _at(left), minutes, told


def _at(sign: Sign | None) -> str:
    return f"{timezone.localtime(sign.at):%H:%M}" if sign else "没有"


def _by_hand(sign: Sign | None) -> str:
    return f"{sign.by}：{sign.reason}" if sign and sign.by else ""
