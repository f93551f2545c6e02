"""No administrator makes an officer alone: not by a new account, a phone, a role, nor a lost second factor."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import ModelLogEntry

from accounts.models import User
from credit.models import AuditEntry

from .conftest import PASSWORD, last_code

Sent = list[tuple[str, str]]
REFUSED = "/admin/"  # with a message: that is how Wagtail says 403


def member(phone: str, role: str, password: str | None = None) -> User:
    person = User.objects.create_user(phone, password, real_name="李四", phone_verified=True)
    person.groups.add(Group.objects.get(name=role))
    return person


@pytest.fixture
def first(db: None, as_staff: Any) -> Client:
    """The administrator who sets up."""
    client = Client()
    as_staff(client, member("13800000008", "administrator"))
    return client


@pytest.fixture
def second(db: None, as_staff: Any) -> Client:
    """Another administrator."""
    client = Client()
    as_staff(client, member("13800000009", "administrator"))
    return client


@pytest.fixture
def officer(db: None) -> User:
    return member("13800000001", "credit_officer", PASSWORD)


def edit(client: Client, person: User, *roles: str, **changes: Any) -> Any:
    groups = [Group.objects.get(name=name).pk for name in roles or ["credit_officer"]]
    form = {"phone": person.phone, "real_name": "李四", "is_active": "on", "groups": groups}
    return client.post(f"/admin/users/edit/{person.pk}/", {**form, **changes})


def waits(person: User) -> bool:
    person.refresh_from_db()
    return person.set_up_by_id is not None


def confirm(client: Client, person: User) -> str:
    """Where it leads."""
    return str(client.post(f"/admin/users/confirm/{person.pk}/").url)


def test_an_administrator_with_the_officers_phone_comes_no_further(
    first: Client, second: Client, officer: User, outbox: Sent
):
    edit(first, officer, phone="13800000003")
    thief = Client()
    thief.post("/accounts/login/code/", {"phone": "13800000003"})
    thief.post("/accounts/login/code/confirm/", {"code": last_code(outbox)})
    for page in ("/credit/office/", "/accounts/2fa/totp/activate/"):
        answer = thief.get(page)
        assert (answer.status_code, "等另一位管理员确认" in answer.content.decode()) == (403, True)
    assert confirm(first, officer) == REFUSED
    assert waits(officer)
    assert confirm(second, officer) == f"/admin/users/edit/{officer.pk}/"
    assert not waits(officer)
    assert thief.get("/credit/office/").url.startswith("/accounts/2fa/totp/activate/")


def test_a_new_officer_is_confirmed_and_a_new_learner_need_not_be(first: Client, db: None):
    for phone, role in (("13800000003", "credit_officer"), ("13800000004", "learner")):
        groups = [Group.objects.get(name=role).pk]
        form = {"phone": phone, "real_name": "王五", "is_active": "on", "groups": groups}
        assert first.post("/admin/users/new/", form).status_code == 302
    assert waits(User.objects.get(phone="+8613800000003"))
    assert not waits(User.objects.get(phone="+8613800000004"))


@pytest.mark.parametrize(
    ("roles", "changes", "waiting"),
    [
        (["credit_officer"], {"real_name": "李珊"}, False),
        (["credit_officer", "learner"], {}, False),
        (["credit_officer", "editor"], {}, True),
        (["learner"], {}, False),
        (["credit_officer"], {"is_active": ""}, False),
    ],
)
def test_what_opens_doors_waits_and_what_closes_them_does_not(
    first: Client, officer: User, roles: list[str], changes: Any, waiting: bool
):
    edit(first, officer, *roles, **changes)
    assert waits(officer) is waiting


def test_who_left_and_comes_back_is_confirmed(first: Client, officer: User):
    officer.is_active = False
    officer.save()
    edit(first, officer)
    assert waits(officer)


def test_a_second_change_hides_no_first(first: Client, second: Client, officer: User):
    edit(first, officer, phone="13800000003")
    officer.refresh_from_db()
    answer = edit(second, officer, "credit_officer", "editor")
    assert "正在等待确认" in answer.context["form"].non_field_errors()[0]
    assert edit(second, officer, is_active="").status_code == 302
    officer.refresh_from_db()
    assert (officer.is_active, officer.phone) == (False, "+8613800000003")


def test_a_superuser_needs_nobody(client: Client, officer: User, as_staff: Any):
    as_staff(client, User.objects.create_superuser("13800000000"))
    edit(client, officer, "credit_officer", "editor")
    assert not waits(officer)


def test_a_lost_second_factor_is_reset_by_two(
    first: Client, second: Client, officer: User, outbox: Sent
):
    TOTP.activate(officer, generate_totp_secret())
    page = first.get(f"/admin/users/reset-factor/{officer.pk}/").content.decode()
    assert "请先当面核对是本人" in page
    first.post(f"/admin/users/reset-factor/{officer.pk}/")
    assert not Authenticator.objects.filter(user=officer).exists()
    assert waits(officer)
    assert outbox[-1][0] == "+8613800000001"
    assert "重设了您的两步验证" in outbox[-1][1]
    confirm(second, officer)
    said = ModelLogEntry.objects.filter(object_id=str(officer.pk)).order_by("pk")
    assert [(e.action, e.user.phone[-1]) for e in said] == [
        ("accounts.factor_reset", "8"),
        ("accounts.waits", "8"),
        ("accounts.confirmed", "9"),
    ]


def test_nobody_resets_ones_own_factor_or_a_superusers(first: Client, db: None):
    chief = User.objects.create_superuser("13800000000")
    TOTP.activate(chief, generate_totp_secret())
    own = User.objects.get(phone="+8613800000008")
    for person in (chief, own):
        answer = first.post(f"/admin/users/reset-factor/{person.pk}/")
        assert answer.url == REFUSED
        assert Authenticator.objects.filter(user=person).exists()


def test_the_steps_are_offered_where_they_make_sense(first: Client, second: Client, officer: User):
    TOTP.activate(officer, generate_totp_secret())
    edit(first, officer, phone="13800000003")
    address = f"/admin/users/edit/{officer.pk}/"
    offered = [
        [step in client.get(address).content.decode() for step in ("/confirm/", "/reset-factor/")]
        for client in (first, second)
    ]
    assert offered == [[False, True], [True, True]]


def test_an_auditor_looks_at_people_and_the_log_and_changes_nothing(
    client: Client, officer: User, as_staff: Any
):
    as_staff(client, member("13800000007", "auditor"))
    looks = ["/admin/", "/admin/users/", f"/admin/users/inspect/{officer.pk}/",
             "/admin/reports/site-history/", "/admin/employments/"]  # fmt: skip
    assert [client.get(page).status_code for page in looks] == [200] * 5
    person = client.get(looks[2]).content.decode()
    assert [words in person for words in ("信用专员", "还没有登录过", "True")] == [
        True,
        True,
        False,
    ]
    assert "people-history" in client.get("/admin/").content.decode()
    for page in (
        f"edit/{officer.pk}/",
        "new/",
        f"confirm/{officer.pk}/",
        f"reset-factor/{officer.pk}/",
    ):
        assert client.post(f"/admin/users/{page}").status_code in {302, 403}
    officer.refresh_from_db()
    assert (officer.phone, officer.set_up_by_id) == ("+8613800000001", None)


def test_roles_given_and_confirmed_are_in_the_log_of_legal_standing(
    first: Client, second: Client, officer: User
):
    edit(first, officer, "credit_officer")  # nothing that opens a door
    edit(first, officer, "credit_officer", "decision_officer")
    confirm(second, officer)
    said = [(one.verb, json.loads(one.said)) for one in AuditEntry.objects.order_by("number")]
    roles = ["credit_officer", "decision_officer"]
    assert said == [
        ("people.change", {"before": {"roles": ["credit_officer"], "active": True},
                           "after": {"roles": roles, "active": True}}),
        ("people.confirm", {"roles": roles}),
    ]  # fmt: skip
