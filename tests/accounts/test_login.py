"""The doors: phones, limits per account, roles, and no staff page without a second factor."""

import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import Group
from django.test import Client

from accounts import sms
from accounts.models import User
from accounts.phones import parse_phone
from accounts.roles import LABELS

PASSWORD = "long-enough-9"


class Outbox:
    """Keeps what was sent."""

    sent: list[tuple[str, str]] = []

    def send(self, phone: str, text: str) -> None:
        self.sent.append((phone, text))


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    monkeypatch.setattr(Outbox, "sent", [])
    monkeypatch.setattr(sms, "import_string", lambda path: Outbox)
    return Outbox.sent


def log_in(client: Client, phone: str, password: str = PASSWORD) -> int:
    answer = client.post("/accounts/login/", {"login": phone, "password": password})
    return answer.status_code


@pytest.mark.parametrize(
    "text", ["13800000000", "138 0000 0000", "+8613800000000", "86-13800000000", "138-0000-0000"]
)
def test_every_usual_writing_is_the_same_phone(text: str):
    assert parse_phone(text) == "+8613800000000"


@pytest.mark.parametrize("text", ["", "1380000000", "23800000000", "+14155550123", "abc", "１"])
def test_other_numbers_are_refused_with_advice(text: str):
    with pytest.raises(ValueError, match="11位"):
        parse_phone(text)


def test_a_bare_number_and_the_password_open_the_door(client: Client, db: None):
    User.objects.create_user("13800000000", PASSWORD, phone_verified=True)
    assert log_in(client, "13800000000") == 302
    assert client.get("/accounts/me/").status_code == 200


def test_three_hundred_people_behind_one_address_get_in(client: Client, db: None):
    worker = User.objects.create_user("13800000000", PASSWORD, phone_verified=True)
    User.objects.bulk_create(
        User(phone=f"+86139{n:08}", password=worker.password, phone_verified=True)
        for n in range(300)
    )
    answers = {log_in(Client(), f"139{n:08}") for n in range(300)}
    assert answers == {302}


def test_the_sixth_wrong_password_pauses_the_account_and_only_it(client: Client, db: None):
    User.objects.create_user("13800000000", PASSWORD, phone_verified=True)
    User.objects.create_user("13800000001", PASSWORD, phone_verified=True)
    for _ in range(5):
        assert log_in(client, "13800000000", "wrong") == 200
    answer = client.post("/accounts/login/", {"login": "13800000000", "password": PASSWORD})
    assert "密码错误次数太多" in answer.content.decode()
    assert log_in(Client(), "13800000001") == 302


def test_a_worker_signs_up_with_a_six_digit_code(client: Client, db: None, outbox: list):
    form = {"phone": "13800000009", "password1": PASSWORD}
    assert client.post("/accounts/signup/", form).status_code == 302
    (phone, text) = outbox[-1]
    code = re.search(r"验证码 (\d{6})，", text)[1]
    assert phone == "+8613800000009"
    assert client.post("/accounts/phone/verify/", {"code": code}).status_code == 302
    worker = User.objects.get(phone="+8613800000009")
    assert worker.phone_verified


def test_a_code_opens_the_door_without_a_password(client: Client, db: None, outbox: list):
    User.objects.create_user("13800000000", phone_verified=True)
    client.post("/accounts/login/code/", {"phone": "13800000000"})
    code = re.search(r"验证码 (\d{6})，", outbox[-1][1])[1]
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert client.get("/accounts/me/").status_code == 200


def test_the_roles_are_there(db: None):
    assert set(LABELS) <= set(Group.objects.values_list("name", flat=True))


@pytest.mark.parametrize("path", ["/admin/", "/django-admin/"])
def test_staff_must_set_up_a_second_factor_first(client: Client, db: None, path: str):
    User.objects.create_superuser("13800000000", PASSWORD, phone_verified=True)
    assert log_in(client, "13800000000") == 302
    answer = client.get(path)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/2fa/totp/activate/")


def test_a_forgotten_password_leads_to_the_code(client: Client, db: None):
    answer = client.get("/accounts/password/reset/")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/code/")


def totp(secret: str, *, turn: int) -> str:
    """The code of the ``turn``-th period that is accepted now; each is accepted once."""
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[turn]))


@time_machine.travel("2026-11-23 08:00:00+08:00", tick=False)
def test_staff_get_in_with_the_second_factor_and_not_with_the_password_alone(
    client: Client, db: None
):
    chief = User.objects.create_superuser("13800000000", PASSWORD, phone_verified=True)
    log_in(client, "13800000000")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": totp(secret, turn=0)})
    assert Authenticator.objects.filter(user=chief, type="totp").exists()

    assert client.get("/admin/").url == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F"
    client.post("/accounts/2fa/reauthenticate/", {"code": totp(secret, turn=1)})
    assert client.get("/admin/").status_code == 200

    stranger = Client()  # knows the password only
    assert log_in(stranger, "13800000000") == 302
    assert stranger.get("/accounts/me/").status_code == 302
    assert stranger.get("/admin/").status_code == 302
