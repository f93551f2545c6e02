"""Inspections done under the supervision plan: a row for each visit, written once."""

from django.conf import settings
from django.db import models

from credit.models.enterprises import Enterprise
from credit.models.locked import WrittenOnce


class SupervisionVisit(WrittenOnce):
    """One inspection of an enterprise on a day: who, what was found, and under which grade it was planned.

    A slip is answered by a further row, never by an edit. Internal: no public page reads it.
    """

    class Result(models.TextChoices):
        """What came of it."""

        CLEAN = "clean", "未发现问题"
        FOUND = "found", "发现问题，当场整改"
        ORDERED = "ordered", "责令限期整改"
        PENALTY = "penalty", "移交立案处罚"
        ABSENT = "absent", "停产或无人，未能检查"

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="supervision_visits", verbose_name="企业"
    )
    visited_on = models.DateField("检查日期", db_index=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="检查人员"
    )
    result = models.CharField("检查结果", max_length=10, choices=Result.choices)
    note = models.TextField("检查情况", blank=True)
    grade = models.CharField("检查时的等级", max_length=1, blank=True)
    plan = models.CharField("频次表", max_length=60)
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "监督检查"
        verbose_name_plural = "监督检查"
        ordering = ["-visited_on", "-id"]
        permissions = [("record_visit", "可以登记监督检查")]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "visited_on", "officer"],
                name="one_visit_of_an_officer_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.visited_on} {self.get_result_display()}"
