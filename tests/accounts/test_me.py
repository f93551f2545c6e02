"""A person's own page: fill in once, then masked."""

import pytest
from django.test import Client

from accounts.models import User

NUMBER = "360426199101010071"


@pytest.fixture
def worker(client: Client, db: None) -> User:
    person = User.objects.create_user("13800001234", phone_verified=True)
    client.force_login(person)
    return person


def fields(client: Client) -> list[str]:
    return list(client.get("/accounts/me/").context["form"].fields)


def test_a_stranger_is_led_to_the_door(client: Client, db: None):
    assert client.get("/accounts/me/").url == "/accounts/login/?next=/accounts/me/"


def test_name_and_number_are_asked_for_and_then_masked(client: Client, worker: User):
    assert fields(client) == ["real_name", "id_number"]
    form = {"real_name": "欧阳小明", "id_number": NUMBER}
    page = client.post("/accounts/me/", form, follow=True).content.decode()
    assert "欧***" in page
    assert "360***********0071" in page
    assert "138****1234" in page
    for secret in ("欧阳小明", NUMBER, "13800001234"):
        assert secret not in page
    worker.refresh_from_db()
    assert (worker.real_name, worker.id_number) == ("欧阳小明", NUMBER)
    assert fields(client) == []


def test_the_number_may_come_later(client: Client, worker: User):
    client.post("/accounts/me/", {"real_name": "张三", "id_number": ""})
    worker.refresh_from_db()
    assert (worker.real_name, worker.id_number) == ("张三", "")
    assert fields(client) == ["id_number"]
    client.post("/accounts/me/", {"id_number": NUMBER})
    worker.refresh_from_db()
    assert (worker.real_name, worker.id_number) == ("张三", NUMBER)


def test_what_is_there_is_not_changed_by_oneself(client: Client, worker: User):
    worker.real_name, worker.id_number = "张三", NUMBER
    worker.save()
    client.post("/accounts/me/", {"real_name": "李四", "id_number": "11010519491231002X"})
    worker.refresh_from_db()
    assert (worker.real_name, worker.id_number) == ("张三", NUMBER)


def test_wrong_input_is_said_beside_the_field(client: Client, worker: User):
    answer = client.post("/accounts/me/", {"real_name": "3", "id_number": "123"})
    assert answer.context["form"].errors == {
        "real_name": ["请填写身份证上的姓名，至少两个字，不要写数字和符号"],
        "id_number": ["身份证号是18位：17位数字，最后一位是数字或X。请看着证件再填一次"],
    }
    worker.refresh_from_db()
    assert (worker.real_name, worker.id_number_sealed) == ("", "")


def test_a_number_of_somebody_else_is_refused(client: Client, worker: User):
    User.objects.create_user("13800000009", id_number=NUMBER)
    answer = client.post("/accounts/me/", {"real_name": "张三", "id_number": NUMBER})
    assert "已经在另一个账号上" in answer.context["form"].errors["id_number"][0]


def test_the_page_is_kept_by_no_cache(client: Client, worker: User):
    assert "no-store" in client.get("/accounts/me/").headers["Cache-Control"]
