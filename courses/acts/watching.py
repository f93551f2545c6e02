"""A learner watched a film so far for the first time: written down, bounded by the ledger's time."""

from django.db import transaction
from django.utils import timezone

from courses.acts.activities import last_of
from courses.models import ActivityEvent, Enrolment, LessonPage, LessonProgress
from courses.rules import hours, watching

STEP = 20  # seconds: less is not worth a row, unless the film is over


@transaction.atomic
def watched(
    enrolment: Enrolment, lesson: LessonPage, block: object, *, claimed: float
) -> tuple[float, bool]:
    """How far it counts, in seconds, and whether the film was watched whole."""
    media = block.value["media"]  # type: ignore[attr-defined]
    last = last_of(enrolment, lesson, block)
    before = float(last.said["furthest"]) if last else 0.0
    progress = LessonProgress.objects.filter(enrolment=enrolment, lesson=lesson)
    credited = progress.values_list("credited_ms", flat=True).first() or 0
    duration = float(media.duration or 0)
    furthest = watching.believed(
        claimed, before=before, credited_ms=credited, speed=hours.clock().watch_percent / 100
    )
    done = watching.is_whole(furthest, duration) or bool(last and last.done)
    if furthest - before >= STEP or (done and not (last and last.done)):
        ActivityEvent.objects.create(
            enrolment=enrolment,
            lesson=lesson,
            block=block.id,  # type: ignore[attr-defined]
            kind=ActivityEvent.Kind.VIDEO,
            said={"furthest": round(furthest, 1), "credited_ms": credited},
            done=done,
            at=timezone.now(),
        )
    return furthest, done
