"""The administrator writes down who works where."""

import json
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from credit.models import AuditEntry, Employment, Enterprise

FORM = {
    "phone": "138 0000 0001",
    "uscc": "91110000600037341l",
    "position": "worker",
    "began_on": "2026-03-01",
}


@pytest.fixture
def admin(client: Client, db: None, as_staff: Any) -> User:
    person = User.objects.create_user("13800000008", phone_verified=True)
    person.groups.add(Group.objects.get(name="administrator"))
    return as_staff(client, person)


@pytest.fixture
def worker(db: None) -> User:
    return User.objects.create_user("13800000001", real_name="张三")


def test_a_person_is_entered_at_an_enterprise(
    client: Client, admin: User, worker: User, enterprise: Enterprise
):
    assert client.post("/admin/employments/new/", FORM).status_code == 302
    made = Employment.objects.get()
    assert (made.person, made.enterprise, made.position, made.began_on, made.ended_on) == (
        worker, enterprise, "worker", date(2026, 3, 1), None,
    )  # fmt: skip
    assert "张三" in client.get("/admin/employments/?q=张三").content.decode()


def test_one_who_leaves_gets_a_last_day(
    client: Client, admin: User, worker: User, enterprise: Enterprise
):
    made = Employment.objects.create(
        person=worker, enterprise=enterprise, position="worker", began_on=date(2026, 3, 1)
    )
    form = {"position": "worker", "began_on": "2026-03-01", "ended_on": "2026-05-01"}
    assert client.post(f"/admin/employments/edit/{made.pk}/", form).status_code == 302
    made.refresh_from_db()
    assert (made.person, made.ended_on) == (worker, date(2026, 5, 1))


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"phone": "1"}, "phone", "11位"),
        ({"phone": "13800000002"}, "phone", "没有这个手机号的账号"),
        ({"uscc": "9111"}, "uscc", "没有这个代码的企业"),
        ({"ended_on": "2026-02-01"}, "ended_on", "不能早于入职日期"),
    ],
)
def test_wrong_input_is_said_beside_the_field(
    client: Client,
    admin: User,
    worker: User,
    enterprise: Enterprise,
    changes: Any,
    field: str,
    said: str,
):
    answer = client.post("/admin/employments/new/", {**FORM, **changes})
    assert said in answer.context["form"].errors[field][0]


def test_the_same_job_is_not_entered_twice(
    client: Client, admin: User, worker: User, enterprise: Enterprise
):
    client.post("/admin/employments/new/", FORM)
    answer = client.post("/admin/employments/new/", FORM)
    assert list(answer.context["form"].errors) == ["position"]
    assert Employment.objects.count() == 1


def test_each_change_is_in_the_log(
    client: Client, admin: User, worker: User, enterprise: Enterprise
):
    client.post("/admin/employments/new/", FORM)
    made = Employment.objects.get()
    client.post(f"/admin/employments/edit/{made.pk}/", {**FORM, "ended_on": "2026-04-01"})
    added, edited = AuditEntry.objects.order_by("number")
    assert [added.verb, added.actor, added.enterprise] == ["employment.change", admin, enterprise]
    assert json.loads(edited.said)["before"]["ended_on"] is None
    assert json.loads(edited.said)["after"]["ended_on"] == "2026-04-01"
    assert worker.phone not in added.said
