"""cmi5 courses as they were imported, launch sessions of their units, and what those earned.

Sessions, tokens, ends, results are rows that are added and stay; the database lets in no result without its
session and its statement (migration 0051).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from courses.models.xapi import Registration, XapiStatement
from courses.xapi import cmi5
from credit.models.locked import Written, WrittenOnce


class Cmi5Course(WrittenOnce):
    """A course structure, imported for one of our courses; the newest of a course is in force."""

    course = models.ForeignKey(
        "courses.CoursePage", models.PROTECT, related_name="cmi5_courses", verbose_name="课程"
    )
    publisher = models.CharField("出版编号", max_length=2000)
    title = models.CharField("标题", max_length=300)
    description = models.TextField("说明", blank=True)
    digest = models.CharField("文件指纹", max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人"
    )
    at = models.DateTimeField("导入时间")

    class Meta:
        verbose_name = "cmi5 课程"
        verbose_name_plural = "cmi5 课程"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class Cmi5Block(WrittenOnce):
    """A block of units."""

    structure = models.ForeignKey(Cmi5Course, models.PROTECT, related_name="blocks")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="blocks")
    publisher = models.CharField("出版编号", max_length=2000)
    title = models.CharField("标题", max_length=300)

    class Meta:
        verbose_name = "cmi5 块"
        verbose_name_plural = "cmi5 块"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class UnitQuerySet(models.QuerySet["Cmi5Unit"]):
    """Questions about units."""

    def in_force(self) -> Self:
        """Those of the newest structure of their course."""
        newer = Cmi5Course.objects.filter(
            course=OuterRef("structure__course"), pk__gt=OuterRef("structure")
        )
        return self.filter(~Exists(newer))


class Cmi5Unit(models.Model):
    """An assignable unit (AU) as its publisher describes it; only its lesson is ours to choose."""

    structure = models.ForeignKey(Cmi5Course, models.PROTECT, related_name="units")
    block = models.ForeignKey(Cmi5Block, models.PROTECT, null=True, related_name="units")
    order = models.PositiveSmallIntegerField("顺序")
    publisher = models.CharField("出版编号", max_length=2000)
    title = models.CharField("标题", max_length=300)
    description = models.TextField("说明", blank=True)
    url = models.CharField("启动地址", max_length=2000)
    move_on = models.CharField(
        "完成条件", max_length=18, choices=[(one, one) for one in cmi5.MOVE_ONS]
    )
    mastery = models.DecimalField("及格线", max_digits=5, decimal_places=4, null=True)
    launch_method = models.CharField("打开方式", max_length=9)
    launch_parameters = models.TextField("启动参数", blank=True)
    entitlement_key = models.TextField("授权码", blank=True)
    activity_type = models.CharField("活动类型", max_length=2000, blank=True)
    lesson = models.ForeignKey(
        "courses.LessonPage",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
        verbose_name="课时",
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "cmi5 课件"
        verbose_name_plural = "cmi5 课件"
        ordering = ["structure_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "order"], name="one_unit_per_place"),
            models.CheckConstraint(
                condition=Q(mastery__isnull=True) | Q(mastery__gte=0, mastery__lte=1),
                name="mastery_score_within_one",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AuSessionQuerySet(Written):
    """Questions about sessions."""

    def open(self) -> "AuSessionQuerySet":
        """Neither terminated nor abandoned."""
        return self.filter(end__isnull=True)


class AuSession(WrittenOnce):
    """One launch of a unit by one learner in one registration."""

    key = models.UUIDField("会话编号", unique=True, default=uuid4, editable=False)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="sessions")
    unit = models.ForeignKey(Cmi5Unit, models.PROTECT, related_name="sessions")
    mode = models.CharField("模式", max_length=6)
    at = models.DateTimeField("打开时间")
    expires_at = models.DateTimeField("最迟到")

    objects = AuSessionQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "课件会话"
        verbose_name_plural = "课件会话"
        ordering = ["-id"]
        indexes = [models.Index(fields=["registration", "unit"], name="session_by_unit")]

    def __str__(self) -> str:
        return str(self.key)


class AuToken(WrittenOnce):
    """The token that a session fetched: once, and kept as a hash."""

    session = models.OneToOneField(AuSession, models.PROTECT, related_name="token")
    secret_hash = models.CharField(max_length=64)
    at = models.DateTimeField("领取时间")

    class Meta:
        verbose_name = "课件令牌"
        verbose_name_plural = "课件令牌"

    def __str__(self) -> str:
        return f"{self.session}"


class AuSessionEnd(WrittenOnce):
    """How and when a session ended."""

    class How(models.TextChoices):
        """Said by the unit, or found by us."""

        TERMINATED = "terminated", "正常结束"
        ABANDONED = "abandoned", "中断"

    session = models.OneToOneField(AuSession, models.PROTECT, related_name="end")
    how = models.CharField("怎样结束", max_length=10, choices=How.choices)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "课件会话结束"
        verbose_name_plural = "课件会话结束"

    def __str__(self) -> str:
        return self.get_how_display()


class UnitResult(WrittenOnce):
    """What a unit said of a learner in a registration, or that it was waived. It earns no minute of study."""

    class Verb(models.TextChoices):
        """As cmi5 has it."""

        COMPLETED = "completed", "完成"
        PASSED = "passed", "通过"
        FAILED = "failed", "未通过"
        WAIVED = "waived", "免学"

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="unit_results")
    unit = models.ForeignKey(Cmi5Unit, models.PROTECT, related_name="results")
    verb = models.CharField("结果", max_length=9, choices=Verb.choices)
    session = models.ForeignKey(AuSession, models.PROTECT, null=True, related_name="results")
    statement = models.OneToOneField(XapiStatement, models.PROTECT, related_name="unit_result")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )
    reason = models.CharField("免学原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "课件结果"
        verbose_name_plural = "课件结果"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "unit", "verb"],
                condition=~Q(verb="failed"),
                name="one_result_per_registration",
            ),
            models.CheckConstraint(
                condition=Q(verb="waived", by__isnull=False, session__isnull=True) & ~Q(reason="")
                | ~Q(verb="waived") & Q(by__isnull=True, session__isnull=False, reason=""),
                name="waiver_names_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_verb_display()}"


class Satisfaction(WrittenOnce):
    """That every unit of a block, or of the course (no block), was satisfied in a registration."""

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="satisfactions")
    structure = models.ForeignKey(Cmi5Course, models.PROTECT, related_name="satisfactions")
    block = models.ForeignKey(Cmi5Block, models.PROTECT, null=True, related_name="satisfactions")
    statement = models.OneToOneField(XapiStatement, models.PROTECT, related_name="satisfaction")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "cmi5 达成"
        verbose_name_plural = "cmi5 达成"
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "block"],
                condition=Q(block__isnull=False),
                name="one_satisfaction_per_block",
            ),
            models.UniqueConstraint(
                fields=["registration", "structure"],
                condition=Q(block__isnull=True),
                name="one_satisfaction_per_course",
            ),
        ]

    def __str__(self) -> str:
        return str(self.block or self.structure)


def earned_in(enrolment_id: int, units: Iterable[int]) -> dict[int, set[str]]:
    """The verbs (as IRIs) that units have in the registration of an enrolment. One query."""
    iris = {"completed": cmi5.COMPLETED, "passed": cmi5.PASSED, "failed": cmi5.FAILED}
    iris["waived"] = cmi5.WAIVED
    rows = UnitResult.objects.filter(
        registration__enrolment=enrolment_id, unit__in=list(units)
    ).values_list("unit_id", "verb")
    found: dict[int, set[str]] = {}
    for unit, verb in rows:
        found.setdefault(unit, set()).add(iris[verb])
    return found


def unmet_units(enrolment_id: int, lesson_id: int) -> list[Cmi5Unit]:
    """The units of a lesson that are not satisfied yet; one query for a lesson without units, else two."""
    units = list(Cmi5Unit.objects.in_force().filter(lesson=lesson_id).order_by("order"))
    if not units:
        return []
    earned = earned_in(enrolment_id, [one.pk for one in units])
    return [one for one in units if not cmi5.is_satisfied(one.move_on, earned.get(one.pk, ()))]


def open_session(key: str, secret_hash: str, now: datetime) -> AuSession | None:
    """The session of a token that is still good at ``now``; terminated ones too, for the time of grace."""
    found = AuSession.objects.filter(
        key=key, token__secret_hash=secret_hash, expires_at__gt=now
    ).exclude(end__how=AuSessionEnd.How.ABANDONED)
    session: AuSession | None = found.select_related(
        "end", "unit__structure", "registration__enrolment__person__learner_account"
    ).first()
    return session
