"""Background work of credit. Every task may be run again without harm."""

import logging

from celery import shared_task
from django.utils import timezone

from credit.acts import agencies, cases, intake, open_data, pushing, scores
from credit.models import ImportBatch

_log = logging.getLogger(__name__)


@shared_task(name="credit.import_file", acks_late=True)
def import_file(batch_id: int) -> None:
    """Record the file of a batch, then score the enterprises that it touched.

    An import that breaks is told to its officer by the batch, and to us by the log.
    """
    batch = ImportBatch.objects.get(pk=batch_id)
    today = timezone.localdate()
    try:
        touched = intake.run(batch, today=today)
    except Exception:
        _log.exception("import %s broke", batch_id)
        touched = intake.touched_by(batch)
    scores.refresh(touched)
    cases.end_red_entries(touched, today=today)


@shared_task(name="credit.end_red_entries")
def end_red_entries() -> None:
    """Every standing red entry against the records. Daily, by beat: no killed import leaves one standing."""
    cases.end_red_entries(today=timezone.localdate())


@shared_task(name="credit.refresh_scores")
def refresh_scores() -> None:
    """Every enterprise anew: records fade with time. Daily, by beat."""
    scores.refresh()


@shared_task(name="credit.publish_open_data")
def publish_open_data() -> None:
    """The day's open data; what left a list is deleted from all files. Daily, by beat, and after each step
    that publishes or removes: once the day's files are there, only the deletion is left to do.
    """
    open_data.publish_day(timezone.localdate())


@shared_task(name="credit.plan_pushes")
def plan_pushes() -> None:
    """What agencies must be told, written down, and sent. After each step that publishes or removes; hourly."""
    if pushing.plan(timezone.localdate()):
        send_pushes.delay_on_commit()  # type: ignore[attr-defined]  # DjangoTask's


@shared_task(name="credit.send_pushes")
def send_pushes() -> None:
    """What is due, tried again with growing pauses. Each minute, by beat."""
    pushing.send_due()


@shared_task(name="credit.remind_of_pushes")
def remind_of_pushes() -> None:
    """The bureau hears of removals that agencies have not confirmed. Daily, by beat."""
    agencies.remind(timezone.localdate())
