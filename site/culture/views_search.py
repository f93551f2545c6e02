"""The site's search: pages of every kind, and the first enterprises of that name."""

from functools import reduce
from operator import and_
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Page

from courses.models import CoursePage, LessonPage
from credit.models import Enterprise
from culture.models import CasePage, ColumnPage, LawPage, NewsPage
from culture.search import documents, snippets
from culture.search.text import MAX_QUESTION

PAGE_SIZE = 10
ENTERPRISES = 3
ALL = ""
KINDS: dict[str, tuple[str, tuple[type[Page], ...]]] = {
    "news": ("新闻", (NewsPage,)),
    "law": ("法规", (LawPage,)),
    "case": ("案例", (CasePage,)),
    "course": ("课程", (CoursePage, LessonPage)),
}

ORDER: tuple[type[Page], ...] = (CoursePage, LawPage, CasePage, NewsPage, LessonPage)


class Result(NamedTuple):
    """One found page as the list shows it."""

    title: str
    url: str
    snippet: str
    column: str
    date: Any


class Facet(NamedTuple):
    """A link that shows one kind only."""

    kind: str
    name: str
    number: int


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The answer to ``q``; ``kind`` narrows it to one kind of page."""
    words = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:MAX_QUESTION]
    kind = request.GET.get("kind", ALL)
    kind = kind if kind in KINDS else ALL
    context: dict[str, Any] = {"words": words, "kind": kind}
    if words:
        context |= _answer(request, words, kind)
    return render(request, "culture/search.html", context)


def _answer(request: HttpRequest, words: str, kind: str) -> dict[str, Any]:
    public = (
        Page.objects.live().public().not_exact_type(ColumnPage)
    )  # what is in it is found itself
    # One query tells how many pages of each content type are found.
    counts = dict(public.search(words).facet("content_type_id"))
    total = sum(counts.get(key, 0) for key in _ids(kind)) if kind else sum(counts.values())
    asked = public.filter(content_type__in=_ids(kind)) if kind else public
    ordered = nearest_first(asked.specific(), words).search(words, order_by_relevance=False)
    found = Counted(ordered, PAGE_SIZE, total=total)
    page = found.get_page(request.GET.get("page"))
    firms = list(Enterprise.objects.matching(words).select_related("place")[: ENTERPRISES + 1])
    return {
        "page": page,
        "results": _results(request, words, page),
        "facets": [Facet(k, KINDS[k][0], sum(counts.get(i, 0) for i in _ids(k))) for k in KINDS],
        "enterprises": firms[:ENTERPRISES],
        "more_enterprises": len(firms) > ENTERPRISES,
    }


def nearest_first(pages: Any, words: str) -> Any:
    """``pages`` by how their title answers ``words``, then by kind, then the newest; the same on every database."""
    in_title = reduce(and_, (Q(title__icontains=word) for word in words.split()))
    title = Case(
        When(title__iexact=words, then=Value(0)),
        When(title__istartswith=words, then=Value(1)),
        When(in_title, then=Value(2)),
        default=Value(3),
    )
    of_kind = (
        When(content_type=ContentType.objects.get_for_model(model), then=Value(place))
        for place, model in enumerate(ORDER)
    )
    date = Coalesce("newspage__date", "lawpage__date", "casepage__date")
    return pages.order_by(
        title.asc(),
        Case(*of_kind, default=Value(len(ORDER))).asc(),
        date.desc(nulls_last=True),
        F("path").asc(),
    )


class Counted(Paginator[Any]):
    """A paginator that was told the number, which the facets have counted already."""

    def __init__(self, found: Any, per_page: int, *, total: int) -> None:
        super().__init__(found, per_page)
        self.total = total

    @property
    def count(self) -> int:
        """The number of pages found."""
        return self.total


def _ids(kind: str) -> list[int]:
    return [ContentType.objects.get_for_model(model).pk for model in KINDS[kind][1]]


def _results(request: HttpRequest, words: str, pages: ListPage[Any]) -> list[Result]:
    """The pages of this list with their columns, which one query brings for all of them."""
    found = list(pages)
    hits = snippets.hits(words)
    columns = _columns(found)
    return [
        Result(
            title=snippets.highlight(page.title, hits),
            url=page.get_url(request) or "/",
            snippet=snippets.snippet(documents.readable(page), hits),
            column=" › ".join(columns[path] for path in _above(page) if path in columns),
            date=getattr(page, "date", None) or _published_on(page),
        )
        for page in found
    ]


def _columns(pages: list[Any]) -> dict[str, str]:
    wanted = {path for page in pages for path in _above(page)}
    if not wanted:
        return {}
    return dict(Page.objects.filter(path__in=wanted).values_list("path", "title"))


def _above(page: Any) -> list[str]:
    """The paths between the first page (the second step of the tree) and ``page`` itself."""
    step = page.steplen
    return [page.path[:end] for end in range(3 * step, len(page.path), step)]


def _published_on(page: Any) -> Any:
    when = page.last_published_at or page.first_published_at
    return timezone.localdate(when) if when else None
