"""What happens to an entry while it stands: suspended and resumed, upheld, changed or annulled by others."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from credit.models.cases import ListEntry
from credit.models.locked import WrittenOnce


def officer(**more: Any) -> Any:
    """A key to a person who acted."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **more)


class Suspension(WrittenOnce):
    """A red entry is suspended by the system, or resumed by two officers; the newest says how it stands.

    ``record`` names the fact by kind, source and identity, so that a correction of it is the same fact.
    """

    class Action(models.TextChoices):
        """Which way."""

        SUSPEND = "suspend", "暂停"
        RESUME = "resume", "恢复"

    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="suspensions")
    action = models.CharField("办理", max_length=7, choices=Action.choices)
    on = models.DateField("日期")
    reason = models.TextField("发生了什么")
    record = models.CharField("依据的记录", max_length=400, blank=True)
    asked_by = officer(null=True, blank=True)
    by = officer(null=True, blank=True)
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "红名单暂停"
        verbose_name_plural = "红名单暂停"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(action="suspend", by__isnull=True, asked_by__isnull=True)
                | Q(action="resume", by__isnull=False, asked_by__isnull=False)
                & ~Q(by=F("asked_by")),
                name="suspension_is_ended_by_two",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.on}"


class Outcome(WrittenOnce):
    """How a court or a review authority judged a listing: upheld, changed or annulled."""

    class Body(models.TextChoices):
        """Who judged."""

        REVIEW = "review", "行政复议"
        COURT = "court", "行政诉讼"

    class Result(models.TextChoices):
        """What was judged."""

        UPHELD = "upheld", "维持"
        CHANGED = "changed", "变更"
        ANNULLED = "annulled", "撤销"

    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="outcomes")
    body = models.CharField("机关", max_length=6, choices=Body.choices)
    result = models.CharField("结果", max_length=8, choices=Result.choices)
    paper = models.CharField("文书名称和文号", max_length=200)
    on = models.DateField("文书日期")
    reason = models.TextField("内容摘要")
    registered_by = officer()
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "复议诉讼结果"
        verbose_name_plural = "复议诉讼结果"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.paper}：{self.get_result_display()}"


class EntryChange(WrittenOnce):
    """An entry's end or grounds are changed as a judgment says: never later, never more, by two officers.

    The entry's own ``ends_on`` repeats the newest change for queries.
    """

    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="changes")
    outcome = models.OneToOneField(Outcome, models.PROTECT, related_name="change")
    ends_on = models.DateField("期满日期")
    grounds = models.JSONField("列入情形")
    asked_by = officer()
    by = officer()
    on = models.DateField("日期")
    reason = models.TextField("理由")
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "条目变更"
        verbose_name_plural = "条目变更"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("asked_by")), name="entry_is_changed_by_two")
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.on}"


class EntryAnnulment(WrittenOnce):
    """A listing that had left its list is annulled by a judgment: it never stood. By two officers.

    One that still stands is removed instead, on the ground that it was annulled: see ``ListEntry.void``.
    """

    entry = models.OneToOneField(ListEntry, models.PROTECT, related_name="annulment")
    outcome = models.OneToOneField(Outcome, models.PROTECT, related_name="annulment")
    asked_by = officer()
    by = officer()
    on = models.DateField("日期")
    reason = models.TextField("理由")
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "列入自始无效"
        verbose_name_plural = "列入自始无效"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("asked_by")), name="entry_is_annulled_by_two")
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.on}"
