"""Our face on Wagtail's pages: colours, and no links to pages in English on a foreign host."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks

FOREIGN = ("whats-new", "editor-guide")


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]
def colours() -> str:
    """The house's colours and font."""
    return format_html('<link rel="stylesheet" href="{}">', static("anxin/admin.css"))


@hooks.register("construct_help_menu")  # type: ignore[untyped-decorator]
def without_foreign_pages(request: HttpRequest, items: list[Any]) -> None:
    """Release notes and the guide are in English and elsewhere; the keyboard shortcuts stay."""
    items[:] = [item for item in items if not item.name.startswith(FOREIGN)]
