"""Agencies are told over a real connection, again where it failed, and confirm."""

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from credit.acts import agencies, outbound, pushing
from credit.acts.casework import RefusedError
from credit.models import Agency, Delivery, Enterprise, Message, OpenEntry
from tests.credit.casework import LATER, NEXT_DAY, published, removed
from tests.credit.officers import officer


class Receiver:
    """An agency's server: keeps what it got, answers as told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status, self.location = 200, ""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/anxin"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def said(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def keeper(district: Any) -> Any:
    return officer("13800000005", district, "manage_agencies", "view_listcase")


@pytest.fixture
def known(receiver: Receiver, keeper: Any, settings: Any) -> tuple[Agency, str, str]:
    settings.PUSH_TO_LOCAL = True
    return agencies.enter_agency(
        name="征信中心（虚构）", url=receiver.url, lists=["black"], officer=keeper
    )


@pytest.fixture
def entry(concealed: Any, enterprise: Enterprise, opener: Any, decider: Any) -> Any:
    return published(enterprise, opener, decider)


def due_now() -> None:
    Delivery.objects.filter(status="waiting").update(next_at=timezone.now())


def test_an_entry_is_told_with_a_signature_that_its_receiver_can_check(
    entry: Any, known: Any, receiver: Receiver
) -> None:
    _, secret, _ = known
    assert pushing.plan(LATER) == 1
    assert pushing.send_due() == 1
    ((headers, body),) = receiver.got
    signed = headers["x-anxin-timestamp"].encode() + b"." + body
    wanted = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    said = json.loads(body)
    assert headers["x-anxin-signature"] == f"v1={wanted}"
    assert headers["x-anxin-event"] == said["event"]
    assert (said["op"], said["row"]["name"]) == ("ADD", "云溪长青化工有限公司（虚构）")
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.attempts, delivery.body) == ("sent", 1, "")
    assert delivery.body_sha256 == hashlib.sha256(body).hexdigest()


def test_what_was_told_is_not_told_again(entry: Any, known: Any, receiver: Receiver) -> None:
    assert [pushing.plan(LATER), pushing.plan(LATER), pushing.send_due(), pushing.plan(LATER)] == [
        1, 0, 1, 0,
    ]  # fmt: skip
    assert pushing.send_due() == 0


def test_a_change_and_a_removal_are_told(
    entry: Any, known: Any, receiver: Receiver, opener: Any, decider: Any
) -> None:
    pushing.plan(LATER)
    pushing.send_due()
    Enterprise.objects.filter(pk=entry.enterprise_id).update(name="改名（虚构）")
    pushing.plan(LATER)
    pushing.send_due()
    removed(entry, opener, decider, NEXT_DAY)
    pushing.plan(NEXT_DAY)
    pushing.send_due()
    assert [said["op"] for said in receiver.said()] == ["ADD", "MOD", "DEL"]
    gone = receiver.said()[2]
    assert gone["id"] == OpenEntry.objects.get().public_id
    assert "row" not in gone
    assert "改名" not in json.dumps(gone, ensure_ascii=False)


def test_an_add_that_never_left_is_not_sent_after_the_removal(
    entry: Any, known: Any, receiver: Receiver, opener: Any, decider: Any
) -> None:
    receiver.status = 500
    pushing.plan(LATER)
    pushing.send_due()
    removed(entry, opener, decider, NEXT_DAY)
    pushing.plan(NEXT_DAY)
    receiver.status = 200
    due_now()
    pushing.send_due()
    assert [said["op"] for said in receiver.said()] == ["ADD", "DEL"]
    states = Delivery.objects.order_by("pk").values_list("op", "status", "body")
    assert list(states) == [("ADD", "superseded", ""), ("DEL", "sent", "")]


@pytest.mark.parametrize(
    ("status", "said"), [(500, "对方回应 500"), (404, "对方回应 404"), (302, "不跟随")]
)
def test_a_failure_is_tried_again_later_and_a_redirect_never_followed(
    entry: Any, known: Any, receiver: Receiver, status: int, said: str
) -> None:
    receiver.status, receiver.location = status, receiver.url + "/elsewhere"
    pushing.plan(LATER)
    before = timezone.now()
    assert pushing.send_due() == 0
    delivery = Delivery.objects.get()
    assert delivery.status == "waiting"
    assert delivery.next_at is not None
    assert timedelta(minutes=1) <= delivery.next_at - before < timedelta(minutes=2)
    assert said in delivery.last_fault
    assert pushing.send_due() == 0  # not due yet
    assert len(receiver.got) == 1


def test_after_the_last_try_an_add_fails_and_can_be_sent_again(
    entry: Any, known: Any, receiver: Receiver
) -> None:
    receiver.status = 500
    pushing.plan(LATER)
    Delivery.objects.update(attempts=10)
    pushing.send_due()
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.next_at) == ("failed", None)
    receiver.status = 200
    assert pushing.send_again(delivery)
    assert pushing.send_due() == 1
    assert not pushing.send_again(delivery)


def test_a_server_that_is_not_there_is_a_fault_in_words(
    entry: Any, known: Any, receiver: Receiver
) -> None:
    receiver.server.shutdown()
    receiver.server.server_close()
    pushing.plan(LATER)
    pushing.send_due()
    assert Delivery.objects.get().last_fault == "连不上：对方的服务没有开"


def test_a_paused_agency_hears_later(
    entry: Any, known: Any, receiver: Receiver, keeper: Any
) -> None:
    agencies.set_active(known[0], False, officer=keeper)
    assert pushing.plan(LATER) == 0
    agencies.set_active(known[0], True, officer=keeper)
    assert (pushing.plan(LATER), pushing.send_due()) == (1, 1)


def test_an_agency_hears_of_its_lists_alone(
    entry: Any, receiver: Receiver, keeper: Any, settings: Any
) -> None:
    settings.PUSH_TO_LOCAL = True
    agencies.enter_agency(name="只要红名单", url=receiver.url, lists=["red"], officer=keeper)
    assert pushing.plan(LATER) == 0


# -- Outward, without being led astray ------------------------------------------------------------------


def test_without_the_setting_no_inner_address_is_called(receiver: Receiver, settings: Any) -> None:
    settings.PUSH_TO_LOCAL = False
    assert outbound.post(receiver.url, b"{}", {}).fault == "地址必须以 https:// 开头"
    secure = receiver.url.replace("http:", "https:")
    assert outbound.post(secure, b"{}", {}).fault == "不能推送到内部网络的地址"


def test_a_name_that_leads_inside_is_not_called(receiver: Receiver, monkeypatch: Any) -> None:
    inner = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", receiver.server.server_port))
    ]
    outer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))]
    for found in (inner, outer + inner):
        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, found=found, **k: found)
        answer = outbound.post("https://evil.example.cn/", b"{}", {})
        assert (answer.status, answer.fault) == (0, "不能推送到内部网络的地址")
    assert receiver.got == []


def test_a_server_that_drips_is_cut_off(settings: Any, monkeypatch: Any) -> None:
    settings.PUSH_TO_LOCAL = True
    monkeypatch.setattr(outbound, "DEADLINE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answer = outbound.post(f"http://127.0.0.1:{silent.getsockname()[1]}/", b"{}", {})
    assert answer.status == 0
    assert answer.fault


def test_a_certificate_that_nobody_knows_is_refused(receiver: Receiver, settings: Any) -> None:
    settings.PUSH_TO_LOCAL = True
    answer = outbound.post(receiver.url.replace("http:", "https:"), b"{}", {})
    assert answer.fault == "连不上：对方的证书不对，或者不是 https"


# -- Confirmation ---------------------------------------------------------------------------------------


@pytest.fixture
def gone(entry: Any, known: Any, receiver: Receiver, opener: Any, decider: Any) -> Delivery:
    """A removal that was told."""
    pushing.plan(LATER)
    pushing.send_due()
    removed(entry, opener, decider, NEXT_DAY)
    pushing.plan(NEXT_DAY)
    pushing.send_due()
    return Delivery.objects.get(op="DEL")


def test_an_agency_confirms_with_its_key(gone: Delivery, known: Any, client: Client) -> None:
    def confirm(key: str, event: str) -> Any:
        return client.post(
            "/api/v1/acknowledgements", {"event": event}, "application/json",
            headers={"authorization": f"Bearer {key}"},
        )  # fmt: skip

    cache.clear()
    event = str(gone.event)
    assert confirm("wrong", event).status_code == 401
    assert confirm(known[2], "00000000-0000-4000-8000-000000000000").status_code == 404
    first, again = confirm(known[2], event), confirm(known[2], event)
    assert (first.status_code, first.json()["status"]) == (200, "acknowledged")
    assert first.json() == again.json()
    gone.refresh_from_db()
    assert (gone.status, gone.acknowledged_how) == ("acknowledged", "key")


def test_another_agency_confirms_nothing_of_this_one(
    gone: Delivery, keeper: Any, client: Client
) -> None:
    _, _, key = agencies.enter_agency(
        name="别家", url="https://b.example.cn/", lists=["black"], officer=keeper
    )
    answer = client.post(
        "/api/v1/acknowledgements", {"event": str(gone.event)}, "application/json",
        headers={"authorization": f"Bearer {key}"},
    )  # fmt: skip
    assert answer.status_code == 404


def test_a_person_confirms_by_the_signed_link(
    gone: Delivery, receiver: Receiver, client: Client
) -> None:
    path = receiver.said()[-1]["acknowledge"].partition("8000")[2]
    page = client.get(path).content.decode()
    assert "已停止展示并删除" in page
    assert "长青" not in page
    assert Delivery.objects.get(pk=gone.pk).acknowledged_at is None
    assert "已经确认" in client.post(path, follow=True).content.decode()
    assert Delivery.objects.get(pk=gone.pk).acknowledged_how == "link"
    assert client.get(path[:-3] + "x/").status_code == 404


def test_a_confirmation_is_never_taken_back(gone: Delivery) -> None:
    assert pushing.acknowledge(gone, how="key", now=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        Delivery.objects.filter(pk=gone.pk).update(status="sent", acknowledged_at=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        Delivery.objects.filter(pk=gone.pk)._raw_delete(using="default")


def test_after_three_working_days_the_bureau_is_reminded_once(gone: Delivery, keeper: Any) -> None:
    made = timezone.localdate(gone.made_at)
    assert agencies.remind(made) == 0
    late = made + timedelta(days=7)
    assert (agencies.remind(late), agencies.remind(late)) == (1, 0)
    message = Message.objects.get(to=keeper)
    assert message.title == "征信中心（虚构）还没有确认移出（已 7 天）"
    pushing.acknowledge(gone, how="key", now=timezone.now())
    assert agencies.awaiting(late) == []


# -- Entering an agency ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "名称"),
        ({"name": "征信中心（虚构）"}, "登记过"),
        ({"lists": []}, "名单"),
        ({"lists": ["grey"]}, "名单"),
        ({"url": "ftp://x.cn"}, "https"),
    ],
)
def test_a_wrong_agency_is_refused_in_words(
    known: Any, keeper: Any, changes: dict[str, Any], said: str
) -> None:
    given = {"name": "新的", "url": "https://a.example.cn/", "lists": ["black"], **changes}
    with pytest.raises(RefusedError, match=said):
        agencies.enter_agency(**given, officer=keeper)


def test_nobody_without_the_right_enters_one(opener: Any) -> None:
    with pytest.raises(RefusedError, match="权限"):
        agencies.enter_agency(name="x", url="https://a.example.cn/", lists=["red"], officer=opener)


def test_secrets_are_sealed_and_renewed(known: Any, keeper: Any) -> None:
    agency, secret, key = known
    stored = Agency.objects.get()
    assert secret not in stored.secret_sealed
    assert agencies.of_key(key) == agency
    _, new_key = agencies.renew_secrets(agency, officer=keeper)
    assert (agencies.of_key(key), agencies.of_key(new_key)) == (None, agency)
