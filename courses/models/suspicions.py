"""Impossible records as cases for an officer, the officers' answers, and what is kept of devices and shifts."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from courses.rules.impossible import LABELS
from credit.models.locked import Written, WrittenOnce


class SuspicionQuerySet(Written):
    """Questions about suspicions."""

    def with_answer(self) -> "SuspicionQuerySet":
        """Each with ``outcome``: the newest answer's, None while there is none."""
        newest = SuspicionAnswer.objects.filter(suspicion=models.OuterRef("pk")).order_by("-pk")
        found: SuspicionQuerySet = self.annotate(
            outcome=models.Subquery(newest.values("outcome")[:1])
        )
        return found

    def open(self) -> "SuspicionQuerySet":
        """Those without an answer, or still being looked into."""
        looking = SuspicionAnswer.Outcome.LOOK_INTO
        return self.with_answer().filter(Q(outcome=None) | Q(outcome=looking))

    def seen_with(self, people: Any) -> "SuspicionQuerySet":
        """Those that concern somebody among ``people``."""
        about = SuspectedPerson.objects.filter(person__in=people)
        return self.filter(pk__in=about.values("suspicion"))


class Suspicion(WrittenOnce):
    """可疑学习记录: what was found, in words. It says nothing about guilt, and nothing follows from it."""

    key = models.CharField("标识", max_length=80, unique=True)
    kind = models.CharField(
        "种类", max_length=12, choices=[(k.value, v) for k, v in LABELS.items()]
    )
    course = models.ForeignKey(
        "courses.CoursePage", models.PROTECT, null=True, related_name="+", verbose_name="课程"
    )
    first_day = models.DateField("从")
    last_day = models.DateField("到")
    explanation = models.TextField("说明")
    evidence = models.JSONField("依据")
    article = models.CharField("规则依据", max_length=200)
    found_at = models.DateTimeField("发现时间")

    objects = SuspicionQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "可疑学习记录"
        verbose_name_plural = "可疑学习记录"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first_day}"


class SuspectedPerson(WrittenOnce):
    """A person whom a suspicion concerns."""

    suspicion = models.ForeignKey(Suspicion, models.PROTECT, related_name="people")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "涉及学员"
        verbose_name_plural = "涉及学员"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["suspicion", "person"], name="once_in_a_suspicion")
        ]

    def __str__(self) -> str:
        return f"{self.suspicion_id} {self.person_id}"


class SuspicionAnswer(WrittenOnce):
    """What an officer found out. The newest counts, the earlier ones stay."""

    class Outcome(models.TextChoices):
        """How it stands."""

        EXPLAINED = "explained", "情况正常，已说明"
        LOOK_INTO = "look_into", "还要再查"
        CORRECTED = "corrected", "已更正学时"

    suspicion = models.ForeignKey(Suspicion, models.PROTECT, related_name="answers")
    outcome = models.CharField("结论", max_length=10, choices=Outcome.choices)
    text = models.CharField("核实情况", max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="核实人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "可疑记录答复"
        verbose_name_plural = "可疑记录答复"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="suspicion_answer_says_something")
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.at:%F}"


class DeviceDay(models.Model):
    """That somebody opened a lesson on a device on a day. Deleted after ``device_days`` of the rule-set.

    ``device`` is a keyed digest of a random cookie: it tells that two visits came from one device and nothing
    else about it; with another SECRET_KEY, or without the cookie, it leads nowhere.
    """

    device = models.CharField("设备摘要", max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField("日期")

    class Meta:
        verbose_name = "设备使用"
        verbose_name_plural = "设备使用"
        constraints = [
            models.UniqueConstraint(
                fields=["day", "device", "person"], name="one_device_day_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.device[:8]} {self.day}"


class WorkSpan(WrittenOnce):
    """在岗记录: from when to when a person worked, and where, by somebody's paper (考勤、作业票)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="work_spans", verbose_name="人员"
    )
    began_at = models.DateTimeField("开始")
    ended_at = models.DateTimeField("结束")
    where = models.CharField("地点", max_length=120)
    source = models.CharField("凭据", max_length=120)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "在岗记录"
        verbose_name_plural = "在岗记录"
        ordering = ["-began_at"]
        indexes = [models.Index(fields=["ended_at"], name="work_span_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("began_at")), name="work_ends_after_it_began"
            ),
            models.UniqueConstraint(
                fields=["person", "began_at", "ended_at"], name="work_is_recorded_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.began_at:%F %H:%M} {self.where}"
