"""Certificates of a clean record, and reports of what stands: what was said of an enterprise, and signed."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from credit.models.enterprises import Enterprise
from credit.models.locked import LockedError, Written
from credit.models.opendata import SigningKey


class CreditReport(models.Model):
    """One paper: what was public about an enterprise at a moment. Never edited, never deleted.

    ``content`` is canonical JSON, kept as it was signed; ``refs`` names the facts that it lists, so that a
    paper about a fact that has since left the public is not handed out again.
    """

    class Kind(models.TextChoices):
        """What came out."""

        CLEAN = "clean", "无安全生产违法违规记录证明"
        REPORT = "report", "安全生产信用信息查询报告"

    number = models.CharField("编号", max_length=20, unique=True)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="reports")
    kind = models.CharField("种类", max_length=6, choices=Kind.choices)
    as_of = models.DateTimeField("截至时间")
    content = models.TextField("内容")
    token = models.TextField("签名内容")
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="+")
    refs = models.JSONField("所列记录", default=list)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )

    objects = Written.as_manager()

    class Meta:
        verbose_name = "信用证明和报告"
        verbose_name_plural = "信用证明和报告"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add; what is signed stays."""
        if not self._state.adding:
            raise LockedError("已出具的证明不能修改")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise LockedError("已出具的证明不能删除")
