"""Appeals against the marks of an attempt: raised by the learner, decided by somebody else, marks before and after."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from courses.models.exams import Attempt, PaperQuestion
from credit.models.locked import Written, WrittenOnce


class AppealQuerySet(Written):
    """Questions about appeals."""

    def waiting(self) -> "AppealQuerySet":
        """Not decided yet."""
        return self.filter(decision__isnull=True)


class Appeal(WrittenOnce):
    """申诉: the learner says which marks are wrong and why; once for an attempt."""

    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="appeal")
    reason = models.CharField("申诉理由", max_length=1000)
    at = models.DateTimeField("申诉时间")
    due_on = models.DateField("处理期限")

    objects = AppealQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "考试申诉"
        verbose_name_plural = "考试申诉"
        ordering = ["due_on", "id"]
        permissions = [("decide_appeal", "可以处理考试申诉")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="appeal_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} 申诉"


class AppealDecision(WrittenOnce):
    """The answer to an appeal: the points before and after, and whether the attempt passes now."""

    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="decision")
    points_before = models.PositiveSmallIntegerField("原来的得分")
    points_after = models.PositiveSmallIntegerField("现在的得分")
    passed_after = models.BooleanField("现在合格")
    reason = models.CharField("处理理由", max_length=1000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="处理人"
    )
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField("处理时间")

    class Meta:
        verbose_name = "申诉处理"
        verbose_name_plural = "申诉处理"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="appeal_decision_says_why"),
            models.CheckConstraint(
                condition=Q(points_after__lte=100), name="appeal_decision_within_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appeal} {self.points_before} → {self.points_after}"


class Remark(WrittenOnce):
    """改分: one place of the paper has other points since the appeal."""

    place = models.OneToOneField(PaperQuestion, models.PROTECT, related_name="remark")
    decision = models.ForeignKey(AppealDecision, models.PROTECT, related_name="remarks")
    points_before = models.PositiveSmallIntegerField("原来的得分")
    points_after = models.PositiveSmallIntegerField("现在的得分")

    class Meta:
        verbose_name = "改分"
        verbose_name_plural = "改分"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(points_before=models.F("points_after")),
                name="remark_changes_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.points_before} → {self.points_after}"
