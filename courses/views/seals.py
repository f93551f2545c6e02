"""The office's page for the seal on certificates: the versions, a new one, none from now on."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.acts import seals
from courses.acts.managing import RefusedError
from courses.models import SealImage
from courses.rules.pictures import LARGEST
from courses.rules.portraits import data_address


class SealForm(forms.Form):
    """A picture, or none from now on, and why."""

    file = forms.FileField(
        label="印章图片（PNG，背景透明）",
        required=False,
        widget=forms.FileInput({"class": "form-control", "accept": "image/png"}),
    )
    reason = forms.CharField(
        label="原因", max_length=200, widget=forms.TextInput({"class": "form-control"})
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The districts of this person's posting, each with its versions."""
    if not request.user.has_perm(seals.SET):
        raise PermissionDenied
    form = SealForm(request.POST or None, request.FILES or None)
    places = seals.places_of(request.user)
    if request.method == "POST":
        place = get_object_or_404(places, pk=_key(request.POST.get("place", "")))
        if form.is_valid() and _done(request, place, form):
            return redirect("courses:seals")
    rows = SealImage.objects.filter(place__in=places).select_related("by", "place")
    shown = [(row, _address(row)) for row in rows[:30]]
    context = {"places": places, "form": form, "seals": shown}
    return render(request, "courses/office/seals.html", context)


def _done(request: HttpRequest, place: Any, form: SealForm) -> bool:
    said: dict[str, Any] = {"by": request.user, "now": timezone.now()}
    said["reason"] = form.cleaned_data["reason"]
    try:
        if "stop" in request.POST:
            seals.stop(place, **said)
            messages.success(request, "已停用，以后发的证书不印印章。以前发的不变。")
            return True
        file = form.cleaned_data["file"]
        if file is None:
            form.add_error("file", "请选一张印章图片")
            return False
        seals.set_seal(place, file.read(LARGEST + 1), **said)
    except RefusedError as refusal:
        form.add_error(None, refusal.ruling.reason)
        return False
    messages.success(request, "已换上，从现在起发的证书用这个印章。以前发的不变。")
    return True


def _address(row: SealImage) -> str:
    try:
        return data_address(seals.bytes_of(row), "png") if row.file else ""
    except FileNotFoundError:
        return ""


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
