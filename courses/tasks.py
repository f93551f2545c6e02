"""Background work of courses; tasks only carry."""

from celery import shared_task
from django.utils import timezone

from courses.acts import exams


@shared_task(name="courses.close_due_attempts")
def close_due_attempts() -> int:
    """Mark every exam whose time is over with what was saved; runs each minute, harmless twice."""
    return exams.close_due_attempts(now=timezone.now())
