"""The administrator posts officers by name."""

import json
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from accounts.roles import CREDIT_OFFICER
from credit.acts import audit
from credit.models import AuditEntry, Jurisdiction, Posting, Sector


def test_a_posting_offers_officers_by_name_and_nobody_else(
    client: Client, district: Jurisdiction, as_staff: Any
):
    people = get_user_model().objects
    chief = people.create_superuser("13800000099", "long-enough-9", phone_verified=True)
    people.create_user("13800000098", "long-enough-9", real_name="学员甲")
    officer = people.create_user("13800000097", "long-enough-9", real_name="专员乙")
    officer.groups.add(Group.objects.get(name=CREDIT_OFFICER))
    as_staff(client, chief)
    address = "/django-admin/credit/posting/add/"
    page = client.get(address).content.decode()
    assert f'<option value="{officer.pk}">专员乙（尾号0097）</option>' in page
    assert "学员甲" not in page
    client.post(address, {"officer": officer.pk, "place": district.pk})
    assert Posting.objects.get().officer == officer


def test_who_may_act_where_is_in_the_log(client: Client, district: Jurisdiction, as_staff: Any):
    people = get_user_model().objects
    chief = people.create_superuser("13800000099", "long-enough-9", phone_verified=True)
    officer = people.create_user("13800000097", "long-enough-9", real_name="专员乙")
    officer.groups.add(Group.objects.get(name=CREDIT_OFFICER))
    as_staff(client, chief)
    client.post("/django-admin/credit/posting/add/", {"officer": officer.pk, "place": district.pk})
    posting = Posting.objects.get()
    client.post(f"/django-admin/credit/posting/{posting.pk}/delete/", {"post": "yes"})
    sector = {"code": "zz", "name": "其他"}
    client.post("/django-admin/credit/sector/add/", sector)
    of = Sector.objects.get(code="zz").pk
    client.post(f"/django-admin/credit/sector/{of}/change/", {**sector, "name": "另有"})
    entries = list(AuditEntry.objects.order_by("number"))
    assert [(one.verb, one.actor_id) for one in entries] == [
        ("posting.change", chief.pk),
        ("posting.delete", chief.pk),
        ("sector.change", chief.pk),
        ("sector.change", chief.pk),
    ]
    assert json.loads(entries[3].said)["before"]["name"] == "其他"
    assert list(audit.faults()) == []
