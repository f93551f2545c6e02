"""The probes tell life from readiness, and name what is not ready."""

import pytest
from django.test import Client

from config import health
from config.tasks import worker_alive


def test_healthz_answers_without_a_database(client: Client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_readyz_is_ready_when_every_part_is(client: Client, db: None):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "database": "ok",
        "migrations": "ok",
        "broker": "ok",
        "storage": "ok",
        "worker": "not seen in the last 3 minutes",
    }


def test_readyz_tells_when_a_worker_last_took_a_task(client: Client, db: None):
    worker_alive()
    assert client.get("/readyz").json()["worker"].startswith("20")


def test_readyz_names_the_part_and_no_secret(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
):
    def broken() -> None:
        raise ConnectionError("redis://user:secret@host")

    monkeypatch.setitem(health.PARTS, "broker", broken)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["broker"] == "ConnectionError"
    assert b"secret" not in answer.content
