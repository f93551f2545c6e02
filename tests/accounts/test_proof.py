"""An open session alone changes neither phone nor password nor second factor; the owner hears of each change."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User

from .conftest import PASSWORD, is_in, last_code, log_in, totp

Sent = list[tuple[str, str]]
NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
CHANGE = "/accounts/phone/change/"
NEW = {"phone": "13800000005"}


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def worker(db: None) -> User:
    return User.objects.create_user("13800000000", PASSWORD, phone_verified=True)


def log_in_by_code(client: Client, outbox: Sent, after: str = "") -> Any:
    client.post("/accounts/login/code/", {"phone": "13800000000", "next": after})
    form = {"code": last_code(outbox), "next": after}
    return client.post("/accounts/login/code/confirm/", form)


def test_who_has_just_logged_in_is_not_asked_again(client: Client, worker: User):
    log_in(client, "13800000000")
    assert client.get(CHANGE).status_code == 200


def test_ten_minutes_later_the_password_is_asked_for(client: Client, worker: User, clock: Any):
    log_in(client, "13800000000")
    clock.shift(timedelta(minutes=10))
    for answer in (client.get(CHANGE), client.post(CHANGE, NEW)):
        assert answer.url == "/accounts/reauthenticate/?next=%2Faccounts%2Fphone%2Fchange%2F"
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get(CHANGE).status_code == 200


def test_an_open_session_proves_nothing(client: Client, worker: User, outbox: Sent):
    client.force_login(worker)
    for page in (CHANGE, "/accounts/2fa/totp/activate/"):
        assert client.get(page).url.startswith("/accounts/reauthenticate/")
    client.post(CHANGE, NEW)
    assert outbox == []


def test_one_without_password_proves_the_present_phone(client: Client, db: None, outbox: Sent):
    person = User.objects.create_user("13800000000", phone_verified=True)
    client.force_login(person)
    asked = client.get(CHANGE)
    assert asked.url == "/accounts/reauthenticate/code/?next=%2Faccounts%2Fphone%2Fchange%2F"
    again = client.get(asked.url).context["again"]
    assert again == "/accounts/login/code/?next=%2Faccounts%2Fphone%2Fchange%2F"
    assert client.post("/accounts/logout/", {"next": again}).url == again
    assert log_in_by_code(client, outbox, CHANGE).url == CHANGE
    assert client.get(CHANGE).status_code == 200


def test_an_open_session_chooses_no_first_password(client: Client, db: None):
    person = User.objects.create_user("13800000000", phone_verified=True)
    client.force_login(person)
    form = {"password1": "known-to-thief-9", "password2": "known-to-thief-9"}
    assert client.post("/accounts/password/set/", form).url.startswith(
        "/accounts/reauthenticate/code/"
    )
    person.refresh_from_db()
    assert not person.has_usable_password()


def test_a_new_phone_is_proved_the_old_one_told_and_other_sessions_end(
    client: Client, worker: User, outbox: Sent
):
    elsewhere = Client()
    log_in(elsewhere, "13800000000")
    log_in(client, "13800000000")
    client.post(CHANGE, NEW)
    worker.refresh_from_db()
    assert worker.phone == "+8613800000000"
    answer = client.post("/accounts/phone/verify/", {"code": last_code(outbox)})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/me/")
    worker.refresh_from_db()
    assert (worker.phone, worker.phone_verified) == ("+8613800000005", True)
    assert [phone for phone, _ in outbox] == ["+8613800000005", "+8613800000000"]
    assert "换了手机号" in outbox[-1][1]
    assert is_in(client)
    assert not is_in(elsewhere)


def test_a_notice_that_does_not_leave_breaks_nothing(
    client: Client, worker: User, outbox: Sent, settings: Any, caplog: pytest.LogCaptureFixture
):
    settings.SMS_DAILY_MAX = 1
    log_in(client, "13800000000")
    client.post(CHANGE, NEW)
    client.post("/accounts/phone/verify/", {"code": last_code(outbox)})
    assert is_in(client)
    assert "notice to 138****0000 not sent: sms_budget" in caplog.text


def test_a_mistyped_number_may_be_typed_again(client: Client, worker: User, outbox: Sent):
    log_in(client, "13800000000")
    for _ in range(3):
        assert client.post(CHANGE, {"phone": "1380000"}).status_code == 200
    assert client.post(CHANGE, NEW).url == "/accounts/phone/verify/"


def test_an_unfinished_sign_up_keeps_no_number_from_its_owner(
    client: Client, worker: User, outbox: Sent
):
    Client().post("/accounts/signup/", {**NEW, "password1": PASSWORD})
    log_in(client, "13800000000")
    client.post(CHANGE, NEW)
    client.post("/accounts/phone/verify/", {"code": last_code(outbox)})
    assert [person.phone for person in User.objects.all()] == ["+8613800000005"]


@pytest.mark.parametrize("fields", [{"phone_verified": True}, {"real_name": "李四"}])
def test_a_number_of_another_account_stays_there(
    client: Client, worker: User, outbox: Sent, fields: Any
):
    other = User.objects.create_user("13800000005", **fields)
    other.groups.add(Group.objects.get(name="learner"))
    log_in(client, "13800000000")
    client.post(CHANGE, NEW)
    answer = client.post("/accounts/phone/verify/", {"code": last_code(outbox)})
    assert "已经有另一个账号" in answer.context["form"].errors["code"][0]
    worker.refresh_from_db()
    assert worker.phone == "+8613800000000"
    assert User.objects.filter(pk=other.pk).exists()


FACTOR_PAGES = ["totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"]


@pytest.mark.parametrize("page", FACTOR_PAGES)
def test_a_password_takes_no_second_factor_away(client: Client, worker: User, page: str):
    TOTP.activate(worker, generate_totp_secret())
    RecoveryCodes.activate(worker)
    client.force_login(worker)
    asked = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert asked.url == "/accounts/2fa/reauthenticate/"
    send = client.get if page == "recovery-codes/" else client.post
    assert send(f"/accounts/2fa/{page}").url.startswith("/accounts/2fa/reauthenticate/")
    assert Authenticator.objects.filter(user=worker).count() == 2


def test_the_owner_hears_when_a_second_factor_goes(
    client: Client, worker: User, outbox: Sent, clock: Any
):
    secret = generate_totp_secret()
    TOTP.activate(worker, secret)
    client.force_login(worker)
    client.post("/accounts/2fa/reauthenticate/", {"code": totp(secret, turn=1)})
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=worker).exists()
    assert [(phone, "停用了两步验证" in text) for phone, text in outbox] == [
        ("+8613800000000", True)
    ]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_owner_hears_when_a_second_factor_comes_and_codes_are_drawn_anew(
    client: Client, worker: User, outbox: Sent, clock: Any
):
    log_in(client, "13800000000")
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": totp(secret, turn=0)})
    client.post("/accounts/2fa/recovery-codes/generate/")
    assert [text[4:18] for _, text in outbox] == [
        "您的账号开通了两步验证。如果",
        "您的账号换了一组备用码。如果",
    ]
