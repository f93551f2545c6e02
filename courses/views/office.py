"""The training office: corrections that wait, impossible records with their answers, learners, work elsewhere."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from courses.acts import articles, detector, plans, seals, workspans
from courses.acts.class_reach import RUN, run_by
from courses.acts.exams import RefusedError
from courses.acts.spot_checks import INSPECT
from courses.models import Correction, Enrolment, Recheck, Suspicion, SuspicionAnswer
from courses.models.reach import CORRECT, OVERSEE, learners_of_office, works_with_learners
from courses.rules.impossible import LABELS, thresholds
from credit.views.desk import Door

PAGE_SIZE = 20
View = Callable[..., HttpResponseBase]


def office(view: View) -> View:
    """Only for those who work with learners, or look on."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not works_with_learners(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


def _learners(request: HttpRequest) -> Any:
    return learners_of_office(request.user, timezone.localdate())


def _suspicions(request: HttpRequest) -> Any:
    """Those that this person may read: editors, who run the courses, read none."""
    may = any(request.user.has_perm(code) for code in (OVERSEE, "courses.view_suspicion"))
    found = Suspicion.objects.with_answer().select_related("course")
    return found.seen_with(_learners(request)) if may else found.none()


def doors(request: HttpRequest) -> Iterator[Door]:
    """What the officers' desk shows of the training office."""
    if request.user.has_perm(RUN):
        mine = run_by(request.user, timezone.localdate()).open().filter(enterprise=None)
        yield Door("培训班", "还没有结班", reverse("courses:classes"), mine.count())
    if request.user.has_perm(OVERSEE):
        waiting = Correction.objects.waiting().filter(enrolment__person__in=_learners(request))
        yield Door("培训监督", "学时更正等复核", reverse("courses:office"), waiting.count())
        suspicious = _suspicions(request).open().count()
        yield Door(
            "可疑学习记录", "看起来不可能，待核实", reverse("courses:suspicions"), suspicious
        )
    if request.user.has_perm(INSPECT):
        yield Door("现场检查", "扫检查码，看培训档案，抽三道题", reverse("courses:inspections"))
    if request.user.has_perm(seals.SET):
        yield Door("证书印章", "换上、停用印在证书上的印章", reverse("courses:seals"))

    if plans.may_read(request.user):
        yield Door("培训统计", "完成率、合格率、农民工、轮训", reverse("courses:reports"))
    if articles.may_read(request.user):
        waiting_checks = Recheck.objects.open().count()
        yield Door(
            "法条变更", "课时、试题、证书待复核", reverse("courses:article_changes"), waiting_checks
        )


@office
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits, and a way to a learner."""
    people = _learners(request)
    words = request.GET.get("q", "").strip()[:60]
    waiting = Correction.objects.waiting().filter(enrolment__person__in=people)
    context = {
        "waiting": waiting.select_related("enrolment__course", "enrolment__person", "lesson", "by")[
            :50
        ],
        "open": _suspicions(request).open().count(),
        "sees": any(map(request.user.has_perm, (OVERSEE, "courses.view_suspicion"))),
        "laws": articles.may_read(request.user),
        "reports": plans.may_read(request.user),
        "registers": request.user.has_perm(OVERSEE),
        "words": words,
        "found": _matching(people, words) if words else [],
    }
    return render(request, "courses/office/desk.html", context)


def _matching(people: Any, words: str) -> Any:
    """Enrolments of learners whose name or phone holds the words; the first twenty."""
    who = Q(real_name__contains=words) | Q(phone__contains=words) if len(words) > 1 else Q(pk=None)
    rows = Enrolment.objects.current().filter(person__in=people.filter(who))
    return rows.select_related("course", "person").order_by("person__real_name", "pk")[:PAGE_SIZE]


@office
@require_safe
def suspicions(request: HttpRequest) -> HttpResponse:
    """The cases within this person's reach, those without an answer first."""
    found = _suspicions(request)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "open")
    if kind in LABELS:
        found = found.filter(kind=kind)
    if state == "open":
        found = found.open()
    page = Paginator(found.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    outcomes = dict(SuspicionAnswer.Outcome.choices)
    context = {
        "page": page,
        "kinds": [(code.value, label) for code, label in LABELS.items()],
        "kind": kind if kind in LABELS else "",
        "state": "open" if state == "open" else "all",
        "query": f"kind={kind if kind in LABELS else ''}&state={'open' if state == 'open' else 'all'}&",
        "outcomes": outcomes,
        "figures": thresholds().values(),
    }
    return render(request, "courses/office/suspicions.html", context)


@office
@require_http_methods(["GET", "HEAD", "POST"])
def suspicion(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: what was found, who is concerned, the answers, and a form for one more."""
    found = get_object_or_404(_suspicions(request), pk=pk)
    may = request.user.has_perm(OVERSEE)
    said = {name: request.POST.get(name, "")[:500] for name in ("outcome", "text")}
    if request.method == "POST":
        try:
            detector.answer(found, officer=request.user, **said)
            messages.success(request, "已记下。")
            return redirect("courses:suspicion", found.pk)
        except RefusedError as refusal:
            messages.error(request, refusal.ruling.reason)
    people = (
        _learners(request).filter(pk__in=found.people.values("person")).order_by("real_name", "pk")
    )
    rounds = (
        Enrolment.objects.current().filter(person__in=people).select_related("course", "person")
    )
    if found.course_id:
        rounds = rounds.filter(course=found.course_id)
    context = {
        "suspicion": found,
        "rounds": rounds.order_by("person__real_name", "pk")[:100],
        "others": found.people.count() - people.count(),
        "answers": found.answers.select_related("by"),
        "outcomes": SuspicionAnswer.Outcome.choices,
        "may": may,
        "said": said,
        "may_correct": request.user.has_perm(CORRECT),
    }
    return render(request, "courses/office/suspicion.html", context)


@office
@require_http_methods(["GET", "HEAD", "POST"])
def work(request: HttpRequest) -> HttpResponse:
    """Register from a paper when people worked elsewhere: one line each, all or nothing."""
    if not request.user.has_perm(OVERSEE):
        raise PermissionDenied
    text, source = request.POST.get("text", "")[:100_000], request.POST.get("source", "")[:120]
    problems: list[str] = []
    if request.method == "POST":
        number, problems = workspans.register(text, source=source, officer=request.user)
        if not problems:
            messages.success(request, f"登记了 {number} 条。今晚会和学习记录核对。")
            return redirect("courses:work")
    context = {"text": text, "source": source, "problems": problems, "latest": _latest(request)}
    return render(request, "courses/office/work.html", context)


def _latest(request: HttpRequest) -> Any:
    spans = workspans.seen_with(_learners(request))
    return spans.select_related("person", "by").order_by("-pk")[:PAGE_SIZE]
