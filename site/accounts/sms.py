"""Text messages leave through one door. ``SMS_SENDER`` names the class; the console is the default."""

import json
import logging
import urllib.request
from http.client import HTTPException
from typing import Any, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger("anxin.sms")


class Sender(Protocol):
    """Sends one text to one phone; raises OSError when it could not."""

    def send(self, phone: str, text: str) -> None:
        """Send ``text`` to the E.164 number ``phone``."""


class ConsoleSender:
    """Prints the message: for the demo, where there is no provider."""

    def send(self, phone: str, text: str) -> None:
        """Print it."""
        print(f"短信 SMS → {phone}: {text}", flush=True)  # noqa: T201  # printing is its job


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A provider that points elsewhere is an error: the token must not follow."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow nowhere."""


class HttpSender:
    """Posts JSON ``{"phone", "text"}`` with a bearer token to ``SMS_HTTP_URL``."""

    scheme = "https://"
    timeout = 5.0  # seconds: somebody is looking at the page meanwhile

    def send(self, phone: str, text: str) -> None:
        """Post it; any answer but 2xx is an OSError."""
        if not settings.SMS_HTTP_URL.startswith(self.scheme):
            raise OSError(f"SMS_HTTP_URL must begin with {self.scheme}")
        request = urllib.request.Request(  # noqa: S310  # the scheme is checked above
            settings.SMS_HTTP_URL,
            data=json.dumps({"phone": phone, "text": text}).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {settings.SMS_HTTP_TOKEN}",
            },
        )
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=self.timeout):
                log.info("text message accepted")
        except HTTPException as fault:
            raise OSError("the text message provider broke off") from fault


def send(phone: str, text: str) -> None:
    """Send through the configured sender."""
    cast("Sender", import_string(settings.SMS_SENDER)()).send(phone, text)
