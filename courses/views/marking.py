"""The marker's page: one answer after the other, without a name."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.acts import hand_marks, leaving
from courses.acts.exams import RefusedError
from courses.models import PaperQuestion


class MarkForm(forms.Form):
    """The points and a word to the learner."""

    place = forms.IntegerField(widget=forms.HiddenInput)
    points = forms.IntegerField(label="得分", min_value=0, max_value=100)
    note = forms.CharField(label="评语（学员看得到，可以不写）", max_length=300, required=False)


@login_required
@permission_required("courses.add_handmark", raise_exception=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def marking(request: HttpRequest) -> HttpResponse:
    """The oldest answer that waits, and how many do."""
    form = MarkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        place = get_object_or_404(PaperQuestion, pk=data["place"])
        try:
            hand_marks.give(
                place,
                marker=request.user,
                points=data["points"],
                note=data["note"],
                now=timezone.now(),
            )
            messages.success(request, "已评分")
            return redirect("courses:marking")
        except RefusedError as refused:
            messages.error(request, refused.ruling.reason)
    waiting = hand_marks.to_mark(request.user)
    oldest = waiting.select_related("attempt").first()
    left = leaving.told(leaving.absences(oldest.attempt)) if oldest else ""
    context = {"form": form, "place": oldest, "count": waiting.count(), "left": left}
    return render(request, "courses/marking.html", context, status=422 if form.errors else 200)
