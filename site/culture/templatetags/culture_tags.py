"""Parts of every page: the menu of Wagtail's pages, breadcrumbs, who runs the site."""

from typing import Any

from django import template
from django.core.cache import cache
from django.utils.html import format_html
from wagtail.models import Page, Site

from culture.models import SiteOwner

register = template.Library()
MENU_KEY = "culture.menu"
OWNER_KEY = "culture.owner"
KEPT_SECONDS = 3600


@register.simple_tag
def main_menu() -> list[dict[str, str]]:
    """Public pages below the first page that are marked for menus. Kept until a page changes."""
    kept: list[dict[str, str]] | None = cache.get(MENU_KEY)
    if kept is None:
        site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
        pages = Page.objects.child_of(site.root_page).live().public().in_menu() if site else []
        kept = [{"title": page.title, "url": page.get_url() or "/"} for page in pages]
        cache.set(MENU_KEY, kept, KEPT_SECONDS)
    return kept


@register.simple_tag
def site_owner() -> dict[str, str]:
    """What the foot of every page says about who runs the site. Kept until it is edited."""
    kept: dict[str, str] | None = cache.get(OWNER_KEY)
    if kept is None:
        owner = SiteOwner.objects.filter(site__is_default_site=True).first()
        kept = owner.shown() if owner else {}
        cache.set(OWNER_KEY, kept, KEPT_SECONDS)
    return kept


@register.simple_tag(takes_context=True)
def here(context: template.Context, url: str) -> str:
    """The attribute that marks a menu's link: ``page`` on its own page, ``true`` on those below it."""
    path = getattr(context.get("request"), "path", "")
    below = url != "/" and path.startswith(url)
    word = "page" if path == url else "true" if below else ""
    return format_html(' aria-current="{}"', word) if word else ""


@register.inclusion_tag("_breadcrumbs.html")
def breadcrumbs(page: Page) -> dict[str, Any]:
    """Where a page of Wagtail stands: its ancestors from the first page on."""
    above = page.get_ancestors().filter(depth__gt=1)
    return {"steps": [(one.title, one.get_url() or "/") for one in above], "title": page.title}


@register.inclusion_tag("_breadcrumbs.html")
def trail(*steps: str) -> dict[str, Any]:
    """The same for any other page: title and address of each step below the first page, then the own title."""
    *above, title = steps
    pairs = zip(above[::2], above[1::2], strict=True)
    return {"steps": [("首页", "/"), *pairs], "title": title}


@register.filter
def lines(text: str) -> list[str]:
    """The lines of a text that hold anything."""
    return [line.strip() for line in text.splitlines() if line.strip()]
