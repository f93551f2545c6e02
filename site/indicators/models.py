"""A plan, its indicators, and what was observed year by year. Observations are never edited."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from indicators import rules

YEARS = [MinValueValidator(1949), MaxValueValidator(2200)]
ZERO = MinValueValidator(Decimal(0))


class Plan(models.Model):
    """A plan of some years, measured against the base year before it."""

    name = models.CharField("规划名称", max_length=80, unique=True)
    base_year = models.PositiveSmallIntegerField("基期年", validators=YEARS)
    first_year = models.PositiveSmallIntegerField("开始年", validators=YEARS)
    last_year = models.PositiveSmallIntegerField("结束年", validators=YEARS)

    class Meta:
        verbose_name = "规划"
        verbose_name_plural = "规划"
        ordering = ["-last_year", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(base_year__lt=F("first_year")) & Q(first_year__lte=F("last_year")),
                name="plan_years_in_order",
                violation_error_message="年份应为：基期年早于开始年，开始年不晚于结束年",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Indicator(models.Model):
    """One line of a plan: what is measured and what is asked."""

    class Kind(models.TextChoices):
        """What the plan asks."""

        CUT = rules.CUT, "累计降幅"
        AIM_ZERO = rules.AIM_ZERO, "力争不发生"
        HARD_ZERO = rules.HARD_ZERO, "杜绝"

    class Direction(models.TextChoices):
        """What is better."""

        DOWN = rules.DOWN, "越低越好"
        UP = rules.UP, "越高越好"

    class Measure(models.TextChoices):
        """How an observation is made: counted, or deaths divided by something."""

        COUNT = "count", "直接填数"
        GDP = "gdp", "死亡人数 ÷ 国内生产总值（亿元）"
        EMPLOYED = "employed", "死亡人数 ÷ 就业人数 × 100000"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="indicators", verbose_name="规划")
    number = models.PositiveSmallIntegerField("序号")
    code = models.SlugField("代码", max_length=40)
    name = models.CharField("指标", max_length=80)
    unit = models.CharField("单位", max_length=30)
    kind = models.CharField("目标类型", max_length=10, choices=Kind.choices)
    cut_percent = models.DecimalField(
        "累计变化（%）", max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[ZERO, MaxValueValidator(Decimal(100))],
    )  # fmt: skip
    base_value = models.DecimalField(
        "基期值", max_digits=16, decimal_places=6, null=True, blank=True, validators=[ZERO],
        help_text="不知道就空着，网页上会写“待填报”",
    )  # fmt: skip
    direction = models.CharField(
        "方向", max_length=4, choices=Direction.choices, default=Direction.DOWN
    )
    measure = models.CharField(
        "怎么填", max_length=8, choices=Measure.choices, default=Measure.COUNT
    )
    formula = models.CharField("怎么算", max_length=200)
    source = models.CharField("来源", max_length=200)

    class Meta:
        verbose_name = "指标"
        verbose_name_plural = "指标"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"], name="one_indicator_per_plan_and_code"
            ),
            models.CheckConstraint(
                condition=Q(kind=rules.CUT, cut_percent__isnull=False)
                | (~Q(kind=rules.CUT) & Q(cut_percent__isnull=True, direction=rules.DOWN)),
                name="cut_percent_only_for_cuts",
                violation_error_message="累计降幅的指标要填百分数，其他指标不填，且越低越好",
            ),
            models.CheckConstraint(
                condition=Q(cut_percent__isnull=True) | Q(cut_percent__gte=0, cut_percent__lte=100),
                name="cut_percent_0_to_100",
            ),
            models.CheckConstraint(
                condition=Q(base_value__isnull=True) | Q(base_value__gte=0),
                name="indicator_base_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


class ObservationQuerySet(models.QuerySet["Observation"]):
    """Questions about observations."""

    def current(self) -> "ObservationQuerySet":
        """The newest word on each year: nothing supersedes it."""
        return self.filter(superseded_by=None)


class Observation(models.Model):
    """A value of one year, with who recorded it and where it comes from. A correction supersedes it.

    A rate keeps what it was made of: ``deaths`` and ``divisor`` (GDP in 亿元, or employed persons).
    """

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="observations", verbose_name="指标"
    )
    year = models.PositiveSmallIntegerField("年份", validators=YEARS)
    value = models.DecimalField("数值", max_digits=16, decimal_places=6, validators=[ZERO])
    deaths = models.PositiveIntegerField("死亡人数", null=True, blank=True)
    divisor = models.DecimalField(
        "国内生产总值（亿元）或就业人数（人）",
        max_digits=16,
        decimal_places=4,
        null=True,
        blank=True,
    )
    source = models.CharField("数据来源", max_length=200)
    note = models.CharField("更正原因", max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填报人"
    )
    recorded_at = models.DateTimeField("填报时间", auto_now_add=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by",
        verbose_name="更正的数据",
    )  # fmt: skip

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = "年度数据"
        verbose_name_plural = "年度数据"
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year"],
                condition=Q(supersedes=None),
                name="one_first_word_per_year",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="observation_not_negative"),
            models.CheckConstraint(
                condition=Q(deaths__isnull=True, divisor__isnull=True)
                | Q(deaths__isnull=False, divisor__gt=0),
                name="rate_keeps_both_parts",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(note=""), name="correction_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.name} {self.year}年"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only ever a new row; the database refuses the rest besides."""
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)
