"""Why do I have these hours: the ledger of one course, for the learner, the employer's manager and the office."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.acts import corrections, study
from courses.acts.exams import RefusedError
from courses.models import Correction, Enrolment
from courses.models.entries import days_of, events_of_day
from courses.models.reach import (
    CORRECT,
    learners_of_manager,
    learners_of_office,
    works_with_learners,
)
from courses.models.versions import lesson_set
from courses.rules import hours as rules
from courses.rules.impossible import amount
from courses.views.correction_forms import CorrectionForm

EVENTS_ON_A_PAGE = 100


@login_required
@require_safe
def own(request: HttpRequest, pk: int) -> HttpResponse:
    """The reader's own hours in a course."""
    return _page(request, request.user, pk, "own")


@login_required
@require_safe
def of_employee(request: HttpRequest, person: int, pk: int) -> HttpResponse:
    """The hours of somebody who works for an enterprise that the reader acts for."""
    people = learners_of_manager(request.user, timezone.localdate())
    return _page(request, get_object_or_404(people, pk=person), pk, "manager")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_learner(request: HttpRequest, person: int, pk: int) -> HttpResponse:
    """The same for the office, which may correct them with a reason."""
    if not works_with_learners(request.user):
        raise PermissionDenied
    found = get_object_or_404(learners_of_office(request.user, timezone.localdate()), pk=person)
    enrolment = _enrolment(request, found, pk)
    form = CorrectionForm(request.POST or None, lessons=lesson_set(enrolment))
    if request.method == "POST" and form.is_valid() and _corrected(request, enrolment, form):
        return redirect(request.get_full_path())
    may = request.user.has_perm(CORRECT) and found.pk != request.user.pk
    return _page(request, found, pk, "office", form=form if may else None)


def _corrected(request: HttpRequest, enrolment: Enrolment, form: CorrectionForm) -> bool:
    try:
        correction = corrections.ask(enrolment, officer=request.user, **form.said())
    except RefusedError as refusal:
        form.add_error(None, refusal.ruling.reason)
        return False
    words = "已经减去。学员在学时明细里能看到这一条。"
    if correction.minutes > 0:
        words = "已经提交。另一个人复核同意后才加上。"
    messages.success(request, words)
    return True


@login_required
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person's answer to a correction that adds time."""
    if not request.user.has_perm(CORRECT):
        raise PermissionDenied
    people = learners_of_office(request.user, timezone.localdate())
    mine = Correction.objects.filter(enrolment__person__in=people)
    correction = get_object_or_404(mine.select_related("enrolment__course"), pk=pk)
    agreed = request.POST.get("agreed") == "yes"
    try:
        corrections.look(
            correction,
            officer=request.user,
            agreed=agreed,
            remark=request.POST.get("remark", "")[:200],
        )
        messages.success(
            request, "已同意，学时加上了。" if agreed else "已记为不同意，学时没有变。"
        )
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    enrolment = correction.enrolment
    address = reverse("courses:learner_hours", args=[enrolment.person_id, enrolment.course_id])
    return redirect(f"{address}?round={enrolment.round}")


# -- The page ---------------------------------------------------------------------------------------------


def _enrolment(request: HttpRequest, person: Any, course: int) -> Enrolment:
    """The round that the address names, else the newest."""
    rounds = Enrolment.objects.filter(person=person.pk, course=course).order_by("-round")
    chosen = request.GET.get("round", "")
    found = rounds.filter(round=chosen) if chosen.isdecimal() and len(chosen) < 4 else rounds
    enrolment = found.select_related("course", "person").first()
    if enrolment is None:
        raise Http404
    return enrolment


def _day_of(request: HttpRequest) -> date | None:
    try:
        return parse_date(request.GET.get("day", ""))
    except ValueError:
        return None


def _page(request: HttpRequest, person: Any, course: int, reader: str, **more: Any) -> HttpResponse:
    enrolment = _enrolment(request, person, course)
    context = {"course": enrolment.course, "enrolment": enrolment, "reader": reader, **more}
    if (day := _day_of(request)) is not None:
        events = Paginator(events_of_day(enrolment, day), EVENTS_ON_A_PAGE)
        page = events.get_page(request.GET.get("page"))
        query = f"round={enrolment.round}&day={day.isoformat()}&"
        context |= {"day": day, "page": page, "query": query}
        return render(request, "courses/hours_day.html", context)
    total, period = study.studied_ms(enrolment), rules.clock().period
    rounds = Enrolment.objects.filter(person=enrolment.person_id, course=course)
    waiting = Correction.objects.waiting().filter(enrolment=enrolment)
    context |= {
        "days": days_of(enrolment),
        "total": total,
        "periods": rules.periods(total),
        "period": period,
        "limit": int(rules.clock().day.total_seconds() // 3600),
        "device_days": amount("device_days"),
        "rounds": list(rounds.order_by("-round").values_list("round", flat=True)),
        "waiting": waiting.select_related("lesson", "by"),
        "may_look": reader == "office" and request.user.has_perm(CORRECT),
    }
    return render(request, "courses/hours.html", context)
