"""The first page: two doors (check an enterprise, take a course), and the newest of each column."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from courses.models import CoursePage
from culture.models.articles import CasePage, ColumnPage, LawPage, NewsPage, newest


class HomePage(Page):  # type: ignore[misc]
    """首页."""

    slogan = models.CharField("口号", max_length=40, default="安全看得见，信用查得到")
    lead = models.CharField(
        "说明", max_length=120, default="查企业的安全信用，学救命的安全知识，看身边的事故教训。"
    )

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("slogan"),
        FieldPanel("lead"),
    ]
    subpage_types: ClassVar[list[str]] = ["culture.ColumnPage", "courses.CourseIndexPage"]
    template = "culture/home_page.html"

    class Meta:
        verbose_name = "首页"
        verbose_name_plural = "首页"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The newest of each kind that everybody may read: one query each, however many there are."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        closed = Page.objects.private_q()  # one query for all lists
        context |= {
            "news": newest(NewsPage).exclude(closed)[:4],
            "laws": newest(LawPage).exclude(closed)[:4],
            "cases": newest(CasePage).exclude(closed)[:3],
        }
        courses = CoursePage.objects.live().exclude(closed).order_by("path")
        context["courses"] = courses.select_related("cover")[:2]
        columns = ColumnPage.objects.child_of(self).live().exclude(closed).order_by("-path")
        context["columns"] = {column.kind: column for column in columns}  # the first of each kind
        return context
