"""一期一档: choose a course and a period, then its file as page, PDF and workbook; for managers and the office."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.acts import run_files
from courses.models import CoursePage
from courses.models.reach import employed_in, learners_of_office, works_with_learners
from courses.rules.files import figure
from courses.views.enterprise.gate import manager
from courses.views.files import TYPES, download
from credit.acts import audit
from credit.models import Enterprise

USUAL = 30  # days back, where nobody said anything


class PeriodForm(forms.Form):
    """From which day to which people began."""

    first = forms.DateField(label="报名从", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    last = forms.DateField(label="到", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in self.fields.values():
            one.widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        """The first day comes first, and neither lies beyond what a calendar holds."""
        said = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if first and last and not date(2000, 1, 1) <= first <= last <= date(2200, 1, 1):
            raise forms.ValidationError("开始日期要在结束日期之前")
        return said


@login_required
@never_cache
@require_safe
def of_office(request: HttpRequest) -> HttpResponse:
    """The courses that the office's learners began in a period."""
    return _choose(
        request, office_people(request), reverse("courses:run", args=[0]), {"reader": "office"}
    )


@login_required
@never_cache
@require_safe
def one_of_office(request: HttpRequest, course: int, kind: str = "") -> HttpResponse:
    """One run of the office's learners."""
    more = {"reader": "office", "back": reverse("courses:runs")}
    base = reverse("courses:run", args=[course])
    return _one(request, office_people(request), course, kind, base, "您辖区的学员", more)


@manager
@never_cache
@require_safe
def of_firm(request: HttpRequest, firm: Enterprise) -> HttpResponse:
    """The courses that the enterprise's people began in a period."""
    more = {"reader": "manager", "firm": firm, "acts": True}
    return _choose(request, staff_of(firm), reverse("enterprise:run", args=[firm.pk, 0]), more)


@manager
@never_cache
@require_safe
def one_of_firm(
    request: HttpRequest, firm: Enterprise, course: int, kind: str = ""
) -> HttpResponse:
    """One run of the enterprise's people."""
    more = {"reader": "manager", "firm": firm, "acts": True,
            "back": reverse("enterprise:runs", args=[firm.pk])}  # fmt: skip
    base = reverse("enterprise:run", args=[firm.pk, course])
    return _one(request, staff_of(firm), course, kind, base, f"{firm.name}的在岗员工", more)


def office_people(request: HttpRequest) -> Any:
    """The learners that the reader may see as one of the office. Raises PermissionDenied."""
    if not works_with_learners(request.user):
        raise PermissionDenied
    return learners_of_office(request.user, timezone.localdate())


def staff_of(firm: Enterprise) -> Any:
    """Who works there today."""
    here = employed_in(Enterprise.objects.filter(pk=firm.pk), timezone.localdate())
    return get_user_model()._default_manager.filter(pk__in=here)


def _period(request: HttpRequest) -> PeriodForm:
    today = timezone.localdate()
    usual = {"first": today - timedelta(days=USUAL), "last": today}
    given = {name: request.GET[name] for name in usual if name in request.GET}
    return PeriodForm({**usual, **given})


def _choose(request: HttpRequest, people: Any, base: str, more: dict[str, Any]) -> HttpResponse:
    form, runs, query = _period(request), [], ""
    if form.is_valid():
        runs = run_files.runs_of(people, **form.cleaned_data)
        query = urlencode(form.cleaned_data)
    stem = base.removesuffix("0/")
    context = {"form": form, "runs": runs, "stem": stem, "query": query, **more}
    return render(request, "courses/runs.html", context)


def _one(
    request: HttpRequest,
    people: Any,
    course: int,
    kind: str,
    base: str,
    of: str,
    more: dict[str, Any],
) -> HttpResponse:
    form, today = _period(request), timezone.localdate()
    if not form.is_valid() or kind not in ("", *TYPES):
        raise Http404
    page = get_object_or_404(CoursePage, pk=course)
    run = run_files.Run(page, form.cleaned_data["first"], form.cleaned_data["last"], people, of)
    query = urlencode(form.cleaned_data)
    try:
        file = run_files.read(run, today=today)
    except run_files.TooManyError as fault:
        context = {"form": form, "runs": [], "fault": str(fault), **more}
        return render(request, "courses/runs.html", context, status=422)
    if not kind:
        context = {"file": file, "run": run, "base": base, "query": query, **more}
        return render(request, "courses/run.html", context)
    firm = more.get("firm")
    audit.log("trainingfile.take", by=request.user, subject=page, enterprise=firm, kind=kind)
    most = figure("pdf_paper_rows") if kind == "pdf" else 0
    document = run_files.document_of(file, today=today, most_rows=most)
    return download(document, kind, f"run-file-{page.pk}-{run.first}-{run.last}")
