"""Source systems and their keys: a new key is shown once, on the answer itself."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from credit.acts import sources as acts
from credit.acts.casework import RefusedError
from credit.models import ImportBatch, Jurisdiction, SourceSystem
from credit.views.case_forms import DayInput

KINDS = [(kind, label) for kind, label in ImportBatch.Kind.choices if kind != "enterprises"]


class SourceForm(forms.Form):
    """A new system."""

    name = forms.CharField(label="系统名称", max_length=60)
    kinds = forms.MultipleChoiceField(
        label="可报送的类别", choices=KINDS, widget=forms.CheckboxSelectMultiple
    )
    place = forms.ModelChoiceField(
        label="属地（含下级）", queryset=Jurisdiction.objects.all(), empty_label=None
    )
    expires_on = forms.DateField(label="密钥有效期至（可不填）", widget=DayInput, required=False)


def _desk(view: Any) -> Any:
    return login_required(permission_required(acts.ISSUE, raise_exception=True)(view))


@_desk
@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: HttpRequest) -> HttpResponse:
    """Every system, and the form for a new one."""
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            system, key = acts.issue(by=request.user, **form.cleaned_data)
        except RefusedError as refused:
            form.add_error(None, refused.ruling.reason)
        else:
            return _page(request, SourceForm(), key=key, shown=system)
    return _page(request, form, status=422 if form.errors else 200)


@_desk
@require_POST
def change(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """A new key for a system, or none any more."""
    system = get_object_or_404(SourceSystem.objects.select_related("place"), pk=pk)
    if action not in {"replace", "stop"}:
        raise Http404
    try:
        if action == "stop":
            acts.stop(system, by=request.user)
            return _page(request, SourceForm(), shown=system)
        key = acts.replace_key(system, by=request.user)
    except RefusedError as refused:
        return _page(request, SourceForm(), refusal=refused.ruling.reason, status=422)
    return _page(request, SourceForm(), key=key, shown=system)


def _page(request: HttpRequest, form: SourceForm, status: int = 200, **more: Any) -> HttpResponse:
    labels = dict(KINDS)
    systems = list(SourceSystem.objects.select_related("place", "made_by"))
    shown = [(one, "、".join(labels[kind] for kind in one.kinds)) for one in systems]
    context = {"form": form, "systems": shown, **more}
    return render(request, "credit/office/sources.html", context, status=status)
