"""The lists as Atom, for a list, a street or an enterprise: what stands today, and nothing that left."""

from datetime import date, datetime, time
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from credit.acts.alerts import LISTS
from credit.models import Enterprise, Jurisdiction, ListEntry
from credit.views.asof import unindexed
from credit.views.public import enterprise_of

LATEST = 50


class EntryFeed(Feed):  # type: ignore[type-arg]
    """The newest entries that stand; the two lists together unless one is named."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Readers fetch it; search engines do not keep it, for it forgets."""
        answer = super().__call__(request, *args, **kwargs)
        return unindexed(answer)  # type: ignore[no-any-return]

    def get_object(self, request: HttpRequest, kind: str, which: str) -> Any:
        """What it is about. Raises Http404."""
        if kind == "list" and which in LISTS:
            return which
        if kind == "place":
            return get_object_or_404(Jurisdiction, code=which)
        if kind == "enterprise":
            return enterprise_of(which)
        raise Http404

    def title(self, obj: Any) -> str:
        """Its heading."""
        if isinstance(obj, str):
            return f"安信 · {LISTS[obj]}"
        return f"安信 · {obj.name} · 黑名单和红名单"

    def link(self, obj: Any) -> str:
        """The page that it follows."""
        if isinstance(obj, Enterprise):
            return reverse("credit:enterprise", args=[obj.number])
        if isinstance(obj, Jurisdiction):
            return f"{reverse('credit:black')}?place={obj.code}"
        return reverse(f"credit:{obj}")

    def items(self, obj: Any) -> list[ListEntry]:
        """Public entries of today, newest first. One query."""
        entries = ListEntry.objects.in_force(timezone.localdate())
        if isinstance(obj, Enterprise):
            entries = entries.filter(enterprise=obj)
        elif isinstance(obj, Jurisdiction):
            entries = entries.filter(enterprise__place__path__startswith=obj.path)
        else:
            entries = entries.filter(colour=obj)
        return list(entries.select_related("case", "enterprise")[:LATEST])

    def item_title(self, item: Any) -> str:
        """Who came onto which list."""
        return f"{item.enterprise.name}列入{LISTS[item.colour]}"

    def item_description(self, item: Any) -> str:
        """The decision."""
        return (
            f"{item.enterprise.number}；决定文号 {item.case.decision_number}；{item.authority}；"
            f"{item.listed_on}列入，{item.ends_on}期满"
        )

    def item_link(self, item: Any) -> str:
        """Its page."""
        return reverse(f"credit:{item.colour}_entry", args=[item.pk])

    def item_pubdate(self, item: Any) -> datetime:
        """The day of the listing, at its beginning here."""
        return _begin(item.listed_on)


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


__all__ = ["EntryFeed"]
