"""The enterprise register and who works where."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from pypinyin import Style, lazy_pinyin

from credit.models.places import Jurisdiction, Sector
from credit.models.search import holding
from credit.rules.names import fold

MOST_WORDS = 8


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    """Questions about enterprises."""

    def matching(self, words: str) -> "EnterpriseQuerySet":
        """Any two or more characters of the name, code or pinyin initials; fewer find nothing.

        Every one of the words is asked for; width, kind of bracket and letter case do not count. Single
        characters with spaces between them (云 溪) are one word. At most ``MOST_FOUND`` of the register
        answer, and one that says there are more, before any other filter.
        """
        wanted = fold(words.replace("\x00", "")).split()[:MOST_WORDS]  # PostgreSQL refuses NUL
        if all(len(word) == 1 for word in wanted):
            wanted = ["".join(wanted)]
        if not any(len(word) >= 2 for word in wanted):
            return self.none()
        return self.filter(pk__in=holding(wanted, self.db))

    def bulk_create(
        self, objs: Iterable["Enterprise"], *args: Any, **kwargs: Any
    ) -> list["Enterprise"]:
        """Add or update enterprises, each with the search text that follows from it."""
        enterprises = list(objs)
        for enterprise in enterprises:
            enterprise.search_text = enterprise.make_search_text()
        return super().bulk_create(enterprises, *args, **kwargs)

    def in_reach_of(self, officer: Any) -> "EnterpriseQuerySet":
        """Those in the places where ``officer`` may act."""
        return self.filter(place__in=Jurisdiction.objects.of_officer(officer))


class Enterprise(models.Model):
    """A unit that produces or trades (生产经营单位), known by its 统一社会信用代码."""

    class Status(models.TextChoices):
        """经营状态."""

        ACTIVE = "active", "在营"
        SUSPENDED = "suspended", "停业"
        REVOKED = "revoked", "吊销"
        CLOSED = "closed", "注销"

    class Level(models.IntegerChoices):
        """安全生产标准化等级: 1 is the best."""

        NONE = 0, "未达标"
        FIRST = 1, "一级"
        SECOND = 2, "二级"
        THIRD = 3, "三级"

    class UnitKind(models.TextChoices):
        """单位类别: service bodies answer for what they certify (应急管理部令第11号 第七条)."""

        PRODUCER = "producer", "生产经营单位"
        ASSESSMENT = "assessment", "安全评价机构"
        TESTING = "testing", "检测检验机构"

    name = models.CharField("名称", max_length=120, db_index=True)
    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True, null=True, blank=True)
    legacy_number = models.CharField(
        "旧登记号（待核实）", max_length=30, unique=True, null=True, blank=True
    )
    place = models.ForeignKey(
        Jurisdiction, models.PROTECT, related_name="enterprises", verbose_name="属地"
    )
    sector = models.ForeignKey(
        Sector, models.PROTECT, related_name="enterprises", verbose_name="行业领域"
    )
    address = models.CharField("地址", max_length=200, blank=True)
    legal_representative = models.CharField("法定代表人", max_length=60, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.ACTIVE)
    standardisation_level = models.PositiveSmallIntegerField(
        "标准化等级", choices=Level.choices, default=Level.NONE
    )
    unit_kind = models.CharField(  # noqa: DJ001  # empty is unsaid; a default would remake the table
        "单位类别", max_length=12, choices=UnitKind.choices, null=True, blank=True, db_index=True
    )
    promised_on = models.DateField("公开承诺日期", null=True, blank=True)
    search_text = models.TextField(editable=False)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = "企业"
        verbose_name_plural = "企业"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(uscc__isnull=False) | Q(legacy_number__isnull=False),
                name="enterprise_has_a_number",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search text in step with the name and numbers."""
        self.search_text = self.make_search_text()
        super().save(*args, **kwargs)

    def make_search_text(self) -> str:
        """Name, numbers and pinyin initials, folded as ``matching`` folds the question, one a line."""
        initials = "".join(lazy_pinyin(self.name, style=Style.FIRST_LETTER))
        parts = [self.name, self.uscc or "", self.legacy_number or "", initials]
        return fold("\n".join(parts))

    @property
    def number(self) -> str:
        """The code by which it is addressed: USCC, else the old number."""
        return self.uscc or self.legacy_number or ""

    @property
    def is_resolved(self) -> bool:
        """Whether a valid USCC identifies it."""
        return self.uscc is not None


class Employment(models.Model):
    """A person works for an enterprise, from a day to a day; ``trades`` are codes of special operations."""

    class Position(models.TextChoices):
        """三项岗位人员 and everybody else."""

        PRINCIPAL = "principal", "主要负责人"
        SAFETY_MANAGER = "safety_manager", "安全生产管理人员"
        SPECIAL_OPERATOR = "special_operator", "特种作业人员"
        WORKER = "worker", "其他从业人员"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="employments")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="employments")
    position = models.CharField("岗位", max_length=20, choices=Position.choices)
    team = models.CharField(  # noqa: DJ001  # empty is unsaid; a default would remake the table
        "班组", max_length=60, null=True, blank=True
    )
    trades = models.CharField(  # noqa: DJ001  # the same
        "工种（特种作业，代码用空格隔开）", max_length=200, null=True, blank=True
    )
    began_on = models.DateField("入职日期")
    ended_on = models.DateField("离职日期", null=True, blank=True)

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "enterprise", "position"],
                condition=Q(ended_on__isnull=True),
                name="one_open_employment_per_position",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("began_on")),
                name="employment_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.enterprise}"
