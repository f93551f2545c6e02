"""The papers of a case: draft, make, read, record their service. It carries: the acts decide."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from credit.acts import documents as acts
from credit.acts import services
from credit.acts.casework import DECIDE, OPEN, RefusedError
from credit.models import CaseDocument, ListCase, ServiceRecord
from credit.rules.papers import LONGEST_TEXT, PaperKind
from credit.rules.ruling import Ruling
from credit.rules.service import ServiceKind
from credit.views.case_forms import DayInput, StepForm
from credit.views.cases import cases_seen_by, office


class PaperForm(forms.Form):
    """The words of a paper before it is made."""

    text = forms.CharField(
        label="正文（一行一段，可以修改）",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 18, "id": "paper-text"}),
    )
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ServedForm(StepForm):
    """How papers were served."""

    documents = forms.ModelMultipleChoiceField(
        label="送达了哪些文书", queryset=CaseDocument.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )  # fmt: skip
    how = forms.ChoiceField(
        label="送达方式", choices=[(kind.value, kind.label) for kind in ServiceKind]
    )
    recipient = forms.CharField(label="收件人姓名", max_length=60)
    witness = forms.CharField(label="见证人（留置送达时填）", max_length=60, required=False)
    served_on = forms.DateField(label="送达日期", widget=DayInput)
    announced_on = forms.DateField(
        label="公告日期（公告送达时填）", widget=DayInput, required=False
    )
    note = forms.CharField(label="备注", max_length=300, required=False)
    scan = forms.FileField(
        label="签收的送达回证扫描件（PDF、JPG、PNG）", required=False, allow_empty_file=True
    )


def _case(request: HttpRequest, pk: int) -> ListCase:
    return get_object_or_404(cases_seen_by(request), pk=pk)


def _kind(kind: str) -> PaperKind:
    try:
        return PaperKind(kind)
    except ValueError as fault:
        raise Http404 from fault


def _may_write(request: HttpRequest) -> bool:
    return request.user.has_perm(OPEN) or request.user.has_perm(DECIDE)


@office
@require_safe
def case_documents(request: HttpRequest, pk: int) -> HttpResponse:
    """Every paper of a case, what can be made now, and the form for proof of service."""
    return _show(request, _case(request, pk))


def _show(
    request: HttpRequest, case: ListCase, form: ServedForm | None = None, refusal: str = ""
) -> HttpResponse:
    made = list(acts.made_for(case))
    receipt = PaperKind.SERVICE_RECEIPT  # proves a service, is not served itself
    current = [row.pk for row in made if row.kind != receipt and not hasattr(row, "replaced_by")]
    form = form or ServedForm(today=timezone.localdate())
    form.fields["documents"].queryset = CaseDocument.objects.filter(pk__in=current)  # type: ignore[attr-defined]
    rulings = acts.rulings(case)
    context = {
        "case": case,
        "made": made,
        "kinds": [kind for kind, ruling in rulings if ruling],
        "refused": _by_reason(rulings),
        "form": form,
        "refusal": refusal,
        "may_write": _may_write(request),
        "may_serve": request.user.has_perm(OPEN),
    }
    status = 422 if refusal or form.is_bound else 200
    return render(request, "credit/office/documents.html", context, status=status)


def _by_reason(rulings: list[tuple[PaperKind, Ruling]]) -> dict[str, list[str]]:
    """Each reason once, with the papers that cannot be made for it."""
    found: dict[str, list[str]] = {}
    for kind, ruling in rulings:
        if not ruling:
            found.setdefault(ruling.reason, []).append(kind.label)
    return found


@office
@require_http_methods(["GET", "HEAD", "POST"])
def make_document(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Read and complete the words, see them as they will be printed, then make the paper."""
    case, paper, today = _case(request, pk), _kind(kind), timezone.localdate()
    given = acts.draft(case, paper, today=today)
    refusal = "" if (ruling := acts.ruling_on(case, paper)) else ruling.reason
    form = PaperForm(
        request.POST or None,
        initial={"text": given.text, "replaces": request.GET.get("replaces", "")[:18]},
    )
    if request.method == "POST" and form.is_valid() and "make" in request.POST:
        try:
            document = acts.make(
                case, paper, officer=request.user, text=form.cleaned_data["text"], today=today,
                replaces=_replaced(case, form.cleaned_data["replaces"]),
            )  # fmt: skip
        except RefusedError as refused:
            refusal = refused.printed
        else:
            messages.success(request, f"已制作{document}。")
            return redirect("credit:case_documents", pk)
    context = {
        "case": case,
        "kind": paper,
        "draft": given,
        "form": form,
        "refusal": refusal,
        "may_make": bool(ruling) and _may_write(request),
        "shown": (request.POST.get("text", "") if form.is_bound else given.text).splitlines(),
    }
    status = 422 if form.is_bound and (refusal or form.errors) else 200
    return render(request, "credit/office/document_make.html", context, status=status)


def _replaced(case: ListCase, pk: int | None) -> CaseDocument | None:
    return get_object_or_404(CaseDocument, pk=pk, case=case) if pk else None


@office
@require_safe
@never_cache
def document_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it was made, for those who may see the case."""
    document = get_object_or_404(CaseDocument, pk=pk, case__in=cases_seen_by(request))
    return file_answer(acts.pdf_of(document), "application/pdf", f"{document.number}.pdf")


@office
@require_safe
@never_cache
def service_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The scan of a signed receipt."""
    found = ServiceRecord.objects.filter(document__case__in=cases_seen_by(request)).exclude(scan="")
    record = get_object_or_404(found, pk=pk)
    ending = record.scan.rpartition(".")[2]
    return file_answer(services.scan_of(record), record.scan_type, f"送达回证-{record.pk}.{ending}")


def file_answer(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to be kept, never shown inside our own pages."""
    answer = HttpResponse(content, content_type=content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


@office
@require_POST
def record_service(request: HttpRequest, pk: int) -> HttpResponse:
    """Register that papers were served."""
    case, today = _case(request, pk), timezone.localdate()
    form = ServedForm(request.POST, request.FILES, today=today)
    form.fields["documents"].queryset = CaseDocument.objects.filter(case=case)  # type: ignore[attr-defined]
    if not form.is_valid():
        return _show(request, case, form)
    said: dict[str, Any] = dict(form.cleaned_data)
    scan, said["how"] = said.pop("scan"), ServiceKind(said["how"])
    try:
        read = services.read_scan(scan.read(settings.SCAN_MAX_BYTES + 1)) if scan else None
        services.record_service(case, officer=request.user, today=today, scan=read, **said)
    except RefusedError as refused:
        return _show(request, case, form, refused.printed)
    messages.success(request, "已登记送达。")
    return redirect("credit:case_documents", pk)
