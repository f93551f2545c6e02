"""What beat sweeps up every night: sign-ups that were never finished, and sessions that ran out."""

from datetime import timedelta

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User

WAITS = timedelta(days=1)


@shared_task(name="accounts.forget_unfinished")
def forget_unfinished() -> int:
    """Delete who did not prove the phone within a day; how many."""
    old = User.objects.unfinished_signups().filter(date_joined__lt=timezone.now() - WAITS)
    return old.delete()[1].get(User._meta.label, 0)


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Delete the sessions that ran out."""
    call_command("clearsessions")
