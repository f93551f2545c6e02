"""Where a person stands in a course, and what the pages of a course show of it. Reads only."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, Sum

from courses.models.enrolment import Enrolment
from courses.models.ledger import LessonProgress, StudyEvent
from courses.rules import hours
from credit.rules.ruling import Ruling

ARTICLE = "生产经营单位安全培训规定（3号令，80号令修正）"
_MS = timedelta(milliseconds=1)


def is_used(page: Any) -> bool:
    """Whether anything is kept about this page or one below it: study, enrolments, banks, exams."""
    from courses.models import Exam, QuestionBank

    below = {"course__path__startswith": page.path}
    return (
        StudyEvent.objects.filter(lesson__path__startswith=page.path).exists()
        or LessonProgress.objects.filter(lesson__path__startswith=page.path).exists()
        or any(model.objects.filter(**below).exists() for model in (Enrolment, QuestionBank, Exam))
    )


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


def standing(enrolment: Enrolment) -> Ruling:
    """Whether every lesson is finished and the minutes of the course are reached; why not."""
    done = set(
        enrolment.progress.filter(finished_at__isnull=False).values_list("lesson_id", flat=True)
    )
    open_lessons = [one for one in enrolment.course.lessons() if one.pk not in done]
    if open_lessons:
        first = open_lessons[0].title
        return Ruling(False, f"还有 {len(open_lessons)} 课没有学完，下一课：{first}", ARTICLE)
    missing = enrolment.course.required_minutes * 60_000 - studied_ms(enrolment)
    if missing > 0:
        return Ruling(False, f"课都学完了，学时还差 {minutes_up(missing)} 分钟", ARTICLE)
    return Ruling(True, "课程已学完，学时已满", ARTICLE)


def course_context(course: Any, person: Any) -> dict[str, Any]:
    """For a course's page: lessons with this person's progress, the enrolment and its standing."""
    enrolment = _enrolment(course, person)
    progress = {one.lesson_id: one for one in enrolment.progress.all()} if enrolment else {}
    lessons = [(lesson, progress.get(lesson.pk)) for lesson in course.lessons()]
    return {
        "course": course,
        "enrolment": enrolment,
        "lessons": lessons,
        "standing": standing(enrolment) if enrolment else None,
        "studied": sum(one.credited_ms for one in progress.values()) // 60_000,
        "finished": sum(1 for _, one in lessons if one and one.finished_at),
        "next": next((lesson for lesson, one in lessons if not (one and one.finished_at)), None),
        "hours": hours.hours(
            "manager" if course.audience in ("principal", "safety_manager") else "worker",
            high_risk=bool(course.sector and course.sector.high_risk),
        )
        if course.audience not in ("student", "official", "special_operator")
        else None,
    }


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
    found = Enrolment.objects.filter(course=course, person=person)
    return found.select_related("course").first()


def courses_of(person: Any) -> list[dict[str, Any]]:
    """A person's courses, newest first: lessons done, minutes, what comes next. Three queries."""
    from courses.models.pages import LessonPage

    enrolments = list(Enrolment.objects.filter(person=person).select_related("course"))
    done: dict[int, dict[int, Any]] = {}
    for one in LessonProgress.objects.filter(enrolment__in=enrolments):
        done.setdefault(one.enrolment_id, {})[one.lesson_id] = one
    below = Q()
    for enrolment in enrolments:
        below |= Q(path__startswith=enrolment.course.path)
    lessons = list(LessonPage.objects.live().filter(below).order_by("path")) if enrolments else []
    told = []
    for enrolment in enrolments:
        progress = done.get(enrolment.pk, {})
        own = [lesson for lesson in lessons if lesson.is_child_of(enrolment.course)]
        finished = {pk for pk, one in progress.items() if one.finished_at}
        told.append(
            {
                "enrolment": enrolment,
                "course": enrolment.course,
                "lessons": len(own),
                "finished": len(finished & {lesson.pk for lesson in own}),
                "studied": sum(one.credited_ms for one in progress.values()) // 60_000,
                "next": next((lesson for lesson in own if lesson.pk not in finished), None),
            }
        )
    return told
