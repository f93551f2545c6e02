"""For learners: join by the QR, sign in and out by the code on the screen, one's own page of a class, evaluation."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.acts import class_facts, class_joining, devices, evaluations, signing, taught
from courses.acts.exams import RefusedError
from courses.models import ClassMember, ClassSession, TrainingClass
from courses.rules import classes as rules
from courses.tasks import refresh_people
from courses.views.classes.forms import EvaluationForm

TICKET = "anxin_class_ticket"  # in the session: which code this browser scanned, and when


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR to join leads to."""
    rows = TrainingClass.objects.select_related("course", "enterprise", "place", "closing")
    found = get_object_or_404(rows, join_code=code)
    if ClassMember.objects.filter(training_class=found, person=request.user.pk).exists():
        return redirect("courses:my_class", found.pk)
    if request.method == "POST":
        try:
            class_joining.join(found, person=request.user, now=timezone.now())
            messages.success(request, "报名成功。上课时扫教员屏幕上的签到码。")
            return redirect("courses:my_class", found.pk)
        except RefusedError as refusal:
            messages.error(request, refusal.ruling.reason)
    sessions = found.sessions.held().select_related("lesson")
    context = {"training_class": found, "sessions": sessions, "closed": hasattr(found, "closing")}
    return render(request, "courses/classes/join.html", context)


@login_required
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The classes that I joined, the newest first."""
    seats = ClassMember.objects.filter(person=request.user.pk)
    rows = seats.select_related(
        "training_class__course", "training_class__enterprise", "training_class__place",
        "training_class__closing",
    ).order_by("-pk")  # fmt: skip
    return render(request, "courses/classes/mine.html", {"seats": rows[:100]})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_class(request: HttpRequest, pk: int) -> HttpResponse:
    """Timetable, my signing, my hours; and what I think of it."""
    seats = ClassMember.objects.select_related(
        "training_class__course", "training_class__enterprise", "training_class__place",
        "training_class__by",
    )  # fmt: skip
    seat = get_object_or_404(seats, training_class=pk, person=request.user.pk)
    form = EvaluationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            evaluations.evaluate(seat, **form.said())
            messages.success(request, "谢谢您的评价。没有人能看到是谁写的。")
            return redirect("courses:my_class", pk)
        except RefusedError as refusal:
            form.add_error(None, refusal.ruling.reason)
    told = class_facts.whole(seat.training_class)
    me = next(one for one in told.participants if one.pk == seat.pk)
    context = {
        "told": told, "me": me, "training_class": seat.training_class,
        "rows": [(one, me.presences.get(one.pk)) for one in told.sessions],
        "form": form if evaluations.may_evaluate(seat) else None,
    }  # fmt: skip
    return render(request, "courses/classes/my_class.html", context)


# -- Signing by the code -----------------------------------------------------------------------------------------


@never_cache
@require_safe
def scanned(request: HttpRequest, pk: int, way: str, code: str) -> HttpResponse:
    """A fresh code becomes a ticket of this browser, which outlasts logging in; a stale one leads nowhere."""
    now = timezone.now()
    if not signing.is_fresh(pk, way, code, now):
        words = "这个码过期了。请到教室里，扫屏幕上现在的码（码一直在换，照片不能用）。"
        return render(request, "courses/classes/stale.html", {"words": words}, status=410)
    request.session[TICKET] = [pk, way, now.timestamp()]
    return redirect("courses:class_sign", pk, way)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """One tap signs; the time is that of the scan."""
    scanned_at = _ticket(request, pk, way)
    if scanned_at is None:
        minutes = rules.amount("ticket_minutes")
        words = f"请先扫教员屏幕上的码。扫过的码只能用一次，{minutes} 分钟内有效。"
        return render(request, "courses/classes/stale.html", {"words": words}, status=410)
    rows = ClassSession.objects.select_related("training_class__course", "lesson")
    session = get_object_or_404(rows, pk=pk)
    word = rules.WAYS[way]
    if request.method == "POST":
        del request.session[TICKET]
        try:
            made = signing.sign(
                session, way, person=request.user, at=scanned_at, now=timezone.now()
            )
            told = f"{timezone.localtime(made.at):%H:%M}"
            messages.success(request, f"{word}成功，{told}。")
            return _noted(request, made.member, way)
        except RefusedError as refusal:
            return _refused(request, session, refusal)
    context = {"session": session, "training_class": session.training_class, "word": word}
    return render(request, "courses/classes/sign.html", {**context, "at": scanned_at})


def _refused(request: HttpRequest, session: ClassSession, refusal: RefusedError) -> HttpResponse:
    """To the own page of a member; who is none reads it here."""
    seats = ClassMember.objects.filter(training_class=session.training_class_id)
    if seats.filter(person=request.user.pk).exists():
        messages.error(request, refusal.ruling.reason)
        return redirect("courses:my_class", session.training_class_id)
    context = {"words": refusal.ruling.reason}
    return render(request, "courses/classes/stale.html", context, status=403)


def _ticket(request: HttpRequest, pk: int, way: str) -> datetime | None:
    """When this browser scanned the code of this session; None where it did not, or long ago."""
    held: Any = request.session.get(TICKET)
    if not isinstance(held, list) or held[:2] != [pk, way] or not isinstance(held[2], float):
        return None
    at = datetime.fromtimestamp(held[2], timezone.get_default_timezone())
    return at if timezone.now() - at <= rules.minutes("ticket_minutes") else None


def _noted(request: HttpRequest, seat: ClassMember, way: str) -> HttpResponse:
    """Keep the digest of this device, to notice one phone that signs for many."""
    if way == rules.OUT and taught.course_is_done(seat.enrolment_id):
        refresh_people.delay_on_commit([seat.person_id])  # type: ignore[attr-defined]
    answer = redirect("courses:my_class", seat.training_class_id)
    cookie = request.COOKIES.get(devices.COOKIE) or devices.new_cookie()
    devices.note(cookie, person=request.user, today=timezone.localdate())
    answer.set_cookie(
        devices.COOKIE, cookie, devices.COOKIE_AGE, path="/learn/", httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer
