"""抓拍: pictures of who sits an exam, off by default, only with consent, for some days; every look is a row."""

from datetime import date, datetime

from django.conf import settings
from django.db import models

from courses.models.exams import Attempt
from credit.models.locked import WrittenOnce


class SnapshotConsent(WrittenOnce):
    """What a learner said before an exam with snapshots: yes, or no and then a person looks on instead."""

    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="snapshot_consent")
    agreed = models.BooleanField("同意抓拍")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "抓拍同意"
        verbose_name_plural = "抓拍同意"

    def __str__(self) -> str:
        return f"{self.attempt_id} {'同意' if self.agreed else '不同意'}"


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    """Questions about snapshots."""

    def over(self, today: date) -> "SnapshotQuerySet":
        """Whose days are over, and whose bytes are still there."""
        return self.filter(keep_until__lt=today, deleted_at__isnull=True)


class Snapshot(models.Model):
    """One picture; its bytes lie privately under ``file`` until ``keep_until``, then the row says when they went."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="snapshots")
    file = models.CharField("存放位置", max_length=200)
    size = models.PositiveIntegerField("字节数")
    taken_at: models.DateTimeField[datetime, datetime] = models.DateTimeField("时间")
    keep_until: models.DateField[date, date] = models.DateField("保存到")
    deleted_at = models.DateTimeField("删除时间", null=True, blank=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = "考试抓拍"
        verbose_name_plural = "考试抓拍"
        ordering = ["taken_at", "id"]
        indexes = [
            models.Index(
                fields=["keep_until"],
                condition=models.Q(deleted_at__isnull=True),
                name="snapshot_to_delete",
            )
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.taken_at:%H:%M:%S}"


class SnapshotView(WrittenOnce):
    """Somebody looked at a snapshot."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="views")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查看人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "查看抓拍"
        verbose_name_plural = "查看抓拍"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.snapshot_id} {self.at:%Y-%m-%d %H:%M}"
