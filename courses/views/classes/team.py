"""班组 mode on the foreman's phone: open a lesson, workers come by PIN, answer in turn, the end. No script needed."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.acts import pins, team_lessons
from courses.acts.exams import RefusedError
from courses.acts.foremen import led_by
from courses.models import (
    CoursePage,
    LessonPage,
    Question,
    TeamClosing,
    TeamLesson,
    TeamPresence,
    WorkerPin,
)
from courses.rules import classes as rules
from courses.tasks import refresh_people

TURN = "anxin_team_turn"  # in the session: whose turn it is on this phone, with which question, since when


class OpenForm(forms.Form):
    """Which team, which lesson."""

    foreman: Any = forms.ModelChoiceField(queryset=None, label="班组", empty_label=None)
    lesson: Any = forms.ModelChoiceField(queryset=None, label="课时", empty_label="请选择")

    def __init__(self, *args: Any, foremen: Any, course: CoursePage | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["foreman"]
        team.queryset = foremen
        team.label_from_instance = lambda one: f"{one.team}（{one.employment.enterprise}）"
        lesson: Any = self.fields["lesson"]
        lesson.queryset = course.lessons() if course else LessonPage.objects.none()
        for one in self.fields.values():
            one.widget.attrs["class"] = "form-select"


class PinForm(forms.Form):
    """A PIN, twice."""

    pin = forms.CharField(label="学习密码（6 位数字）", max_length=6)
    again = forms.CharField(label="再输一次", max_length=6)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in self.fields.values():
            one.widget = forms.PasswordInput(
                {
                    "class": "form-control",
                    "inputmode": "numeric",
                    "autocomplete": "off",
                    "maxlength": 6,
                }
            )

    def clean(self) -> dict[str, Any]:
        """Both the same."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("pin") != data.get("again"):
            raise forms.ValidationError("两次输的不一样，请再输一次")
        return data


@login_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def own_pin(request: HttpRequest) -> HttpResponse:
    """A worker sets the own PIN."""
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pins.set_own(request.user, form.cleaned_data["pin"], now=timezone.now())
            messages.success(request, "学习密码设好了。不要告诉别人。")
            return redirect("courses:mine")
        except RefusedError as refusal:
            form.add_error("pin", refusal.ruling.reason)
    held = WorkerPin.objects.filter(person=request.user.pk).exists()
    return render(request, "courses/classes/pin.html", {"form": form, "held": held})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The foreman's lessons, and a new one: first the course, then the lesson."""
    now = timezone.now()
    foremen = led_by(request.user, now).select_related("employment__enterprise")
    key = request.POST.get("course") or request.GET.get("course") or ""
    courses = CoursePage.objects.live().filter(view_restrictions=None).order_by("path")
    course = courses.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
    form = OpenForm(request.POST or None, foremen=foremen, course=course)
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data
            made = team_lessons.open_lesson(
                data["foreman"], data["lesson"], by=request.user, now=now
            )
            return redirect("courses:team_lesson", made.pk)
        except RefusedError as refusal:
            form.add_error(None, refusal.ruling.reason)
    lessons = TeamLesson.objects.filter(foreman__employment__person=request.user.pk)
    context = {
        "foremen": list(foremen), "course": course, "courses": courses, "form": form,
        "lessons": lessons.select_related("lesson", "foreman", "closing")[:20],
    }  # fmt: skip
    return render(request, "courses/classes/teams.html", context)


def _lesson(request: HttpRequest, pk: int) -> TeamLesson:
    """A lesson that this foreman opened."""
    rows = TeamLesson.objects.filter(foreman__employment__person=request.user.pk)
    rows = rows.select_related("lesson", "course", "foreman__employment__enterprise")
    found: TeamLesson = get_object_or_404(rows, pk=pk)
    return found


@login_required
@never_cache
@require_safe
def lesson(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is there, who answered; the form that goes from hand to hand."""
    found = _lesson(request, pk)
    crew = list(team_lessons.crew(found, timezone.localdate()))
    rows = TeamPresence.objects.filter(team_lesson=found).select_related("person", "answer")
    there = {one.person_id: one for one in rows}
    closing = TeamClosing.objects.filter(team_lesson=found).first()
    length = timedelta(minutes=found.minutes)
    ruling = rules.may_answer(opened_at=found.opened_at, length=length, now=timezone.now())
    leads = led_by(request.user, timezone.now()).filter(pk=found.foreman_id).exists()
    open_now = closing is None and leads
    context = {
        "team_lesson": found, "closing": closing, "open": open_now, "ruling": ruling, "presences": list(rows),
        "coming": [one for one in crew if one.person_id not in there] if open_now else [],
        "answering": [one for one in there.values() if not hasattr(one, "answer")]
        if open_now else [],
        "without": pins.without(crew) if open_now else set(),
    }  # fmt: skip
    return render(request, "courses/classes/team_lesson.html", context)


def _who(request: HttpRequest) -> tuple[int, str]:
    """The worker and the PIN of a form."""
    key = request.POST.get("person", "")
    return int(key) if key.isdecimal() and len(key) < 19 else 0, request.POST.get("pin", "")[:20]


@login_required
@sensitive_post_parameters("pin")
@require_POST
def come(request: HttpRequest, pk: int) -> HttpResponse:
    """A worker is there."""
    found = _lesson(request, pk)
    person, pin = _who(request)
    try:
        made = team_lessons.come(found, person, pin, by=request.user, now=timezone.now())
        messages.success(request, f"{made.person}到场，请把手机交给下一个人。")
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("courses:team_lesson", pk)


@login_required
@sensitive_post_parameters("pin")
@require_POST
def take_turn(request: HttpRequest, pk: int) -> HttpResponse:
    """At the end: who holds the phone now."""
    found = _lesson(request, pk)
    person, pin = _who(request)
    now = timezone.now()
    try:
        presence, question = team_lessons.ask(found, person, pin, by=request.user, now=now)
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
        return redirect("courses:team_lesson", pk)
    request.session[TURN] = [presence.pk, question.pk if question else 0, now.timestamp()]
    return redirect("courses:team_answer", pk)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The question of who holds the phone; one answer, and the turn is over."""
    found = _lesson(request, pk)
    presence, question = _turn(request, found)
    if presence is None:
        messages.error(request, "请先选名字、输学习密码")
        return redirect("courses:team_lesson", pk)
    if request.method == "POST":
        chosen = [int(one) for one in request.POST.getlist("chosen") if one in list("01234567")]
        try:
            made = team_lessons.answer(
                presence, question, chosen, by=request.user, now=timezone.now()
            )
        except RefusedError as refusal:
            messages.error(request, refusal.ruling.reason)
            return redirect("courses:team_answer", pk)
        del request.session[TURN]
        word = {True: "答对了", False: "答错了", None: "记下了"}[made.correct]
        messages.success(request, f"{presence.person}{word}，请把手机交给下一个人。")
        return redirect("courses:team_lesson", pk)
    context = {"team_lesson": found, "presence": presence, "question": question}
    return render(request, "courses/classes/team_answer.html", context)


def _turn(request: HttpRequest, found: TeamLesson) -> tuple[TeamPresence | None, Question | None]:
    """Whose turn it is on this phone; nobody's where it was too long ago."""
    held: Any = request.session.get(TURN)
    if not isinstance(held, list) or len(held) != 3 or not isinstance(held[2], float):
        return None, None
    since = datetime.fromtimestamp(held[2], timezone.get_default_timezone())
    if timezone.now() - since > rules.minutes("ticket_minutes"):
        return None, None
    rows = TeamPresence.objects.filter(team_lesson=found).select_related("person", "team_lesson")
    presence = rows.filter(pk=held[0], answer=None).first()
    questions = Question.objects.prefetch_related("options")
    return presence, questions.filter(pk=held[1]).first() if presence else None


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The end, and the hours."""
    found = _lesson(request, pk)
    try:
        closing = team_lessons.close(found, by=request.user, now=timezone.now())
        messages.success(request, f"下课了，{closing.people} 人计入学时。")
        done = found.presences.filter(enrolment__finished_at__isnull=False)
        if people := list(done.values_list("person", flat=True)):
            refresh_people.delay_on_commit(people)  # type: ignore[attr-defined]
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("courses:team_lesson", pk)
