"""The office's side of knowledge contests: plays with a doubt, and lots."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from courses.acts import contest_draws, contests
from courses.acts.exams import RefusedError
from courses.models import ContestDraw, ContestRound, Play
from courses.models.reach import learners_of_office
from courses.rules.contests import LONGEST_SEED

JUDGES = "courses.judge_contest"
PAGE_SIZE = 20


class LookForm(forms.Form):
    """An officer's word."""

    counts = forms.ChoiceField(
        label="结论", choices=[("yes", "成绩有效"), ("no", "成绩无效")], widget=forms.RadioSelect
    )
    reason = forms.CharField(label="理由（参赛人看得到）", max_length=300)


class FreezeForm(forms.Form):
    """A prize, and where its seed will come from."""

    round = forms.ModelChoiceField(
        label="轮次", queryset=ContestRound.objects.select_related("contest")
    )
    name = forms.CharField(label="奖项（例如：幸运奖）", max_length=60)
    places = forms.IntegerField(label="名额", min_value=1, max_value=10_000)
    least_points = forms.IntegerField(label="最低得分", min_value=0)
    source = forms.CharField(
        label="种子来源",
        max_length=200,
        help_text="封存以后才公布、谁也改不了的数。例如：某日上证指数收盘价。",
    )
    known_from = forms.DateTimeField(
        label="种子什么时候公布", widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )


class SeedForm(forms.Form):
    """The seed as it was published."""

    seed = forms.CharField(label="公布的种子", max_length=LONGEST_SEED)


def _styled(form: forms.Form) -> forms.Form:
    for field in form.fields.values():
        if not isinstance(field.widget, forms.RadioSelect):
            kind = "form-select" if isinstance(field, forms.ModelChoiceField) else "form-control"
            field.widget.attrs["class"] = kind
    return form


@login_required
@permission_required(JUDGES, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def office(request: HttpRequest) -> HttpResponse:
    """Plays that wait for a look, draws, and a form that freezes one."""
    form = FreezeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            contest_draws.freeze(
                data.pop("round"), officer=request.user, now=timezone.now(), **data
            )
            messages.success(request, "名单已封存、公布。种子公布以后，请另一位同事开奖。")
            return redirect("courses:contest_office")
        except RefusedError as refusal:
            messages.error(request, refusal.ruling.reason)
    context = {
        "page": Paginator(_doubted(request), PAGE_SIZE).get_page(request.GET.get("page")),
        "draws": ContestDraw.objects.select_related("round__contest")[:PAGE_SIZE],
        "form": _styled(form),
    }
    return render(
        request, "courses/contests/office.html", context, status=422 if form.errors else 200
    )


def _plays(request: HttpRequest) -> Any:
    """The plays of the people whom this officer may see."""
    people = learners_of_office(request.user, timezone.localdate())
    rows = Play.objects.filter(entrant__person__in=people, ended_at__isnull=False)
    return rows.select_related("round__contest", "entrant__person", "entrant__place", "doubt")


def _doubted(request: HttpRequest) -> Any:
    return _plays(request).doubted().order_by("pk")


@login_required
@permission_required(JUDGES, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """A play with the time of each answer, the words on it, and a form for one more."""
    found = get_object_or_404(_plays(request), pk=pk)
    form = LookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            contests.look(
                found,
                officer=request.user,
                counts=form.cleaned_data["counts"] == "yes",
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
            messages.success(request, "已登记")
            return redirect("courses:contest_office")
        except RefusedError as refusal:
            messages.error(request, refusal.ruling.reason)
    context = {
        "play": found,
        "paper": found.paper.defer("sealed"),
        "looks": found.looks.select_related("by"),
        "form": _styled(form),
    }
    return render(
        request, "courses/contests/look.html", context, status=422 if form.errors else 200
    )


@login_required
@permission_required(JUDGES, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def draw_lots(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the seed."""
    found = get_object_or_404(ContestDraw.objects.select_related("round__contest"), pk=pk)
    form = SeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            contest_draws.draw_lots(
                found, seed=form.cleaned_data["seed"], officer=request.user, now=timezone.now()
            )
            messages.success(request, "已开奖")
            return redirect("courses:contest_draw", found.round.contest.slug, found.pk)
        except RefusedError as refusal:
            messages.error(request, refusal.ruling.reason)
    context = {"draw": found, "form": _styled(form), "due": found.may_be_drawn(timezone.now())}
    return render(
        request, "courses/contests/seed.html", context, status=422 if form.errors else 200
    )
