"""Open a class, set its timetable, close it. Each is a row; a session that is not held is cancelled with a reason."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from courses.acts import class_facts, facts
from courses.acts.class_reach import places_of, refuse, require_open, require_run
from courses.acts.managing import require_manager
from courses.models import (
    ClassClosing,
    ClassSession,
    CoursePage,
    Lecturer,
    LessonPage,
    SessionCancelling,
    TrainingClass,
)
from courses.rules import classes as rules
from credit.acts import audit
from credit.models import Enterprise, Jurisdiction

CODE_BYTES = 10  # 80 random bits
MOST_SESSIONS = 100


@transaction.atomic
def open_class(
    course: CoursePage,
    *,
    title: str,
    venue: str,
    by: Any,
    now: datetime,
    enterprise: Enterprise | None = None,
    place: Jurisdiction | None = None,
    seats: int | None = None,
) -> TrainingClass:
    """A class of an enterprise, or of the bureau in a place of the officer's. Raises RefusedError."""
    title, venue = title.strip(), venue.strip()
    if not title or not venue:
        raise refuse("请写明班名和地点")
    if enterprise is not None:
        require_manager(by, enterprise, timezone.localdate(now))
        place = enterprise.place
    elif place is None or not places_of(by).filter(pk=place.pk).exists():
        raise refuse("您不能在这个属地开班，请选您任职的属地")
    if not course.lessons().exists():
        raise refuse("这门课还没有课时，请先选别的课")
    made: TrainingClass = TrainingClass.objects.create(
        title=title, course=course, enterprise=enterprise, place=place, venue=venue, seats=seats,
        join_code=secrets.token_hex(CODE_BYTES), by=by, at=now,
    )  # fmt: skip
    audit.log(
        "class.open", by=by, subject=made, enterprise=enterprise, title=title, course=course.title
    )
    return made


@transaction.atomic
def add_session(
    training_class: TrainingClass,
    *,
    lesson: LessonPage,
    lecturer: Lecturer,
    starts_at: datetime,
    ends_at: datetime,
    by: Any,
    now: datetime,
    venue: str = "",
) -> ClassSession:
    """One more session of the timetable. Raises RefusedError."""
    _hold(training_class, by, now)
    begin, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    others = training_class.sessions.held().values_list("starts_at", "ends_at")
    ruling = rules.may_hold(begin, end, now=now, others=others)
    if not ruling:
        raise refuse(ruling.reason)
    if not lesson.live or not lesson.is_child_of(training_class.course):
        raise refuse("这一课不属于本班的课程")
    if not lecturer.active:
        raise refuse("这位教员现在不授课，请另选")
    if training_class.sessions.count() >= MOST_SESSIONS:
        raise refuse(f"一个班最多排 {MOST_SESSIONS} 次课，请另开一个班")
    made: ClassSession = ClassSession.objects.create(
        training_class=training_class, lesson=lesson, lecturer=lecturer,
        lecturer_said=lecturer.said(), starts_at=starts_at, ends_at=ends_at,
        minutes=(ends_at - starts_at).total_seconds() // 60, venue=venue.strip(), by=by, at=now,
    )  # fmt: skip
    return made


@transaction.atomic
def cancel_session(
    session: ClassSession, *, reason: str, by: Any, now: datetime
) -> SessionCancelling:
    """A session will not be held. Raises RefusedError once somebody signed in."""
    _hold(session.training_class, by, now)
    if not reason.strip():
        raise refuse("请写明取消的原因")
    if session.signs.exists():
        raise refuse("已经有人签到，这次课不能取消")
    if SessionCancelling.objects.filter(session=session).exists():
        raise refuse("这次课已经取消过了")
    made: SessionCancelling = SessionCancelling.objects.create(
        session=session, reason=reason.strip()[:200], by=by, at=now
    )
    audit.log(
        "class.cancel_session", by=by, subject=session,
        enterprise=session.training_class.enterprise_id, reason=made.reason,
    )  # fmt: skip
    return made


@transaction.atomic
def close_class(
    training_class: TrainingClass, *, by: Any, now: datetime, note: str = ""
) -> ClassClosing:
    """Close a class whose last session is over; credit hears how many people of each enterprise completed it.

    Raises RefusedError.
    """
    _hold(training_class, by, now)
    held = training_class.sessions.held()
    last = held.aggregate(last=Max("ends_at"))["last"]
    if last is not None and last > now:
        raise refuse(f"最后一次课 {timezone.localtime(last):%m月%d日 %H:%M} 才下课，下课后再结班")
    done = class_facts.completed(training_class)
    closing: ClassClosing = ClassClosing.objects.create(
        training_class=training_class, people=len(done), note=note.strip()[:500], by=by, at=now
    )
    members = training_class.members.filter(pk__in=done, enterprise__isnull=False)
    for firm, people in members.order_by("enterprise").values_list("enterprise").annotate(
        people=Count("pk")
    ):  # fmt: skip
        facts.note_class(
            firm, key=f"PXB-{training_class.pk}", title=training_class.title, people=people,
            on=timezone.localdate(last),
        )  # fmt: skip
    audit.log(
        "class.close", by=by, subject=training_class, enterprise=training_class.enterprise_id,
        people=closing.people,
    )  # fmt: skip
    return closing


def _hold(training_class: TrainingClass, by: Any, now: datetime) -> None:
    """Take turns with others who change it; it is open, and ``by`` runs it."""
    TrainingClass.objects.select_for_update(of=("self",)).get(pk=training_class.pk)
    require_run(by, training_class, timezone.localdate(now))
    require_open(training_class)
