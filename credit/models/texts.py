"""Text messages that are to leave for messages: an outbox, so that no failed text is lost."""

from django.db import models
from django.utils import timezone

from credit.models.messages import Message


class TextOrder(models.Model):
    """A text for one message: how often it was tried, when it is tried next. When it left: ``texted_at``."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="text_order")
    tries = models.PositiveSmallIntegerField("已试次数", default=0)
    next_at = models.DateTimeField("下次发送时间", default=timezone.now, db_index=True)
    fault = models.CharField("最近的错误", max_length=120, blank=True)

    class Meta:
        verbose_name = "待发短信"
        verbose_name_plural = "待发短信"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.message_id} · {self.tries}"
