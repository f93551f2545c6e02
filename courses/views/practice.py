"""Practice pages under /learn/practice/: everything works by plain forms. Acts and rules decide."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.acts import practice
from courses.acts.answers import BadAnswerError
from courses.acts.sitting import RefusedError
from courses.models import Enrolment, Exam, Mock, Question
from courses.rules.papers import AnswerError
from courses.views.marked import explained
from courses.views.papers import asked, given, tapped, written

PAGE_SIZE = 20
NAME = "q1"  # the fields of the one question on a page


@login_required
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What there is to practise today."""
    today = timezone.localdate()
    cards = practice.cards_of(request.user)
    exams = Exam.objects.filter(course__in=practice.courses_of(request.user).values("pk"))
    context = {
        "due": cards.due(today).count(),
        "mistakes": cards.mistakes().count(),
        "total": practice.questions_for(request.user).count(),
        "daily": practice.daily_done(request.user, today=today),
        "exams": exams.select_related("course").order_by("course__title", "pk"),
        "mocks": _own_mocks(request)[:PAGE_SIZE],
    }
    return render(request, "courses/practice/index.html", context)


# -- One question ------------------------------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """The next question that is due, or a new one; a post answers it."""
    if request.method == "POST":
        return _answered(request, _posted(request), "courses:practice_review")
    found = practice.next_for(request.user, today=timezone.localdate())
    return _one(request, found, "courses:practice_review")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mistake(request: HttpRequest, pk: int) -> HttpResponse:
    """One question of 错题本."""
    card = get_object_or_404(practice.cards_of(request.user), pk=pk)
    question = Question.objects.whole().get(pk=card.question_id)
    if request.method == "POST":
        return _answered(request, question, "courses:practice_mistakes")
    return _one(request, question, "courses:practice_mistakes")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def daily(request: HttpRequest) -> HttpResponse:
    """每日一题; after the answer it is explained all day long."""
    today = timezone.localdate()
    question = practice.daily(request.user, today=today)
    done = practice.daily_done(request.user, today=today)
    if done and question:
        return _told(request, practice.ask(question), None, done.right, "courses:practice", "daily")
    if request.method == "POST" and question:
        return _answered(request, question, "courses:practice", daily=True)
    return _one(request, question, "courses:practice", heading="每日一题")


@login_required
@never_cache
@require_safe
def mistakes(request: HttpRequest) -> HttpResponse:
    """错题本: the newest first."""
    rows = practice.cards_of(request.user).mistakes().select_related("question__bank__course")
    page = Paginator(rows.order_by("-changed_at", "-pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    return render(request, "courses/practice/mistakes.html", {"page": page, "query": ""})


def _posted(request: HttpRequest) -> Question:
    """The question that a form names, if this person may practise it."""
    key = request.POST.get("question", "")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        key = "0"
    return get_object_or_404(
        Question.objects.whole().filter(pk__in=practice.questions_for(request.user).values("pk")),
        pk=key,
    )


def _seed(request: HttpRequest) -> int | None:
    text = request.POST.get("seed", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 11 else None


def _one(
    request: HttpRequest, question: Question | None, after: str, *, heading: str = "练习"
) -> HttpResponse:
    if question is None:
        return render(request, "courses/practice/nothing.html", {"heading": heading})
    return _page(request, practice.ask(question), [], heading)


def _page(
    request: HttpRequest, laid: practice.Asked, chosen: list[Any], heading: str, status: int = 200
) -> HttpResponse:
    context = {
        "question": asked(laid.paper.shown, chosen, NAME),
        "key": laid.question.pk,
        "seed": laid.seed,
        "heading": heading,
    }
    return render(request, "courses/practice/question.html", context, status=status)


def _answered(
    request: HttpRequest, question: Question, after: str, *, daily: bool = False
) -> HttpResponse:
    laid = practice.ask(question, _seed(request))
    heading, chosen = "每日一题" if daily else "练习", []
    act = practice.answer_daily if daily else practice.answer
    try:
        chosen = given(request.POST, NAME, laid.paper.shown) or []
        if tapped(request.POST):
            return _page(request, laid, chosen, heading)
        told = act(
            laid,
            person=request.user,
            chosen=chosen,
            now=timezone.now(),
            today=timezone.localdate(),
        )
    except (RefusedError, AnswerError, BadAnswerError) as fault:
        messages.error(request, _words(fault))
        return _page(request, laid, [], heading, status=422)
    return _told(request, laid, told.chosen, told.right, after, "daily" if daily else "review")


def _words(fault: Exception) -> str:
    return f"这道题{fault}" if isinstance(fault, AnswerError) else str(fault)


def _told(
    request: HttpRequest,
    laid: practice.Asked,
    chosen: list[Any] | None,
    right: bool,
    after: str,
    kind: str,
) -> HttpResponse:
    """The right answer, the explanation and the article; ``chosen`` None: it was laid out anew since."""
    context = {
        "question": explained(laid.paper.shown, laid.paper.sealed, chosen or [], NAME),
        "known": chosen is not None,
        "right": right,
        "course": laid.question.bank.course,
        "next": reverse(after),
        "kind": kind,
    }
    return render(request, "courses/practice/told.html", context)


# -- Mock exams --------------------------------------------------------------------------------------


@login_required
@require_POST
def mock_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw one, or go on with the one that is open."""
    mine = Enrolment.objects.filter(person=request.user.pk).values("course")
    exam = get_object_or_404(Exam, pk=pk, course__in=mine)
    try:
        mock = practice.start_mock(exam, person=request.user, now=timezone.now())
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
        return redirect("courses:practice")
    return redirect("courses:practice_mock", mock.pk)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mock(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper; a post keeps what was answered, and with ``finish`` marks it."""
    found = get_object_or_404(_own_mocks(request), pk=pk)
    if request.method == "POST" and found.finished_at is None:
        return _kept(request, found)
    if found.finished_at is not None:
        return _mock_result(request, found)
    places = zip(found.paper, found.answers, strict=True)
    questions = [
        _question(place, chosen, position) for position, (place, chosen) in enumerate(places, 1)
    ]
    context = {"mock": found, "questions": questions}
    return render(request, "courses/practice/mock.html", context)


def _own_mocks(request: HttpRequest) -> Any:
    return Mock.objects.filter(person=request.user.pk).select_related("exam", "person")


def _question(place: dict[str, Any], chosen: list[Any], position: int) -> dict[str, Any]:
    shown = place["shown"]
    return {
        **asked(shown, chosen, f"q{position}"),
        "position": position,
        "points_each": place["points"],
        "was": written(shown["kind"], chosen),
        "answered": bool(chosen),
    }


def _kept(request: HttpRequest, found: Any) -> HttpResponse:
    page = reverse("courses:practice_mock", args=[found.pk])
    try:
        read = {
            position: given(request.POST, f"q{position}", place["shown"])
            for position, place in enumerate(found.paper, 1)
        }
        answers = {position: chosen for position, chosen in read.items() if chosen is not None}
        row = practice.keep_mock(found, answers=answers)
        if "finish" in request.POST and not tapped(request.POST):
            practice.finish_mock(row, now=timezone.now(), today=timezone.localdate())
            return redirect(page)
        messages.success(request, "已保存")
    except (RefusedError, AnswerError, BadAnswerError) as fault:
        messages.error(request, _words(fault))
    at = tapped(request.POST)
    return redirect(f"{page}#q{at}" if at else page)


def _mock_result(request: HttpRequest, found: Any) -> HttpResponse:
    marks = practice.marks_of(found, found.finished_at)
    rows = zip(found.paper, found.answers, marks, strict=True)
    questions = [
        {
            **explained(place["shown"], place["sealed"], chosen, f"q{position}"),
            "position": position,
            "points_each": place["points"],
            "earned": mark,
            "answered": bool(chosen),
            "is_right": mark == place["points"],
            "partly": 0 < mark < place["points"],
        }
        for position, (place, chosen, mark) in enumerate(rows, 1)
    ]
    context = {
        "mock": found,
        "questions": questions,
        "most": sum(place["points"] for place in found.paper),
        "right": sum(question["is_right"] for question in questions),
    }
    return render(request, "courses/practice/mock_result.html", context)
