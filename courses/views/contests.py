"""Knowledge contests for everybody: what runs, tables, lots; for who takes part: play and practise."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.acts import contest_draws, contest_practice, contest_ranks, contests
from courses.acts.exams import BadAnswerError, RefusedError
from courses.models import Contest, ContestDraw, ContestRound, Entrant, Play, PlayQuestion
from courses.views.marked import explained
from courses.views.papers import asked, given, written
from credit.models import Enterprise, Jurisdiction

TABLES: Final = {"people": "个人", "units": "单位", "streets": "街道"}
SHOWN_DRAWS: Final = 20


class EnterForm(forms.Form):
    """For whom somebody plays: an employer, or a street."""

    unit: Any = forms.ModelChoiceField(
        label="代表单位",
        queryset=Enterprise.objects.none(),
        required=False,
        empty_label="没有单位，代表街道",
    )
    place = forms.ModelChoiceField(
        label="街道（没有单位的选）",
        queryset=Jurisdiction.objects.exclude(kind=Jurisdiction.Kind.DISTRICT),
        required=False,
        empty_label="请选择",
    )

    def __init__(self, person: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset = contests.employers(person, timezone.now())
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select form-select-lg"


def _published() -> Any:
    return Contest.objects.filter(published=True).prefetch_related("rounds")


def _contest(slug: str) -> Contest:
    found: Contest = get_object_or_404(_published(), slug=slug)
    return found


def _round(contest: Contest, number: int | None) -> ContestRound | None:
    """The round with this place (from 1); without one the newest that has begun, or the first."""
    rounds = list(contest.rounds.all())
    if number is not None:
        return rounds[number - 1] if 0 < number <= len(rounds) else None
    begun = [one for one in rounds if one.opens_at <= timezone.now()]
    return begun[-1] if begun else (rounds[0] if rounds else None)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All that are published, the newest first."""
    return render(request, "courses/contests/index.html", {"contests": _published()[:50]})


@require_safe
def contest(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is about, the rounds, what the reader can do now, lots."""
    found, now = _contest(slug), timezone.now()
    person = request.user
    entrant = None
    if person.is_authenticated:
        entrants = Entrant.objects.select_related("enterprise", "place")
        entrant = entrants.filter(contest=found, person=person.pk).first()
    rounds = [_told(one, entrant, now) for one in found.rounds.all()]
    context: dict[str, Any] = {
        "contest": found,
        "entrant": entrant,
        "rounds": rounds,
        "draws": ContestDraw.objects.filter(round__contest=found).select_related("round"),
    }
    if person.is_authenticated and entrant is None:
        context["ruling"] = contests.may_enter(person)
        context["form"] = EnterForm(person)
    return render(request, "courses/contests/contest.html", context)


def _told(one: ContestRound, entrant: Entrant | None, now: Any) -> dict[str, Any]:
    """A round as the page tells it: to a stranger without a word about plays."""
    told: dict[str, Any] = {"round": one}
    if entrant is None:
        return told
    plays = list(Play.objects.filter(round=one, entrant=entrant).with_verdict())
    told["plays"] = plays
    told["open"] = next((play for play in plays if play.ended_at is None), None)
    told["ruling"] = contests.readiness(entrant, one, now=now)
    return told


@login_required
@require_POST
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Take part."""
    found = _contest(slug)
    form = EnterForm(request.user, request.POST)
    if form.is_valid():
        unit, place = form.cleaned_data["unit"], form.cleaned_data["place"]
        try:
            contests.enter(
                found,
                person=request.user,
                enterprise=unit.pk if unit else None,
                place=place.pk if place else None,
                now=timezone.now(),
            )
            messages.success(request, "已报名")
        except RefusedError as refusal:
            messages.error(request, refusal.ruling.reason)
    else:
        messages.error(request, "请从列表里选择单位或街道")
    return redirect("courses:contest", slug)


@login_required
@require_POST
def start(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Begin, or go on."""
    found = _contest(slug)
    entrant = get_object_or_404(Entrant, contest=found, person=request.user.pk)
    of = _round(found, number)
    if of is None:
        return redirect("courses:contest", slug)
    try:
        play = contests.start(entrant, of, now=timezone.now())
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
        return redirect("courses:contest", slug)
    return redirect("courses:play", play.pk)


def _mine(request: HttpRequest, pk: int) -> Play:
    """The own play; another's does not exist."""
    rows = Play.objects.select_related("round__contest", "entrant")
    return get_object_or_404(rows, pk=pk, entrant__person=request.user.pk)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def play(request: HttpRequest, pk: int) -> HttpResponse:
    """One question after the other; what was answered does not come back."""
    found = _mine(request, pk)
    if request.method == "POST":
        _answer(request, found)
        return redirect("courses:play", pk)
    place = contests.next_question(found, now=timezone.now())
    if place is None:
        return redirect("courses:play_result", pk)
    spent = (timezone.now() - place.served_at).total_seconds() if place.served_at else 0
    context = {
        "play": found,
        "place": place,
        "question": asked(place.shown, [], f"q{place.position}"),
        "was": written(place.shown["kind"], []),
        "left": max(int(found.round.seconds - spent), 0),
    }
    return render(request, "courses/contests/play.html", context)


def _answer(request: HttpRequest, found: Play) -> None:
    """Take what the form holds; a refusal is told on the next page."""
    position = request.POST.get("position", "")
    if not (position.isascii() and position.isdigit() and len(position) < 4):
        messages.error(request, "答案的格式不对，请刷新页面后再试")
        return
    place = found.paper.defer("sealed").filter(position=int(position)).first()
    try:
        if place is None:
            raise BadAnswerError(f"这次答题没有第{position}题")
        chosen = given(request.POST, f"q{position}", place.shown) or []
        contests.answer(found, position=int(position), chosen=chosen, now=timezone.now())
    except (RefusedError, BadAnswerError) as refusal:
        messages.error(request, str(refusal))


@login_required
@never_cache
@require_safe
def play_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Points, time, rank, and every question with its explanation, once the play has ended."""
    found = _mine(request, pk)
    if not contests.close_if_due(found, now=timezone.now()):
        return redirect("courses:play", pk)
    context = {
        "play": found,
        "questions": [_shown(place) for place in found.paper.all()],
        "rank": contest_ranks.own(found.round, found.entrant),
        "doubt": getattr(found, "doubt", None),
        "looks": found.looks.all(),
    }
    return render(request, "courses/contests/result.html", context)


def _shown(place: PlayQuestion) -> dict[str, Any]:
    told = explained(place.shown, place.sealed, place.chosen, f"q{place.position}")
    return {**told, "position": place.position, "earned": place.earned or 0}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: HttpRequest, slug: str) -> HttpResponse:
    """A question, and after the answer its explanation; so many a day."""
    found = _contest(slug)
    entrant = get_object_or_404(
        Entrant.objects.select_related("contest"), contest=found, person=request.user.pk
    )
    now = timezone.now()
    one = contest_practice.question_of_today(entrant, now=now)
    context: dict[str, Any] = {"contest": found, "one": one}
    if one is None:
        return render(request, "courses/contests/practice.html", context)
    kept = contest_practice.practised(one)
    name = f"q{one.number}"
    context |= {
        "question": asked(kept.shown, [], name),
        "was": written(kept.shown["kind"], []),
    }
    if request.method == "POST" and request.POST.get("one") == str(one.pk):
        try:
            chosen = given(request.POST, name, kept.shown) or []
            context["right"] = contest_practice.answer(one, chosen=chosen, now=now)
            context["question"] = explained(kept.shown, kept.sealed, chosen, name)
            context["told"] = True
        except BadAnswerError as fault:
            messages.error(request, str(fault))
    return render(request, "courses/contests/practice.html", context)


@require_safe
def ranks(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The tables of a round: people with masked names, units, streets."""
    found = _contest(slug)
    of = _round(found, number)
    if of is None:
        return redirect("courses:contest", slug)
    by = request.GET.get("by", "people")
    by = by if by in TABLES else "people"
    context = {
        "contest": found,
        "round": of,
        "number": number,
        "rounds": list(enumerate(found.rounds.all(), start=1)),
        "by": by,
        "tables": TABLES.items(),
        "lines": getattr(contest_ranks, by)(of),
        "best": found.unit_best if by == "units" else found.street_best,
    }
    return render(request, "courses/contests/ranks.html", context)


@require_safe
def draw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A draw: the list's digest, the seed and its source, who won, and how to repeat it."""
    rows = ContestDraw.objects.select_related("round__contest")
    found = get_object_or_404(
        rows, pk=pk, round__contest__slug=slug, round__contest__published=True
    )
    own = None
    if request.user.is_authenticated:
        own = found.lots.filter(entrant__person=request.user.pk).first()
    won = found.lots.filter(prize__isnull=False).order_by("prize")
    context = {"draw": found, "contest": found.round.contest, "won": won, "own": own}
    return render(request, "courses/contests/draw.html", context)


@require_safe
def draw_list(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The published list as it was digested: numbers and masked names."""
    rows = ContestDraw.objects.filter(round__contest__slug=slug, round__contest__published=True)
    found = get_object_or_404(rows, pk=pk)
    answer = HttpResponse(contest_draws.listed(found), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="draw-{pk}.txt"'
    return answer
