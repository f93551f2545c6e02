"""Columns and their articles: news, law, accident cases."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.search import index

from culture.blocks import ArticleBlock

PAGE_SIZE = 12
COVER = "fill-480x320"  # as the lists of articles show it


def _today() -> Any:
    return timezone.localdate()


class ArticleForm(WagtailAdminPageForm):  # type: ignore[misc]
    """The editors' form of an article."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "date" in self.fields:
            # For a computed default Django compares with a hidden field that Wagtail does not print, so that
            # every form would count as changed.
            self.fields["date"].show_hidden_initial = False


class Article(Page):  # type: ignore[misc]
    """What every article has."""

    summary = models.TextField("摘要", max_length=300)
    date = models.DateField("日期", default=_today, db_index=True)
    source = models.CharField("来源", max_length=60, blank=True)
    author = models.CharField("作者", max_length=60, blank=True)
    cover = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="列表图片",
        help_text="在栏目和首页的列表里显示，横的好看",
    )
    body = StreamField(ArticleBlock(), verbose_name="内容")

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("cover"),
        FieldRowPanel([FieldPanel("date"), FieldPanel("source"), FieldPanel("author")]),
        FieldPanel("body"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.SearchField("kind_name"),
        index.FilterField("date"),
    ]
    parent_page_types: ClassVar[list[str]] = ["culture.ColumnPage"]
    subpage_types: ClassVar[list[str]] = []
    base_form_class = ArticleForm

    class Meta:
        abstract = True

    @property
    def kind_name(self) -> str:
        """Its kind, so that “事故” finds every accident case."""
        return str(self._meta.verbose_name)

    @classmethod
    def can_exist_under(cls, parent: Page) -> bool:
        """Only in a column of its own kind, which lists no other."""
        if not super().can_exist_under(parent):
            return False
        return ARTICLES[parent.specific.kind] is cls


def newest(kind: type[Article]) -> Any:
    """Live articles of one kind, newest first, each with the small picture of the lists."""
    covers = Prefetch("cover", get_image_model().objects.prefetch_renditions(COVER))
    return kind._default_manager.live().order_by("-date", "-pk").prefetch_related(covers)


class NewsPage(Article):
    """News, and notices of the bureau."""

    template = "culture/article_page.html"

    class Meta:
        verbose_name = "新闻"
        verbose_name_plural = "新闻"


class LawPage(Article):
    """A law or standard: our summary and explanation, and where it stands."""

    class Status(models.TextChoices):
        """效力状态."""

        IN_FORCE = "in_force", "现行有效"
        AMENDED = "amended", "现行有效（经修改）"
        REPEALED = "repealed", "已废止"

    number = models.CharField("文号", max_length=80, blank=True)
    issuer = models.CharField("发布机关", max_length=120)
    effective_on = models.DateField("施行日期", null=True, blank=True)
    status = models.CharField(
        "效力", max_length=10, choices=Status.choices, default=Status.IN_FORCE
    )

    content_panels: ClassVar[list[Any]] = [
        *Article.content_panels[:-1],
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("number"), FieldPanel("issuer")]),
                FieldRowPanel([FieldPanel("effective_on"), FieldPanel("status")]),
            ],
            heading="法规信息",
        ),
        Article.content_panels[-1],
    ]
    search_fields: ClassVar[list[Any]] = [
        *Article.search_fields,
        index.SearchField("number"),
        index.SearchField("issuer"),
    ]
    template = "culture/law_page.html"

    class Meta:
        verbose_name = "法规"
        verbose_name_plural = "法规"


class CasePage(Article):
    """An accident and what it teaches."""

    happened_on = models.DateField("事故日期", null=True, blank=True)
    accident_kind = models.CharField("事故类型", max_length=40)
    deaths = models.PositiveIntegerField("死亡人数", default=0)
    injuries = models.PositiveIntegerField("受伤人数", default=0)
    direct_cause = models.TextField("直接原因", max_length=400)
    lessons = models.TextField("教训", help_text="一行一条")
    articles = models.TextField("相关法条", blank=True, help_text="一行一条")
    fictional = models.BooleanField("虚构案例", default=False)

    content_panels: ClassVar[list[Any]] = [
        *Article.content_panels[:-1],
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("happened_on"), FieldPanel("accident_kind")]),
                FieldRowPanel([FieldPanel("deaths"), FieldPanel("injuries")]),
                FieldPanel("direct_cause"),
                FieldPanel("lessons"),
                FieldPanel("articles"),
                FieldPanel("fictional"),
            ],
            heading="事故",
        ),
        Article.content_panels[-1],
    ]
    search_fields: ClassVar[list[Any]] = [
        *Article.search_fields,
        index.SearchField("accident_kind"),
        index.SearchField("direct_cause"),
        index.SearchField("lessons"),
        index.SearchField("articles"),
    ]
    template = "culture/case_page.html"

    class Meta:
        verbose_name = "事故案例"
        verbose_name_plural = "事故案例"


class ColumnForm(WagtailAdminPageForm):  # type: ignore[misc]
    """The editors' form of a column."""

    def clean_kind(self) -> str:
        """What a column holds decides its kind. Raises ValidationError."""
        kind: str = self.cleaned_data["kind"]
        if self.instance.numchild and "kind" in self.changed_data:
            raise ValidationError("栏目里已经有内容，不能改类别。请另建一个栏目")
        return kind


class ColumnPage(Page):  # type: ignore[misc]
    """栏目: a list of articles of one kind, newest first."""

    class Kind(models.TextChoices):
        """What its articles are."""

        NEWS = "news", "新闻通知"
        LAW = "law", "法律法规"
        CASE = "case", "事故案例"

    kind = models.CharField("类别", max_length=5, choices=Kind.choices, default=Kind.NEWS)
    intro = models.TextField("说明", blank=True)

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("kind"),
        FieldPanel("intro"),
    ]
    parent_page_types: ClassVar[list[str]] = ["culture.HomePage"]
    subpage_types: ClassVar[list[str]] = ["culture.NewsPage", "culture.LawPage", "culture.CasePage"]
    base_form_class = ColumnForm
    template = "culture/column_page.html"

    class Meta:
        verbose_name = "栏目"
        verbose_name_plural = "栏目"

    def articles(self) -> Any:
        """Live articles, newest first.

        Who reads a closed column has passed its door; an article with a door of its own is not listed.
        """
        return newest(ARTICLES[self.kind]).child_of(self).filter(view_restrictions=None)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """A page of the list. ``page`` is Wagtail's own name for the page shown: the list is ``list``."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["list"] = Paginator(self.articles(), PAGE_SIZE).get_page(request.GET.get("p"))
        return context


ARTICLES: dict[str, type[Article]] = {"news": NewsPage, "law": LawPage, "case": CasePage}
