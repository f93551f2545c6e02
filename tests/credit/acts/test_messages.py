"""A message reaches a person once per occasion."""

from typing import Any

import pytest

from credit.acts.messages import tell
from credit.models import Message

pytestmark = pytest.mark.django_db


def test_nobody_hears_the_same_thing_twice(opener: Any, decider: Any) -> None:
    said = {"kind": "case-deadline", "key": "case:1:hearing", "title": "明天到期"}
    assert tell([opener], **said) == 1
    assert tell([opener, decider], **said) == 1
    assert tell([opener], **{**said, "key": "case:2:hearing"}) == 1
    shown = Message.objects.order_by("pk").values_list("to", "key", "read_at")
    assert list(shown) == [
        (opener.pk, "case:1:hearing", None),
        (decider.pk, "case:1:hearing", None),
        (opener.pk, "case:2:hearing", None),
    ]
