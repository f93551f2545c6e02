"""Browsers that once logged in with a phone. What strangers try with that phone is counted apart from them,
so that nobody can use up its owner's text messages or tries.
"""

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "anxin_known"
MOST = 5  # people who share one browser
AGE = 365 * 24 * 3600  # seconds


def bucket(request: HttpRequest, phone: str) -> str:
    """Under what name this browser's tries with ``phone`` are counted."""
    return f"{phone} known" if _mark(phone) in _marks(request) else phone


def remember(request: HttpRequest, response: HttpResponse, phone: str) -> None:
    """``phone`` has just logged in here."""
    mark = _mark(phone)
    marks = [mark, *(other for other in _marks(request) if other != mark)][:MOST]
    response.set_signed_cookie(
        COOKIE,
        ".".join(marks),
        salt=COOKIE,
        max_age=AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _marks(request: HttpRequest) -> list[str]:
    try:
        return (request.get_signed_cookie(COOKIE, salt=COOKIE, max_age=AGE) or "").split(".")
    except (KeyError, BadSignature):
        return []


def _mark(phone: str) -> str:
    return salted_hmac(COOKIE, phone, algorithm="sha256").hexdigest()
