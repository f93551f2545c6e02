"""The administrator's pages about people: roles and names, no passwords, no way to become superuser."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from accounts.roles import LABELS

from .conftest import PASSWORD, is_in, log_in

NUMBER = "360426199101010071"


def administrator(phone: str) -> User:
    person = User.objects.create_user(phone, real_name="管理", phone_verified=True)
    person.groups.add(Group.objects.get(name="administrator"))
    return person


@pytest.fixture
def admin(client: Client, db: None, as_staff: Any) -> User:
    return as_staff(client, administrator("13800000008"))


@pytest.fixture
def worker(db: None) -> User:
    return User.objects.create_user(
        "13800000001", real_name="张三", phone_verified=True, id_number=NUMBER
    )


def role(name: str) -> int:
    return Group.objects.get(name=name).pk


def edit(client: Client, person: User, **changes: object) -> int:
    form = {"phone": person.phone, "real_name": person.real_name, "is_active": "on", **changes}
    return client.post(f"/admin/users/edit/{person.pk}/", form).status_code


def test_the_form_offers_no_password_and_no_superuser(client: Client, admin: User, worker: User):
    form = client.get(f"/admin/users/edit/{worker.pk}/").context["form"]
    assert list(form.fields) == [
        "phone", "real_name", "is_active", "groups", "places", "forget_id_number",
    ]  # fmt: skip


def test_the_roles_are_offered_in_chinese_and_no_other_group(
    client: Client, admin: User, worker: User
):
    form = client.get(f"/admin/users/edit/{worker.pk}/").context["form"]
    assert [label for _, label in form.fields["groups"].choices] == list(LABELS.values())


def test_a_person_is_added_by_phone_and_name(client: Client, admin: User):
    editor = Group.objects.get(name="editor")
    form = {"phone": "138 0000 0002", "real_name": "李四", "is_active": "on", "groups": [editor.pk]}
    assert client.post("/admin/users/new/", form).status_code == 302
    person = User.objects.get(phone="+8613800000002")
    assert (person.real_name, person.phone_verified, person.has_usable_password()) == (
        "李四",
        False,
        False,
    )
    assert list(person.groups.all()) == [editor]


def test_a_wrong_name_is_put_right_and_the_number_forgotten(
    client: Client, admin: User, worker: User
):
    assert edit(client, worker, real_name="张珊", forget_id_number="on") == 302
    worker.refresh_from_db()
    assert (worker.real_name, worker.id_number, worker.phone_verified) == ("张珊", "", True)


def test_a_new_phone_is_proved_again_and_nothing_old_opens_the_account(
    client: Client, admin: User, worker: User, outbox: list[tuple[str, str]]
):
    worker.set_password(PASSWORD)
    worker.save()
    elsewhere = Client()
    log_in(elsewhere, "13800000001")
    assert edit(client, worker, phone="13800000003") == 302
    worker.refresh_from_db()
    assert (
        worker.phone,
        worker.phone_verified,
        worker.has_usable_password(),
        worker.set_up_by,
    ) == (
        "+8613800000003",
        False,
        False,
        None,
    )
    assert not is_in(elsewhere)
    assert [(phone, "换了手机号" in text) for phone, text in outbox] == [("+8613800000001", True)]


def test_groups_that_are_no_roles_stay(client: Client, admin: User, worker: User):
    other = Group.objects.create(name="竞赛评委")
    worker.groups.add(other)
    edit(client, worker, groups=[role("learner")])
    assert {group.name for group in worker.groups.all()} == {"竞赛评委", "learner"}


def test_an_officer_is_posted_on_the_same_page(
    client: Client, admin: User, worker: User, district: Any, street: Any
):
    edit(client, worker, groups=[role("credit_officer")], places=[district.pk, street.pk])
    assert {posting.place for posting in worker.postings.all()} == {district, street}
    form = client.get(f"/admin/users/edit/{worker.pk}/").context["form"]
    assert set(form["places"].value()) == {district.pk, street.pk}
    edit(client, worker, groups=[role("credit_officer")], places=[street.pk])
    assert {posting.place for posting in worker.postings.all()} == {street}


def test_nobody_gives_oneself_a_role_a_place_or_a_phone(client: Client, admin: User, district: Any):
    form = client.get(f"/admin/users/edit/{admin.pk}/").context["form"]
    assert list(form.fields) == ["real_name"]
    assert edit(client, admin, groups=[role("decision_officer")], places=[district.pk]) == 302
    admin.refresh_from_db()
    assert [group.name for group in admin.groups.all()] == ["administrator"]
    assert not admin.postings.exists()


@pytest.mark.parametrize("other", ["credit_officer", "decision_officer", "auditor"])
def test_who_gives_out_roles_holds_no_office(client: Client, admin: User, worker: User, other: str):
    both = {
        "phone": "13800000001",
        "real_name": "张三",
        "groups": [role("administrator"), role(other)],
    }
    answer = client.post(f"/admin/users/edit/{worker.pk}/", both)
    assert set(answer.context["form"].errors) == {"groups"}
    assert not worker.groups.exists()


@pytest.mark.parametrize("action", ["assign_role", "set_active_state", "delete"])
def test_nobody_is_changed_in_bulk(client: Client, admin: User, action: str):
    chief = User.objects.create_superuser("13800000000")
    form = {"role": role("decision_officer"), "mark_as_active": "False"}
    answer = client.post(f"/admin/bulk/accounts/user/{action}/?id={chief.pk}&next=/admin/", form)
    assert answer.status_code in {302, 403}
    chief.refresh_from_db()
    assert (chief.is_active, list(chief.groups.all())) == (True, [])
    assert "bulk" not in client.get("/admin/users/results/").content.decode()


def test_wrong_input_and_a_taken_phone_are_said(client: Client, admin: User, worker: User):
    User.objects.create_user("13800000004")
    answer = client.post(f"/admin/users/edit/{worker.pk}/", {"phone": "1", "real_name": "3"})
    assert set(answer.context["form"].errors) == {"phone", "real_name"}
    form = {"phone": "13800000004", "real_name": "张三"}
    answer = client.post(f"/admin/users/edit/{worker.pk}/", form)
    assert set(answer.context["form"].errors) == {"phone"}


def test_a_superuser_is_edited_by_superusers_only(client: Client, admin: User):
    chief = User.objects.create_superuser("13800000000")
    assert client.get(f"/admin/users/edit/{chief.pk}/").status_code in {302, 403}
    assert edit(client, chief, phone="13800000009") in {302, 403}
    chief.refresh_from_db()
    assert chief.phone == "+8613800000000"


def test_nobody_posts_oneself_to_superuser(client: Client, admin: User):
    edit(client, admin, is_superuser="on", is_staff="on", password1="x", password2="x")
    admin.refresh_from_db()
    assert (admin.is_superuser, admin.is_staff, admin.has_usable_password()) == (
        False,
        False,
        False,
    )


def test_people_are_found_by_phone_and_name(client: Client, admin: User, worker: User):
    for words in ("13800000001", "张三"):
        assert list(client.get("/admin/users/", {"q": words}).context["users"]) == [worker]


@pytest.mark.parametrize("people", [1, 3, 30])
def test_the_list_costs_the_same_for_any_number(
    client: Client, admin: User, django_assert_num_queries: object, people: int
):
    User.objects.bulk_create(User(phone=f"+86139{n:08}") for n in range(people - 1))
    client.get("/admin/users/results/")
    with django_assert_num_queries(8):  # type: ignore[operator]
        client.get("/admin/users/results/")


def test_nobody_is_copied(client: Client, admin: User, worker: User):
    assert client.get(f"/admin/users/copy/{worker.pk}/").status_code == 404
    assert (
        "/admin/users/copy/" not in client.get(f"/admin/users/edit/{worker.pk}/").content.decode()
    )


def test_the_form_of_one_who_waits_says_for_whom_and_offers_the_way(
    client: Client, admin: User, worker: User, as_staff: Any
):
    worker.set_up_by = administrator("13800000009")
    worker.save()
    told = "等另一位管理员确认后才能办公"
    page = client.get(f"/admin/users/edit/{worker.pk}/").content.decode()
    assert (told in page, "去确认" in page) == (True, True)
    as_staff(client, worker.set_up_by)
    page = client.get(f"/admin/users/edit/{worker.pk}/").content.decode()
    assert (told in page, "去确认" in page) == (True, False)
    confirm = client.get(f"/admin/users/confirm/{worker.pk}/")
    assert (confirm.status_code, confirm["Location"]) == (302, "/admin/")
