"""The office's appeals: those that wait, and one with its paper, to give other points or keep them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.acts import appeals, exams, leaving
from courses.acts.sitting import RefusedError
from courses.models import Appeal
from courses.models.reach import APPEALS, learners_of_office
from courses.views.marked import marked

PAGE_SIZE = 50


@login_required
@permission_required(APPEALS, raise_exception=True)
@never_cache
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """The most urgent first."""
    now = timezone.now()
    rows = appeals.to_decide(request.user, now=now)
    context = {"rows": rows[:PAGE_SIZE], "count": rows.count(), "today": timezone.localdate(now)}
    return render(request, "courses/rooms/appeals.html", context)


@login_required
@permission_required(APPEALS, raise_exception=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """One appeal; a post decides it."""
    people = learners_of_office(request.user, timezone.localdate())
    rows = Appeal.objects.filter(attempt__enrolment__person__in=people).select_related(
        "attempt__exam", "attempt__enrolment", "decision__by"
    )
    found = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        points = _points(request)
        try:
            if points is None:
                raise RefusedError(appeals.odd_points())
            appeals.decide(
                found,
                officer=request.user,
                points=points,
                reason=request.POST.get("reason", "")[:1000],
                now=timezone.now(),
            )
            messages.success(request, "已处理，结果已经告诉学员")
            return redirect("courses:appeals")
        except RefusedError as refusal:
            messages.error(request, refusal.ruling.reason)
    return render(request, "courses/rooms/appeal.html", _context(request, found))


def _context(request: HttpRequest, found: Appeal) -> dict[str, Any]:
    attempt = found.attempt
    questions = [marked(*row) for row in exams.marks_of(attempt)]
    for question in questions:
        question["given"] = request.POST.get(f"p{question['position']}", question["earned"])
    return {
        "appeal": found,
        "attempt": attempt,
        "questions": questions,
        "decision": getattr(found, "decision", None),
        "left": leaving.told(leaving.absences(attempt)),
        "reason": request.POST.get("reason", ""),
    }


def _points(request: HttpRequest) -> dict[int, int] | None:
    """Points by position; None where something is no number."""
    found: dict[int, int] = {}
    for name in request.POST:
        text = str(request.POST[name])
        if not name.startswith("p") or not name[1:].isdecimal():
            continue
        if not (text.isascii() and text.isdecimal() and len(text) < 4 and len(name) < 6):
            return None
        found[int(name[1:])] = int(text)
    return found
