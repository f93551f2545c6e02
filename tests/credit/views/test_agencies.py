"""The office's page of agencies: enter, look, pause; removals that nobody confirmed."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from credit.acts import agencies
from credit.models import Agency, Delivery, Enterprise, ListEntry, OpenEntry
from tests.credit.casework import hide_accident, published
from tests.credit.officers import officer

PAGE = "/credit/office/agencies/"
GIVEN = {"name": "征信中心", "url": "https://a.example.cn/anxin", "lists": ["black"]}


@pytest.fixture
def keeper(district: Any, client: Client, as_staff: Any) -> Any:
    return as_staff(client, officer("13800000005", district, "manage_agencies", "view_listcase"))


@pytest.fixture
def agency(keeper: Any) -> Agency:
    return agencies.enter_agency(**GIVEN, officer=keeper)[0]


def told(agency: Agency, entry: ListEntry, op: str = "DEL", **more: Any) -> Delivery:
    public = OpenEntry.objects.create(
        entry=entry, public_id=uuid4().hex, since=date(2026, 1, 1), gone_on=date(2026, 2, 1)
    )
    facts = {"body": "{}", "body_sha256": "0" * 64, "made_at": timezone.now(), **more}
    return Delivery.objects.create(event=uuid4(), agency=agency, entry=public, op=op, **facts)


@pytest.fixture
def entry(street: Any, sector: Any, opener: Any, decider: Any) -> ListEntry:
    firm = Enterprise.objects.create(name="甲厂", legacy_number="1", place=street, sector=sector)
    hide_accident(firm)
    return published(firm, opener, decider)


def test_a_new_agency_shows_its_secrets_once(keeper: Any, client: Client) -> None:
    page = client.post(PAGE, GIVEN).content.decode()
    assert "只显示这一次" in page
    assert Agency.objects.get().url == "https://a.example.cn/anxin"
    assert "只显示这一次" not in client.get(PAGE).content.decode()
    assert "no-store" in client.post(PAGE, {**GIVEN, "name": "乙"})["Cache-Control"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"url": "http://a.cn/"}, "https://"), ({"lists": []}, "请至少选一个名单"), ({"name": "\x00"}, "空字符"),
     ({"url": "https://10.0.0.1/"}, "内部网络"), ({"lists": ["grey"]}, "grey")],
)  # fmt: skip
def test_a_wrong_agency_is_told_in_words(
    keeper: Any, client: Client, changes: Any, said: str
) -> None:
    answer = client.post(PAGE, {**GIVEN, **changes})
    assert (answer.status_code, Agency.objects.count()) == (422, 0)
    assert said in answer.content.decode()


def test_an_unconfirmed_removal_stands_with_its_days_until_somebody_confirms(
    agency: Agency, entry: ListEntry, client: Client
) -> None:
    delivery = told(agency, entry, made_at=timezone.now() - timezone.timedelta(days=5))
    page = client.get(PAGE).content.decode()
    assert "移出后还没有确认的（1）" in page
    assert "5 天" in page
    client.post(f"/credit/office/pushes/{delivery.pk}/confirm/")
    assert "移出后还没有确认的（0）" in client.get(PAGE).content.decode()
    assert Delivery.objects.get().acknowledged_how == "office"


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_page_asks_the_same_however_many_wait(
    agency: Agency, entry: ListEntry, client: Client, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        told(agency, entry)
    client.get(PAGE)
    with django_assert_num_queries(7):
        client.get(PAGE)
    with django_assert_num_queries(8):
        client.get(f"{PAGE}{agency.pk}/")


def test_pause_resume_renew_and_send_again(
    agency: Agency, entry: ListEntry, client: Client
) -> None:
    delivery = told(agency, entry, op="ADD", status="failed")
    client.post(f"{PAGE}{agency.pk}/pause/")
    assert not Agency.objects.get().active
    client.post(f"{PAGE}{agency.pk}/resume/")
    assert Agency.objects.get().active
    assert "只显示这一次" in client.post(f"{PAGE}{agency.pk}/renew/").content.decode()
    client.post(f"/credit/office/pushes/{delivery.pk}/again/")
    assert Delivery.objects.get().status == "waiting"
    assert client.post(f"{PAGE}{agency.pk}/delete/").status_code == 404
    assert client.post(f"/credit/office/pushes/{delivery.pk}/x/").status_code == 404


def test_others_neither_look_nor_act(
    agency: Agency, entry: ListEntry, client: Client, as_staff: Any, opener: Any
) -> None:
    delivery = told(agency, entry)
    as_staff(client, opener)
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}{agency.pk}/").status_code == 403
    assert client.post(f"{PAGE}{agency.pk}/renew/").status_code == 403
    assert client.post(f"/credit/office/pushes/{delivery.pk}/confirm/").status_code == 403
