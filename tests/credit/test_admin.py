"""The administrator posts officers by name."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from accounts.roles import CREDIT_OFFICER
from credit.models import Jurisdiction, Posting


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
