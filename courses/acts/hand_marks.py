"""Words are marked by a person who does not see whose they are; the last mark settles the attempt."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from courses.acts.exams import RefusedError, settle
from courses.models import Attempt, HandMark, PaperQuestion
from courses.rules.questions import SHORT
from credit.rules.ruling import Ruling


def to_mark(marker: Any) -> QuerySet[PaperQuestion]:
    """The answers that wait for a marker, oldest first, never the marker's own."""
    waiting = PaperQuestion.objects.filter(
        attempt__submitted_at__isnull=False,
        attempt__points__isnull=True,
        hand_mark__isnull=True,
        shown__kind=SHORT,
        answer__isnull=False,
    )
    others = waiting.exclude(attempt__enrolment__person=marker).exclude(answer__chosen=[])
    return others.select_related("answer").order_by("attempt__submitted_at", "pk")


@transaction.atomic
def give(place: PaperQuestion, *, marker: Any, points: int, note: str, now: datetime) -> HandMark:
    """The points for one answer. The last of an attempt marks it, and a pass issues the certificate.

    Raises RefusedError.
    """
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("exam", "enrolment")
    attempt = rows.get(pk=place.attempt_id)
    if reason := _refusal(place, attempt, marker, points):
        raise RefusedError(Ruling(False, reason, "人工阅卷"))
    mark = HandMark.objects.create(
        paper_question=place, points=points, note=note.strip(), marker=marker, marked_at=now
    )
    settle(attempt, now)
    return mark


def _refusal(place: PaperQuestion, attempt: Attempt, marker: Any, points: int) -> str:
    """Why not; empty when it may be."""
    if attempt.submitted_at is None or place.shown["kind"] != SHORT:
        return "这道题现在不用人工评分"
    if attempt.enrolment.person_id == marker.pk:
        return "不能给自己的答卷评分"
    if attempt.points is not None or HandMark.objects.filter(paper_question=place).exists():
        return "这道题已经评过分，评分不能改"
    if not 0 <= points <= place.points:
        return f"得分应为 0 到 {place.points} 分"
    return ""
