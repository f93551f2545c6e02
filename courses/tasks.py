"""Background work of courses. Every task may be run again without harm."""

from celery import shared_task
from django.utils import timezone

from courses.acts import detector, exams


@shared_task(name="courses.close_due_attempts")
def close_due_attempts() -> int:
    """Mark every exam whose time is over with what was saved; runs each minute, harmless twice."""
    return exams.close_due_attempts(now=timezone.now())


@shared_task(name="courses.find_impossible")
def find_impossible() -> int:
    """Impossible records of the last days, as cases for an officer. Nightly, by beat."""
    return detector.search(timezone.localdate())
