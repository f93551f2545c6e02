"""A team's lesson on the foreman's phone: opened, workers come by PIN, each answers at the end, closed with the hours.

A worker is credited from coming to answering, at most the lesson's time, by the server's clock; who does not answer
at the end gets nothing. Every answer and every hour is the worker's own, marked 班组 with the foreman's name.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from courses.acts import pins, taught
from courses.acts.class_joining import round_for
from courses.acts.class_reach import refuse
from courses.acts.coverage import staff
from courses.acts.foremen import led_by
from courses.acts.turns import in_turn
from courses.models import (
    Foreman,
    LessonPage,
    Question,
    StudyEvent,
    TeamAnswer,
    TeamClosing,
    TeamLesson,
    TeamPresence,
)
from courses.models.teams import TEAM_TAB
from courses.rules import classes as rules
from courses.rules.questions import CHOICES
from credit.acts import audit
from credit.models import Employment


@transaction.atomic
def open_lesson(foreman: Foreman, lesson: LessonPage, *, by: Any, now: datetime) -> TeamLesson:
    """Begin a lesson with the team, one at a time. Raises RefusedError."""
    if not led_by(by, now).filter(pk=foreman.pk).exists():
        raise refuse("您现在不是这个班组的班组长")
    Foreman.objects.select_for_update(of=("self",)).get(pk=foreman.pk)
    course = lesson.course
    if not lesson.live or not course.live or course.get_view_restrictions().exists():
        raise refuse("这一课现在不能学，请选别的课")
    if TeamLesson.objects.filter(foreman=foreman, closing=None, opened_at__gt=_since(now)).exists():
        raise refuse("这个班组还有一节课没有下课，请先下课")
    made: TeamLesson = TeamLesson.objects.create(
        foreman=foreman, course=course, lesson=lesson, minutes=lesson.min_minutes, opened_at=now
    )
    return made


def crew(team_lesson: TeamLesson, today: Any) -> QuerySet[Employment]:
    """Who may take part: who works in the foreman's team today."""
    firm = team_lesson.foreman.employment.enterprise
    works = staff(firm, today).filter(team=team_lesson.foreman.team, began_on__lte=today)
    return works.select_related("person").order_by("person__real_name", "pk")


def come(team_lesson: TeamLesson, person: int, pin: str, *, by: Any, now: datetime) -> TeamPresence:
    """A worker of the team says by PIN that they are there. Raises RefusedError."""
    worker = _known(team_lesson, person, pin, by=by, now=now)
    with transaction.atomic():
        TeamLesson.objects.select_for_update(of=("self",)).get(pk=team_lesson.pk)
        _require_running(team_lesson, now)
        if TeamPresence.objects.filter(team_lesson=team_lesson, person=worker).exists():
            raise refuse("已经到场了，不用再输")
        enrolment = round_for(team_lesson.course, worker, timezone.localdate(now))
        made: TeamPresence = TeamPresence.objects.create(
            team_lesson=team_lesson, person=worker, enrolment=enrolment, at=now
        )
    return made


def ask(
    team_lesson: TeamLesson, person: int, pin: str, *, by: Any, now: datetime
) -> tuple[TeamPresence, Question | None]:
    """At the end: the worker by PIN again, and a question for them alone. Raises RefusedError."""
    worker = _known(team_lesson, person, pin, by=by, now=now)
    presence = TeamPresence.objects.filter(team_lesson=team_lesson, person=worker).first()
    if presence is None:
        raise refuse("开课时没有到场，这节课不能计入")
    _require_may_answer(presence, team_lesson, now)
    return presence, _drawn(team_lesson)


@transaction.atomic
def answer(
    presence: TeamPresence, question: Question | None, chosen: Sequence[int], *, by: Any, now: datetime
) -> TeamAnswer:  # fmt: skip
    """What the worker chose; right or wrong, it stays. Raises RefusedError."""
    team_lesson = presence.team_lesson
    TeamLesson.objects.select_for_update(of=("self",)).get(pk=team_lesson.pk)
    _require_leads(team_lesson, by, now)
    _require_may_answer(presence, team_lesson, now)
    correct = None
    if question is not None:
        right = {option.order for option in question.options.all() if option.correct}
        if not chosen or not set(chosen) <= {option.order for option in question.options.all()}:
            raise refuse("请选一个答案")
        correct = set(chosen) == right
    made: TeamAnswer = TeamAnswer.objects.create(
        presence=presence, question=question, chosen=sorted(set(chosen)), correct=correct, at=now
    )
    return made


@in_turn()
def close(team_lesson: TeamLesson, *, by: Any, now: datetime) -> TeamClosing:
    """The end: everybody who came and answered gets the hours. Raises RefusedError."""
    TeamLesson.objects.select_for_update(of=("self",)).get(pk=team_lesson.pk)
    _require_leads(team_lesson, by, now)
    if TeamClosing.objects.filter(team_lesson=team_lesson).exists():
        raise refuse("这节课已经下课")
    stayed = TeamPresence.objects.filter(team_lesson=team_lesson, answer__isnull=False)
    rows = list(stayed.select_related("answer", "enrolment").order_by("pk"))
    closing: TeamClosing = TeamClosing.objects.create(
        team_lesson=team_lesson, people=len(rows), by=by, at=now
    )
    for presence in rows:
        _credit(team_lesson, presence, now)
    audit.log(
        "team.close", by=by, subject=team_lesson,
        enterprise=team_lesson.foreman.employment.enterprise_id, people=len(rows),
    )  # fmt: skip
    return closing


def _credit(team_lesson: TeamLesson, presence: TeamPresence, now: datetime) -> None:
    foreman = team_lesson.foreman
    said = f"班组学习：{foreman.team}，班组长{foreman.employment.person}"
    if presence.answer.correct is not None:
        said += f"，答题{'对' if presence.answer.correct else '错'}"
    end = min(presence.answer.at, presence.at + timedelta(minutes=team_lesson.minutes))
    taught.credit(
        presence.enrolment, team_lesson.lesson, tab=TEAM_TAB, sequence=presence.pk,
        kind=StudyEvent.Kind.TEAM, there=(presence.at, end), within=(presence.at, end),
        note=lambda more: "；".join(part for part in (said, more) if part), now=now,
    )  # fmt: skip


# -- Who and when --------------------------------------------------------------------------------------------------


def _since(now: datetime) -> datetime:
    """A lesson that was opened before this is over, closed or not."""
    return now - timedelta(hours=rules.amount("team_hours"))


def _known(team_lesson: TeamLesson, person: int, pin: str, *, by: Any, now: datetime) -> Any:
    """The worker of the team whose PIN it is."""
    _require_leads(team_lesson, by, now)
    work = crew(team_lesson, timezone.localdate(now)).filter(person=person).first()
    if work is None:
        raise refuse("请选一个本班组的人")
    pins.require(person, pin, now=now)
    return work.person


def _require_leads(team_lesson: TeamLesson, by: Any, now: datetime) -> None:
    if not led_by(by, now).filter(pk=team_lesson.foreman_id).exists():
        raise refuse("您现在不是这个班组的班组长")


def _require_running(team_lesson: TeamLesson, now: datetime) -> None:
    if TeamClosing.objects.filter(team_lesson=team_lesson).exists():
        raise refuse("这节课已经下课")
    if team_lesson.opened_at <= _since(now):
        raise refuse(f"开课超过 {rules.amount('team_hours')} 小时，不能再到场、答题，请下课")


def _require_may_answer(presence: TeamPresence, team_lesson: TeamLesson, now: datetime) -> None:
    _require_running(team_lesson, now)
    if TeamAnswer.objects.filter(presence=presence).exists():
        raise refuse("已经答过了")
    length = timedelta(minutes=team_lesson.minutes)
    ruling = rules.may_answer(opened_at=team_lesson.opened_at, length=length, now=now)
    if not ruling:
        raise refuse(ruling.reason)


def _drawn(team_lesson: TeamLesson) -> Question | None:
    """A question of the course with options, if there is one that nobody had in this lesson."""
    pool = Question.objects.pool(team_lesson.course_id).filter(kind__in=CHOICES, picture=None)
    had = TeamAnswer.objects.filter(presence__team_lesson=team_lesson, question__isnull=False)
    keys = list(pool.exclude(pk__in=had.values("question")).values_list("pk", flat=True))
    keys = keys or list(pool.values_list("pk", flat=True))
    return Question.objects.get(pk=secrets.choice(keys)) if keys else None
