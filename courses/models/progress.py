"""Where a person stands in a course, and what the pages of a course show of it. Reads only."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, Sum, Value, When
from django.utils import timezone

from courses.models.activities import done_in
from courses.models.enrolment import Enrolment
from courses.models.ledger import LessonProgress, StudyEvent
from courses.models.versions import (
    CourseVersion,
    as_taken,
    lessons_of,
    minutes_of,
    required_minutes,
)
from courses.rules import hours, reports
from credit.rules.ruling import Ruling

ARTICLE = "生产经营单位安全培训规定（3号令，80号令修正）"
_MS = timedelta(milliseconds=1)


def is_used(page: Any) -> bool:
    """Whether anything is kept about this page or one below it: study, enrolments, exams, classes, units."""
    from courses.models import (
        ClassSession,
        Cmi5Course,
        Cmi5Unit,
        Exam,
        QuestionBank,
        TeamLesson,
        TrainingClass,
    )

    if any(page.pk in one.minutes() for one in CourseVersion.objects.filter(
        course__path=page.path[: -page.steplen]
    )):  # fmt: skip
        return True
    below = {"course__path__startswith": page.path}
    of_lessons = (StudyEvent, LessonProgress, ClassSession, TeamLesson, Cmi5Unit)
    of_courses = (Enrolment, QuestionBank, Exam, TrainingClass, Cmi5Course)
    return any(
        model.objects.filter(lesson__path__startswith=page.path).exists() for model in of_lessons
    ) or any(model.objects.filter(**below).exists() for model in of_courses)


def minutes_fault(course: Any, minutes: int) -> str:
    """Why nobody could reach ``minutes`` in the live lessons of ``course``; empty when they can.

    A course without live lessons is still being written and has no fault.
    """
    there = course.lessons().aggregate(total=Sum("min_minutes"))["total"]
    if there is None or minutes <= there:
        return ""
    return (
        f"本课学习时间是 {minutes} 分钟，已发布的课时一共只有 {there} 分钟。"
        f"请把本课学习时间改成 {there} 分钟以内，或者再发布课时、加长课时。"
    )


def minutes_up(milliseconds: int) -> int:
    """Whole minutes, rounded up."""
    return -(-milliseconds // 60_000)


def studied_ms(enrolment: Enrolment) -> int:
    """The credited time of an enrolment in milliseconds."""
    total: int | None = enrolment.events.aggregate(total=Sum("credited_ms"))["total"]
    return total or 0


def studied_minutes(enrolment: Enrolment) -> int:
    """The credited time in whole minutes."""
    return studied_ms(enrolment) // 60_000


def missing_ms(enrolment: Enrolment) -> int:
    """The milliseconds of the course that are still missing; 0 when its minutes are reached."""
    needed = required_minutes(enrolment) * 60_000
    return max(needed - studied_ms(enrolment), 0)


def standing(enrolment: Enrolment) -> Ruling:
    """Whether every lesson is finished and the minutes of the course are reached; why not."""
    done = set(
        enrolment.progress.filter(finished_at__isnull=False).values_list("lesson_id", flat=True)
    )
    lessons = lessons_of(enrolment)
    if not lessons:
        return Ruling(False, "课时正在准备，请过些时候再来", ARTICLE)
    open_lessons = [one for one in lessons if one.pk not in done]
    if open_lessons:
        first = open_lessons[0].title
        return Ruling(False, f"还有 {len(open_lessons)} 课没有学完，下一课：{first}", ARTICLE)
    if missing := missing_ms(enrolment):
        reason = f"课都学完了，学习时间还差 {minutes_up(missing)} 分钟，请再打开任意一课接着学"
        return Ruling(False, reason, ARTICLE)
    return Ruling(True, "课程已学完，学习时间已满", ARTICLE)


def course_context(course: Any, person: Any) -> dict[str, Any]:
    """For a course's page: lessons with this person's progress, the enrolment and its standing."""
    enrolment = _enrolment(course, person)
    progress = {one.lesson_id: one for one in enrolment.progress.all()} if enrolment else {}
    own = lessons_of(enrolment) if enrolment else course.lessons()
    needs = needs_of(course, person) if enrolment is None else []
    lessons = [(lesson, progress.get(lesson.pk)) for lesson in own]
    return {
        "course": course,
        "exam": getattr(course, "exam", None),
        "enrolment": enrolment,
        "required": required_minutes(enrolment) if enrolment else course.required_minutes,
        "newer": bool(enrolment and _newer(enrolment)),
        "needs": needs,
        "missing": person.is_authenticated and not all(one.done for one in needs),
        "rotation": reports.figures()["rotation_years"],
        "lessons": lessons,
        "standing": standing(enrolment) if enrolment else None,
        "studied": sum(one.credited_ms for one in progress.values()) // 60_000,
        "finished": sum(1 for _, one in lessons if one and one.finished_at),
        "next": _next(lessons, missing=bool(enrolment and missing_ms(enrolment))),
        "hours": hours.hours(
            "manager" if course.audience in ("principal", "safety_manager") else "worker",
            high_risk=bool(course.sector and course.sector.high_risk),
            sector=course.sector.code if course.sector else "",
        )
        if course.audience not in ("student", "official", "special_operator")
        else None,
    }


def _newer(enrolment: Enrolment) -> bool:
    """Whether the course has a version after the learner's."""
    if enrolment.version is None:
        return False
    later = CourseVersion.objects.filter(
        course=enrolment.course_id, number__gt=enrolment.version.number
    )
    return later.exists()


def needs_of(course: Any, person: Any) -> list[Any]:
    """The live courses that come before ``course``, each with ``done`` for this person: one query.

    A course with an exam is done with a certificate that nobody took back, any other when it was finished.
    """
    from courses.models import Certificate, CoursePage

    rows = CoursePage.objects.live().filter(needed_by__page=course.pk or 0)
    if not person.is_authenticated:
        return list(rows.annotate(done=Value(False)).order_by("needed_by__sort_order"))
    own = {"person": person.pk, "course": OuterRef("pk")}
    won = Certificate.objects.filter(
        enrolment__person=person.pk, enrolment__course=OuterRef("pk"), revocation=None
    )
    learned = Enrolment.objects.filter(**own, finished_at__isnull=False)
    done = Exists(won) | Q(exam__isnull=True) & Exists(learned)
    return list(
        rows.annotate(done=Case(When(done, then=True), default=False)).order_by(
            "needed_by__sort_order"
        )
    )


def _next(lessons: list[tuple[Any, Any]], *, missing: bool) -> Any:
    """The first lesson that is not finished; while only minutes are ``missing``, the first of all."""
    unfinished = [lesson for lesson, one in lessons if not (one and one.finished_at)]
    again = [lesson for lesson, _ in lessons if missing]
    return next(iter(unfinished or again), None)


def lesson_context(lesson: Any, person: Any) -> dict[str, Any]:
    """For a lesson's page: the course, neighbours, and this person's progress."""
    enrolment = _enrolment_of(lesson, person)
    course = enrolment.course if enrolment else lesson.course
    minutes = minutes_of(enrolment, lesson) if enrolment and lesson.pk else None
    other = enrolment is not None and lesson.pk is not None and minutes is None
    if minutes is None:
        enrolment = None if other else enrolment
    else:
        as_taken(lesson, minutes)
    siblings = lessons_of(enrolment) if enrolment else list(course.lessons())
    place = next((n for n, one in enumerate(siblings) if one.pk == lesson.pk), 0)
    seen = enrolment is not None and lesson.pk is not None  # a preview has no key yet
    progress = enrolment.progress.filter(lesson=lesson).first() if enrolment and seen else None
    return {
        "course": course,
        "enrolment": enrolment,
        "other": other,
        "progress": progress,
        "units": units_of(lesson, enrolment) if seen else [],
        "missing_ms": missing_ms(enrolment)
        if enrolment and progress and progress.finished_at
        else 0,
        "activities": done_in(enrolment, lesson) if enrolment and seen else {},
        "needed_ms": lesson.min_minutes * 60_000,
        "beat_ms": int(hours.clock().beat / _MS),
        "number": place + 1,
        "total": len(siblings),
        "previous": siblings[place - 1] if place else None,
        "following": siblings[place + 1] if place + 1 < len(siblings) else None,
    }


def units_of(lesson: Any, enrolment: Enrolment | None) -> list[tuple[Any, bool]]:
    """The cmi5 units of a lesson, and whether this learner has each behind; no query where there is none."""
    from courses.models import Cmi5Unit
    from courses.models.cmi5 import earned_in
    from courses.xapi.cmi5 import is_satisfied

    if enrolment is None or not enrolment.has_units:  # type: ignore[attr-defined]  # annotated
        return []
    units = list(Cmi5Unit.objects.in_force().filter(lesson=lesson.pk).order_by("order"))
    earned = earned_in(enrolment.pk, [one.pk for one in units])
    return [(one, is_satisfied(one.move_on, earned.get(one.pk, ()))) for one in units]


def _enrolment(course: Any, person: Any) -> Enrolment | None:
    if not person.is_authenticated or course.pk is None:  # a preview has no key yet
        return None
    found = Enrolment.objects.current().filter(course=course, person=person)
    return found.select_related("course", "version").first()


def _enrolment_of(lesson: Any, person: Any) -> Enrolment | None:
    """With the course that the lesson lies below, and whether the lesson has units (cmi5)."""
    from courses.models import Cmi5Unit

    if not person.is_authenticated or not lesson.path:
        return None
    above = lesson.path[: -lesson.steplen]
    found = Enrolment.objects.current().filter(course__path=above, person=person)
    units = Cmi5Unit.objects.in_force().filter(lesson=lesson.pk)
    return found.select_related("course", "version").annotate(has_units=Exists(units)).first()


def courses_of(person: Any, *, now: datetime) -> list[dict[str, Any]]:
    """A person's courses, newest first: lessons done, minutes, what comes next. Five queries."""
    from courses.models import Attempt, Certificate, LessonPage

    issued = Certificate.objects.select_related("revocation")
    enrolments = list(
        Enrolment.objects.current()
        .filter(person=person)
        .select_related("course__exam", "version")
        .prefetch_related(
            Prefetch("certificates", issued),
            Prefetch("attempts", Attempt.objects.running(now), to_attr="running"),
        )
    )
    done: dict[int, dict[int, Any]] = {}
    for one in LessonProgress.objects.filter(enrolment__in=enrolments):
        done.setdefault(one.enrolment_id, {})[one.lesson_id] = one
    below = Q(pk__in=[])
    for enrolment in enrolments:
        if enrolment.version is None:
            below |= Q(live=True, path__startswith=enrolment.course.path)
        else:
            below |= Q(pk__in=list(enrolment.version.minutes()))
    lessons = list(LessonPage.objects.filter(below).order_by("path")) if enrolments else []
    return [
        _course_of(
            enrolment,
            [
                (lesson, done.get(enrolment.pk, {}).get(lesson.pk))
                for lesson in _own(enrolment, lessons)
            ],
            done.get(enrolment.pk, {}),
            timezone.localdate(now),
        )
        for enrolment in enrolments
    ]


def _own(enrolment: Enrolment, lessons: list[Any]) -> list[Any]:
    """Of all these lessons those of this learner's version, in its order."""
    if enrolment.version is None:
        return [one for one in lessons if one.live and one.is_child_of(enrolment.course)]
    found = {one.pk: one for one in lessons}
    return [found[key] for key in enrolment.version.minutes() if key in found]


def _course_of(
    enrolment: Enrolment, lessons: list[tuple[Any, Any]], progress: dict[int, Any], today: date
) -> dict[str, Any]:
    """One course of a person; what is shown as the next step needs ``lessons`` with their progress."""
    studied = sum(one.credited_ms for one in progress.values())
    required = required_minutes(enrolment)
    missing = max(required * 60_000 - studied, 0)
    held = next(iter(enrolment.certificates.all()), None)
    return {
        "enrolment": enrolment,
        "course": enrolment.course,
        "lessons": len(lessons),
        "finished": sum(1 for _, one in lessons if one and one.finished_at),
        "studied": studied // 60_000,
        "required": required,
        "missing": minutes_up(missing),
        "next": _next(lessons, missing=missing > 0),
        "exam": getattr(enrolment.course, "exam", None),
        "running": next(iter(vars(enrolment)["running"]), None),
        "certificate": held,
        "valid": bool(held and held.standing(today)[1]),
        "renewal": held.renewal(today) if held else None,
    }
