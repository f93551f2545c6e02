"""Columns, articles and people for tests of the public's pages."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.models import Site

from culture.models import ColumnPage, HomePage, NewsPage

DAY = date(2026, 11, 1)


def first_page() -> HomePage:
    """The page that the migrations made."""
    page: HomePage = Site.objects.get(is_default_site=True).root_page.specific
    return page


def column(home: HomePage, kind: str = "news") -> ColumnPage:
    page = ColumnPage(title="安全新闻", slug=kind, kind=kind, show_in_menus=True)
    home.add_child(instance=page)
    return page


def news(parent: ColumnPage, number: int = 1, **fields: Any) -> NewsPage:
    page = NewsPage(
        title=f"有限空间专项检查{number}",
        slug=f"news-{number}",
        summary="先通风、再检测、后作业",
        date=DAY + timedelta(days=number),
        body=[("heading", "怎么做"), ("warning", "不要盲目施救"), ("checklist", ["通风", "检测"])],
        **fields,
    )
    parent.add_child(instance=page)
    return page


def member(phone: str, *roles: str) -> Any:
    person = get_user_model().objects.create_user(phone, "long-enough-9", phone_verified=True)
    person.groups.set(Group.objects.filter(name__in=roles))
    return person
