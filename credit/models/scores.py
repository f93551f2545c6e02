"""What the score function answered last: a row for each enterprise, and a row for each line of it."""

from datetime import date

from django.db import models
from django.utils import timezone

from credit.models.enterprises import Enterprise


class Score(models.Model):
    """Points and grade of one enterprise under one rule-set as of a day. The grade is not a public list.

    ``computed_at`` is when the figures last changed. They hold from ``as_of`` until the day before
    ``next_change_on``, the next day on which a record fades, drops off or leaves a veto's window, unless
    something is recorded; all facts recorded before ``seen_until`` are in them. ``level`` is the
    standardisation level that they began from.
    """

    enterprise = models.OneToOneField(
        Enterprise, models.CASCADE, primary_key=True, related_name="score"
    )
    base = models.DecimalField("起始分", max_digits=7, decimal_places=2)
    deducted = models.DecimalField("合计扣分", max_digits=7, decimal_places=2)
    points = models.DecimalField("得分", max_digits=7, decimal_places=2)
    grade_by_points = models.CharField("按分等级", max_length=1)
    grade = models.CharField("等级", max_length=1, db_index=True)
    veto = models.CharField("限定等级的规则", max_length=40, blank=True)
    veto_reason = models.CharField("限定理由", max_length=200, blank=True)
    veto_article = models.CharField("限定依据", max_length=200, blank=True)
    ruleset = models.CharField("规则集", max_length=60)
    as_of = models.DateField("计算截止日")
    computed_at = models.DateTimeField("数值变动时间", default=timezone.now)
    next_change_on = models.DateField("下次变动之日", null=True, db_index=True)
    seen_until = models.DateTimeField("记录计入至", null=True)
    level = models.PositiveSmallIntegerField("标准化等级", null=True)

    class Meta:
        verbose_name = "信用得分"
        verbose_name_plural = "信用得分"

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.points} {self.grade}"

    @property
    def holds_on(self) -> date:
        """The last day, up to today, as of which these figures are known to be right."""
        today = timezone.localdate()
        if self.next_change_on is not None and self.next_change_on <= today:
            return self.as_of
        return max(self.as_of, today)


class ScoreLine(models.Model):
    """One record in a score: its article, weight, decay and the first day on which it no longer counts."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="score_lines")
    record_type = models.CharField(
        "记录种类",
        max_length=20,
        choices=[
            ("violation", "行政处罚"),
            ("accident", "事故"),
            ("majorhazard", "重大事故隐患"),
            ("trainingfact", "培训情况"),
            ("liabilityinsurance", "安全生产责任保险"),
            ("commendation", "守信表彰"),
        ],
    )
    record_id = models.BigIntegerField("记录编号")
    label = models.CharField("记录", max_length=250)
    kind = models.CharField("计分项", max_length=40)
    name = models.CharField("计分项名称", max_length=60)
    article = models.CharField("依据", max_length=200)
    confirmed = models.BooleanField("依据已核对")
    happened_on = models.DateField("发生日期")
    points = models.DecimalField("分值", max_digits=7, decimal_places=2)
    weight = models.DecimalField("情节系数", max_digits=5, decimal_places=2)
    decay = models.DecimalField("时间系数", max_digits=6, decimal_places=4)
    deducted = models.DecimalField("扣分", max_digits=7, decimal_places=2)
    drop_off = models.DateField("不再计分之日", null=True)

    class Meta:
        verbose_name = "计分明细"
        verbose_name_plural = "计分明细"
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "record_type", "record_id", "kind"],
                name="one_line_per_record_and_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.deducted}"
