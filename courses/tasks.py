"""Background work of courses; tasks only carry."""

from celery import shared_task
from django.utils import timezone

from courses.acts import exams, statistics


@shared_task(name="courses.close_due_attempts")
def close_due_attempts() -> int:
    """Mark every exam whose time is over with what was saved; runs each minute, harmless twice."""
    return exams.close_due_attempts(now=timezone.now())


@shared_task(name="courses.count_questions")
def count_questions() -> int:
    """Count anew how questions did in exams; runs each night, harmless twice."""
    return statistics.count_questions(now=timezone.now())
