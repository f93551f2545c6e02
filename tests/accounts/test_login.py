"""The password's door: phones, limits per account, and where it leads."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.phones import parse_phone

from .conftest import PASSWORD, log_in


@pytest.mark.parametrize(
    "text",
    [
        "13800000000", "138 0000 0000", "+8613800000000", "86-13800000000", "138-0000-0000", "008613800000000",
        "１３８００００００００", "(+86) 138.0000.0000", " 13800000000\n", "138–0000–0000",
    ],
)  # fmt: skip
def test_every_usual_writing_is_the_same_phone(text: str):
    assert parse_phone(text) == "+8613800000000"


@pytest.mark.parametrize(
    "text",
    [
        "", "1380000000", "23800000000", "+14155550123", "abc", "１", "10000000000", "12345678901", "1380000ABCD",
        "138000000000", "13800000000x", "13800000000;13800000001", "١٣٨٠٠٠٠٠٠٠٠",
    ],
)  # fmt: skip
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


def test_a_worker_knows_why_a_wrong_password_is_wrong(client: Client, db: None):
    User.objects.create_user("13800000000", PASSWORD, phone_verified=True)
    answer = client.post("/accounts/login/", {"login": "13800000000", "password": "wrong"})
    assert answer.context["form"].non_field_errors() == ["手机号或密码不对，请检查后再试。"]


def test_a_right_password_clears_the_account(client: Client, db: None):
    User.objects.create_user("13800000000", PASSWORD, phone_verified=True)
    for _ in range(4):
        log_in(client, "13800000000", "wrong")
    assert log_in(Client(), "13800000000") == 302
    for _ in range(4):
        log_in(client, "13800000000", "wrong")
    assert log_in(Client(), "13800000000") == 302


def test_the_present_password_cannot_be_guessed_from_a_session_left_open(client: Client, db: None):
    worker = User.objects.create_user("13800000000", PASSWORD, phone_verified=True)
    client.force_login(worker)
    new = {"password1": "another-long-9", "password2": "another-long-9"}
    for _ in range(5):
        client.post("/accounts/reauthenticate/", {"password": "wrong"})
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
    worker.refresh_from_db()
    assert worker.check_password(PASSWORD)


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_the_door_leads_to_no_foreign_host(client: Client, db: None, target: str):
    User.objects.create_user("13800000000", PASSWORD, phone_verified=True)
    form = {"login": "13800000000", "password": PASSWORD, "next": target}
    answer = client.post(f"/accounts/login/?next={target}", form)
    assert (answer.status_code, answer.url) == (302, "/")


def test_the_door_leads_back_to_where_one_came_from(client: Client, db: None):
    User.objects.create_user("13800000000", PASSWORD, phone_verified=True)
    form = {"login": "13800000000", "password": PASSWORD, "next": "/credit/"}
    assert client.post("/accounts/login/", form).url == "/credit/"


def test_a_forgotten_password_leads_to_the_code(client: Client, db: None):
    answer = client.get("/accounts/password/reset/")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/code/")


def test_there_is_no_page_for_mail_addresses(client: Client, db: None):
    assert client.get("/accounts/email/").url == "/accounts/me/"


def test_a_page_asked_for_too_often_says_so_in_chinese(client: Client, db: None, settings: Any):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    log_in(client, "13800000000")
    answer = client.post("/accounts/login/", {"login": "13800000000", "password": "x"})
    assert (answer.status_code, "操作太频繁" in answer.content.decode()) == (429, True)


def test_every_template_of_the_doors_is_ours_and_carries_no_inline_style():
    folder = Path(__file__).parents[2] / "templates"
    pages = [*folder.glob("account/**/*.html"), *folder.glob("mfa/**/*.html")]
    assert len(pages) >= 20
    assert [p.name for p in pages if "style=" in p.read_text() or "<script>" in p.read_text()] == []


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("ab1", ["密码太短。请加长到至少8个字符，例如两个词加一个数字。"]),
        ("password1", ["这个密码太多人用，别人容易猜到。请换一个，例如在后面加上只有您知道的字。"]),
        ("8467290135", ["密码不能全是数字。请加上字母或汉字。"]),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_weak_password_is_refused_with_advice(
    client: Client, db: None, password: str, said: list[str], language: str
):
    client.cookies["django_language"] = language
    answer = client.post("/accounts/signup/", {"phone": "13800000009", "password1": password})
    assert answer.context["form"].errors["password1"] == said
    client.force_login(User.objects.create_user("13800000000", PASSWORD, phone_verified=True))
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    answer = client.post("/accounts/password/change/", form)
    assert said[0] in str(answer.context["form"].errors)
