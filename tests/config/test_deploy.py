"""Behind a proxy, over HTTPS: forms are taken, pages are safe, and `check --deploy` says what is missing."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts import checks

ASK = """
import json
from django.conf import settings as s
names = ["CSRF_TRUSTED_ORIGINS", "SECURE_PROXY_SSL_HEADER", "ALLAUTH_TRUSTED_PROXY_COUNT", "SECURE_HSTS_SECONDS",
         "SESSION_COOKIE_SECURE", "SECRET_KEY_DRAWN"]
print(json.dumps({name: getattr(s, name) for name in names}))
"""


def settings_with(tmp_path: Path, **given: str) -> dict[str, Any]:
    """What a process reads from this environment."""
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME"}}
    environment = {**kept, "ANXIN_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    asked = [sys.executable, "-c", ASK]
    answer = subprocess.run(asked, env={**environment, **given}, capture_output=True, check=True)
    return dict(json.loads(answer.stdout))


def test_one_address_is_enough_for_https(tmp_path: Path):
    assert settings_with(
        tmp_path, BASE_URL="https://anxin.example/", TRUST_PROXY="true", SECRET_KEY="x" * 50
    ) == {
        "CSRF_TRUSTED_ORIGINS": ["https://anxin.example"],
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SESSION_COOKIE_SECURE": True,
        "SECRET_KEY_DRAWN": False,
    }


def test_the_embedded_size_trusts_no_proxy(tmp_path: Path):
    assert settings_with(tmp_path) == {
        "CSRF_TRUSTED_ORIGINS": ["http://localhost:8000"],
        "SECURE_PROXY_SSL_HEADER": None,
        "ALLAUTH_TRUSTED_PROXY_COUNT": 0,
        "SECURE_HSTS_SECONDS": 0,
        "SESSION_COOKIE_SECURE": False,
        "SECRET_KEY_DRAWN": True,
    }


def test_a_form_is_taken_through_the_proxy(db: None, settings: Any):
    settings.ALLOWED_HOSTS = ["anxin.example"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://anxin.example"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 60
    client = Client(
        enforce_csrf_checks=True,
        headers={
            "host": "anxin.example",
            "x-forwarded-proto": "https",
            "origin": "https://anxin.example",
        },
    )
    page = client.get("/accounts/login/")
    assert (page.status_code, page.headers["Strict-Transport-Security"]) == (200, "max-age=60")
    form = {
        "login": "13800000000",
        "password": "x",
        "csrfmiddlewaretoken": client.cookies["csrftoken"].value,
    }
    assert client.post("/accounts/login/", form).status_code == 200


@pytest.mark.parametrize(
    ("sender", "url", "faults"),
    [
        ("accounts.sms.ConsoleSender", "", ["accounts.E002"]),
        ("accounts.sms.HttpSender", "", ["accounts.E003"]),
        ("accounts.sms.HttpSender", "https://sms.example/", []),
        ("bureau.sms.Sender", "", []),
    ],
)
def test_codes_must_reach_people(settings: Any, sender: str, url: str, faults: list[str]):
    settings.SMS_SENDER, settings.SMS_HTTP_URL = sender, url
    assert [fault.id for fault in checks.texts_leave()] == faults


@pytest.mark.parametrize(("drawn", "faults"), [(True, ["accounts.E004"]), (False, [])])
def test_a_key_drawn_on_one_machine_is_a_fault(settings: Any, drawn: bool, faults: list[str]):
    settings.SECRET_KEY_DRAWN = drawn
    assert [fault.id for fault in checks.secret_key_given()] == faults
