"""Text messages for messages: ordered in the act's transaction, sent by a task, tried again when they fail.

A text says that there is something to read, never what; a part of the platform may name its own kind of news
(``say``).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from credit.acts.messages import tell
from credit.models import Message, TextOrder

WORDS: Final = "【安信】您有一条企业信用新消息，请登录查看。"
_WORDS_OF: Final[dict[str, str]] = {}
# Minutes to the next try after each failed one; then it is left, and the log says so.
_WAITS: Final = (1, 5, 30, 120, 720)
log = structlog.get_logger(__name__)


def tell_and_text(people: Any, *, key: str, **message: Any) -> int:
    """As ``tell``, and a text message to each who is new to it."""
    people = list(people)
    fresh = tell(people, key=key, **message)
    told = Message.objects.filter(key=key, to__in=people, text_order=None, texted_at=None)
    TextOrder.objects.bulk_create([TextOrder(message=one) for one in told], ignore_conflicts=True)
    return fresh


def say(kind: str, words: str) -> None:
    """Texts for messages whose kind begins with ``kind`` say these ``words``."""
    _WORDS_OF[kind] = words


def order(messages: Iterable[Message]) -> None:
    """A text message for each, one statement for many."""
    orders = [TextOrder(message=one) for one in messages]
    TextOrder.objects.bulk_create(orders, ignore_conflicts=True, batch_size=500)


def words_for(message: Message) -> str:
    """What the text says."""
    found = (words for kind, words in _WORDS_OF.items() if message.kind.startswith(kind))
    return next(found, WORDS)


def send_due(now: datetime | None = None) -> int:
    """Send what is due; how many left. Each order is claimed first, so that two workers send one text."""
    now = now or timezone.now()
    waiting = TextOrder.objects.filter(
        message__texted_at=None, next_at__lte=now, tries__lte=len(_WAITS)
    )
    return sum(_send(one, now) for one in waiting.select_related("message__to")[:200])


def _send(order: TextOrder, now: datetime) -> bool:
    wait = timedelta(minutes=(*_WAITS, 0)[order.tries])
    mine = TextOrder.objects.filter(pk=order.pk, tries=order.tries)
    if not mine.update(tries=F("tries") + 1, next_at=now + wait):
        return False
    try:
        import_string(settings.CREDIT_SMS)(order.message.to.phone, words_for(order.message))
    except OSError as fault:
        what = type(fault).__name__
        log.warning("text_message_failed", message=order.message_id, tries=order.tries + 1)
        TextOrder.objects.filter(pk=order.pk).update(fault=f"{what}: {fault}"[:120])
        return False
    Message.objects.filter(pk=order.message_id).update(texted_at=timezone.now())
    return True
