"""Logs tell what happened and not from where."""

import json

import pytest
import structlog
from django.test import Client

from config import logs


def test_a_callers_address_is_dropped():
    event = {"event": "request_started", "ip": "192.0.2.7"}
    assert logs.drop_address(None, "info", event) == {"event": "request_started"}


def test_no_line_of_a_request_carries_the_address(
    client: Client, db: None, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("INFO")
    client.get("/no-such-page/", REMOTE_ADDR="192.0.2.7", headers={"x-forwarded-for": "192.0.2.8"})
    formatter = structlog.stdlib.ProcessorFormatter(
        **{k: v for k, v in logs.LOGGING["formatters"]["json"].items() if k != "()"}
    )
    lines = [formatter.format(record) for record in caplog.records]
    assert any(json.loads(line)["event"] == "request_started" for line in lines)
    assert [line for line in lines if "192.0.2." in line or '"ip"' in line] == []


def test_no_line_of_a_request_carries_what_was_searched_for(
    client: Client, db: None, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("INFO", "django_structlog")
    client.get("/credit/?q=13800001234")
    lines = [record.msg for record in caplog.records if record.name.startswith("django_structlog")]
    assert [line["request"] for line in lines] == ["GET /credit/"] * 2
    assert "13800001234" not in str(lines)
