"""Background work of credit. Every task may be run again without harm."""

import logging

from celery import shared_task
from django.utils import timezone

from credit.acts import alerts, anchors, cases, gaps, intake, scores
from credit.models import Alert, ImportBatch

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


@shared_task(name="credit.tell_gaps")
def tell_gaps() -> None:
    """Tell the officers of each place where records and lists differ anew. Daily, by beat."""
    gaps.tell_officers(timezone.localdate())


@shared_task(name="credit.send_alert_confirmation")
def send_alert_confirmation(alert_id: int) -> None:
    """The mail with the link that confirms; nothing for what was confirmed or ended meanwhile."""
    alert = Alert.objects.filter(pk=alert_id, confirmed_at__isnull=True).first()
    if alert is not None:
        alerts.send_confirmation(alert)


@shared_task(name="credit.send_alerts")
def send_alerts() -> None:
    """One digest to each address for which something changed. Daily, by beat."""
    alerts.forget_unconfirmed(timezone.now())
    alerts.send_digests(timezone.localdate())


@shared_task(name="credit.anchor_audit")
def anchor_audit() -> None:
    """Verify the log and note how far it reaches, outside the database. Daily, by beat."""
    anchors.note(timezone.localdate())
