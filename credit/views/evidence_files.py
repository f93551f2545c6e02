"""Evidence files leave as downloads only, for those who may see the subject; officers add to a record or case."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from credit.acts.attachments import RefusedError, keep_files, may_read
from credit.acts.casework import OPEN
from credit.acts.evidence import MODELS
from credit.acts.reach import register_of, require_within
from credit.models import Attachment, ListCase
from credit.views.party_forms import EvidenceForm


@login_required
@require_safe
def download(request: HttpRequest, pk: int) -> FileResponse:
    """The bytes as they came, never shown in the browser; whoever may not read it finds nothing."""
    found = get_object_or_404(Attachment, pk=pk)
    if not may_read(request.user, found, timezone.localdate()):
        raise Http404
    try:
        file = storages["private"].open(found.file)
    except FileNotFoundError as fault:
        raise Http404 from fault
    answer = FileResponse(
        file, as_attachment=True, filename=found.name, content_type=found.content_type
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_POST
def add(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """An officer adds evidence to a fact or a case."""
    models: dict[str, Any] = {**MODELS, "case": ListCase}
    if kind not in models:
        raise Http404
    rows = models[kind]._default_manager.filter(enterprise__in=register_of(request.user))
    row = get_object_or_404(rows, pk=pk)
    form = EvidenceForm(request.POST, request.FILES, today=timezone.localdate())
    if not form.is_valid():
        messages.error(request, "没有上传：" + "；".join(map(str, form.errors.get("files", []))))
        return _back(kind, pk)
    data = form.cleaned_data
    try:
        require_within(request.user, OPEN, row.enterprise_id)
        kept = keep_files(data["files"], by=request.user, subject=row, for_party=data["for_party"])
    except RefusedError as refused:
        messages.error(request, f"没有上传：{refused.printed}")
    else:
        messages.success(request, f"已上传 {len(kept)} 份材料。")
    return _back(kind, pk)


def _back(kind: str, pk: int) -> HttpResponse:
    if kind == "case":
        return redirect("credit:case", pk)
    return redirect("credit:record", kind, pk)
