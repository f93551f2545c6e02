"""The worker's page 培训护照: choose what to share, the code, who looked, and an end to it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses.acts import passport
from courses.acts.certificates import qr_svg
from courses.models import Share
from courses.rules.files import figure
from courses.rules.passport import printed_code

MOST_SHOWN = 50


class ShareForm(forms.Form):
    """Which rounds, for how long, for whom."""

    rounds: Any = forms.ModelMultipleChoiceField(
        queryset=None, label="给他看哪些课", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一门课"},
    )  # fmt: skip
    days = forms.IntegerField(
        label="有效几天", min_value=1, widget=forms.NumberInput({"class": "form-control"})
    )
    whom = forms.CharField(
        label="给谁看（自己记着用，可以不填）", max_length=60, required=False,
        widget=forms.TextInput({"class": "form-control"}),
    )  # fmt: skip

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rounds: Any = self.fields["rounds"]
        rounds.queryset = passport.shareable(person)
        rounds.label_from_instance = _words
        days: Any = self.fields["days"]
        days.max_value = figure("share_days_most")
        days.initial = figure("share_days")


def _words(row: Any) -> str:
    again = f"（第 {row.round} 轮）" if row.round > 1 else ""
    return f"{row.course.title}{again}"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """What I share, and a form for one more."""
    form = ShareForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            passport.share(
                request.user, rounds=[row.pk for row in said["rounds"]], days=said["days"],
                whom=said["whom"], now=timezone.now(),
            )  # fmt: skip
            messages.success(request, "分享码做好了，给对方看下面的码就行。")
            return redirect("courses:passport")
        except passport.RefusedError as refusal:
            form.add_error(None, refusal.ruling.reason)
    now = timezone.now()
    shares = [_shown(row, now) for row in passport.shares_of(request.user)[:MOST_SHOWN]]
    context = {
        "form": form, "may": passport.shareable(request.user).exists(),
        "open": [one for one in shares if one["open"]],
        "past": [one for one in shares if not one["open"]],
    }  # fmt: skip
    return render(request, "courses/passport.html", context)


def _shown(row: Share, now: Any) -> dict[str, Any]:
    is_open = row.until > now and not row.is_ended
    if not is_open:
        return {"row": row, "open": False}
    code = passport.code_of(row)
    address = f"{settings.BASE_URL.rstrip('/')}{reverse('enterprise:passport')}?code={code}"
    return {"row": row, "open": True, "code": printed_code(code), "qr": qr_svg(address)}


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a share of one's own."""
    row = get_object_or_404(Share, pk=pk, person=request.user.pk)
    try:
        passport.end(row, by=request.user, now=timezone.now())
        messages.success(request, "已停止分享，对方再也打不开了。")
    except passport.RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("courses:passport")
