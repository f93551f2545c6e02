"""Asking for mails, confirming and ending, without an account."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from credit import tasks
from credit.models import Alert, Enterprise


def words(answer: Any) -> str:
    """The page without the keys of its forms."""
    return " ".join(re.sub(r'value="\w{64}"', "", answer.content.decode()).split())


@pytest.mark.parametrize(
    "address",
    ["/credit/alerts/list/black/", "/credit/alerts/place/990001001/",
     "/credit/alerts/enterprise/91110000600037341L/"],
)  # fmt: skip
def test_the_whole_way_needs_no_account(client: Client, enterprise: Enterprise, address: str):
    assert client.get(address).status_code == 200
    asked = client.post(address, {"address": "a@example.cn"})
    assert "请到邮箱里确认" in words(asked)
    alert = Alert.objects.get()
    tasks.send_alert_confirmation(alert.pk)
    body = str(mail.outbox[0].body)
    confirm, stop = re.findall(r"http://localhost:8000(\S+)", body)
    assert "确认订阅</button>" in words(client.get(confirm))
    assert (
        Alert.objects.get().confirmed_at is None
    )  # opening the link alone is what mail programs do
    assert "已订阅" in words(client.post(confirm))
    assert Alert.objects.get().confirmed_at is not None
    assert "确认退订</button>" in words(client.get(stop))
    outside = Client(enforce_csrf_checks=True)
    assert "已退订" in words(outside.post(stop, {"List-Unsubscribe": "One-Click"}))
    assert Alert.objects.count() == 0


def test_nobody_learns_who_subscribes(client: Client, enterprise: Enterprise):
    address = "/credit/alerts/list/red/"
    first = client.post(address, {"address": "a@example.cn"})
    again = client.post(address, {"address": "a@example.cn"})
    assert words(first) == words(again)


@pytest.mark.parametrize("said", ["", "x", "a@b", "a\x00@example.cn", "x" * 300 + "@example.cn"])
def test_what_is_no_address_is_told_in_words(client: Client, enterprise: Enterprise, said: str):
    answer = client.post("/credit/alerts/list/red/", {"address": said})
    assert answer.status_code == 422
    assert 'class="errorlist"' in answer.content.decode()
    assert Alert.objects.count() == 0


@pytest.mark.parametrize(
    "address", ["list/green/", "place/x/", "enterprise/x/", "confirm/x/", "thing/black/"]
)
def test_what_is_not_there_is_not_found(client: Client, db: None, address: str):
    assert client.get(f"/credit/alerts/{address}").status_code == 404


def test_no_cache_and_no_search_engine_keeps_these_pages(client: Client, db: None):
    answer = client.get("/credit/alerts/list/red/")
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert "Disallow: /credit/alerts/" in client.get("/robots.txt").content.decode()
