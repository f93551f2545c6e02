"""Our own check of a row agrees with the published JSON Schema."""

from typing import Any

import jsonschema_rs
import pytest

from credit.opendata.rows import FIELDS, tombstone
from credit.opendata.schema import SCHEMA, fault_in_change, fault_in_row

ID = "0" * 32
ROW: dict[str, Any] = {
    **dict.fromkeys(FIELDS, "字"),
    "id": ID, "list": "red", "listed_on": "2026-11-01", "ends_on": "2027-11-01",
}  # fmt: skip


@pytest.mark.parametrize(
    ("line", "is_sound"),
    [
        (ROW, True),
        (tombstone(ID), True),
        ({**ROW, "phone": "1"}, False),
        ({**ROW, "list": "grey"}, False),
        ({**ROW, "listed_on": "2026年"}, False),
        ({**ROW, "id": "1"}, False),
        ({**ROW, "name": None}, False),
        ({**ROW, "name": "字" * 4001}, False),
        ({**tombstone(ID), "name": "甲"}, False),
        ({"id": ID, "redacted": 1}, False),
        ({"id": ID, "redacted": False}, False),
        ([], False),
        ({"op": "ADD", "row": ROW}, True),
        ({"op": "MOD", "row": tombstone(ID)}, True),
        ({"op": "DEL", "id": ID}, True),
        ({"op": "DEL", "row": ROW}, False),
        ({"op": "DEL", "id": "甲"}, False),
        ({"op": "PUT", "row": ROW}, False),
        ({"op": "ADD", "row": {**ROW, "list": ""}}, False),
        ({"op": "ADD", "row": ROW, "id": ID}, False),
    ],
)
def test_both_checks_agree(line: Any, is_sound: bool) -> None:
    ours = fault_in_change(line) if "op" in line else fault_in_row(line)
    validator = jsonschema_rs.validator_for(SCHEMA)
    assert (ours == "", validator.is_valid(line)) == (is_sound, is_sound)
