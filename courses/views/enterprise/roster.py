"""The roster: template, import with every problem on the page, what each import changed, undo."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.acts import roster, roster_undo
from courses.acts.managing import RefusedError
from courses.acts.roster_reading import template
from courses.models import RosterChange, RosterImport
from courses.views.enterprise.gate import manager, reader
from courses.views.enterprise.overview import PAGE_SIZE, XLSX
from credit.models import Enterprise

MOST_BYTES = 5_000_000
MOST_SHOWN = 200  # problems on one page


class UploadForm(forms.Form):
    """One workbook."""

    file = forms.FileField(
        label="花名册文件（Excel 或 CSV）",
        widget=forms.FileInput({"class": "form-control", "accept": ".xlsx,.xls,.csv"}),
    )

    def clean_file(self) -> Any:
        """Not more than a roster can be."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("文件超过 5 MB，请分成几个文件")
        return file


class ReasonForm(forms.Form):
    """Why it is undone."""

    reason = forms.CharField(
        label="撤销的理由",
        max_length=200,
        widget=forms.TextInput({"class": "form-control"}),
    )


@manager
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest, firm: Enterprise) -> HttpResponse:
    """Send a file; the imports so far below."""
    form = UploadForm(request.POST or None, request.FILES or None)
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = roster.take(
                file.read(), enterprise=firm, file_name=file.name, by=request.user,
                today=timezone.localdate(),
            )  # fmt: skip
            messages.success(request, f"已导入：{_counts(made)}。")
            return redirect("enterprise:import", firm.pk, made.pk)
        except roster.ProblemsError as fault:
            problems = fault.problems
        except RefusedError as refusal:
            form.add_error(None, refusal.ruling.reason)
    made_before = RosterImport.objects.filter(enterprise=firm).select_related("by")
    context = {
        "firm": firm, "acts": True, "form": form, "problems": problems[:MOST_SHOWN],
        "problem_count": len(problems),
        "page": Paginator(made_before, PAGE_SIZE).get_page(request.GET.get("page")),
    }  # fmt: skip
    status = 422 if problems else 200
    return render(request, "courses/enterprise/roster.html", context, status=status)


def _counts(made: RosterImport) -> str:
    return (
        f"入职 {made.joined} 人，离职 {made.left} 人，变动 {made.moved} 人，没有变化 {made.same} 人"
    )


@manager
@require_safe
def empty(request: HttpRequest, firm: Enterprise) -> HttpResponse:
    """The template."""
    answer = HttpResponse(template(), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="roster.xlsx"'
    return answer


@reader
@never_cache
@require_safe
def one_import(request: HttpRequest, firm: Enterprise, pk: int, *, acts: bool) -> HttpResponse:
    """What an import changed, line by line."""
    made = get_object_or_404(RosterImport.objects.select_related("by"), enterprise=firm, pk=pk)
    rows = made.changes.select_related("employment__person", "undone__by").order_by("row", "pk")
    context = {
        "firm": firm, "acts": acts, "made": made, "form": ReasonForm(),
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "standing": made.changes.filter(undone=None).exists(),
    }  # fmt: skip
    return render(request, "courses/enterprise/import.html", context)


@manager
@require_POST
def undo_import(request: HttpRequest, firm: Enterprise, pk: int) -> HttpResponse:
    """Undo what stands of an import."""
    made = get_object_or_404(RosterImport, enterprise=firm, pk=pk)
    return _undo(request, firm, pk, lambda said: roster_undo.undo_import(made, **said))


@manager
@require_POST
def undo(request: HttpRequest, firm: Enterprise, pk: int, change: int) -> HttpResponse:
    """Undo one line."""
    rows = RosterChange.objects.filter(source__enterprise=firm, source=pk)
    found = get_object_or_404(rows.select_related("employment__enterprise"), pk=change)
    return _undo(request, firm, pk, lambda said: roster_undo.undo(found, **said))


def _undo(request: HttpRequest, firm: Enterprise, pk: int, act: Any) -> HttpResponse:
    said = {
        "by": request.user,
        "reason": request.POST.get("reason", "")[:200],
        "today": timezone.localdate(),
    }
    try:
        messages.success(request, f"已撤销 {act(said)} 行。")
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("enterprise:import", firm.pk, pk)
