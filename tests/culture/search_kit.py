"""Pages for the tests of the search, in the tree and in the index."""

from datetime import date
from typing import Any

from wagtail.models import Page, Site
from wagtail.search import index

from culture.models import CasePage, ColumnPage, LawPage, NewsPage

HAZARD = "<p>危险化学品事故多发。进入有限空间作业前，先通风，再检测。依据GB 30871。</p>"


def column(title: str = "新闻通知", slug: str = "news") -> ColumnPage:
    """A column below the site's first page."""
    home: Page = Site.objects.get(is_default_site=True).root_page
    page = ColumnPage(title=title, slug=slug)
    home.add_child(instance=page)
    return page


def article(
    parent: Page, title: str, *, kind: Any = NewsPage, text: str = HAZARD, **facts: Any
) -> Any:
    """An article of ``text``, indexed as a worker does it after the save."""
    extra: dict[str, Any] = {LawPage: {"issuer": "国务院"}, CasePage: CASE}.get(kind, {})
    page = kind(
        **({"title": title, "summary": "摘要", "date": date(2026, 5, 1)} | extra | facts),
        body=[("text", text)],
    )
    parent.add_child(instance=page)
    index.insert_or_update_object(page)
    return page


CASE = {"accident_kind": "中毒和窒息", "direct_cause": "没有检测", "lessons": "先检测"}
