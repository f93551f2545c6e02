"""Parts of every page: the menu of Wagtail's pages, breadcrumbs."""

from typing import Any

from django import template
from django.core.cache import cache
from wagtail.models import Page, Site

register = template.Library()
MENU_KEY = "culture.menu"
MENU_SECONDS = 3600


@register.simple_tag
def main_menu() -> list[dict[str, str]]:
    """Public pages below the first page that are marked for menus. Kept until a page changes."""
    kept: list[dict[str, str]] | None = cache.get(MENU_KEY)
    if kept is None:
        site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
        pages = Page.objects.child_of(site.root_page).live().public().in_menu() if site else []
        kept = [{"title": page.title, "url": page.get_url() or "/"} for page in pages]
        cache.set(MENU_KEY, kept, MENU_SECONDS)
    return kept


@register.inclusion_tag("_breadcrumbs.html")
def breadcrumbs(page: Page) -> dict[str, Any]:
    """Where ``page`` stands: its ancestors from the first page on."""
    return {"ancestors": page.get_ancestors().filter(depth__gt=1), "page": page}


@register.filter
def lines(text: str) -> list[str]:
    """The lines of a text that hold anything."""
    return [line.strip() for line in text.splitlines() if line.strip()]
