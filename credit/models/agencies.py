"""Agencies (征信等) that are told what enters, changes and leaves a list, and each thing they were told."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from credit.models.opendata import OpenEntry


class Agency(models.Model):
    """Who is told, where, and of which lists. The secret is sealed, of the key only the hash is kept."""

    name = models.CharField("名称", max_length=80, unique=True)
    url = models.CharField("推送地址", max_length=300)
    lists = models.JSONField("名单", default=list)
    active = models.BooleanField("推送中", default=True)
    secret_sealed = models.TextField("签名密钥（加密）", editable=False)
    key_sha256 = models.CharField("回执密钥指纹", max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "推送机构"
        verbose_name_plural = "推送机构"
        ordering = ["name"]
        permissions = [("manage_agencies", "可以登记和停用推送机构")]

    def __str__(self) -> str:
        return self.name


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions about what was told."""

    def due(self, now: Any) -> "DeliveryQuerySet":
        """What is to be sent now, the oldest first."""
        waiting = self.filter(status=Delivery.Status.WAITING, next_at__lte=now, agency__active=True)
        return waiting.order_by("pk")

    def unacknowledged_removals(self) -> "DeliveryQuerySet":
        """Each DEL that its agency has not confirmed, the oldest first; whether it arrived or not."""
        return self.filter(op="DEL", acknowledged_at__isnull=True).order_by("made_at", "pk")


class Delivery(models.Model):
    """One event for one agency. ``current``: the newest about this entry; older ones are not sent any more.

    ``body`` is what is sent; once it arrived only its hash stays, for it may name an enterprise that has
    since left the list.
    """

    class Op(models.TextChoices):
        """What happened to the entry."""

        ADD = "ADD", "列入"
        MOD = "MOD", "变更"
        DEL = "DEL", "移出"

    class Status(models.TextChoices):
        """How far it came."""

        WAITING = "waiting", "待推送"
        SENT = "sent", "已送达，未确认"
        ACKNOWLEDGED = "acknowledged", "已确认"
        SUPERSEDED = "superseded", "已被新消息代替"
        FAILED = "failed", "推送失败"

    event = models.UUIDField("消息编号", unique=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="deliveries")
    entry = models.ForeignKey(OpenEntry, models.PROTECT, related_name="deliveries")
    op = models.CharField("事项", max_length=3, choices=Op.choices)
    row_sha256 = models.CharField("内容指纹", max_length=64, blank=True)
    body = models.TextField("消息", blank=True)
    body_sha256 = models.CharField("消息指纹", max_length=64)
    current = models.BooleanField(default=True)
    status = models.CharField("状态", max_length=12, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveIntegerField("次数", default=0)
    next_at = models.DateTimeField("下次推送", null=True, db_index=True)
    last_fault = models.CharField("上次结果", max_length=200, blank=True)
    made_at = models.DateTimeField("产生时间", db_index=True)
    sent_at = models.DateTimeField("送达时间", null=True)
    acknowledged_at = models.DateTimeField("确认时间", null=True)
    acknowledged_how = models.CharField("确认方式", max_length=20, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "推送记录"
        verbose_name_plural = "推送记录"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "entry"],
                condition=Q(current=True),
                name="one_current_push_per_agency_and_entry",
            ),
            models.CheckConstraint(
                condition=Q(status="acknowledged", acknowledged_at__isnull=False)
                | ~Q(status="acknowledged") & Q(acknowledged_at__isnull=True),
                name="push_acknowledged_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.op} {self.event}"
