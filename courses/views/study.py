"""The learner's desk: my courses, enrolment, reports from a lesson, and why I have these hours."""

from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.acts import study
from courses.acts.enrolment import enrol as enrol_person
from courses.acts.enrolment import renew
from courses.acts.exams import RefusedError
from courses.models import CoursePage, Enrolment, LessonPage, StudyEvent
from courses.models.progress import courses_of
from courses.tasks import refresh_people
from courses.views.said import said

MINUTE = 60_000  # milliseconds


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My courses with how far I am."""
    return render(
        request,
        "courses/mine.html",
        {"learning": courses_of(request.user, now=timezone.now())},
    )


@login_required
@require_POST
def enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Enrol me, and open the first lesson."""
    course = get_object_or_404(CoursePage.objects.live(), pk=pk)
    enrol_person(course, person=request.user)
    messages.success(request, "报名成功，现在开始学第一课。学习时间从打开课时起计算。")
    first = course.lessons().first()
    return redirect(first.get_url(request) if first else course.get_url(request))


@login_required
@require_POST
def again(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Open the next round of a course whose certificate is due, expired or revoked."""
    enrolment = get_object_or_404(Enrolment, pk=enrolment_id, person=request.user.pk)
    try:
        renew(enrolment, learner=request.user, today=timezone.localdate())
        messages.success(request, "新一轮学习开始了。以前的学时和证书都还在。")
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("courses:mine")


def _enrolled(request: HttpRequest, pk: int) -> tuple[Enrolment, LessonPage]:
    lesson = get_object_or_404(LessonPage.objects.live(), pk=pk)
    enrolment = get_object_or_404(
        Enrolment.objects.current().filter(
            person=request.user.pk, course__path=lesson.path[: -lesson.steplen]
        )
    )
    return enrolment, lesson


@require_POST
def report(request: HttpRequest, pk: int) -> JsonResponse:
    """A lesson's page says that it is open and being read; the answer says what the server counted."""
    if not request.user.is_authenticated:
        return JsonResponse({"error": "登录已过期，请重新登录后继续学习"}, status=401)
    try:
        told = said(request.body)
        tab = UUID(str(told["tab"]))
        kind = StudyEvent.Kind.OPEN if told.get("open") is True else StudyEvent.Kind.BEAT
        position = _position(told.get("position"))
    except (ValueError, KeyError):
        return JsonResponse({"error": "学习记录格式不对，请刷新页面"}, status=400)
    enrolment, lesson = _enrolled(request, pk)
    reported = study.report(enrolment, lesson, tab=tab, kind=kind, position=position)
    return JsonResponse(_told(reported, enrolment, lesson))


def _position(value: Any) -> int | None:
    """Where the media stands, in whole seconds; nonsense is refused."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 10**6:
        raise ValueError("position")
    return int(value)


def _told(reported: study.Reported, enrolment: Enrolment, lesson: LessonPage) -> dict[str, Any]:
    """``missing``: what the course lacks, once this lesson is finished; ``note``: what did not count."""
    progress = reported.progress
    finished = progress.finished_at is not None
    return {
        "counted": progress.credited_ms,
        "needed": lesson.min_minutes * 60_000,
        "position": progress.position,
        "finished": finished,
        "missing": study.missing_ms(enrolment) if finished else 0,
        "note": reported.note,
    }


@login_required
@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """我学完了: accepted when the lesson's minutes are reached."""
    enrolment, lesson = _enrolled(request, pk)
    try:
        tab = UUID(request.POST.get("tab", ""))
    except ValueError:
        tab = uuid4()
    try:
        study.finish(enrolment, lesson, tab=tab)
    except study.NotYetError as missing:
        messages.warning(request, str(missing))
        return redirect(lesson.get_url(request))
    if enrolment.finished_at is not None:
        refresh_people.delay_on_commit([request.user.pk])  # type: ignore[attr-defined]  # DjangoTask's
    following = lesson.get_next_siblings().live().first()
    messages.success(request, "这一课学完了。" if following else "全部课时学完了。")
    return redirect((following or lesson.get_parent()).get_url(request))


@login_required
@require_safe
def hours(request: HttpRequest, pk: int) -> HttpResponse:
    """Why do I have these minutes: the ledger of one course, day by day, span by span."""
    rounds = Enrolment.objects.filter(person=request.user.pk, course=pk).order_by("-round")
    chosen = request.GET.get("round", "")
    found = rounds.filter(round=chosen) if chosen.isdecimal() and len(chosen) < 4 else rounds
    enrolment = found.select_related("course").first()
    if enrolment is None:
        raise Http404
    events = StudyEvent.objects.filter(enrolment=enrolment).order_by("at", "pk")
    sessions = _sessions(events.values("at", "tab", "lesson__title", "credited_ms", "note"))
    context = {
        "course": enrolment.course,
        "days": [_day(day, [*rows]) for day, rows in groupby(sessions, lambda row: row["day"])],
        "total": study.studied_ms(enrolment),
        "enrolment": enrolment,
        "rounds": [one.round for one in rounds],
    }
    return render(request, "courses/hours.html", context)


def _sessions(events: Any) -> list[dict[str, Any]]:
    """Events of one tab and lesson in a row as one line: from, to, counted, notes."""
    lines: list[dict[str, Any]] = []
    for event in events.iterator():
        at = timezone.localtime(event["at"])
        key = (event["tab"], event["lesson__title"], at.date())
        if not lines or lines[-1]["key"] != key:
            lines.append(
                {"key": key, "day": at.date(), "lesson": event["lesson__title"], "begin": at,
                 "end": at, "counted": 0, "notes": {}}
            )  # fmt: skip
        line = lines[-1]
        line["end"] = at
        line["counted"] += event["credited_ms"]
        if event["note"]:
            line["notes"][event["note"]] = True
    return lines


def _day(day: Any, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """A day of the ledger; visits of less than a minute are one line together."""
    short = [line for line in lines if line["counted"] < MINUTE and not line["notes"]]
    return {
        "day": day,
        "lines": [line for line in lines if line not in short],
        "visits": len(short),
        "visits_counted": sum(line["counted"] for line in short),
    }
