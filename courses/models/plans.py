"""What a plan says of training: a figure for a year and a place, with its source. The newest word counts."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from courses.rules.reports import NAMES, UNITS, Indicator
from credit.models.locked import Written, WrittenOnce


class PlanFigureQuerySet(Written):
    """Questions about figures."""

    def current(self) -> "PlanFigureQuerySet":
        """The newest word on each year, place, indicator and kind."""
        newer = PlanFigure.objects.filter(
            year=models.OuterRef("year"),
            place=models.OuterRef("place"),
            indicator=models.OuterRef("indicator"),
            kind=models.OuterRef("kind"),
            pk__gt=models.OuterRef("pk"),
        )
        return self.filter(~models.Exists(newer))


class PlanFigure(WrittenOnce):
    """A figure of a plan. ``amount`` is in percent or people (``courses.rules.reports``).

    A past figure (往年情况) is told beside what is counted and asks for nothing. A changed figure is a new
    row with a reason.
    """

    class Kind(models.TextChoices):
        """What the plan means by it."""

        TARGET = "target", "目标"
        PAST = "past", "往年情况"

    year = models.PositiveSmallIntegerField(
        "年份", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    place = models.ForeignKey(
        "credit.Jurisdiction", models.PROTECT, related_name="+", verbose_name="属地"
    )
    indicator = models.CharField(
        "指标", max_length=12, choices=[(one.value, name) for one, name in NAMES.items()]
    )
    kind = models.CharField("性质", max_length=6, choices=Kind.choices, default=Kind.TARGET)
    amount = models.DecimalField("数值", max_digits=11, decimal_places=2)
    source = models.CharField("来源（文件、条款）", max_length=200)
    reason = models.CharField("更改原因", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = PlanFigureQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "培训计划指标"
        verbose_name_plural = "培训计划指标"
        ordering = ["-year", "place", "indicator", "-id"]
        permissions = [("read_training_reports", "可以看培训统计")]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="plan_figure_names_its_source"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="plan_figure_is_not_negative"),
            models.CheckConstraint(
                condition=Q(indicator=Indicator.MIGRANTS.value) | Q(amount__lte=100),
                name="plan_share_ends_at_100",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_indicator_display()} {self.printed}"

    @property
    def printed(self) -> str:
        """With its unit, and no empty decimals."""
        plain: Any = self.amount.normalize()
        return f"{plain:f} {UNITS[Indicator(self.indicator)]}"
