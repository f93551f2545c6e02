"""No staff page without a second factor; no second factor asked of a worker."""

from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User

from .conftest import PASSWORD, is_in, log_in, totp

PAGES = ["/admin/", "/django-admin/", "/credit/office/", "/learn/office/"]
NOW = time_machine.travel("2026-11-23 08:00:00+08:00", tick=False)


@pytest.fixture
def chief(db: None) -> User:
    return User.objects.create_superuser("13800000000", PASSWORD, phone_verified=True)


def join(role: str, **fields: bool) -> User:
    person = User.objects.create_user("13800000001", PASSWORD, phone_verified=True, **fields)
    person.groups.add(Group.objects.get(name=role))
    return person


@pytest.mark.parametrize("path", PAGES)
def test_staff_must_set_up_a_second_factor_first(client: Client, chief: User, path: str):
    assert log_in(client, "13800000000") == 302
    answer = client.get(path)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/2fa/totp/activate/")


@pytest.mark.parametrize(
    ("role", "path"), [("credit_officer", "/credit/office/"), ("editor", "/admin/")]
)
def test_a_role_makes_staff_too(client: Client, db: None, role: str, path: str):
    client.force_login(join(role))
    assert client.get(path).url.split("?")[0] == "/accounts/2fa/totp/activate/"


@pytest.mark.parametrize("path", ["/admin/", "/admin/pages/", "/django-admin/"])
def test_a_worker_is_refused_and_not_asked_for_a_second_factor(client: Client, db: None, path: str):
    client.force_login(join("learner"))
    answer = client.get(path)
    assert (answer.status_code, "不能打开这个页面" in answer.content.decode()) == (403, True)


@pytest.mark.parametrize(
    ("role", "path"), [("credit_officer", "/admin/"), ("administrator", "/django-admin/")]
)
def test_staff_are_sent_round_in_no_circle(client: Client, db: None, role: str, path: str):
    client.force_login(join(role))
    assert client.get(path).status_code == 403


def test_a_stranger_is_led_to_the_one_door(client: Client, db: None):
    assert client.get("/admin/").url.startswith("/accounts/login/?next=")


@NOW
def test_staff_get_in_with_the_second_factor_and_not_with_the_password_alone(
    client: Client, chief: User
):
    log_in(client, "13800000000")
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


@NOW
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_who_has_just_set_it_up_goes_straight_on(client: Client, chief: User):
    log_in(client, "13800000000")
    client.get("/admin/")
    page = client.get("/accounts/2fa/totp/activate/")
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    code = totp(page.context["form"].secret, turn=0)
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    codes = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert 'href="/admin/">抄好了，继续' in codes
    assert client.get("/admin/").status_code == 200


@NOW
def test_the_sixth_wrong_second_factor_is_refused_even_if_right(chief: User):
    secret = generate_totp_secret()
    TOTP.activate(chief, secret)
    for turn in range(5):
        guesser = Client()  # a new session each time
        log_in(guesser, "13800000000")
        guesser.post("/accounts/2fa/authenticate/", {"code": f"00000{turn}"})
        assert not is_in(guesser)
    last = Client()
    log_in(last, "13800000000")
    answer = last.post("/accounts/2fa/authenticate/", {"code": totp(secret, turn=1)})
    assert answer.context["form"].errors["code"] == ["验证码错误次数太多，请过5分钟再试。"]
    assert not is_in(last)


@NOW
def test_guesses_before_a_staff_page_count_as_well(client: Client, chief: User):
    secret = generate_totp_secret()
    TOTP.activate(chief, secret)
    client.force_login(chief)
    for turn in range(5):
        client.post("/accounts/2fa/reauthenticate/", {"code": f"00000{turn}"})
    client.post("/accounts/2fa/reauthenticate/", {"code": totp(secret, turn=1)})
    assert client.get("/admin/").status_code == 302


@NOW
def test_a_recovery_code_opens_once(chief: User):
    TOTP.activate(chief, generate_totp_secret())
    code = RecoveryCodes.activate(chief).get_unused_codes()[0]
    tries = []
    for _ in range(2):
        client = Client()
        log_in(client, "13800000000")
        client.post("/accounts/2fa/authenticate/", {"code": code})
        tries.append(is_in(client))
    assert tries == [True, False]


@pytest.mark.parametrize(
    "page", ["", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"]
)
def test_the_pages_of_the_second_factor_are_in_chinese(
    client: Client, db: None, as_staff: Any, page: str
):
    RecoveryCodes.activate(as_staff(client, User.objects.create_superuser("13800000000")))
    answer = client.get(f"/accounts/2fa/{page}")
    assert answer.status_code == 200
    assert '<div class="container py-4 entrance">' in answer.content.decode()
    assert "Deactivate" not in answer.content.decode()


@pytest.mark.parametrize("prefix", ["", "/anxin"])
def test_under_a_prefix_the_second_factor_is_asked_for_as_well(
    client: Client, chief: User, prefix: str
):
    client.force_login(chief)
    for page in PAGES:
        answer = client.get(page, SCRIPT_NAME=prefix)
        assert answer.url.startswith(
            "/accounts/2fa/totp/activate/?next="
        )  # a server adds the prefix


@pytest.mark.parametrize(
    ("pauses", "asked"),
    [
        ([1, 60, 119], False),
        ([121], True),
        ([119, 119, 121], True),
        ([119] * 6, False),
        ([119] * 7, True),
    ],
)
def test_the_second_factor_is_asked_for_again_after_a_pause_and_after_a_day(
    client: Client, chief: User, as_staff: Any, pauses: list[int], asked: bool
):
    with time_machine.travel("2026-11-23 08:00:00+08:00", tick=False) as clock:
        as_staff(client, chief)
        for minutes in pauses:
            clock.shift(minutes * 60)
            answer = client.get("/admin/")
    assert (answer.status_code, "2fa/reauthenticate" in getattr(answer, "url", "")) == (
        (302, True) if asked else (200, False)
    )


def test_ones_own_settings_ask_for_no_name(client: Client, as_staff: Any, db: None):
    person = join("editor")
    as_staff(client, person)
    page = client.get("/admin/account/").content.decode()
    assert "name_email-" not in page
    assert 'value="Asia/Shanghai"' in page
    sent = {"locale-preferred_language": "zh-hans", "locale-current_time_zone": "Asia/Urumqi"}
    sent |= {"theme-theme": "light", "theme-contrast": "system", "theme-density": "default"}
    assert client.post("/admin/account/", sent).status_code == 302
    assert person.wagtail_userprofile.current_time_zone == "Asia/Urumqi"


@pytest.mark.parametrize("page", ["totp/activate/", "recovery-codes/generate/"])
def test_a_stranger_at_the_second_factors_pages_is_led_to_the_door(
    client: Client, db: None, page: str
):
    answer = client.get(f"/accounts/2fa/{page}")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")
