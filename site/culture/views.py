"""What the public gets that is no page: the feed, the map of the site, robots.txt, the size of letters."""

from datetime import datetime, time
from itertools import chain
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from wagtail.contrib.sitemaps import Sitemap as PageSitemap
from wagtail.models import Page

from culture.models import CasePage, LawPage, NewsPage

LATEST = 20
LARGE = "large_text"


class LatestFeed(Feed):  # type: ignore[type-arg]
    """The newest articles of all columns, as Atom."""

    feed_type = Atom1Feed
    title = "安信 · 安全新闻、法规和案例"
    link = "/"
    subtitle = "最新发布的安全生产新闻、法律法规和事故案例"

    def items(self) -> list[Any]:
        """Public articles: four queries, however many there are."""
        closed = Page.objects.private_q()
        newest = (
            model.objects.live().exclude(closed).order_by("-date", "-pk")[:LATEST]
            for model in (NewsPage, LawPage, CasePage)
        )
        return sorted(chain(*newest), key=lambda page: (page.date, page.pk), reverse=True)[:LATEST]

    def item_title(self, item: Any) -> str:
        """Its title."""
        return str(item.title)

    def item_description(self, item: Any) -> str:
        """Its summary."""
        return str(item.summary)

    def item_link(self, item: Any) -> str:
        """Its address."""
        return str(item.get_url() or "/")

    def item_pubdate(self, item: Any) -> datetime:
        """Its date, at the beginning of the day here."""
        return timezone.make_aware(datetime.combine(item.date, time()))

    def item_updateddate(self, item: Any) -> Any:
        """When it was last published."""
        return item.last_published_at or self.item_pubdate(item)


class ServicePages(Sitemap):  # type: ignore[type-arg]
    """Pages that are no Wagtail pages."""

    def items(self) -> list[str]:
        """Their names."""
        return [
            "credit:search",
            "credit:black",
            "credit:red",
            "credit:red_notice",
            "certificates:search",
            "indicators:index",
        ]

    def location(self, item: str) -> str:
        """The address."""
        return reverse(item)


SITEMAPS = {"pages": PageSitemap, "services": ServicePages}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines read what the public reads; personal and office pages are not for them."""
    closed = (
        "/accounts/",
        "/learn/",
        "/admin/",
        "/django-admin/",
        "/credit/office/",
        "/credit/alerts/",
        "/certificates/",
    )
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines.append(
        "Allow: /certificates/$"
    )  # the search for a certificate, not a person's certificate
    lines.append(f"Sitemap: {settings.BASE_URL}/sitemap.xml")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def icon(request: HttpRequest, name: str) -> HttpResponseRedirect:
    """Where browsers and phones look for an icon without reading a page."""
    return HttpResponseRedirect(static(f"anxin/{name}"))


@require_POST
def text_size(request: HttpRequest) -> HttpResponseRedirect:
    """Switch between ordinary and large letters; the choice is a cookie."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    answer = HttpResponseRedirect(target)  # ``redirect`` would take it for the name of a page
    if request.COOKIES.get(LARGE):
        answer.delete_cookie(LARGE)
    else:
        answer.set_cookie(
            LARGE,
            "1",
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return answer
