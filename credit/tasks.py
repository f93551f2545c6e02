"""Background work of credit. Every task may be run again without harm."""

from celery import shared_task
from django.utils import timezone

from credit.acts import cases, intake, scores
from credit.models import ImportBatch


@shared_task(name="credit.import_file", acks_late=True)
def import_file(batch_id: int) -> None:
    """Record the file of a batch, then score the enterprises that it touched."""
    batch = ImportBatch.objects.get(pk=batch_id)
    today = timezone.localdate()
    touched = intake.run(batch, today=today)
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
