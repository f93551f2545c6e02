"""What a learner does in a lesson: what a package's page sends, and the forms of ticks, answers and choices."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from courses.acts import activities, packages
from courses.acts.exams import RefusedError
from courses.views.said import said, whole
from courses.views.study import enrolled

BAD = "课件的记录格式不对，请刷新页面"
LARGEST = 512 * 1024  # bytes: 100,000 characters, and what JSON makes of them


@require_http_methods(["GET", "HEAD", "POST"])
def package(request: HttpRequest, pk: int, block: UUID) -> JsonResponse:
    """GET: what the player of an item (its place, from 0) is to be told. POST: what the package has set."""
    if not request.user.is_authenticated:
        return JsonResponse({"error": "登录已过期，请重新登录后继续学习"}, status=401)
    enrolment, lesson = enrolled(request, pk)
    found = _block(lesson, block, "package").value["package"]
    if found is None:
        raise Http404
    try:
        if request.method != "POST":
            item = found.items[_place(request.GET.get("item", ""), len(found.items))]
            return JsonResponse(packages.started(enrolment, lesson, found, item))
        if len(request.body) > LARGEST:
            return JsonResponse({"error": "课件的记录太长"}, status=413)
        told = said(request.body)
        item = found.items[whole(told.get("item"), len(found.items) - 1)]
        values = told.get("values")
        ruling = packages.keep(enrolment, lesson, found, item, block=block, values=values)
    except ValueError as fault:
        words = str(fault) if str(fault).startswith("课件") else BAD
        return JsonResponse({"error": words}, status=400)
    return JsonResponse({"counts": bool(ruling), "words": ruling.reason})


def _place(text: str, number: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text) < number):
        raise ValueError("item")
    return int(text)


def _block(lesson: Any, key: UUID, *kinds: str) -> Any:
    """The block of a lesson. Raises Http404."""
    for block in lesson.body:
        if str(block.id) == str(key) and block.block_type in kinds:
            return block
    raise Http404


@login_required
@require_POST
def step(request: HttpRequest, pk: int, block: UUID) -> HttpResponse:
    """Ticks, an answer or a choice from a form; back to the block."""
    enrolment, lesson = enrolled(request, pk)
    found = _block(lesson, block, "tasks", "question", "case")
    chosen = [
        int(text)
        for text in request.POST.getlist("chosen")[:100]
        if text.isascii() and text.isdigit() and len(text) < 4
    ]
    try:
        activities.act(enrolment, lesson, found, chosen=chosen, restart="restart" in request.POST)
    except RefusedError as refusal:
        messages.warning(request, refusal.ruling.reason)
    return redirect(f"{lesson.get_url(request)}#b-{block}")
