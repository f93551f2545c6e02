"""A fact that is withdrawn, or restored: who, why, on which paper. A change of standing is a row."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from credit.models.locked import WrittenOnce
from credit.models.records import Accident, Violation


class Withdrawal(WrittenOnce):
    """One withdrawal of a penalty or an accident, or its restoration. Never edited, never deleted.

    ``paper`` names the document that asks for it. The newest one says how the fact stands; the fact's
    own ``withdrawn_at`` repeats it for queries.
    """

    class Action(models.TextChoices):
        """What became of the fact."""

        WITHDRAW = "withdraw", "撤销"
        RESTORE = "restore", "恢复"

    violation = models.ForeignKey(
        Violation, models.PROTECT, null=True, blank=True, related_name="withdrawals"
    )
    accident = models.ForeignKey(
        Accident, models.PROTECT, null=True, blank=True, related_name="withdrawals"
    )
    action = models.CharField("办理", max_length=10, choices=Action.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField("日期")
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)
    reason = models.TextField("理由")
    paper = models.CharField("文书名称和文号", max_length=200)

    class Meta:
        verbose_name = "记录撤销"
        verbose_name_plural = "记录撤销"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(violation__isnull=True) ^ Q(accident__isnull=True),
                name="withdrawal_is_of_one_fact",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.paper}"
