"""The worker's code for a check on the spot, and the inspector's pages: the file, three questions, the answers."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.acts import person_files, spot_checks
from courses.acts.certificates import qr_svg
from courses.acts.exams import BadAnswerError, RefusedError
from courses.models import Certificate, Inspection
from courses.models.reach import learners_of_office
from courses.rules.validity import NumberError, parse_number
from courses.views.files import page_context
from courses.views.marked import explained
from courses.views.papers import asked, given

PAGE_SIZE = 20


@login_required
@never_cache
@require_safe
def code(request: HttpRequest) -> HttpResponse:
    """The worker's own code, new each time the page is opened."""
    page = reverse("courses:check", args=[spot_checks.code_for(request.user)])
    now = timezone.localtime()
    context = {
        "qr": mark_safe(qr_svg(f"{settings.BASE_URL.rstrip('/')}{page}")),  # noqa: S308  # made by segno
        "until": spot_checks.good_until(now),
        "seen": Inspection.objects.filter(person=request.user.pk).select_related("officer")[:10],
    }
    return render(request, "courses/check_code.html", context)


def _require_inspector(request: HttpRequest) -> None:
    if not request.user.has_perm(spot_checks.INSPECT):
        raise PermissionDenied


@login_required
@never_cache
@require_safe
def scan(request: HttpRequest, code: str) -> HttpResponse:
    """An inspector scanned a worker's code: the file opens, and that it was opened is noted."""
    _require_inspector(request)
    try:
        return _opened(request, spot_checks.person_of(code))
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
        return redirect("courses:inspections")


@login_required
@require_POST
def by_certificate(request: HttpRequest) -> HttpResponse:
    """The same from a certificate: its public page sends its number, or the inspector typed it."""
    _require_inspector(request)
    try:
        number = parse_number(request.POST.get("number", "")[:60])
        rows = Certificate.objects.select_related("enrolment__person")
        found = rows.filter(number=number).first()
        if found is None:
            raise NumberError("没有这个编号的证书，请对照证书再输入一次")
        return _opened(request, found.enrolment.person, certificate=found)
    except NumberError as fault:
        messages.error(request, str(fault))
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("courses:inspections")


def _opened(
    request: HttpRequest, person: Any, certificate: Certificate | None = None
) -> HttpResponse:
    made = spot_checks.open_file(
        person, officer=request.user, now=timezone.now(), certificate=certificate
    )
    return redirect("courses:inspection", made.pk)


def _seen(request: HttpRequest) -> Any:
    """The inspections of people within reach; other officers' too, so that nobody asks anew what was asked today."""
    people = learners_of_office(request.user, timezone.localdate())
    rows = Inspection.objects.filter(person__in=people.order_by().values("pk"))
    return rows.select_related("person", "officer", "certificate")


@login_required
@never_cache
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """How to begin, and what was checked so far."""
    _require_inspector(request)
    rows = _seen(request).prefetch_related("questions__answer")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "courses/office/inspections.html", {"page": page})


@login_required
@never_cache
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """The file with the questions above it."""
    _require_inspector(request)
    found = get_object_or_404(_seen(request), pk=pk)
    return _page(request, found)


def _page(request: HttpRequest, found: Inspection, status: int = 200) -> HttpResponse:
    places = list(found.questions.select_related("answer"))
    done = bool(places) and hasattr(places[0], "answer")
    questions = [
        {
            "position": place.position,
            **(
                explained(place.shown, place.sealed, place.answer.chosen, f"q{place.position}")
                if done
                else asked(place.shown, [], f"q{place.position}")
            ),
            "is_right": done and place.answer.right,
        }
        for place in places
    ]
    file = person_files.read(found.person, today=timezone.localdate())
    context = {
        **page_context(file), "inspection": found, "questions": questions, "done": done,
        "right": sum(one["is_right"] for one in questions), "reader": "inspector",
        "mine": found.officer_id == request.user.pk,
        "base": reverse("courses:learner_file", args=[found.person_id]),
    }  # fmt: skip
    return render(request, "courses/office/inspection.html", context, status=status)


@login_required
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the questions."""
    _require_inspector(request)
    found = get_object_or_404(_seen(request), pk=pk)
    try:
        spot_checks.ask(found, officer=request.user)
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("courses:inspection", pk)


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep and mark what was answered."""
    _require_inspector(request)
    found = get_object_or_404(_seen(request), pk=pk)
    try:
        places = found.questions.all()
        said = {
            place.position: given(request.POST, f"q{place.position}", place.shown) or []
            for place in places
        }
        spot_checks.answer(found, officer=request.user, given=said, now=timezone.now())
    except (RefusedError, BadAnswerError) as fault:
        messages.error(request, str(fault))
    return redirect("courses:inspection", pk)
