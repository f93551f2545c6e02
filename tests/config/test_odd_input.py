"""Whatever stands in an address or a field, no page of the public breaks."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from credit.models import Enterprise

ODD = [
    "", '"', "'", "\x00", "%00", "𬍛", "安" * 600, "-1", "0", "9" * 20, "1e9", "../../etc/passwd", "<script>",
    "%s", "*", "(", "AND", "OR NOT", "NaN", "\ud7ff",
]  # fmt: skip
ADDRESSES = [
    "/credit/?q={}", "/credit/?q=云溪&page={}", "/credit/black/?place={}", "/credit/red/?sector={}&page={}",
    "/credit/enterprises/{}/", "/search/?q={}", "/search/?q=安全&kind={}&page={}", "/indicators/?plan={}",
    "/indicators/plans/{}.csv", "/certificates/?number={}", "/certificates/{}/", "/certificates/{}/pdf",
    "/api/v1/enterprises?q={}", "/api/v1/lists/{}", "/api/v1/lists/black?page={}", "/learn/courses/{}/hours/",
    "/learn/exams/{}/", "/learn/attempts/{}/", "/media/{}", "/documents/{}/x", "/accounts/login/?next={}", "/?p={}",
]  # fmt: skip
FIELDS = (
    "login",
    "phone",
    "password",
    "password1",
    "code",
    "next",
    "real_name",
    "id_number",
    "language",
)
DOORS = [
    "/accounts/login/", "/accounts/signup/", "/accounts/login/code/", "/accounts/me/", "/text-size/", "/language/",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("known", [False, True], ids=["stranger", "worker"])
def test_no_address_breaks(
    client: Client, enterprise: Enterprise, django_user_model: Any, address: str, known: bool
):
    if known:
        client.force_login(django_user_model.objects.create_user("13800000000", "long-enough-9"))
    for odd in ODD:
        answer = client.get(address.replace("{}", quote(odd, safe="")))
        assert answer.status_code < 500, odd


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("known", [False, True], ids=["stranger", "worker"])
def test_no_form_breaks(client: Client, db: None, django_user_model: Any, door: str, known: bool):
    if known:
        client.force_login(django_user_model.objects.create_user("13800000000", "long-enough-9"))
    for odd in ODD:
        answer = client.post(door, dict.fromkeys(FIELDS, odd))
        assert answer.status_code < 500, odd
