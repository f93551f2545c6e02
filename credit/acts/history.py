"""What a fact says, and what each correction of it changed, in words for its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from credit.acts.recording import content_of
from credit.models.records import Fact

_HIDDEN: Final = frozenset({"public_until"})


@dataclass(frozen=True, slots=True)
class Version:
    """One row of a fact and what it changed against the row that it supersedes."""

    fact: Fact
    changes: tuple[tuple[str, str, str], ...]  # label, before, after


def said_by(fact: Fact) -> list[tuple[str, str]]:
    """Every field of the content that says something: (label, words)."""
    fields = _fields(type(fact))
    words = [(str(field.verbose_name), _words(fact, field)) for field in fields]
    return [(label, said) for label, said in words if said]


def versions(rows: Sequence[Fact]) -> list[Version]:
    """``rows`` of one fact, newest first, each against the one it supersedes."""
    by_key = {row.pk: row for row in rows}
    before = [by_key.get(getattr(row, "supersedes_id", None)) for row in rows]
    return [
        Version(row, _changes(old, row) if old else ())
        for row, old in zip(rows, before, strict=True)
    ]


def _changes(old: Fact, new: Fact) -> tuple[tuple[str, str, str], ...]:
    told = ((f, _words(old, f), _words(new, f)) for f in _fields(type(new)))
    return tuple(
        (str(f.verbose_name), before or "（空）", after or "（空）")
        for f, before, after in told
        if before != after
    )


def _fields(model: type[Fact]) -> list[Any]:
    names = (content_of(model) | {"happened_on"}) - _HIDDEN
    derived = {"grade"} if hasattr(model, "grade") else set()
    return [field for field in model._meta.concrete_fields if field.name in names | derived]


def _words(fact: Fact, field: Any) -> str:
    value = getattr(fact, field.name)
    if field.choices:
        return str(getattr(fact, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Decimal):
        return f"{value:,.2f}".removesuffix(".00")
    return "" if value is None else str(value)
