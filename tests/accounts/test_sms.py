"""Senders: the console by default, and one provider over HTTPS, tried against a real server."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from accounts import sms


class Provider(BaseHTTPRequestHandler):
    """Answers with ``status`` and keeps what it was asked."""

    status = 200
    asked: list[dict[str, Any]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({"token": self.headers["Authorization"], **body})
        if self.status == 0:
            self.wfile.write(b"nonsense\r\n")
            return
        self.send_response(self.status)
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.end_headers()

    do_GET = do_POST  # noqa: N815  # the name that the server looks for

    def log_message(self, *args: Any) -> None:
        """Keep quiet."""


class PlainHttpSender(sms.HttpSender):
    """For a server without certificate, in this test only."""

    scheme = "http://"
    timeout = 5.0


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Provider]]:
    monkeypatch.setattr(Provider, "asked", [])
    monkeypatch.setattr(Provider, "status", 200)
    server = HTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SMS_HTTP_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.SMS_HTTP_TOKEN = "token-1"
    yield Provider
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_console_prints(settings: Any, capsys: pytest.CaptureFixture[str]):
    settings.SMS_SENDER = "accounts.sms.ConsoleSender"
    sms.send("+8613800000000", "你好")
    assert capsys.readouterr().out == "短信 SMS → +8613800000000: 你好\n"


def test_the_provider_gets_phone_text_and_token(provider: type[Provider]):
    PlainHttpSender().send("+8613800000000", "验证码 123456")
    assert provider.asked == [
        {"token": "Bearer token-1", "phone": "+8613800000000", "text": "验证码 123456"}
    ]


@pytest.mark.parametrize("status", [0, 302, 400, 500, 503])
def test_any_answer_but_a_good_one_is_an_os_error(
    provider: type[Provider], monkeypatch: pytest.MonkeyPatch, status: int
):
    monkeypatch.setattr(provider, "status", status)
    with pytest.raises(OSError, match=r"HTTP Error|broke off"):
        PlainHttpSender().send("+8613800000000", "x")
    assert len(provider.asked) == 1  # nobody carried the token elsewhere


def test_a_provider_that_is_not_there_is_an_os_error(settings: Any):
    settings.SMS_HTTP_URL = "http://127.0.0.1:9/"
    with pytest.raises(OSError, match="refused"):
        PlainHttpSender().send("+8613800000000", "x")


@pytest.mark.parametrize("url", ["", "http://sms.example/send", "file:///etc/passwd"])
def test_a_token_never_travels_in_the_clear(settings: Any, url: str):
    settings.SMS_HTTP_URL = url
    with pytest.raises(OSError, match="must begin with https://"):
        sms.HttpSender().send("+8613800000000", "x")
