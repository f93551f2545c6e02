"""The catalogue as Wagtail pages: index → course → lessons. Public to read; hours count for the enrolled."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from courses.blocks import LessonBlock, ReadingsBlock, SpokenListBlock
from courses.blocks_activities import FEATURES
from courses.models.clusters import ParentalKey
from courses.rules.catalogue import LEVELS, STAGES, goes_round, mark_fault
from courses.rules.requirements import trades


class Audience(models.TextChoices):
    """For whom a course is made."""

    PRINCIPAL = "principal", "主要负责人"
    SAFETY_MANAGER = "safety_manager", "安全生产管理人员"
    SPECIAL_OPERATOR = "special_operator", "特种作业人员"
    WORKER = "worker", "从业人员"
    MIGRANT = "migrant", "农民工"
    STUDENT = "student", "学生"
    OFFICIAL = "official", "机关干部"


def trade_choices() -> list[tuple[str, str]]:
    """Trades of special operators, from the rule-set."""
    return list(trades().items())


class CourseIndexPage(Page):  # type: ignore[misc]
    """The catalogue."""

    intro = models.TextField("说明", blank=True)

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("intro")]
    subpage_types: ClassVar[list[str]] = ["courses.CoursePage"]
    template = "courses/course_index_page.html"

    class Meta:
        verbose_name = "课程目录"
        verbose_name_plural = "课程目录"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The live courses that were asked for, none with a door of its own, and what may be asked for."""
        from courses.models.catalogue import narrowed

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        courses = CoursePage.objects.child_of(self).live().filter(view_restrictions=None)
        return context | narrowed(courses, request.GET)


class CourseForm(WagtailAdminPageForm):  # type: ignore[misc]
    """A course that is published can be finished: its minutes fit into its lessons."""

    def clean(self) -> dict[str, Any]:
        """A draft may still be wrong; what goes out to learners may not."""
        from courses.models.progress import minutes_fault

        data: dict[str, Any] = super().clean()
        goes_out = {"action-publish", "action-submit"} & set(self.data)
        minutes = data.get("required_minutes") or 0
        fault = minutes_fault(self.instance, minutes) if self.instance.pk else ""
        if goes_out and fault:
            self.add_error("required_minutes", fault)
        self._check_marks(data)
        self._check_needs()
        return data

    def _check_marks(self, data: dict[str, Any]) -> None:
        """Trade, level and stage belong to their audience."""
        for mark in ("trade", "induction", "stage"):
            fault = mark_fault(mark, data.get("audience", "")) if data.get(mark) else ""
            if fault:
                self.add_error(mark, fault)

    def _check_needs(self) -> None:
        """No course has to be learned before itself, not even by way of others."""
        rows = self.formsets.get("prerequisites", [])
        needs = [
            row.cleaned_data["needs"].pk
            for row in rows
            if row.is_valid() and row.cleaned_data.get("needs") and not row.cleaned_data["DELETE"]
        ]
        known: dict[int, set[int]] = {}
        for page, needed in Prerequisite.objects.values_list("page", "needs"):
            known.setdefault(page, set()).add(needed)
        if self.instance.pk and goes_round(self.instance.pk, needs, known):
            self.add_error(None, "先修课程绕回了这门课自己，请去掉一门")


class CoursePage(Page):  # type: ignore[misc]
    """A course: for whom, how many minutes of study it takes, and its lessons below."""

    summary = models.TextField("学了能做什么", max_length=400)
    audience = models.CharField(
        "对象", max_length=20, choices=Audience.choices, default=Audience.WORKER
    )
    sector = models.ForeignKey(
        "credit.Sector",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="行业领域",
    )
    trade = models.CharField(  # noqa: DJ001  # a default would remake the table
        "特种作业工种", max_length=30, choices=trade_choices, null=True, blank=True
    )
    induction = models.CharField(  # noqa: DJ001  # the same
        "三级安全教育", max_length=10, choices=list(LEVELS.items()), null=True, blank=True
    )
    stage = models.CharField(  # noqa: DJ001  # the same
        "学段", max_length=12, choices=list(STAGES.items()), null=True, blank=True
    )
    required_minutes = models.PositiveSmallIntegerField(
        "本课学习时间（分钟）",
        validators=[MinValueValidator(0), MaxValueValidator(60 * 200)],
        help_text="学员要在这门课里学满的时间，不能超过各课时之和；它不是法规规定的培训学时。",
    )
    cover = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="封面",
    )
    outline = RichTextField("课程说明", blank=True, features=FEATURES)

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldPanel("audience"),
                FieldPanel("sector"),
                FieldPanel("trade"),
                FieldPanel("induction"),
                FieldPanel("stage"),
                FieldPanel("required_minutes"),
            ],
            heading="对象和学习时间",
            help_text="改了课时或学习时间、发布以后报名的人学新的一版；正在学的人学完他们开始时的那一版。",
        ),
        InlinePanel("prerequisites", label="先修课程", heading="要先学完哪些课"),
        FieldPanel("cover"),
        FieldPanel("outline"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("outline"),
    ]
    base_form_class = CourseForm
    parent_page_types: ClassVar[list[str]] = ["courses.CourseIndexPage"]
    subpage_types: ClassVar[list[str]] = ["courses.LessonPage"]
    template = "courses/course_page.html"

    class Meta:
        verbose_name = "课程"
        verbose_name_plural = "课程"

    def lessons(self) -> Any:
        """Live lessons in order."""
        return LessonPage.objects.child_of(self).live().order_by("path")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Lessons with the reader's ticks, and the reader's enrolment."""
        from courses.models import progress

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | progress.course_context(self, request.user)


class Prerequisite(Orderable):  # type: ignore[misc]
    """A course that is finished before another is begun."""

    page = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="prerequisites")
    needs = models.ForeignKey(
        CoursePage, models.CASCADE, related_name="needed_by", verbose_name="先修课程"
    )

    panels: ClassVar[list[Any]] = [PageChooserPanel("needs", "courses.CoursePage")]

    class Meta(Orderable.Meta):  # type: ignore[misc]
        verbose_name = "先修课程"
        verbose_name_plural = "先修课程"
        constraints = [
            models.UniqueConstraint(fields=["page", "needs"], name="a_course_is_needed_once"),
            models.CheckConstraint(
                condition=~Q(page=models.F("needs")), name="no_course_needs_itself"
            ),
        ]

    def __str__(self) -> str:
        return str(self.needs)


class LessonPage(Page):  # type: ignore[misc]
    """One lesson; ``min_minutes`` must pass on the server's clock before it can be finished."""

    min_minutes = models.PositiveSmallIntegerField(
        "至少学习（分钟）", default=5, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    body = StreamField(LessonBlock(), verbose_name="内容")
    spoken = StreamField(
        SpokenListBlock(), verbose_name="录音（普通话、方言）", null=True, blank=True
    )
    readings = StreamField(ReadingsBlock(), verbose_name="简明版和其他语言", null=True, blank=True)

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("min_minutes"),
        FieldPanel("body"),
        FieldPanel("spoken"),
        FieldPanel("readings"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("body"),
        index.SearchField("readings"),
    ]
    parent_page_types: ClassVar[list[str]] = ["courses.CoursePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "courses/lesson_page.html"

    class Meta:
        verbose_name = "课时"
        verbose_name_plural = "课时"

    @property
    def course(self) -> CoursePage:
        """The course that it belongs to."""
        found: CoursePage = CoursePage.objects.parent_of(self).get()
        return found

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The course, its neighbours, the reader's progress, and the words that the reader asked for."""
        from courses.models import progress
        from courses.models.reading import reading_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        told = progress.lesson_context(self, request.user)
        return context | told | reading_context(self, request.GET.get("as", ""))

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """It may frame the packages' origin, as no other page of ours may."""
        response: HttpResponse = super().serve(request, *args, **kwargs)
        if settings.PACKAGES_ORIGIN:
            frames = {"frame-src": ["'self'", settings.PACKAGES_ORIGIN]}
            response._csp_update = frames  # type: ignore[attr-defined]  # django-csp's
        return response
