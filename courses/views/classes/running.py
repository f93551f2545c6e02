"""For who runs classes: the list, a new class, its page with timetable, people and closing."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.acts import class_facts, class_joining, classes, signing
from courses.acts.class_export import workbook
from courses.acts.class_reach import LOOKS, RUN, offered_to, places_of, seen_by
from courses.acts.coverage import staff
from courses.acts.exams import RefusedError
from courses.models import ClassMember, TrainingClass
from courses.models.classes import ClassQuerySet
from courses.rules.classes import amount
from courses.views.classes.forms import ClassForm, PhoneForm, SessionForm
from courses.views.classes.gate import reader, runner
from courses.views.enterprise.gate import manager
from courses.views.enterprise.gate import reader as firm_reader
from courses.views.enterprise.overview import XLSX
from credit.models import Enterprise

PAGE_SIZE = 20
STAFF_SIZE = 200


def _page(request: HttpRequest, rows: ClassQuerySet) -> Any:
    counted = rows.select_related("enterprise", "place", "course", "closing").annotate(
        people=Count("members", distinct=True),
        held=Count("sessions", filter=Q(sessions__cancelling=None), distinct=True),
    )
    return Paginator(counted.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))


@login_required
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The classes that an officer runs or may look at."""
    if not (request.user.has_perm(RUN) or request.user.has_perm(LOOKS)):
        raise PermissionDenied
    page = _page(request, seen_by(request.user, timezone.localdate()))
    context = {"page": page, "may_open": places_of(request.user).exists()}
    return render(request, "courses/classes/index.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A class of the bureau."""
    places = places_of(request.user)
    if not places.exists():
        raise PermissionDenied
    form = ClassForm(request.POST or None, places=places)
    return _new(request, form, {})


@firm_reader
@never_cache
@require_safe
def of_firm(request: HttpRequest, firm: Enterprise, *, acts: bool) -> HttpResponse:
    """An enterprise's own classes, and those of the bureau to which it may send people."""
    today = timezone.localdate()
    own: ClassQuerySet = TrainingClass.objects.filter(enterprise=firm)
    offered = offered_to(firm).filter(enterprise=None) if acts else TrainingClass.objects.none()
    readable = set(
        seen_by(request.user, today).filter(enterprise=firm).values_list("pk", flat=True)
    )
    context = {
        "firm": firm, "acts": acts, "page": _page(request, own), "readable": readable,
        "offered": offered.select_related("place", "course").order_by("-pk")[:PAGE_SIZE],
    }  # fmt: skip
    return render(request, "courses/classes/of_firm.html", context)


@manager
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_of_firm(request: HttpRequest, firm: Enterprise) -> HttpResponse:
    """A class of an enterprise, for its own people."""
    return _new(request, ClassForm(request.POST or None), {"firm": firm, "acts": True})


def _new(request: HttpRequest, form: ClassForm, context: dict[str, Any]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            made = classes.open_class(
                **form.cleaned_data, by=request.user, now=timezone.now(),
                enterprise=context.get("firm"),
            )  # fmt: skip
            messages.success(request, "开好了。下一步排课，再让学员扫码报名。")
            return redirect("courses:class", made.pk)
        except RefusedError as refusal:
            form.add_error(None, refusal.ruling.reason)
    return render(request, "courses/classes/new.html", {**context, "form": form})


@manager
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, firm: Enterprise, pk: int) -> HttpResponse:
    """Choose people of the enterprise for a class."""
    found = get_object_or_404(offered_to(firm).select_related("course", "place"), pk=pk)
    if request.method == "POST":
        chosen = [int(one) for one in request.POST.getlist("who") if one.isdecimal()][:500]
        try:
            count = class_joining.send(
                found, chosen, enterprise=firm, by=request.user, now=timezone.now()
            )
            messages.success(request, f"已报名 {count} 人。")
            return redirect("enterprise:classes", firm.pk)
        except RefusedError as refusal:
            messages.error(request, refusal.ruling.reason)
    rows = staff(firm, timezone.localdate()).select_related("person").order_by("team", "pk")
    there = ClassMember.objects.filter(training_class=found).values("person")
    works = Paginator(rows.exclude(person__in=there), STAFF_SIZE).get_page(request.GET.get("page"))
    context = {"firm": firm, "acts": True, "training_class": found, "page": works}
    return render(request, "courses/classes/send.html", context)


# -- One class -----------------------------------------------------------------------------------------------------


class CloseForm(forms.Form):
    """The words of the end."""

    note = forms.CharField(
        label="小结（可以不写）", max_length=500, required=False,
        widget=forms.Textarea({"rows": 2, "class": "form-control"}),
    )  # fmt: skip


@reader
@require_safe
def one(request: HttpRequest, training_class: TrainingClass, *, runs: bool) -> HttpResponse:
    """Everything about a class."""
    return _one(request, training_class, runs=runs)


def _one(
    request: HttpRequest,
    training_class: TrainingClass,
    *,
    runs: bool,
    form: SessionForm | None = None,
    phone: PhoneForm | None = None,
) -> HttpResponse:
    told = class_facts.whole(training_class)
    open_now = runs and told.closed_at is None
    address = reverse("courses:class_join", args=[training_class.join_code])
    context = {
        "training_class": training_class, "told": told, "runs": open_now, "now": timezone.now(),
        "form": form or (SessionForm(training_class=training_class) if open_now else None),
        "phone": phone or PhoneForm(), "close": CloseForm(), "address": address,
        "few": amount("few"), "timetable": int(told.timetable.total_seconds() // 60),
    }  # fmt: skip
    failed = (form and form.errors) or (phone and phone.errors)
    return render(request, "courses/classes/class.html", context, status=422 if failed else 200)


@runner
@require_POST
def add_session(request: HttpRequest, training_class: TrainingClass) -> HttpResponse:
    """One more session."""
    form = SessionForm(request.POST, training_class=training_class)
    if form.is_valid():
        try:
            classes.add_session(training_class, by=request.user, now=timezone.now(), **form.said())
            messages.success(request, "排好了。")
            return redirect("courses:class", training_class.pk)
        except RefusedError as refusal:
            form.add_error(None, refusal.ruling.reason)
    return _one(request, training_class, runs=True, form=form)


@runner
@require_POST
def cancel_session(
    request: HttpRequest, training_class: TrainingClass, session: int
) -> HttpResponse:
    """A session is not held."""
    found = get_object_or_404(training_class.sessions, pk=session)
    reason = request.POST.get("reason", "")
    try:
        classes.cancel_session(found, reason=reason, by=request.user, now=timezone.now())
        messages.success(request, "已取消这次课。")
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("courses:class", training_class.pk)


@runner
@require_POST
def add_member(request: HttpRequest, training_class: TrainingClass) -> HttpResponse:
    """Seat somebody who has no phone at hand."""
    form = PhoneForm(request.POST)
    if form.is_valid():
        try:
            class_joining.add(
                training_class, phone=form.cleaned_data["phone"], by=request.user,
                now=timezone.now(),
            )  # fmt: skip
            messages.success(request, "已报名。")
            return redirect("courses:class", training_class.pk)
        except RefusedError as refusal:
            form.add_error("phone", refusal.ruling.reason)
    return _one(request, training_class, runs=True, phone=form)


@runner
@require_POST
def close(request: HttpRequest, training_class: TrainingClass) -> HttpResponse:
    """Close it."""
    note = request.POST.get("note", "")
    try:
        made = classes.close_class(training_class, by=request.user, now=timezone.now(), note=note)
        messages.success(request, f"已结班，{made.people} 人参加完。")
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("courses:class", training_class.pk)


@runner
@require_safe
def join_qr(request: HttpRequest, training_class: TrainingClass) -> HttpResponse:
    """The QR to join, as a picture."""
    path = reverse("courses:class_join", args=[training_class.join_code])
    return HttpResponse(signing.qr(signing.whole(path)), content_type="image/svg+xml")


@reader
@require_safe
def sheet(request: HttpRequest, training_class: TrainingClass, *, runs: bool) -> HttpResponse:
    """The attendance sheet."""
    answer = HttpResponse(workbook(training_class), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="class-{training_class.pk}.xlsx"'
    return answer
