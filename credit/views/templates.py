"""The bureau edits the words of its papers, and a second person puts them into use."""

from difflib import ndiff
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from credit.acts import templates as acts
from credit.acts.casework import RefusedError
from credit.models import DocumentTemplate
from credit.rules.papers import BY_THE_OFFICER, FROM_THE_CASE, LONGEST_TEXT, PaperKind, paragraphs
from credit.views.cases import office

_TEXT = {"class": "form-control"}


class TemplateForm(forms.Form):
    """A template: a heading, whom it addresses, and plain text with placeholders."""

    title = forms.CharField(label="标题", max_length=60, widget=forms.TextInput(_TEXT))
    addressee = forms.CharField(
        label="抬头（可以空着）", max_length=120, required=False, widget=forms.TextInput(_TEXT)
    )
    text = forms.CharField(
        label="正文（一行一段，只写文字和填空）",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({**_TEXT, "rows": 16}),
    )


def _kind(kind: str) -> PaperKind:
    try:
        return PaperKind(kind)
    except ValueError as fault:
        raise Http404 from fault


@office
@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """Every kind of paper: the version in use, and the one that waits for approval."""
    rows = [(kind, acts.in_use(kind), acts.waiting(kind)) for kind in PaperKind]
    return render(request, "credit/office/templates.html", {"rows": rows})


@office
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind: read it, write a new version, see what a waiting version would change."""
    paper = _kind(kind)
    used, waiting = acts.in_use(paper), acts.waiting(paper)
    shown: Any = waiting or used
    form = TemplateForm(
        request.POST or None,
        initial={"title": shown.title, "addressee": shown.addressee, "text": shown.text},
    )
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            acts.write(paper, officer=request.user, **form.cleaned_data)
        except acts.TemplateError as fault:
            problems = fault.problems
        except RefusedError as refused:
            problems = [refused.printed]
        else:
            messages.success(request, "已保存为新的一版，等待另一名人员批准后使用。")
            return redirect("credit:template", kind)
    context = {
        "kind": paper,
        "used": used,
        "waiting": waiting,
        "changes": _changes(used, waiting) if waiting else [],
        "form": form,
        "problems": problems,
        "versions": DocumentTemplate.objects.filter(kind=paper).select_related(
            "written_by", "approved_by"
        ),
        "groups": [("自动填写", FROM_THE_CASE), ("制作时由人员填写", BY_THE_OFFICER)],
        "may_edit": request.user.has_perm(acts.EDIT),
        "may_approve": bool(
            waiting
            and request.user.has_perm(acts.APPROVE)
            and waiting.written_by_id != request.user.pk
        ),
    }
    status = 422 if problems or form.errors else 200
    return render(request, "credit/office/template.html", context, status=status)


def _changes(used: acts.Words, waiting: DocumentTemplate) -> list[tuple[str, str]]:
    """Line by line: "+" new, "-" gone, " " unchanged."""
    before = [used.title, used.addressee, *paragraphs(used.text)]
    after = [waiting.title, waiting.addressee, *paragraphs(waiting.text)]
    return [(line[0], line[2:]) for line in ndiff(before, after) if line[0] != "?"]


@office
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a waiting version into use."""
    row = get_object_or_404(DocumentTemplate, pk=pk)
    try:
        acts.approve(row, officer=request.user)
    except RefusedError as refused:
        messages.error(request, refused.printed)
    else:
        messages.success(request, f"{row}已批准，从现在起使用。")
    return redirect("credit:template", row.kind)
