"""The officers' desk for files: upload, progress, result, the marked workbook, empty templates."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from credit.acts import intake
from credit.acts import undo as undoing
from credit.acts.casework import RefusedError
from credit.importing.workbooks import template_workbook
from credit.models import ImportBatch, Jurisdiction
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


class HistoryForm(forms.Form):
    """What of the history to show; what makes no sense is left out."""

    of = forms.ChoiceField(required=False, choices=[("", "全部类别"), *ImportBatch.Kind.choices])
    state = forms.ChoiceField(
        required=False, choices=[("", "全部状态"), *ImportBatch.State.choices]
    )
    words = forms.CharField(required=False, max_length=64)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)

    def _said(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, batches: QuerySet[ImportBatch]) -> QuerySet[ImportBatch]:
        """The imports asked for: kind, state, days, and words of file name, person, system or hash."""
        said = self._said()
        asked = {
            "of": "kind", "state": "state", "since": "created_at__date__gte",
            "until": "created_at__date__lte",
        }  # fmt: skip
        batches = batches.filter(**{asked[name]: said[name] for name in asked if name in said})
        if words := said.get("words", ""):
            found = Q(file_name__icontains=words) | Q(by__real_name__icontains=words)
            batches = batches.filter(
                found | Q(system__name__icontains=words) | Q(sha256__startswith=words.lower())
            )
        return batches

    def query(self) -> str:
        """For the links to other pages."""
        return "".join(f"{urlencode({name: value})}&" for name, value in self._said().items())


class UndoForm(forms.Form):
    """Why an import is undone."""

    reason = forms.CharField(label="撤销的理由", max_length=500)


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
    """An auditor sees every import, an officer the own ones and those of systems of the own places."""
    if request.user.has_perm("credit.view_importbatch"):
        return ImportBatch.objects.all()
    own = Q(by=request.user.pk)
    places = Jurisdiction.objects.of_officer(request.user)
    return ImportBatch.objects.filter(own | Q(system__place__in=places))


@_desk
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The list of imports, and for officers the form for a new one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        batch = intake.open_batch(
            form.cleaned_data["file"],
            kind=form.cleaned_data["kind"],
            file_name=form.cleaned_data["file"].name,
            by=request.user,
            strict=form.cleaned_data["strict"],
        )
        import_file.delay_on_commit(batch.pk)  # type: ignore[attr-defined]  # DjangoTask's
        return redirect("credit:import", batch.pk)
    narrowed = HistoryForm(request.GET)
    batches = narrowed.narrow(_mine(request)).select_related("by", "system", "undo")
    page = Paginator(batches.defer("problems"), PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "form": form, "page": page, "kinds": ImportBatch.Kind.choices, "filters": narrowed,
        "query": narrowed.query(),
    }  # fmt: skip
    return render(
        request, "credit/office/imports.html", context, status=422 if form.errors else 200
    )


@_desk
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: its progress while it runs, then what came of it."""
    return _show(request, pk)


def _show(request: HttpRequest, pk: int, refusal: str = "") -> HttpResponse:
    batch = get_object_or_404(_mine(request).select_related("by", "system", "undo__by"), pk=pk)
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
        "may_undo": not running and undoing.may_undo(batch, request.user),
        "refusal": refusal,
    }
    status = 422 if refusal else 200
    return render(request, "credit/office/import.html", context, status=status)


@login_required
@permission_required("credit.import_records", raise_exception=True)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a whole import."""
    batch = get_object_or_404(_mine(request), pk=pk)
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _show(request, pk, "请写明撤销的理由（不超过500字）")
    try:
        done = undoing.undo(
            batch, officer=request.user, today=timezone.localdate(), **form.cleaned_data
        )
    except RefusedError as refused:
        return _show(request, pk, refused.ruling.reason)
    words = f"已撤销：撤销记录 {done.withdrawn} 条，恢复原内容 {done.put_back} 条"
    messages.success(request, f"{words}；后来已有新内容、没有改动的 {done.left} 条。")
    return redirect("credit:import", pk)


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
