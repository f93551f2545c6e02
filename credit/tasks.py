"""Background work of credit. Every task may be run again without harm."""

import logging
from datetime import date

from celery import group, shared_task
from django.db import transaction
from django.utils import timezone

from credit.acts import (
    agencies,
    alerts,
    anchors,
    cases,
    clocks,
    expiry,
    gaps,
    intake,
    open_data,
    pushing,
    rulesets,
    scores,
    simulation,
    texts,
)
from credit.models import Alert, ImportBatch, Simulation

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


@shared_task(name="credit.expire_entries")
def expire_entries() -> None:
    """Say of the entries whose term is over that they ended, and lift their measures. Daily, by beat."""
    expiry.expire_entries(today=timezone.localdate())


@shared_task(name="credit.refresh_scores")
def refresh_scores(*, changed: bool = True) -> None:
    """The register cut into partitions, a task for each. Daily, by beat: only what changed is scored anew.

    With ``changed=False`` everything is.
    """
    day = timezone.localdate().isoformat()
    parts = [
        refresh_partition.si(first, last, day, changed=changed) for first, last in scores.ranges()
    ]
    transaction.on_commit(group(parts).apply_async)


@shared_task(name="credit.refresh_partition", acks_late=True)
def refresh_partition(first: int, last: int, day: str, *, changed: bool) -> None:
    """Score the enterprises from key to key as of a day. May run twice, and beside its neighbours."""
    scores.refresh_range(first, last, as_of=date.fromisoformat(day), changed=changed)


@shared_task(name="credit.simulate", acks_late=True)
def simulate(simulation_id: int) -> None:
    """Run a draft of a rule-set over the register. A simulation that is done stays as it is."""
    simulation.run(Simulation.objects.get(pk=simulation_id))


@shared_task(name="credit.rulesets_take_effect")
def rulesets_take_effect() -> None:
    """On a rule-set's first day: publication terms and scores by it. Daily, by beat; else nothing is done."""
    rulesets.take_effect(timezone.localdate())


@shared_task(name="credit.remind")
def remind() -> None:
    """Deadlines that come near, and those that passed, to the people in charge. Daily, by beat."""
    clocks.remind(timezone.localdate())


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


@shared_task(name="credit.send_texts")
def send_texts() -> None:
    """Text messages that are ordered and due; one that fails is tried again. Every minute, by beat."""
    texts.send_due()


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
