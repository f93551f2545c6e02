"""The words of a page, for the index (all of them) and for the snippet (without asking the database again)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Manager
from wagtail.blocks import StreamValue
from wagtail.images.blocks import ImageBlock
from wagtail.search.index import AutocompleteField, RelatedFields, SearchField

TITLE = "title"
KIND = "kind_name"  # found by, but not part of what the page says
_END = "。！？；：，、.!?;:,"


def title(obj: Any) -> str:
    """Every search field named ``title``."""
    return _joined(obj, SearchField, lambda name: name == TITLE)


def body(obj: Any) -> str:
    """Every other search field."""
    return _joined(obj, SearchField, lambda name: name != TITLE)


def autocomplete(obj: Any) -> str:
    """What the editors' choosers complete."""
    return _joined(obj, AutocompleteField, lambda name: True)


def readable(page: Any) -> str:
    """The body as a snippet shows it, white space folded. Blocks with pictures or files are left out:
    reading them would ask the database once for every page of the list."""
    own = (f for f in page.get_search_fields() if isinstance(f, SearchField))
    values = (_readable(page, f) for f in own if f.field_name not in (TITLE, KIND))
    return " ".join(" ".join(values).split())


def _joined(obj: Any, kind: type[Any], wanted: Any) -> str:
    found = _values(obj, obj.get_search_fields(), kind)
    return " ".join(text for name, text in found if wanted(name) and text)


def _values(obj: Any, fields: Any, kind: type[Any]) -> Iterator[tuple[str, str]]:
    for field in fields:
        if isinstance(field, RelatedFields):
            for related in _related(field.get_value(obj)):
                yield from _values(related, field.fields, kind)
        elif isinstance(field, kind):
            yield field.field_name, _text(field.get_value(obj))


def _related(value: Any) -> list[Any]:
    if isinstance(value, Manager):
        return list(value.all())
    value = value() if callable(value) else value
    return [] if value is None else [value]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return _text(list(value.values()))
    if isinstance(value, (list, tuple)):
        return " ".join(_text(item) for item in value)
    return str(value)


def _listed(value: Any) -> str:
    """A list, or a text of several lines, with a sign between its items."""
    items = value if isinstance(value, (list, tuple)) else [_text(value)]
    out = ""
    for line in (line.strip() for item in items for line in _text(item).splitlines()):
        if line:
            out += (" " if out.endswith(tuple(_END)) else "；" if out else "") + line
    return out


def _readable(page: Any, field: Any) -> str:
    value = getattr(page, field.field_name, None)
    if not isinstance(value, StreamValue):
        return _listed(field.get_value(page))
    blocks = value.stream_block.child_blocks
    kinds = enumerate(raw["type"] for raw in value.raw_data)
    return " ".join(
        _listed(blocks[kind].get_searchable_content(value[place].value))
        for place, kind in kinds
        if kind in blocks and not _needs_database(blocks[kind])
    )


def _needs_database(block: Any) -> bool:
    if isinstance(block, ImageBlock) or hasattr(block, "target_model"):
        return True
    inner = [*getattr(block, "child_blocks", {}).values()]
    if hasattr(block, "child_block"):
        inner.append(block.child_block)
    return any(_needs_database(child) for child in inner)
