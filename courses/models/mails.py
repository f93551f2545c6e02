"""Mails that are to leave for messages: an outbox, so that no failed mail is lost."""

from django.db import models
from django.utils import timezone


class MailOrder(models.Model):
    """A mail for one message: how often it was tried, when it is tried next, when it left."""

    message = models.OneToOneField("credit.Message", models.CASCADE, related_name="mail_order")
    tries = models.PositiveSmallIntegerField("已试次数", default=0)
    next_at = models.DateTimeField("下次发送时间", default=timezone.now, db_index=True)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    fault = models.CharField("最近的错误", max_length=120, blank=True)

    class Meta:
        verbose_name = "待发邮件"
        verbose_name_plural = "待发邮件"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.message_id} · {self.tries}"
