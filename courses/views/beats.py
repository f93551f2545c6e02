"""POST …/beats: a JSON list of heartbeats, each with its result. Online one item, after a dead spot many."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from courses.acts import beats as acts
from courses.rules import hours
from courses.rules.beats import Beat, Fate
from courses.views.said import listed, whole
from courses.views.study import LONGEST_MEDIA, told_of

# A token is taken for days; nobody's page counts further than this.
LONGEST_MS = 100 * 24 * 3_600_000
LARGEST_SEQUENCE = 10**9
BAD = "学习记录格式不对，请刷新页面"


@require_POST
def beats(request: HttpRequest, pk: int) -> JsonResponse:
    """Beats of one page: ``sequence`` from 1, ``elapsed`` milliseconds since its token, media ``position``.

    The token, in the header ``X-Lesson-Token``, is the server's word on person, lesson, tab and time. The
    answer has a result for each item, in their order, and where the lesson stands.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"error": "登录已过期，请重新登录后继续学习"}, status=401)
    try:
        token = acts.read(request.headers.get("X-Lesson-Token", ""), person=request.user, lesson=pk)
        items = [_beat(item) for item in listed(request.body)]
    except ValueError:
        return JsonResponse({"error": BAD}, status=400)
    most = hours.clock().batch
    if len(items) > most:
        return JsonResponse({"error": f"一次最多 {most} 条"}, status=413)
    reported, fates = acts.take(token, [beat for beat in items if beat])
    results = [_result(beat, fates) for beat in items]
    return JsonResponse({"results": results, **told_of(reported)})


def _beat(item: Any) -> Beat | None:
    """None for what no page of ours would send: the other beats are taken all the same."""
    try:
        sequence = whole(item["sequence"], LARGEST_SEQUENCE)
        elapsed = timedelta(milliseconds=whole(item["elapsed"], LONGEST_MS))
        place = item.get("position")
        position = None if place is None else whole(place, LONGEST_MEDIA)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return Beat(sequence, elapsed, position, item.get("answers") is True) if sequence else None


def _result(beat: Beat | None, fates: dict[int, Any]) -> dict[str, Any]:
    if beat is None:
        return {"sequence": None, "state": Fate.REFUSED.value, "earned": 0, "note": BAD}
    one = fates[beat.sequence]
    return {
        "sequence": beat.sequence,
        "state": one.fate.value,
        "earned": one.credit.milliseconds,
        "note": one.credit.note,
    }
