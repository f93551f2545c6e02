"""The room: who looks after an exam finds a learner, confirms the identity, gives more time, sees what was left."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.acts import extra_time, identity, leaving, snapshots
from courses.acts.sitting import RefusedError, figures
from courses.models import Attempt, Enrolment, ExtraTime, Snapshot
from courses.models.reach import APPEALS, INVIGILATE
from credit.models.managers import managed_by

PAGE_SIZE = 20


class ExtraTimeForm(forms.Form):
    """Minutes and why."""

    minutes = forms.IntegerField(
        label="延长（分钟）",
        min_value=1,
        max_value=600,
        widget=forms.NumberInput({"class": "form-control"}),
    )
    reason = forms.CharField(
        label="原因（学员看得到）",
        max_length=300,
        widget=forms.TextInput({"class": "form-control"}),
    )


def _people(request: HttpRequest) -> Any:
    """Whose exams this person may look after; 403 for whoever looks after none."""
    now = timezone.now()
    office = request.user.is_superuser or request.user.has_perm(INVIGILATE)
    if not office and not managed_by(request.user, timezone.localdate(now)).exists():
        raise PermissionDenied
    return identity.people_of(request.user, now)


def _enrolment(request: HttpRequest, pk: int) -> Enrolment:
    rows = Enrolment.objects.select_related("course__exam", "person")
    mine = rows.filter(person__in=_people(request), course__exam__isnull=False)
    return get_object_or_404(mine, pk=pk)


@login_required
@never_cache
@require_safe
def room(request: HttpRequest) -> HttpResponse:
    """Who sits an exam now, and a way to a learner by name or phone."""
    people, now = _people(request), timezone.now()
    words = request.GET.get("q", "").strip()[:60]
    running = Attempt.objects.running(now).filter(enrolment__person__in=people)
    context = {
        "running": running.select_related("exam", "enrolment__person").order_by("deadline")[:100],
        "words": words,
        "found": _matching(people, words) if len(words) > 1 else [],
        "decides": request.user.has_perm(APPEALS),
    }
    return render(request, "courses/rooms/room.html", context)


def _matching(people: Any, words: str) -> Any:
    who = people.filter(Q(real_name__contains=words) | Q(phone__contains=words))
    rows = Enrolment.objects.current().filter(person__in=who, course__exam__isnull=False)
    return rows.select_related("course__exam", "person").order_by("person__real_name", "pk")[
        :PAGE_SIZE
    ]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def learner(request: HttpRequest, pk: int) -> HttpResponse:
    """One learner's exam: identity, extra time, attempts with what was left. A post gives more time."""
    enrolment, now = _enrolment(request, pk), timezone.now()
    form = ExtraTimeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = extra_time.grant(enrolment, by=request.user, now=now, **form.cleaned_data)
            messages.success(request, _granted(row))
            return redirect("courses:room_learner", enrolment.pk)
        except RefusedError as refusal:
            form.add_error(None, refusal.ruling.reason)
    status = 422 if form.errors else 200
    return render(
        request, "courses/rooms/learner.html", _context(request, enrolment, form), status=status
    )


def _granted(row: ExtraTime) -> str:
    if row.deadline_after is None:
        return f"已记下，这一轮以后的考试都延长 {row.minutes} 分钟"
    return f"已延长，截止时间改为 {timezone.localtime(row.deadline_after):%H:%M}"


def _context(request: HttpRequest, enrolment: Enrolment, form: ExtraTimeForm) -> dict[str, Any]:
    now = timezone.now()
    attempts = list(enrolment.attempts.prefetch_related("leaves").order_by("-number"))
    sittings = [(one, leaving.absences(one)) for one in attempts]
    office = request.user.has_perm(INVIGILATE)
    pictures = Snapshot.objects.filter(attempt__enrolment=enrolment, deleted_at=None)
    own = request.user.pk == enrolment.person_id
    return {
        "enrolment": enrolment,
        "exam": enrolment.course.exam,
        "sittings": [(one, away, leaving.told(away)) for one, away in sittings],
        "open": next((one for one in attempts if one.submitted_at is None), None),
        "asked": identity.asked(enrolment.course.exam),
        "snapshots": pictures.annotate(looks=Count("views")) if office and not own else [],
        "extra": enrolment.extra_time.select_related("by"),
        "checks": enrolment.identity_checks.select_related("by", "use")[:PAGE_SIZE],
        "waits": identity.waits(enrolment, now=now),
        "labels": {code: way.label for code, way in identity.backends().items()},
        "form": form,
        "most": figures(now).amount("extra_time"),
        "grants": office and not own,
        "own": own,
    }


@login_required
@never_cache
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The card was seen; or, with ``code``, a one-time code is wanted, shown once on this page."""
    enrolment, now = _enrolment(request, pk), timezone.now()
    try:
        if "code" in request.POST:
            code = identity.give_code(enrolment, by=request.user, now=now)
            minutes = figures(now).amount("identity.code")
            context = {"code": code, "minutes": minutes}
            context |= _context(request, enrolment, ExtraTimeForm())
            return render(request, "courses/rooms/learner.html", context)
        identity.confirm(enrolment, by=request.user, now=now)
        messages.success(request, "已记下，考生现在可以开始考试")
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("courses:room_learner", enrolment.pk)


@login_required
@never_cache
@require_safe
def snapshot(request: HttpRequest, pk: int) -> FileResponse:
    """One picture; the look is noted."""
    try:
        file = snapshots.look(pk, by=request.user, now=timezone.now())
    except (Snapshot.DoesNotExist, FileNotFoundError) as fault:
        raise Http404 from fault
    answer = FileResponse(file, content_type="image/jpeg")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
