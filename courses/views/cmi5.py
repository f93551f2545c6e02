"""A learner opens a unit; the office brings in cmi5 courses, places their units and waives them."""

from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses.acts.exams import RefusedError
from courses.acts.xapi import importing
from courses.acts.xapi.launching import launch
from courses.acts.xapi.waiving import waive
from courses.models import Cmi5Course, Cmi5Unit, CoursePage, Enrolment
from courses.models.progress import lesson_context
from courses.models.reach import CORRECT, learners_of_office
from courses.xapi.faults import FaultError
from courses.xapi.structure import LARGEST, Structure

BRING_IN = "courses.add_cmi5course"


# -- The learner -----------------------------------------------------------------------------------------------


@login_required
@require_POST
@never_cache
def open_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a unit in a new session: in a frame beside the clock of its lesson, or in a window of its own.

    The page is the answer itself: its address of the unit works once.
    """
    units = Cmi5Unit.objects.select_related("structure__course", "lesson")
    unit = get_object_or_404(units, pk=pk, lesson__live=True)
    lesson = unit.lesson
    assert lesson is not None  # noqa: S101  # asked for above
    back = lesson.get_full_url(request) or request.build_absolute_uri("/learn/")
    try:
        launched = launch(unit, learner=request.user, back=back)
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
        return redirect(lesson.get_url(request))
    parts = urlsplit(launched.url)
    context = {
        **lesson_context(lesson, request.user),
        "page": lesson,
        "unit": unit,
        "address": launched.url,
        "host": parts.hostname,
        "framed": unit.launch_method == "AnyWindow",
        "review": launched.session.mode != "Normal",
    }
    response = render(request, "courses/unit.html", context)
    response._csp_update = {"frame-src": [f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]
    return response


# -- The office: courses ----------------------------------------------------------------------------------------


class UploadForm(forms.Form):
    """A cmi5.xml and the course that it is for."""

    course = forms.ModelChoiceField(CoursePage.objects.order_by("title"), label="导入到课程")
    file = forms.FileField(label="课程结构文件（cmi5.xml 或 zip）", allow_empty_file=True)

    def clean_file(self) -> UploadedFile:
        """Refuse by size before anything is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(f"文件超过 {LARGEST // 1024 // 1024} MB")
        return file


@login_required
@permission_required(BRING_IN, raise_exception=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def structures(request: HttpRequest) -> HttpResponse:
    """Look into a file (``do=look``), or bring it in (``do=take``)."""
    form = UploadForm(request.POST or None, request.FILES or None)
    looked: Structure | None = None
    if request.method == "POST" and form.is_valid():
        content, course = form.cleaned_data["file"].read(), form.cleaned_data["course"]
        try:
            if request.POST.get("do") == "take":
                made = importing.bring_in(content, course=course, by=request.user)
                messages.success(request, "导入好了。请给每个课件选课时。")
                return redirect("courses:cmi5_course", made.pk)
            looked = importing.look_into(content)
        except FaultError as fault:
            form.add_error("file", str(fault))
        except RefusedError as refusal:
            form.add_error("course", refusal.ruling.reason)
    context = {
        "form": form,
        "looked": looked,
        "units": list(looked.units()) if looked else [],
        "courses": CoursePage.objects.order_by("title"),
        "structures": Cmi5Course.objects.select_related("course", "by")[:50],
    }
    status = 422 if form.errors else 200
    return render(request, "courses/office/cmi5.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def structure(request: HttpRequest, pk: int) -> HttpResponse:
    """The units of a course: their lessons, and waiving one for a learner."""
    may_place, may_waive = request.user.has_perm(BRING_IN), request.user.has_perm(CORRECT)
    if not (may_place or may_waive):
        raise PermissionDenied
    found = get_object_or_404(Cmi5Course.objects.select_related("course"), pk=pk)
    status = 200
    if request.method == "POST":
        try:
            _change(request, found)
            return redirect("courses:cmi5_course", found.pk)
        except RefusedError as refusal:
            messages.error(request, refusal.ruling.reason)
            status = 422
    context = {
        "structure": found,
        "units": found.units.select_related("block", "lesson").order_by("order"),
        "lessons": list(found.course.lessons()),
        "may_place": may_place,
        "may_waive": may_waive,
        "said": {name: request.POST.get(name, "") for name in ("phone", "unit", "reason")},
    }
    return render(request, "courses/office/cmi5_course.html", context, status=status)


def _change(request: HttpRequest, found: Cmi5Course) -> None:
    """Raises RefusedError."""
    if request.POST.get("do") == "waive":
        _waive(request, found)
        return
    if not request.user.has_perm(BRING_IN):
        raise PermissionDenied
    chosen = {}
    for unit in found.units.all():
        said = request.POST.get(f"lesson-{unit.pk}", "")
        chosen[unit.pk] = (
            int(said) if said.isascii() and said.isdecimal() and len(said) < 18 else None
        )
    moved = importing.place(found, chosen, by=request.user)
    messages.success(request, f"改了 {moved} 个课件的课时。" if moved else "没有改动。")


def _waive(request: HttpRequest, found: Cmi5Course) -> None:
    """Of a learner within this officer's reach; others are not there."""
    from credit.rules.ruling import Ruling

    phone = request.POST.get("phone", "").strip()[-11:]
    people = learners_of_office(request.user, timezone.localdate()).filter(phone__endswith=phone)
    rounds = Enrolment.objects.current().filter(course=found.course, person__in=people)
    said = request.POST.get("unit", "")
    unit = found.units.filter(pk=said).first() if said.isdecimal() and len(said) < 18 else None
    enrolment = rounds.select_related("person").first() if len(phone) == 11 else None
    if enrolment is None or unit is None:
        reason = "没有找到：请填学员的 11 位手机号（学员要在您的辖区、报了这门课），并选课件"
        raise RefusedError(Ruling(False, reason, ""))
    waive(enrolment, unit, officer=request.user, reason=request.POST.get("reason", "")[:200])
    messages.success(request, f"已准予 {enrolment.person} 免学“{unit}”。学时要求不变。")
