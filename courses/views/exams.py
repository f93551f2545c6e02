"""The learner's exam: start, paper, hand in, result. They carry; acts and rules decide."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_permissions_policy.decorators import permissions_policy_override

from courses.acts import appeals, exams, identity, snapshots
from courses.models import Attempt, Enrolment, PaperQuestion, RefusedAnswer
from courses.models.versions import terms_of
from courses.rules.exams import NotEnoughError
from courses.rules.names import LONGEST
from courses.rules.papers import complete
from courses.rules.questions import KIND_NAMES
from courses.rules.told import words
from courses.views.exam_messages import answer_said, milliseconds, refused
from courses.views.marked import marked
from courses.views.papers import asked, given, tapped, written

SAVE_EVERY = 5  # without script: a save button after so many questions


class NameForm(forms.Form):
    """The real name, asked before the first exam."""

    real_name = forms.CharField(
        label="真实姓名（与身份证一致，会印在证书上）",
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"class": "form-control form-control-lg", "autocomplete": "name"}
        ),
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """What awaits the learner, the name for the certificate, and the button that starts the clock."""
    enrolment = get_object_or_404(
        Enrolment.objects.select_related("course__exam", "person"),
        pk=enrolment_id,
        person=request.user.pk,
        course__exam__isnull=False,
    )
    now = timezone.now()
    _close_due(enrolment, now)
    form = NameForm(request.POST or None) if not enrolment.person.real_name else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            if form is not None:
                exams.set_real_name(form.cleaned_data["real_name"], person=enrolment.person)
            _claim(request, enrolment, now)
            attempt = exams.start(
                enrolment, learner=enrolment.person, now=now, agreed=_agreed(request)
            )
            return redirect("courses:exam_paper", attempt.pk)
        except exams.RefusedError as refusal:
            messages.error(request, refusal.ruling.reason)
        except NotEnoughError:
            messages.error(request, "题库还没有准备好，请联系培训单位")
    return render(request, "courses/exam_start.html", _start_context(enrolment, form, now))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """The paper with what was saved so far; a post from a page without script saves it."""
    attempt, now = _mine(request, attempt_id), timezone.now()
    if exams.close_if_due(attempt, now=now):
        return redirect("courses:exam_result", attempt.pk)
    if request.method == "POST":
        return _save_page(request, attempt)
    places = list(attempt.paper.defer("sealed").select_related("answer"))
    context = {
        "attempt": attempt,
        "questions": [_question(place) for place in places],
        "answered": sum(bool(place.chosen()) for place in places),
        "now_ms": milliseconds(now),
        "deadline_ms": milliseconds(attempt.deadline),
    }
    context["every"] = snapshots.every(attempt)
    page = render(request, "courses/exam_paper.html", context)
    return _with_camera(page, request) if context["every"] else page


@never_cache
@require_POST
def answer(request: HttpRequest, attempt_id: int) -> JsonResponse:
    """Keep one answer: ``{"position", "chosen", "sequence"}`` in, what counts now out."""
    if not request.user.is_authenticated:
        return refused(401, "login", "登录已过期，请重新登录；答案还在这部手机上")
    try:
        kept = exams.save_answer(
            Attempt(pk=attempt_id),
            learner=request.user,
            now=timezone.now(),
            **answer_said(request.body),
        )
    except Attempt.DoesNotExist:
        return refused(404, "unknown", "没有找到这次考试")
    except exams.BadAnswerError as fault:
        return refused(400, "bad", str(fault))
    except exams.RefusedError as refusal:
        return refused(409, "closed", refusal.ruling.reason)
    facts = {
        "state": "saved" if kept.newer else "stale",
        "chosen": kept.chosen,
        "sequence": kept.sequence,
        "deadline": milliseconds(kept.deadline),
    }
    return JsonResponse({**facts, "now": milliseconds(timezone.now())})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Show what is still unanswered, then hand in."""
    attempt, now = _mine(request, attempt_id), timezone.now()
    if "over" in request.POST and attempt.submitted_at is None and now < attempt.deadline:
        # The page's clock said so; somebody gave more time since it was made.
        messages.info(request, "考试时间延长了，可以接着答")
        return redirect("courses:exam_paper", attempt.pk)
    if request.method == "POST":
        exams.submit(attempt, learner=request.user, now=now)
    if request.method == "POST" or exams.close_if_due(attempt, now=now):
        return redirect("courses:exam_result", attempt.pk)
    places = attempt.paper.defer("sealed").select_related("answer")
    unanswered = [place.position for place in places if not complete(place.shown, place.chosen())]
    context = {"attempt": attempt, "unanswered": unanswered, "total": len(places)}
    return render(request, "courses/exam_submit.html", context)


@login_required
@never_cache
@require_safe
def result(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Points, and each question with its right answer; only after the attempt has ended."""
    attempt, now = _mine(request, attempt_id), timezone.now()
    if not exams.close_if_due(attempt, now=now):
        return redirect("courses:exam_paper", attempt.pk)
    questions = [marked(*row) for row in exams.marks_of(attempt)]
    context = {
        "attempt": attempt,
        "questions": questions,
        "right": sum(question["is_right"] for question in questions),
        "waiting": sum(question["waits"] for question in questions),
        "certificate": getattr(attempt, "certificate", None),
        "late": [
            (late.paper_question.position, words(late.paper_question.shown, late.chosen), late)
            for late in _refused(attempt)
        ],
        "appeal": getattr(attempt, "appeal", None),
        "may_appeal": appeals.may(attempt, now=now),
        "again": None
        if attempt.passed is not False
        else exams.readiness(attempt.enrolment, now=now),
    }
    return render(request, "courses/exam_result.html", context)


def _refused(attempt: Attempt) -> list[RefusedAnswer]:
    rows = RefusedAnswer.objects.filter(paper_question__attempt=attempt)
    return list(rows.select_related("paper_question"))


def _mine(request: HttpRequest, attempt_id: int) -> Attempt:
    """The learner's own attempt; anybody else's does not exist for them."""
    rows = Attempt.objects.select_related(
        "exam",
        "enrolment__course__exam",
        "certificate__revocation",
        "appeal__decision__by",
        "snapshot_consent",
    )
    return get_object_or_404(rows, pk=attempt_id, enrolment__person=request.user.pk)


def _with_camera(page: HttpResponse, request: HttpRequest) -> HttpResponse:
    """Everywhere else the site's policy closes the camera."""
    policy: dict[str, Any] = {**settings.PERMISSIONS_POLICY, "camera": ["self"]}
    return permissions_policy_override(policy)(lambda _: page)(request)


def _agreed(request: HttpRequest) -> bool | None:
    """What was said to snapshots."""
    return {"yes": True, "no": False}.get(request.POST.get("snapshots", ""))


def _claim(request: HttpRequest, enrolment: Enrolment, now: Any) -> None:
    """What the learner gave to show who they are, where the exam asks for it."""
    for code in identity.backends():
        words_given = request.POST.get(f"given_{code}", "").strip()[:40]
        if words_given and identity.waits(enrolment, now=now):
            identity.claim(enrolment, backend=code, given=words_given, now=now)


def _close_due(enrolment: Enrolment, now: Any) -> None:
    for attempt in Attempt.objects.open().filter(enrolment=enrolment):
        exams.close_if_due(attempt, now=now)


def _start_context(enrolment: Enrolment, form: NameForm | None, now: Any) -> dict[str, Any]:
    exam = enrolment.course.exam
    attempts = list(Attempt.objects.filter(enrolment=enrolment, exam=exam))
    terms = terms_of(enrolment)
    lines = list(terms.lines)
    given_time = list(enrolment.extra_time.select_related("by"))
    extra = sum(row.minutes for row in given_time if row.attempt_id is None)
    return {
        "enrolment": enrolment,
        "exam": exam,
        "terms": terms,
        "form": form,
        "attempts": attempts,
        "open": next((one for one in attempts if one.submitted_at is None), None),
        "ruling": exams.readiness(enrolment, now=now),
        "waits": identity.waits(enrolment, now=now),
        "ways": [way for way in identity.backends().values() if way.by_learner],
        "extra": extra,
        "given_time": given_time,
        "questions": sum(line.count for line in lines),
        "kinds": _by_kind(lines),
        "until": now + timedelta(minutes=terms.minutes + extra),
    }


def _by_kind(lines: list[Any]) -> list[str]:
    counts = {
        name: sum(line.count for line in lines if line.kind == kind)
        for kind, name in KIND_NAMES.items()
    }
    return [f"{name} {count} 道" for name, count in counts.items() if count]


def _question(place: PaperQuestion) -> dict[str, Any]:
    """What the browser gets: the shown text and the saved answer, never the sealed part."""
    chosen, saved = place.chosen(), getattr(place, "answer", None)
    kind = place.shown["kind"]
    return {
        **asked(place.shown, chosen, f"q{place.position}"),
        "position": place.position,
        "points_each": place.points,
        "was": written(kind, chosen),
        "answered": bool(chosen),
        "sequence": saved.sequence if saved else 0,
        "save_here": place.position % SAVE_EVERY == 0,
    }


def _save_page(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Save what differs from what the page showed; then on to the next place, or to the hand-in."""
    try:
        answers = _given(request.POST, attempt)
        exams.save_page(attempt, learner=request.user, answers=answers, now=timezone.now())
    except (exams.RefusedError, exams.BadAnswerError) as refusal:
        messages.error(request, str(refusal))
        return redirect("courses:exam_paper", attempt.pk)
    if request.POST.get("next") == "submit":
        return redirect("courses:exam_submit", attempt.pk)
    messages.success(request, "已保存")
    anchor = tapped(request.POST) or request.POST.get("next", "")
    page = reverse("courses:exam_paper", args=[attempt.pk])
    return redirect(f"{page}#q{anchor}" if anchor.isdigit() else page)


def _given(form: QueryDict, attempt: Attempt) -> dict[int, list[Any]]:
    """Only answers that this page changed: an old page must not undo another phone's newer ones."""
    places = attempt.paper.values_list("position", "shown")
    read = {position: given(form, f"q{position}", shown) for position, shown in places}
    return {position: answer for position, answer in read.items() if answer is not None}
