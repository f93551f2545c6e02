"""Printing many certificates: choose, print at once or order, take the file; for managers and the office."""

from datetime import timedelta
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses import tasks
from courses.acts import printing
from courses.acts.certificates import print_many
from courses.models import Certificate, CoursePage, PrintOrder
from courses.rules.files import figure
from courses.views.enterprise.gate import manager
from courses.views.runs import PeriodForm, office_people, staff_of
from credit.models import Enterprise

USUAL = 30  # days back
Answer = TypeVar("Answer", bound=HttpResponseBase)


class PrintForm(PeriodForm):
    """Which course, issued when."""

    course: Any = forms.ModelChoiceField(
        CoursePage.objects.none(), label="课程", required=False, empty_label="所有课程"
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Certificate.objects.filter(enrolment__person__in=people.order_by().values("pk"))
        field: Any = self.fields["course"]
        courses = held.order_by().values("enrolment__course")
        field.queryset = CoursePage.objects.filter(pk__in=courses).order_by("title")
        field.widget.attrs["class"] = "form-select"
        self.fields["first"].label = "发证从"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_office(request: HttpRequest) -> HttpResponse:
    """The certificates of the office's learners."""
    return _choose(request, office_people(request), None)


@manager
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_firm(request: HttpRequest, firm: Enterprise) -> HttpResponse:
    """Those of the people who work for the enterprise."""
    return _choose(request, staff_of(firm), firm)


def _choose(request: HttpRequest, people: Any, firm: Enterprise | None) -> HttpResponse:
    today = timezone.localdate()
    usual = {"first": today - timedelta(days=USUAL), "last": today}
    form = PrintForm(request.POST or None, people=people, initial=usual)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        course = said["course"]
        asked = printing.Wanted(people, course and course.pk, said["first"], said["last"])
        try:
            return _printed(request, printing.wanted(asked), course, firm)
        except printing.RefusedError as refusal:
            form.add_error(None, refusal.ruling.reason)
    context = {
        "form": form, "firm": firm, "acts": firm is not None, "days": figure("print_days"),
        "at_once": figure("print_at_once"),
        "orders": PrintOrder.objects.filter(by=request.user.pk, enterprise=firm)[:10],
    }  # fmt: skip
    return render(request, "courses/prints.html", context)


def _printed(
    request: HttpRequest, found: list[Certificate], course: Any, firm: Enterprise | None
) -> HttpResponse:
    now = timezone.now()
    title = f"{course.title if course else '所有课程'}，{len(found)} 张"
    made = printing.order(found, by=request.user, title=title, firm=firm, now=now)
    if not printing.few(found):
        tasks.print_certificates.delay_on_commit(made.pk)  # type: ignore[attr-defined]  # DjangoTask's
        messages.success(request, f"正在做 {len(found)} 张证书，做好了在这里下载。")
        return redirect("courses:print_order", made.pk)
    PrintOrder.objects.filter(pk=made.pk).update(done_at=now)
    content = print_many(found, today=timezone.localdate(now))
    return _named(HttpResponse(content, content_type="application/pdf"), made)


def _named(answer: Answer, order: PrintOrder) -> Answer:
    answer["Content-Disposition"] = f'attachment; filename="certificates-{order.pk}.pdf"'
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@login_required
@never_cache
@require_safe
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an order of one's own is."""
    found = get_object_or_404(PrintOrder, pk=pk, by=request.user.pk)
    context = {"order": found, "count": len(found.certificates), "days": figure("print_days")}
    return render(request, "courses/print_order.html", context)


@login_required
@never_cache
@require_safe
def order_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Its file, while it is kept."""
    found = get_object_or_404(PrintOrder.objects.exclude(file=""), pk=pk, by=request.user.pk)
    try:
        file = storages["private"].open(found.file)
    except FileNotFoundError as fault:
        raise Http404 from fault
    return _named(FileResponse(file, content_type="application/pdf"), found)
