"""The office's page for files of questions: look into one, take it whole, or take a bank away in any format."""

from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.acts import exchange
from courses.exchange.excel import XLSX, template
from courses.exchange.formats import FORMATS, LARGEST_FILE
from courses.models import QuestionBank

SHOWN = 200  # problems on the page
ACCEPT = ".xlsx,.xls,.csv,.docx,.txt,.gift,.xml,.zip"


class UploadForm(forms.Form):
    """A file and the bank that it is for; ``sure``: it was looked into, now take it."""

    bank = forms.ModelChoiceField(QuestionBank.objects.select_related("course"), label="导入到题库")
    file = forms.FileField(label="题目文件", allow_empty_file=True)

    def clean_file(self) -> UploadedFile:
        """Refuse by size before anything is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(
                f"文件超过 {LARGEST_FILE // 1024 // 1024} MB，请分成几个文件"
            )
        return file


@login_required
@permission_required("courses.add_question", raise_exception=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """Look into a file (``do=look``), or take it (``do=take``): all of it or nothing."""
    form = UploadForm(
        request.POST or None, request.FILES or None, initial={"bank": request.GET.get("bank")}
    )
    looked: exchange.Looked | None = None
    if request.method == "POST" and form.is_valid():
        content, bank = form.cleaned_data["file"].read(), form.cleaned_data["bank"]
        looked = exchange.look_into(content, bank=bank)
        if request.POST.get("do") == "take" and looked.ready:
            return _take(request, content, bank)
    context: dict[str, Any] = {
        "form": form,
        "accept": ACCEPT,
        "looked": looked,
        "taking": request.POST.get("do") == "take",
        "problems": [problem.as_dict() for problem in looked.problems[:SHOWN]] if looked else [],
        "formats": FORMATS.values(),
        "banks": QuestionBank.objects.select_related("course"),
    }
    bad = bool(form.errors) or (looked is not None and not looked.ready)
    return render(request, "courses/office/exchange.html", context, status=422 if bad else 200)


def _take(request: HttpRequest, content: bytes, bank: QuestionBank) -> HttpResponse:
    try:
        count = exchange.bring_in(content, bank=bank, by=request.user)
    except exchange.ProblemsError as fault:  # somebody was quicker
        messages.error(request, f"没有导入：{fault}")
    else:
        messages.success(request, f"已导入 {count} 道题到“{bank}”")
    address = reverse("courses:exchange")
    return redirect(f"{address}?{urlencode({'bank': bank.pk})}")


@login_required
@permission_required("courses.change_question", raise_exception=True)
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """A bank in a format; what the format cannot hold is told first, unless ``anyway`` is said."""
    code = request.GET.get("format", "")
    key = request.GET.get("bank", "")
    if code not in FORMATS or not key.isascii() or not key.isdigit() or len(key) > 18:
        raise Http404
    bank = get_object_or_404(QuestionBank, pk=int(key))
    written = exchange.send_out(bank, code)
    if written.left_out and "anyway" not in request.GET:
        context = {"bank": bank, "format": FORMATS[code], "left_out": written.left_out}
        return render(request, "courses/office/left_out.html", context)
    return _file(written.content, written.name, written.content_type)


@login_required
@permission_required("courses.add_question", raise_exception=True)
@require_safe
def blank(request: HttpRequest) -> HttpResponse:
    """Our Excel template."""
    return _file(template(), "试题模板.xlsx", XLSX)


def _file(content: bytes, name: str, content_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
