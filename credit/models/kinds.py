"""The further kinds of facts: hazards, permits, commendations, standardisation, insurance, duty, training, others.

All of them are facts as penalties and accidents are: written once, corrected by a new row, withdrawn on paper
(migration 0030 holds it in the database). They last: true from ``happened_on`` to ``ended_on``.
"""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from credit.models.records import Accident, Fact, FactQuerySet, Violation
from credit.rules.hazards import HazardState, state_on


class SpanQuerySet(FactQuerySet):
    """Questions about facts that last."""

    def true_on(self, day: date) -> Self:
        """Current ones that had begun and not ended on ``day``; the day of the end counts no more."""
        return self.current().filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=day), happened_on__lte=day
        )

    def valid_on(self, day: date) -> Self:
        """As ``true_on``, but a term's last day counts (有效期至)."""
        return self.current().filter(
            Q(ended_on__isnull=True) | Q(ended_on__gte=day), happened_on__lte=day
        )


class Span(Fact):
    """A fact that lasts; ``ended_on`` is empty while it does, or where nobody told."""

    ended_on = models.DateField("终止日期", null=True, blank=True, db_index=True)

    objects = SpanQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta(Fact.Meta):
        abstract = True
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("happened_on")),
                name="%(class)s_ends_after_it_began",
            ),
        ]


class MajorHazard(Span):
    """重大事故隐患, found on ``happened_on``, closed (销号) on ``ended_on``."""

    class Supervision(models.TextChoices):
        """挂牌督办级别."""

        NONE = "", "未挂牌"
        DISTRICT = "district", "区级"
        CITY = "city", "市级"
        PROVINCE = "province", "省级"
        STATE = "state", "国家级"

    title = models.CharField("隐患", max_length=200)
    supervision = models.CharField(
        "挂牌督办级别", max_length=10, choices=Supervision.choices, blank=True
    )
    authority = models.CharField("督办单位", max_length=120, blank=True)
    deadline = models.DateField("整改期限", null=True, blank=True)

    class Meta(Span.Meta):
        verbose_name = "重大事故隐患"
        verbose_name_plural = "重大事故隐患"
        abstract = False

    def state_on(self, day: date) -> HazardState:
        """Open, overdue or closed."""
        return state_on(day, deadline=self.deadline, closed_on=self.ended_on)


class PermitChange(Span):
    """A permit (行政许可) was granted or changed; ``source_key`` is the decision's number."""

    class Action(models.TextChoices):
        """What became of the permit."""

        GRANTED = "granted", "取得"
        CHANGED = "changed", "变更"
        SUSPENDED = "suspended", "暂扣"
        REVOKED = "revoked", "吊销"
        CANCELLED = "cancelled", "注销"

    action = models.CharField("变动", max_length=10, choices=Action.choices)
    permit_kind = models.CharField("许可类别", max_length=100)
    title = models.CharField("许可证书名称", max_length=200, blank=True)
    permit_number = models.CharField("许可编号", max_length=120, blank=True)
    content = models.TextField("许可内容", blank=True)
    valid_from = models.DateField("有效期自", null=True, blank=True)
    authority = models.CharField("许可机关", max_length=120)

    class Meta(Span.Meta):
        verbose_name = "行政许可"
        verbose_name_plural = "行政许可"
        abstract = False


class Commendation(Span):
    """A commendation (守信、表彰)."""

    title = models.CharField("表彰名称", max_length=200)
    authority = models.CharField("表彰单位", max_length=120)

    class Meta(Span.Meta):
        verbose_name = "守信表彰"
        verbose_name_plural = "守信表彰"
        abstract = False


class Standardisation(Span):
    """A level of 安全生产标准化 that was reached; ``ended_on`` is the last day of its term."""

    class Level(models.IntegerChoices):
        """1 is the best."""

        FIRST = 1, "一级"
        SECOND = 2, "二级"
        THIRD = 3, "三级"

    level = models.PositiveSmallIntegerField("标准化等级", choices=Level.choices)
    authority = models.CharField("评定单位", max_length=120)

    class Meta(Span.Meta):
        verbose_name = "标准化达标"
        verbose_name_plural = "标准化达标"
        abstract = False


class LiabilityInsurance(Span):
    """安全生产责任保险; ``source_key`` is the policy, sum in yuan."""

    insurer = models.CharField("保险公司", max_length=120)
    insured = models.DecimalField("保险金额（元）", max_digits=16, decimal_places=2, default=0)
    people = models.PositiveIntegerField("投保人数", default=0)

    class Meta(Span.Meta):
        verbose_name = "安全生产责任保险"
        verbose_name_plural = "安全生产责任保险"
        abstract = False


class DutyReport(Span):
    """领导带班: who led a shift, and what was found. The name is for officers only."""

    leader = models.CharField("带班领导", max_length=60)
    shift = models.CharField("班次", max_length=60, blank=True)
    content = models.TextField("带班情况", blank=True)

    class Meta(Span.Meta):
        verbose_name = "领导带班"
        verbose_name_plural = "领导带班"
        abstract = False


class TrainingFact(Span):
    """What training told: a certificate, a class that was completed, an obligation that was missed."""

    class Event(models.TextChoices):
        """What happened."""

        CERTIFICATE = "certificate", "取得证书"
        COMPLETED = "completed", "培训班完成"
        MISSED = "missed", "未按期培训"

    event = models.CharField("培训事项", max_length=12, choices=Event.choices)
    title = models.CharField("课程或培训班", max_length=200)
    people = models.PositiveIntegerField("人数", default=1)

    class Meta(Span.Meta):
        verbose_name = "培训情况"
        verbose_name_plural = "培训情况"
        abstract = False


class ExternalFact(Span):
    """What another system knows; nothing is computed from it, it is shown to officers."""

    category = models.CharField("类别", max_length=60)
    title = models.CharField("事项", max_length=200)
    content = models.TextField("内容", blank=True)
    authority = models.CharField("提供单位", max_length=120)

    class Meta(Span.Meta):
        verbose_name = "其他系统信息"
        verbose_name_plural = "其他系统信息"
        abstract = False


SPANS: tuple[type[Span], ...] = (
    MajorHazard,
    PermitChange,
    Commendation,
    Standardisation,
    LiabilityInsurance,
    DutyReport,
    TrainingFact,
    ExternalFact,
)
_ALL: tuple[type[Any], ...] = (Violation, Accident, *SPANS)
FACT_MODELS: dict[str, type[Any]] = {model._meta.model_name or "": model for model in _ALL}
"""Every kind of fact by its model's name, as addresses, cases and score lines write it."""

PUBLIC_KINDS = frozenset({"violation", "accident", "liabilityinsurance", "commendation"})
"""What the public may read on an enterprise's page; the rest serves supervision alone."""

BY_KIND: dict[str, type[Any]] = {
    "violations": Violation,
    "accidents": Accident,
    "hazards": MajorHazard,
    "permits": PermitChange,
    "commendations": Commendation,
    "standardisations": Standardisation,
    "insurances": LiabilityInsurance,
    "duty_reports": DutyReport,
    "trainings": TrainingFact,
    "external_facts": ExternalFact,
}
"""Every kind of fact by the name that imports and the API give it."""
