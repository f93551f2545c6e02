"""Keys of the learning record store: a new secret is shown once, on the answer itself."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses.acts.exams import RefusedError
from courses.acts.xapi import keys as acts
from courses.models import LrsKey
from credit.models import Jurisdiction


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(label="系统名称", max_length=60)
    scopes = forms.MultipleChoiceField(
        label="可以做什么", choices=LrsKey.Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    place = forms.ModelChoiceField(
        label="属地（含下级，只涉及在那里工作的学员）",
        queryset=Jurisdiction.objects.all(),
        required=False,
        empty_label="不限",
    )
    expires_on = forms.DateField(
        label="密钥有效期至（可不填）",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _desk(view: Any) -> Any:
    guarded = login_required(permission_required(acts.ISSUE, raise_exception=True)(view))
    return never_cache(guarded)


def _form(request: HttpRequest) -> KeyForm:
    form = KeyForm(request.POST or None)
    form.fields["place"].queryset = acts.within_reach(request.user)  # type: ignore[attr-defined]
    return form


@_desk
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """Every key, and the form for a new one."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            key, secret = acts.issue(by=request.user, **form.cleaned_data)
        except RefusedError as refused:
            form.add_error(None, refused.ruling.reason)
        else:
            return _page(request, None, secret=secret, shown=key, user=acts.user_name(key))
    return _page(request, form, status=422 if form.errors else 200)


@_desk
@require_POST
def change(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """A new secret for a system, or none any more."""
    key = get_object_or_404(acts.visible(request.user), pk=pk)
    if action not in {"replace", "stop"}:
        raise Http404
    try:
        if action == "stop":
            acts.stop(key, by=request.user)
            return _page(request, None, shown=key)
        secret = acts.replace_secret(key, by=request.user)
    except RefusedError as refused:
        return _page(request, None, refusal=refused.ruling.reason, status=422)
    return _page(request, None, secret=secret, shown=key, user=acts.user_name(key))


def _page(
    request: HttpRequest, form: KeyForm | None, *, status: int = 200, user: str = "", **more: Any
) -> HttpResponse:
    if form is None:
        form = KeyForm()
        form.fields["place"].queryset = acts.within_reach(request.user)  # type: ignore[attr-defined]
    labels = dict(LrsKey.Scope.choices)
    shown = [
        (one, "、".join(labels[code] for code in one.scopes)) for one in acts.visible(request.user)
    ]
    endpoint = f"{settings.BASE_URL.rstrip('/')}/xapi/"
    context = {"form": form, "keys": shown, "user_name": user, "endpoint": endpoint, **more}
    return render(request, "courses/office/lrs_keys.html", context, status=status)
