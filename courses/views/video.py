"""Films of a lesson: their subtitles, and how far a learner has watched one for the first time."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from courses.acts import watching
from courses.models import LessonPage
from courses.rules.vtt import cues, written
from courses.views.said import said, whole
from courses.views.study import LONGEST_MEDIA, enrolled


def _film(lesson: Any, key: UUID) -> Any:
    for block in lesson.body:
        if str(block.id) == str(key) and block.block_type == "video":
            return block
    raise Http404


@require_safe
def subtitles(request: HttpRequest, pk: int, block: UUID) -> HttpResponse:
    """WebVTT of a film; for whoever may see the lesson."""
    lesson = get_object_or_404(LessonPage.objects.live(), pk=pk)
    for door in lesson.get_view_restrictions():
        if not door.accept_request(request):
            raise Http404
    try:
        text = written(cues(_film(lesson, block).value["subtitles"] or ""))
    except ValueError as fault:
        raise Http404 from fault
    return HttpResponse(text, content_type="text/vtt; charset=utf-8")


@require_POST
def watched(request: HttpRequest, pk: int, block: UUID) -> JsonResponse:
    """``furthest``: seconds; the answer says how far it counts."""
    if not request.user.is_authenticated:
        return JsonResponse({"error": "登录已过期，请重新登录后继续学习"}, status=401)
    enrolment, lesson = enrolled(request, pk)
    film = _film(lesson, block)
    try:
        claimed = whole(said(request.body)["furthest"], LONGEST_MEDIA)
    except (ValueError, KeyError):
        return JsonResponse({"error": "观看记录格式不对，请刷新页面"}, status=400)
    furthest, done = watching.watched(enrolment, lesson, film, claimed=claimed)
    return JsonResponse({"furthest": furthest, "done": done})
