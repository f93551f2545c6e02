"""Mails for messages: ordered in the act's transaction, sent by a task, tried again when they fail."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.db.models import F
from django.utils import timezone

from courses.models import MailOrder
from credit.models import Message

# Minutes to the next try after each failed one; then it is left, and the log says so.
_WAITS: Final = (1, 5, 30, 120, 720)
log = structlog.get_logger(__name__)


def order(messages: Iterable[Message]) -> None:
    """A mail for each of those who gave an address, a few statements for many."""
    wanted = list(messages)
    people = get_user_model()._default_manager.exclude(email="")
    reached = set(people.filter(pk__in={one.to_id for one in wanted}).values_list("pk", flat=True))
    orders = [MailOrder(message=one) for one in wanted if one.to_id in reached]
    MailOrder.objects.bulk_create(orders, ignore_conflicts=True, batch_size=500)


def send_due(now: datetime | None = None) -> int:
    """Send what is due; how many left. Each order is claimed first, so that two workers send one mail."""
    now = now or timezone.now()
    waiting = MailOrder.objects.filter(sent_at=None, next_at__lte=now, tries__lte=len(_WAITS))
    return sum(_send(one, now) for one in waiting.select_related("message__to")[:200])


def _send(one: MailOrder, now: datetime) -> bool:
    wait = timedelta(minutes=(*_WAITS, 0)[one.tries])
    mine = MailOrder.objects.filter(pk=one.pk, tries=one.tries)
    if not mine.update(tries=F("tries") + 1, next_at=now + wait):
        return False
    message = one.message
    link = f"{settings.BASE_URL.rstrip('/')}{message.link}" if message.link else ""
    text = "\n\n".join(filter(None, [message.body, link]))
    try:
        send_mail(f"【安信】{message.title}", text, None, [message.to.email])
    except OSError as fault:
        log.warning("mail_failed", message=one.message_id, tries=one.tries + 1)
        told = f"{type(fault).__name__}: {fault}"[:120]
        MailOrder.objects.filter(pk=one.pk).update(fault=told)
        return False
    MailOrder.objects.filter(pk=one.pk).update(sent_at=timezone.now())
    return True
