"""The learner's desk: my courses, enrolment, and reports from a lesson."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.acts import beats, devices, study
from courses.acts.enrolment import NeedsCoursesError, renew
from courses.acts.enrolment import enrol as enrol_person
from courses.acts.exams import RefusedError
from courses.models import CoursePage, Enrolment, LessonPage, StudyEvent
from courses.models.classes import CLASS_TAB
from courses.models.corrections import OFFICE_TAB
from courses.models.progress import courses_of
from courses.models.teams import TEAM_TAB
from courses.models.versions import as_taken, lessons_of, minutes_of
from courses.rules import hours
from courses.tasks import refresh_people
from courses.views.said import said, whole

MINUTE = 60_000  # milliseconds
LONGEST_MEDIA = 10**6  # seconds


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
    try:
        enrolment = enrol_person(course, person=request.user)
    except NeedsCoursesError as refusal:
        messages.error(request, f"{refusal.ruling.reason}。")
        return redirect(course.get_url(request))
    messages.success(request, "报名成功，现在开始学第一课。学习时间从打开课时起计算。")
    first = next(iter(lessons_of(enrolment)), None)
    return redirect(lesson_address(first, request) if first else course.get_url(request))


def lesson_address(lesson: LessonPage, request: HttpRequest) -> str:
    """Its page, or, taken offline, the door of those whose version has it."""
    if lesson.live:
        return str(lesson.get_url(request))
    return reverse("courses:kept_lesson", args=[lesson.pk])


@login_required
@require_safe
def kept_lesson(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A lesson that was taken offline, for those whose version of the course still has it."""
    enrolment, lesson = enrolled(request, pk)
    if lesson.live:
        return redirect(lesson.get_url(request))
    if not enrolment.course.live or lesson.get_view_restrictions().exists():
        raise Http404
    answer: HttpResponseBase = lesson.serve(request)
    return answer


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


def enrolled(request: HttpRequest, pk: int) -> tuple[Enrolment, LessonPage]:
    """The reader's newest round with the lesson as its version has it; one that is none of theirs is a 404."""
    lesson = get_object_or_404(LessonPage, pk=pk)
    rounds = Enrolment.objects.current().select_related("course", "version")
    enrolment = get_object_or_404(
        rounds.filter(person=request.user.pk, course__path=lesson.path[: -lesson.steplen])
    )
    minutes = minutes_of(enrolment, lesson)
    if minutes is None:
        raise Http404
    return enrolment, as_taken(lesson, minutes)


@require_POST
def report(request: HttpRequest, pk: int) -> JsonResponse:
    """A lesson's page says that it is open and being read; the answer says what the server counted."""
    if not request.user.is_authenticated:
        return JsonResponse({"error": "登录已过期，请重新登录后继续学习"}, status=401)
    try:
        told = said(request.body)
        tab = _tab(told["tab"])
        kind = StudyEvent.Kind.OPEN if told.get("open") is True else StudyEvent.Kind.BEAT
        place = told.get("position")
        position = None if place is None else whole(place, LONGEST_MEDIA)
    except (ValueError, KeyError):
        return JsonResponse({"error": "学习记录格式不对，请刷新页面"}, status=400)
    enrolment, lesson = enrolled(request, pk)
    now = timezone.now()
    reported = study.report(enrolment, lesson, tab=tab, kind=kind, position=position, now=now)
    answer = {**told_of(reported), "needed": lesson.min_minutes * MINUTE}
    if kind != StudyEvent.Kind.OPEN:
        return JsonResponse(answer)
    answer["token"] = beats.hand_out(enrolment, lesson, tab=tab, now=now)
    return _noted(request, JsonResponse(answer))


def _noted(request: HttpRequest, answer: JsonResponse) -> JsonResponse:
    """Keep the digest of this device's cookie; one that has no cookie gets it."""
    cookie = request.COOKIES.get(devices.COOKIE) or devices.new_cookie()
    devices.note(cookie, person=request.user, today=timezone.localdate())
    answer.set_cookie(
        devices.COOKIE, cookie, devices.COOKIE_AGE, path="/learn/", httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


def _tab(said: Any) -> UUID:
    """The tab's own number; the office's and those of what was taught are none of a page. Raises ValueError."""
    tab = UUID(str(said))
    if tab in (OFFICE_TAB, CLASS_TAB, TEAM_TAB):
        raise ValueError("tab")
    return tab


def told_of(reported: study.Reported) -> dict[str, Any]:
    """``missing``: what the course lacks, once this lesson is finished; ``note``: what did not count.

    ``asked``: how long the question whether somebody is there may still wait, in milliseconds.
    """
    finished = reported.finished_at is not None
    asked = {"asked": _left(reported.asked_at)} if reported.asked_at else {}
    return {
        **asked,
        "counted": reported.counted,
        "position": reported.position,
        "finished": finished,
        "missing": reported.missing if finished else 0,
        "note": reported.note,
    }


def _left(asked_at: datetime) -> int:
    """Milliseconds until an unanswered question stops the clock; 0 once it has."""
    left = asked_at + hours.clock().presence_window - timezone.now()
    return max(int(left.total_seconds() * 1000), 0)


@login_required
@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """我学完了: accepted when the lesson's minutes are reached."""
    enrolment, lesson = enrolled(request, pk)
    try:
        tab = _tab(request.POST.get("tab", ""))
    except ValueError:
        tab = uuid4()
    try:
        study.finish(enrolment, lesson, tab=tab)
    except study.NotYetError as missing:
        messages.warning(request, str(missing))
        return redirect(lesson_address(lesson, request))
    if enrolment.finished_at is not None:
        refresh_people.delay_on_commit([request.user.pk])  # type: ignore[attr-defined]  # DjangoTask's
    own = lessons_of(enrolment)
    place = [one.pk for one in own].index(lesson.pk) + 1
    following = own[place] if place < len(own) else None
    messages.success(request, "这一课学完了。" if following else "全部课时学完了。")
    if following:
        return redirect(lesson_address(following, request))
    return redirect(enrolment.course.get_url(request))
