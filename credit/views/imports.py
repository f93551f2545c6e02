"""The officers' desk for files: upload, progress, result, the marked workbook, empty templates."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from credit.acts import intake
from credit.importing.workbooks import template_workbook
from credit.models import ImportBatch
from credit.tasks import import_file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE_SIZE = 20
SHOWN = 200


class UploadForm(forms.Form):
    """A file and how to take it."""

    kind = forms.ChoiceField(label="内容", choices=ImportBatch.Kind.choices)
    file = forms.FileField(label="文件（.xlsx、.xls 或 .csv）", allow_empty_file=True)
    strict = forms.BooleanField(label="有一处错误就全部不导入", required=False)

    def clean_file(self) -> UploadedFile:
        """Refuse by size before anything is read."""
        file: UploadedFile = self.cleaned_data["file"]
        most = settings.IMPORT_MAX_BYTES
        if (file.size or 0) > most:
            raise forms.ValidationError(
                f"文件有{(file.size or 0) // 1024 // 1024} MB，最多{most // 1024 // 1024} MB，"
                "请分成几个文件"
            )
        if not file.size:
            raise forms.ValidationError("文件是空的，请选择有内容的表格")
        return file


SEES = ("credit.import_records", "credit.view_importbatch")


def _desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For those who import, and for auditors, who look on."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not any(request.user.has_perm(permission) for permission in SEES):
            raise PermissionDenied
        if request.method == "POST" and not request.user.has_perm("credit.import_records"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


def _mine(request: HttpRequest) -> QuerySet[ImportBatch]:
    """An auditor sees every import, an officer the own ones."""
    if request.user.has_perm("credit.view_importbatch"):
        return ImportBatch.objects.all()
    return ImportBatch.objects.filter(by=request.user.pk)


@_desk
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The list of imports, and for officers the form for a new one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        batch = intake.open_batch(
            form.cleaned_data["file"].read(),
            kind=form.cleaned_data["kind"],
            file_name=form.cleaned_data["file"].name,
            by=request.user,
            strict=form.cleaned_data["strict"],
        )
        import_file.delay_on_commit(batch.pk)  # type: ignore[attr-defined]  # DjangoTask's
        return redirect("credit:import", batch.pk)
    batches = _mine(request).select_related("by").defer("problems")
    page = Paginator(batches, PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"form": form, "page": page, "kinds": ImportBatch.Kind.choices}
    return render(
        request, "credit/office/imports.html", context, status=422 if form.errors else 200
    )


@_desk
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: its progress while it runs, then what came of it."""
    batch = get_object_or_404(_mine(request).select_related("by"), pk=pk)
    problems = [entry for entry in batch.problems if not entry.get("notice")]
    notices = [entry for entry in batch.problems if entry.get("notice")]
    running = batch.state in intake.UNDER_WAY
    context = {
        "batch": batch,
        "running": running,
        "problems": problems[:SHOWN],
        "problem_count": len(problems),
        "notices": notices[:SHOWN],
        "notice_count": len(notices),
        "recorded": batch.rows_new + batch.rows_corrected,
        "to_do": max(batch.rows_total - batch.rows_bad, 1),
    }
    return render(request, "credit/office/import.html", context)


@login_required
@permission_required("credit.import_records", raise_exception=True)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an import again that stopped on its way: rows that were recorded are left alone."""
    batch = get_object_or_404(_mine(request), pk=pk)
    if batch.state in intake.UNDER_WAY:
        import_file.delay_on_commit(batch.pk)  # type: ignore[attr-defined]  # DjangoTask's
        messages.success(request, "已重新排队，从上次停下的地方继续。")
    return redirect("credit:import", pk)


@login_required
@permission_required("credit.import_records", raise_exception=True)
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up an import that hangs; what it recorded stays."""
    batch = get_object_or_404(_mine(request), pk=pk)
    intake.give_up(
        batch,
        f"{request.user} 停止了这次导入；已记录的行保留。需要时请重新上传同一个文件，不会重复记录",
    )
    return redirect("credit:import", pk)


@_desk
@require_safe
def marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The file with its bad cells marked."""
    batch = get_object_or_404(_mine(request), pk=pk)
    answer = HttpResponse(intake.marked_of(batch), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="import-{pk}-marked.xlsx"'
    return answer


@login_required
@permission_required("credit.import_records", raise_exception=True)
@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty template."""
    if kind not in ImportBatch.Kind.values:
        raise Http404
    answer = HttpResponse(template_workbook(kind), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="anxin-{kind}.xlsx"'
    return answer
