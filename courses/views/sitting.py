"""Beside the paper: the clock as the server has it, leaving the page, and the learner's appeal."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.acts import appeals, leaving, snapshots
from courses.acts.answers import BadAnswerError
from courses.acts.sitting import RefusedError
from courses.models import Attempt
from courses.views.exam_messages import events_said, milliseconds, refused

_UNKNOWN = "没有找到这次考试"
_LOGIN = "登录已过期，请重新登录；答案还在这部手机上"


class AppealForm(forms.Form):
    """What is wrong, and why."""

    reason = forms.CharField(
        label="哪道题、为什么",
        max_length=1000,
        error_messages={"required": "请写明哪道题、为什么"},
        widget=forms.Textarea({"class": "form-control", "rows": 5}),
    )


@never_cache
@require_safe
def state(request: HttpRequest, attempt_id: int) -> JsonResponse:
    """The deadline as it is now, and whether the attempt has ended."""
    if not request.user.is_authenticated:
        return refused(401, "login", _LOGIN)
    rows = Attempt.objects.filter(pk=attempt_id, enrolment__person=request.user.pk)
    found = rows.values("deadline", "submitted_at").first()
    if found is None:
        return refused(404, "unknown", _UNKNOWN)
    return JsonResponse(
        {
            "now": milliseconds(timezone.now()),
            "deadline": milliseconds(found["deadline"]),
            "ended": found["submitted_at"] is not None,
        }
    )


@never_cache
@require_POST
def left(request: HttpRequest, attempt_id: int) -> JsonResponse:
    """The page was left, or is back."""
    if not request.user.is_authenticated:
        return refused(401, "login", _LOGIN)
    try:
        events, now = events_said(request.body), timezone.now()
        new = leaving.note(Attempt(pk=attempt_id), learner=request.user, events=events, now=now)
    except Attempt.DoesNotExist:
        return refused(404, "unknown", _UNKNOWN)
    except BadAnswerError as fault:
        return refused(400, "bad", str(fault))
    return JsonResponse({"state": "noted", "new": new})


@never_cache
@require_POST
def snapshot(request: HttpRequest, attempt_id: int) -> JsonResponse:
    """One picture, the bytes of a JPEG as the body."""
    if not request.user.is_authenticated:
        return refused(401, "login", _LOGIN)
    now = timezone.now()
    try:
        attempt = Attempt(pk=attempt_id)
        snapshots.keep(attempt, learner=request.user, content=request.body, now=now)
    except Attempt.DoesNotExist:
        return refused(404, "unknown", _UNKNOWN)
    except (BadAnswerError, RequestDataTooBig) as fault:
        return refused(400, "bad", str(fault))
    except RefusedError as refusal:
        return refused(409, "closed", refusal.ruling.reason)
    return JsonResponse({"state": "kept"})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """The form, as long as an appeal is possible."""
    rows = Attempt.objects.select_related("exam", "enrolment")
    attempt = get_object_or_404(rows, pk=attempt_id, enrolment__person=request.user.pk)
    now = timezone.now()
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            appeals.appeal(attempt, learner=request.user, reason=reason, now=now)
            messages.success(request, "申诉已经收到，处理结果会告诉您")
            return redirect("courses:exam_result", attempt.pk)
        except RefusedError as refusal:
            form.add_error(None, refusal.ruling.reason)
    context = {"attempt": attempt, "form": form, "ruling": appeals.may(attempt, now=now)}
    status = 422 if form.errors else 200
    return render(request, "courses/exam_appeal.html", context, status=status)
