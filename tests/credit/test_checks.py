"""Before a site goes into the open it is told what is still set as for a demo."""

from typing import Any

import pytest

from credit.checks import pushes_stay_outside, signing_keys_given


@pytest.mark.parametrize(
    ("engine", "keys", "ids"),
    [("sqlite3", [], []), ("postgresql", [], ["credit.E001"]), ("postgresql", ["x"], [])],
)
def test_several_machines_need_one_signing_key(
    settings: Any, monkeypatch: Any, engine: str, keys: list[str], ids: list[str]
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", f"django.db.backends.{engine}")
    settings.SIGNING_KEYS = keys
    assert [message.id for message in signing_keys_given()] == ids


def test_pushes_to_inner_addresses_are_for_tests_alone(settings: Any) -> None:
    assert pushes_stay_outside() == []
    settings.PUSH_TO_LOCAL = True
    assert [message.id for message in pushes_stay_outside()] == ["credit.E002"]
