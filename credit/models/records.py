"""Facts about enterprises: violations and accidents, each with its source and two clocks.

A fact is written once. Only that it was corrected or withdrawn is marked later; models and database
(migration 0022) refuse everything else.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from credit.models.enterprises import Enterprise
from credit.models.locked import LockedError
from credit.models.rulesets import timeline
from credit.rules.accidents import trigger
from credit.rules.documents import LONGEST, document_key
from credit.rules.repair import public_until
from credit.rules.violations import kind_of


class ImportBatch(models.Model):
    """One imported file: who, when, which bytes, and what came of it."""

    class Kind(models.TextChoices):
        """What the rows are."""

        ENTERPRISES = "enterprises", "企业"
        VIOLATIONS = "violations", "行政处罚"
        ACCIDENTS = "accidents", "事故"
        HAZARDS = "hazards", "重大事故隐患"
        PERMITS = "permits", "行政许可"
        COMMENDATIONS = "commendations", "守信表彰"
        STANDARDISATIONS = "standardisations", "标准化达标"
        INSURANCES = "insurances", "安全生产责任保险"
        DUTY_REPORTS = "duty_reports", "领导带班"
        TRAININGS = "trainings", "培训情况"
        EXTERNAL_FACTS = "external_facts", "其他系统信息"

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", "排队中"
        RUNNING = "running", "处理中"
        DONE = "done", "已完成"
        REFUSED = "refused", "未导入"

    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    file_name = models.CharField("文件名", max_length=200)
    file = models.CharField("存放位置", max_length=300, blank=True)
    sha256 = models.CharField("文件指纹", max_length=64, db_index=True)
    strict = models.BooleanField("有错则全部不导入", default=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    rows_total = models.PositiveIntegerField("总行数", default=0)
    rows_done = models.PositiveIntegerField("已处理", default=0)
    rows_new = models.PositiveIntegerField("新增", default=0)
    rows_corrected = models.PositiveIntegerField("更正", default=0)
    rows_same = models.PositiveIntegerField("无变化", default=0)
    rows_bad = models.PositiveIntegerField("有错", default=0)
    problems = models.JSONField("问题清单", default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="imports"
    )
    system = models.ForeignKey(
        "credit.SourceSystem", models.PROTECT, null=True, blank=True, related_name="batches"
    )
    told = models.BooleanField("不是文件，是数据", null=True, editable=False)
    created_at = models.DateTimeField("导入时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "导入批次"
        verbose_name_plural = "导入批次"
        ordering = ["-id"]
        permissions = [("import_records", "可以导入记录")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.file_name}"


_MARKS: Final = frozenset(
    {"replaced_at", "withdrawn_at", "public_until"}
)  # the last follows the rules


class FactQuerySet(models.QuerySet[Any]):
    """Questions about facts."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LockedError("记录只能更正（新增一条）或撤销，不能修改、删除")

    delete = bulk_update = update_or_create = _refuse

    def update(self, **marks: Any) -> int:
        """Mark facts as corrected or withdrawn; what they say stays."""
        if set(marks) - _MARKS:
            raise LockedError("记录只能更正（新增一条）或撤销，不能修改")
        return super().update(**marks)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Add facts, each with what follows from it."""
        facts = list(objs)
        for fact in facts:
            fact.derive()
        return super().bulk_create(facts, *args, **kwargs)

    def current(self) -> Self:
        """The newest word on each fact: nothing supersedes it and it was not withdrawn."""
        return self.filter(replaced_at__isnull=True, withdrawn_at__isnull=True)

    def versions_of(self, fact: "Fact") -> Self:
        """All that was ever recorded of the same fact: itself, its corrections, what it corrected."""
        return self.filter(
            source=fact.source, identity=fact.identity, enterprise=fact.enterprise_id
        )


class Fact(models.Model):
    """What happened (``happened_on``) and when we learned it (``recorded_at``): two clocks.

    A correction closes the old row (``replaced_at``) and adds one that ``supersedes`` it.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="%(class)ss")
    source = models.CharField("来源", max_length=60)
    source_key = models.CharField("来源编号", max_length=120)
    identity = models.CharField(
        "来源编号（统一写法）",
        max_length=LONGEST,
        editable=False,
        help_text="credit.rules.documents",
    )
    happened_on = models.DateField("发生日期", db_index=True)
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    replaced_at = models.DateTimeField("被更正时间", null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, null=True, blank=True, related_name="%(class)ss"
    )

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["source", "identity", "enterprise"],
                condition=Q(replaced_at__isnull=True),
                name="one_current_%(class)s_per_source_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_key} · {self.enterprise}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add; a fact that is written stays."""
        if not self._state.adding:
            raise LockedError("记录只能更正（新增一条）或撤销，不能修改")
        self.derive()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: a fact is withdrawn with a reason, never deleted."""
        raise LockedError("记录不能删除，只能写明理由撤销")

    def derive(self) -> None:
        """Fill in what follows from the rest: two printings of one document number are one fact."""
        self.identity = self.identity or document_key(self.source_key)


class ViolationQuerySet(FactQuerySet):
    """Questions about penalties."""

    def public(self, today: date) -> Self:
        """What the public may still read: current, not past the end of its publication, not repaired."""
        from credit.models.repairs import repaired  # which is built upon this file

        return self.current().filter(~repaired(), public_until__gte=today)


class Violation(Fact):
    """An administrative penalty (行政处罚); ``source_key`` is the document number."""

    class Ground(models.TextChoices):
        """Grounds of 应急管理部令第11号 that only the decision itself can tell."""

        UNLICENSED = "unlicensed", "未取得许可或许可被暂扣、吊销期间从事生产经营"
        FALSE_CERTIFICATES = "false_certificates", "租借资质、挂靠或出具虚假报告证书"
        REFUSES_PENALTY = "refuses_penalty", "有能力履行而拒不履行处罚决定"
        OTHER_SERIOUS = "other_serious", "其他性质恶劣、情节严重的行为"

    offence = models.CharField("违法行为类型", max_length=300)
    facts = models.TextField("违法事实", blank=True)
    basis = models.TextField("处罚依据", blank=True)
    penalty_kind = models.CharField("处罚类别", max_length=100)
    content = models.TextField("处罚内容", blank=True)
    fine = models.DecimalField("罚款（元）", max_digits=16, decimal_places=2, default=0)
    confiscated = models.DecimalField("没收（元）", max_digits=16, decimal_places=2, default=0)
    licence = models.CharField("暂扣或吊销证照", max_length=200, blank=True)
    publish_until = models.DateField("公示截止", null=True, blank=True)
    public_until = models.DateField("依法公示至", null=True, editable=False, db_index=True)
    authority = models.CharField("处罚机关", max_length=120)
    ground = models.CharField("列入情形", max_length=20, choices=Ground.choices, blank=True)

    objects = ViolationQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta(Fact.Meta):
        verbose_name = "行政处罚"
        verbose_name_plural = "行政处罚"
        abstract = False

    def derive(self) -> None:
        """The last day on which it is public: as the source says, never longer than the rules allow."""
        super().derive()
        rules = timeline(timezone.localdate())
        then = rules.on(self.happened_on)
        kind = kind_of(self.penalty_kind, Decimal(self.fine), then, licence=self.licence)
        self.public_until = public_until(self.happened_on, kind, self.publish_until, rules.now)


class Accident(Fact):
    """A production-safety accident for which the enterprise answers; loss in yuan."""

    class Grade(models.TextChoices):
        """Class by 生产安全事故报告和调查处理条例 (国务院令第493号) 第三条."""

        GENERAL = "general", "一般事故"
        LARGER = "larger", "较大事故"
        MAJOR = "major", "重大事故"
        EXTRAORDINARY = "extraordinary", "特别重大事故"

    title = models.CharField("事故名称", max_length=200)
    kind = models.CharField("事故类型", max_length=40)
    deaths = models.PositiveIntegerField("死亡人数", default=0)
    serious_injuries = models.PositiveIntegerField("重伤人数", default=0)
    direct_loss = models.DecimalField(
        "直接经济损失（元）", max_digits=16, decimal_places=2, default=0
    )
    grade = models.CharField("事故等级", max_length=15, choices=Grade.choices)
    responsible = models.BooleanField("责任事故", default=True)
    concealed = models.BooleanField("瞒报谎报", default=False)
    penalised = models.BooleanField("已受行政处罚", default=False)
    multiplied_fine = models.BooleanField("按第一百一十四条被处2至5倍罚款", default=False)
    principal_fled = models.BooleanField("主要负责人不组织抢救或逃匿", default=False)

    class Meta(Fact.Meta):
        verbose_name = "事故"
        verbose_name_plural = "事故"
        abstract = False

    @property
    def figures(self) -> str:
        """Casualties and loss in words, with what makes the class above 一般."""
        loss = (
            f"，直接经济损失 {float(self.direct_loss) / 10_000:,.6g} 万元"
            if self.direct_loss
            else ""
        )
        why = trigger(
            deaths=self.deaths,
            serious_injuries=self.serious_injuries,
            direct_loss=self.direct_loss,
        )
        said = f"死亡 {self.deaths} 人，重伤 {self.serious_injuries} 人{loss}"
        return f"{said}（{why}，是{self.get_grade_display()}）" if why else said
