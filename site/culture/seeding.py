"""Make columns and articles from plain data: for the demo, and for a new district's first day."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.models import Site

from courses.seeding_media import picture
from culture.blocks import FEATURES
from culture.models import ColumnPage, HomePage
from culture.models.articles import ARTICLES, Article

_LINES = ("lessons", "articles")


@transaction.atomic
def build_site(data: Mapping[str, Any], *, images: Path | None = None) -> HomePage:
    """Columns and live articles below the first page; what has the same address is kept as it is.

    ``data``: columns [{title, slug, kind, intro}], pages [{column, title, slug, summary, date, cover?, body: [{type,
    value}], and the kind's own fields}]. Pictures come from the folder ``images``. Raises KeyError for
    a page of an unknown column.
    """
    home: HomePage = HomePage.objects.get(pk=Site.objects.get(is_default_site=True).root_page_id)
    columns = {row["slug"]: _column(home, row) for row in data["columns"]}
    for row in data["pages"]:
        column = columns[row["column"]]
        if not column.get_children().filter(slug=row["slug"]).exists():
            _article(column, row, images)
    return home


def _column(home: HomePage, row: Mapping[str, Any]) -> ColumnPage:
    found = ColumnPage.objects.child_of(home).filter(slug=row["slug"]).first()
    if found is not None:
        kept: ColumnPage = found
        return kept
    column = ColumnPage(
        title=row["title"],
        slug=row["slug"],
        kind=row["kind"],
        intro=row.get("intro", ""),
        show_in_menus=True,
    )
    home.add_child(instance=column)
    column.save_revision().publish()
    return column


def _article(column: ColumnPage, row: Mapping[str, Any], images: Path | None) -> Article:
    model = ARTICLES[column.kind]
    known = {field.name for field in model._meta.concrete_fields}
    fields = {name: _plain(name, value) for name, value in row.items() if name in known}
    if images and "cover" in row:
        fields["cover"] = picture(row["cover"], images)
    fields["body"] = [(block["type"], _value(block, images)) for block in row["body"]]
    page = model(**fields)
    column.add_child(instance=page)
    page.save_revision().publish()
    return page


def _plain(name: str, value: Any) -> Any:
    """Lists of lines become text; days written as text become days."""
    if name in _LINES and isinstance(value, list):
        return "\n".join(value)
    if isinstance(value, str) and (name == "date" or name.endswith("_on")):
        return date.fromisoformat(value)
    return value


def _value(block: Mapping[str, Any], images: Path | None) -> Any:
    """A block's value; a picture is stored once and named by its words."""
    value = block["value"]
    if block["type"] == "quote" and isinstance(value, str):
        return {"text": value, "source": ""}
    if block["type"] == "text":
        return _as_the_editor_writes(value)
    if block["type"] != "image":
        return value
    if images is None:
        raise ValueError("an article shows a picture, and no folder of pictures was given")
    shown = picture(value, images)
    shown.decorative = False
    shown.contextual_alt_text = value["alt"]
    return shown


def _as_the_editor_writes(text: str) -> str:
    """Rich text as the page editor would save it, so that a page opened and saved counts as unchanged."""
    converter = ContentstateConverter(FEATURES)
    written: str = converter.to_database_format(converter.from_database_format(text))
    return written
