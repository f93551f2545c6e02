"""Messages to people: what awaits them, what was decided about their enterprise; with a receipt."""

from typing import Final

from django.conf import settings
from django.db import models

from credit.models.enterprises import Enterprise

# The kinds that ask for something to be done; all others only tell.
ASKING: Final = frozenset(
    {
        "case-notice",
        "clock-over",
        "clock-overdue",
        "clock-reminder",
        "gap",
        "party",
        "push-unconfirmed",
        "repair-papers",
        "training-due",
        "training-overdue",
        "training-staff",
    }
)


class Message(models.Model):
    """One message to one person; ``key`` names its occasion, so that nobody hears the same thing twice.

    ``read_at`` is the receipt; ``texted_at`` says when a text message left for it.
    """

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="messages"
    )
    kind = models.SlugField("类别", max_length=40)
    key = models.CharField("事由", max_length=120)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("内容", blank=True)
    link = models.CharField("链接", max_length=300, blank=True)
    sent_at = models.DateTimeField("发出时间", auto_now_add=True, db_index=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    texted_at = models.DateTimeField("短信时间", null=True, blank=True)

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["to", "key"], name="one_message_per_occasion")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def asks(self) -> bool:
        """Whether it asks for something to be done."""
        return self.kind in ASKING
