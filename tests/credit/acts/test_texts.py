"""A text message says that there is something to read; one that fails is tried again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from credit.acts import texts
from credit.models import Message, TextOrder

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 1, 1, tzinfo=UTC)
SENT: list[tuple[str, str]] = []


def note(phone: str, text: str) -> None:
    SENT.append((phone, text))


def break_off(phone: str, text: str) -> None:
    SENT.append((phone, text))
    raise OSError("provider is down")


@pytest.fixture(autouse=True)
def provider(settings: Any) -> Any:
    SENT.clear()
    settings.CREDIT_SMS = f"{__name__}.note"
    return settings


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """This file is no package: the dotted path leads to its functions."""
    doors = {f"{__name__}.note": note, f"{__name__}.break_off": break_off}
    monkeypatch.setattr(texts, "import_string", doors.__getitem__)


def ordered(opener: Any) -> Message:
    said = {"kind": "case", "key": "case:1:event:1", "title": "收到列入失信名单的告知书"}
    texts.tell_and_text([opener], **said)
    texts.tell_and_text([opener], **said)
    return Message.objects.get()


def test_a_text_leaves_once_and_carries_no_content(opener: Any):
    message = ordered(opener)
    assert texts.send_due(NOW) == 1
    assert [(opener.phone, "【安信】您有一条企业信用新消息，请登录查看。")] == SENT
    assert texts.send_due(NOW + timedelta(days=9)) == 0
    message.refresh_from_db()
    assert message.texted_at is not None


def test_a_text_that_fails_is_tried_again_later_and_at_last_left(opener: Any, provider: Any):
    message = ordered(opener)
    provider.CREDIT_SMS = f"{__name__}.break_off"
    assert texts.send_due(NOW) == 0
    assert texts.send_due(NOW) == 0  # not before its time
    assert len(SENT) == 1
    order = TextOrder.objects.get()
    assert (order.tries, order.next_at, order.fault) == (
        1, NOW + timedelta(minutes=1), "OSError: provider is down",
    )  # fmt: skip
    for day in range(1, 12):
        texts.send_due(NOW + timedelta(days=day))
    assert len(SENT) == 6
    message.refresh_from_db()
    assert message.texted_at is None


def test_after_a_failure_the_next_try_delivers(opener: Any, provider: Any):
    ordered(opener)
    provider.CREDIT_SMS = f"{__name__}.break_off"
    texts.send_due(NOW)
    provider.CREDIT_SMS = f"{__name__}.note"
    assert texts.send_due(NOW + timedelta(minutes=1)) == 1
