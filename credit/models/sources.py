"""Where records come from beside files: keyed source systems; and the undoing of a whole import."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from credit.models.locked import WrittenOnce
from credit.models.places import Jurisdiction
from credit.models.records import ImportBatch


class SourceSystemQuerySet(models.QuerySet["SourceSystem"]):
    """Questions about source systems."""

    def usable(self, today: date) -> Self:
        """Active ones whose key has not run out."""
        return self.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today), active=True)


class SourceSystem(models.Model):
    """Another system that sends records by the API. Its key is shown once and kept as a hash."""

    name = models.CharField("系统名称", max_length=60, unique=True)
    key_hash = models.CharField("密钥指纹", max_length=64, unique=True, editable=False)
    kinds = models.JSONField("可报送的类别", default=list)
    place = models.ForeignKey(
        Jurisdiction, models.PROTECT, related_name="+", verbose_name="属地（含下级）"
    )
    active = models.BooleanField("启用", default=True)
    expires_on = models.DateField("密钥有效期至", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = SourceSystemQuerySet.as_manager()

    class Meta:
        verbose_name = "报送系统"
        verbose_name_plural = "报送系统"
        ordering = ["name"]
        permissions = [("issue_source_key", "可以发放报送系统密钥")]

    def __str__(self) -> str:
        return self.name


class ImportUndo(WrittenOnce):
    """That a whole import was undone: who, why, what became of its facts. At most one for an import."""

    batch = models.OneToOneField(ImportBatch, models.PROTECT, related_name="undo")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField("日期")
    reason = models.TextField("理由")
    withdrawn = models.PositiveIntegerField("撤销的记录")
    put_back = models.PositiveIntegerField("恢复原内容的记录")
    left = models.PositiveIntegerField("后来已有新内容、没有改动的记录")
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "撤销导入"
        verbose_name_plural = "撤销导入"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"撤销导入批次{self.batch_id}"
