"""What text messages leave, and how many: for one phone, from one place, and in a day for the whole site.

A training hall of three hundred sits behind one address and gets its codes; a machine that tries
phone after phone does not. The address is counted as a keyed digest, and is kept nowhere else.
"""

import logging

from allauth.core import ratelimit
from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import known, sealing, sms

log = logging.getLogger("anxin.accounts")
DAY = 24 * 3600  # seconds
# Each limit of settings.ACCOUNT_RATE_LIMITS is also the name of what the person is told.
FOR_ONE_PHONE = ("sms_too_many", "sms_too_many_today")
FROM_ONE_PLACE = "sms_too_many_here"


class NotSentError(Exception):
    """Carries the name of what to tell the person (a key of PhoneAdapter.error_messages)."""


def send(request: HttpRequest, phone: str, text: str) -> None:
    """Send what somebody at ``request`` asked for. Raises NotSentError."""
    name = known.bucket(request, phone)
    for limit in FOR_ONE_PHONE:
        if not ratelimit.consume(request, action=limit, key=name):
            raise NotSentError(limit)
    if not ratelimit.consume(request, action=FROM_ONE_PLACE, key=_place(request)):
        raise NotSentError(FROM_ONE_PLACE)
    _leave(phone, text)


def tell(phone: str, text: str) -> None:
    """Send a notice that nobody asked for: nothing breaks when it does not leave."""
    try:
        _leave(phone, text)
    except NotSentError as fault:
        log.warning("notice to %s not sent: %s", sealing.mask_phone(phone), fault)


def tell_of_move(old: str) -> None:
    """The phone that an account had until now hears that it lost it."""
    tell(
        old,
        "【安信】您的账号换了手机号，这个号码以后不能登录。"
        "如果不是您本人操作，请马上联系本单位管理员。",
    )


def _leave(phone: str, text: str) -> None:
    if not _within_budget():
        raise NotSentError("sms_budget")
    try:
        sms.send(phone, text)
    except OSError as fault:
        log.exception("text message to %s failed", sealing.mask_phone(phone))
        raise NotSentError("sms_failed") from fault


def _within_budget() -> bool:
    """Count one of today's messages; say once a day in the log that they are used up."""
    key = f"accounts.texts.{timezone.localdate()}"
    cache.add(key, 0, DAY)
    sent = cache.incr(key)
    cache.touch(key, DAY)  # some caches shorten a number's life when they count it
    if sent == settings.SMS_DAILY_MAX + 1:
        log.error("SMS_DAILY_MAX reached: no text message leaves until tomorrow")
    return sent <= settings.SMS_DAILY_MAX


def _place(request: HttpRequest) -> str:
    return salted_hmac(
        "accounts.texts", get_client_ip(request) or "", algorithm="sha256"
    ).hexdigest()
