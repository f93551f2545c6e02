"""What the tests of every format share: strategies of what a format can hold, and a batch to read into."""

from typing import Any

from courses.exchange.batch import Batch, Written
from courses.rules.items import Item
from tests.courses.item_kit import PICTURE_BYTES

SECTORS = {"metal": "metal", "金属冶炼": "metal"}


def batch() -> Batch:
    """An empty one that knows a sector."""
    return Batch(sectors=SECTORS)


def told(found: Batch) -> list[tuple[str, str, str]]:
    """The problems as a person reads them."""
    return [(problem.where, problem.column, problem.advice) for problem in found.problems]


def different(items: list[Item]) -> list[Item]:
    """No question twice: a file with the same one again is refused."""
    seen: dict[Any, Item] = {}
    for item in items:
        seen.setdefault((item.kind, item.stem), item)
    return list(seen.values())


def media_of(items: list[Item]) -> dict[str, bytes]:
    """The bytes of their pictures."""
    return {item.picture.key: PICTURE_BYTES for item in items if item.picture}


def names(written: Written) -> list[str]:
    """The reasons of what was left out."""
    return [left.reason for left in written.left_out]
