"""A post box for text messages, and the way through the login door."""

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

PASSWORD = "long-enough-9"


class Outbox:
    """Keeps what was sent."""

    sent: list[tuple[str, str]] = []

    def send(self, phone: str, text: str) -> None:
        self.sent.append((phone, text))


class DeadLine:
    """A provider that cannot be reached."""

    def send(self, phone: str, text: str) -> None:
        raise OSError("no route to provider")


@pytest.fixture
def outbox(settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What was sent, oldest first."""
    monkeypatch.setattr(Outbox, "sent", [])
    settings.SMS_SENDER = Outbox
    monkeypatch.setattr("accounts.sms.import_string", lambda sender: sender)
    return Outbox.sent


@pytest.fixture
def dead_line(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be sent."""
    settings.SMS_SENDER = DeadLine
    monkeypatch.setattr("accounts.sms.import_string", lambda sender: sender)


def last_code(outbox: list[tuple[str, str]]) -> str:
    """The six digits of the newest message."""
    found = re.search(r"验证码 (\d{6})，", outbox[-1][1])
    assert found
    return found[1]


def log_in(client: Client, phone: str, password: str = PASSWORD) -> int:
    """Try the door; 302 means in."""
    answer = client.post("/accounts/login/", {"login": phone, "password": password})
    return answer.status_code


def is_in(client: Client) -> bool:
    """Whether the door opened."""
    return client.get("/accounts/me/").status_code == 200


def totp(secret: str, *, turn: int) -> str:
    """The code of the ``turn``-th period that is accepted now; each is accepted once."""
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[turn]))
