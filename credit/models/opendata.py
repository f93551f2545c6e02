"""What was published as open data: signing keys, days, files, deletions, and the public ids of entries."""

from typing import Any, NoReturn

from django.db import models
from django.db.models import Q

from credit.models.cases import ListEntry
from credit.models.locked import LockedError, Written


class SigningKey(models.Model):
    """A public key of ours, from the day it first signed. None is ever taken away: old papers need theirs."""

    key_id = models.CharField("编号", max_length=16, primary_key=True)
    public = models.CharField("公钥（base64）", max_length=44)
    since = models.DateTimeField("启用时间", auto_now_add=True)

    objects = Written.as_manager()

    class Meta:
        verbose_name = "签名公钥"
        verbose_name_plural = "签名公钥"
        ordering = ["since", "key_id"]

    def __str__(self) -> str:
        return self.key_id


class SignedPaper(models.Model):
    """A paper in a chain, with its signature: the text is kept as it was signed, byte for byte."""

    number = models.PositiveIntegerField("序号", unique=True)
    made_at = models.DateTimeField("时间")
    text = models.TextField("内容")
    sha256 = models.CharField("指纹", max_length=64)
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="+")
    signature = models.TextField("签名")

    objects = Written.as_manager()

    class Meta:
        abstract = True
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add; what is signed stays."""
        if not self._state.adding:
            raise LockedError("已签名的文件不能修改")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise LockedError("已签名的文件不能删除")


class OpenDay(SignedPaper):
    """A day's manifest."""

    day = models.DateField("日期", unique=True)

    class Meta(SignedPaper.Meta):
        abstract = False
        verbose_name = "开放数据清单"
        verbose_name_plural = "开放数据清单"


class Redaction(SignedPaper):
    """The record of a lawful deletion from files that were already public."""

    class Meta(SignedPaper.Meta):
        abstract = False
        verbose_name = "开放数据删除记录"
        verbose_name_plural = "开放数据删除记录"


class OpenFile(models.Model):
    """One file of a day as it is served now: ``stored`` names it in the private storage.

    The manifest keeps the hash of the file as first published; a deletion gives it another.
    """

    day = models.ForeignKey(OpenDay, models.PROTECT, related_name="files")
    path = models.CharField("地址", max_length=80, unique=True)
    stored = models.CharField("存放位置", max_length=200)
    original = models.CharField("最初的指纹", max_length=64)
    sha256 = models.CharField("指纹", max_length=64)
    size = models.PositiveBigIntegerField("字节")
    rows = models.PositiveIntegerField("行数")

    class Meta:
        verbose_name = "开放数据文件"
        verbose_name_plural = "开放数据文件"
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path


class OpenEntry(models.Model):
    """The public id of an entry, drawn at random, for as long as the entry is public.

    An entry that comes back after it was deleted gets a new one: nothing ties the two together.
    """

    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="open_entries")
    public_id = models.CharField("公开编号", max_length=32, unique=True)
    since = models.DateField("首次公开")
    redaction = models.ForeignKey(
        Redaction, models.PROTECT, null=True, related_name="entries", verbose_name="删除记录"
    )
    gone_on = models.DateField("停止公开", null=True)

    class Meta:
        verbose_name = "公开编号"
        verbose_name_plural = "公开编号"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(gone_on__isnull=True), name="one_public_id_per_entry"
            )
        ]

    def __str__(self) -> str:
        return self.public_id
