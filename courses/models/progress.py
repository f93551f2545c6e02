"""Where a person stands in a course, and what the pages of a course show of it. Reads only."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q, Sum
from django.utils import timezone

from courses.models.enrolment import Enrolment
from courses.models.ledger import LessonProgress, StudyEvent
from courses.rules import hours
from credit.rules.ruling import Ruling

ARTICLE = "生产经营单位安全培训规定（3号令，80号令修正）"
_MS = timedelta(milliseconds=1)


def is_used(page: Any) -> bool:
    """Whether anything is kept about this page or one below it: study, enrolments, banks, exams, classes."""
    from courses.models import ClassSession, Exam, QuestionBank, TeamLesson, TrainingClass

    below = {"course__path__startswith": page.path}
    of_lessons = (StudyEvent, LessonProgress, ClassSession, TeamLesson)
    of_courses = (Enrolment, QuestionBank, Exam, TrainingClass)
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
    needed: int = enrolment.course.required_minutes * 60_000
    return max(needed - studied_ms(enrolment), 0)


def standing(enrolment: Enrolment) -> Ruling:
    """Whether every lesson is finished and the minutes of the course are reached; why not."""
    done = set(
        enrolment.progress.filter(finished_at__isnull=False).values_list("lesson_id", flat=True)
    )
    lessons = list(enrolment.course.lessons())
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
    lessons = [(lesson, progress.get(lesson.pk)) for lesson in course.lessons()]
    return {
        "course": course,
        "exam": getattr(course, "exam", None),
        "enrolment": enrolment,
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


def _next(lessons: list[tuple[Any, Any]], *, missing: bool) -> Any:
    """The first lesson that is not finished; while only minutes are ``missing``, the first of all."""
    unfinished = [lesson for lesson, one in lessons if not (one and one.finished_at)]
    again = [lesson for lesson, _ in lessons if missing]
    return next(iter(unfinished or again), None)


def lesson_context(lesson: Any, person: Any) -> dict[str, Any]:
    """For a lesson's page: the course, neighbours, and this person's progress."""
    course = lesson.course
    siblings = list(course.lessons())
    place = next((n for n, one in enumerate(siblings) if one.pk == lesson.pk), 0)
    enrolment = _enrolment(course, person)
    seen = enrolment is not None and lesson.pk is not None  # a preview has no key yet
    progress = enrolment.progress.filter(lesson=lesson).first() if enrolment and seen else None
    return {
        "course": course,
        "enrolment": enrolment,
        "progress": progress,
        "missing_ms": missing_ms(enrolment)
        if enrolment and progress and progress.finished_at
        else 0,
        "needed_ms": lesson.min_minutes * 60_000,
        "beat_ms": int(hours.clock().beat / _MS),
        "number": place + 1,
        "total": len(siblings),
        "previous": siblings[place - 1] if place else None,
        "following": siblings[place + 1] if place + 1 < len(siblings) else None,
    }


def _enrolment(course: Any, person: Any) -> Enrolment | None:
    if not person.is_authenticated or course.pk is None:  # a preview has no key yet
        return None
    found = Enrolment.objects.current().filter(course=course, person=person)
    return found.select_related("course").first()


def courses_of(person: Any, *, now: datetime) -> list[dict[str, Any]]:
    """A person's courses, newest first: lessons done, minutes, what comes next. Five queries."""
    from courses.models import Attempt, Certificate, LessonPage

    issued = Certificate.objects.select_related("revocation")
    enrolments = list(
        Enrolment.objects.current()
        .filter(person=person)
        .select_related("course__exam")
        .prefetch_related(
            Prefetch("certificates", issued),
            Prefetch("attempts", Attempt.objects.running(now), to_attr="running"),
        )
    )
    done: dict[int, dict[int, Any]] = {}
    for one in LessonProgress.objects.filter(enrolment__in=enrolments):
        done.setdefault(one.enrolment_id, {})[one.lesson_id] = one
    below = Q()
    for enrolment in enrolments:
        below |= Q(path__startswith=enrolment.course.path)
    lessons = list(LessonPage.objects.live().filter(below).order_by("path")) if enrolments else []
    return [
        _course_of(
            enrolment,
            [
                (lesson, done.get(enrolment.pk, {}).get(lesson.pk))
                for lesson in lessons
                if lesson.is_child_of(enrolment.course)
            ],
            done.get(enrolment.pk, {}),
            timezone.localdate(now),
        )
        for enrolment in enrolments
    ]


def _course_of(
    enrolment: Enrolment, lessons: list[tuple[Any, Any]], progress: dict[int, Any], today: date
) -> dict[str, Any]:
    """One course of a person; what is shown as the next step needs ``lessons`` with their progress."""
    studied = sum(one.credited_ms for one in progress.values())
    missing = max(enrolment.course.required_minutes * 60_000 - studied, 0)
    held = next(iter(enrolment.certificates.all()), None)
    return {
        "enrolment": enrolment,
        "course": enrolment.course,
        "lessons": len(lessons),
        "finished": sum(1 for _, one in lessons if one and one.finished_at),
        "studied": studied // 60_000,
        "missing": minutes_up(missing),
        "next": _next(lessons, missing=missing > 0),
        "exam": getattr(enrolment.course, "exam", None),
        "running": next(iter(vars(enrolment)["running"]), None),
        "certificate": held,
        "valid": bool(held and held.standing(today)[1]),
        "renewal": held.renewal(today) if held else None,
    }
