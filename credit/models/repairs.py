"""Credit repair (信用修复): the application and each step on it. State follows from the steps."""

from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from credit.models.cases import ListEntry
from credit.models.enterprises import Enterprise
from credit.models.locked import Written, WrittenOnce
from credit.models.records import Violation

OVER: Final = ("refuse", "take_back", "revoke")


class RepairQuerySet(Written):
    """Questions about applications."""

    def with_state(self) -> "RepairQuerySet":
        """Each with ``state``: the newest step's action, None while nobody touched it."""
        steps = RepairStep.objects.filter(application=OuterRef("pk")).order_by("-pk")
        found: RepairQuerySet = self.annotate(state=Subquery(steps.values("action")[:1]))
        return found

    def under_way(self) -> "RepairQuerySet":
        """Neither granted nor over."""
        return self.exclude(Exists(_steps("grant", *OVER)))

    def granted(self) -> "RepairQuerySet":
        """Granted, and not revoked since."""
        return self.filter(Exists(_steps("grant"))).exclude(Exists(_steps("revoke")))


def _steps(*actions: str) -> Any:
    return RepairStep.objects.filter(application=OuterRef("pk"), action__in=actions)


class RepairApplication(WrittenOnce):
    """For the end of a penalty's publication, or for early removal from the black list.

    A penalty is named by its ``source`` and ``identity`` besides, so that a correction keeps the repair.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="repairs")
    violation = models.ForeignKey(
        Violation, models.PROTECT, null=True, blank=True, related_name="repairs"
    )
    source = models.CharField("来源", max_length=200, blank=True)
    identity = models.CharField("文书标识", max_length=200, blank=True, db_index=True)
    entry = models.ForeignKey(
        ListEntry, models.PROTECT, null=True, blank=True, related_name="repairs"
    )
    statement = models.TextField("履行义务和整改情况")
    promised = models.BooleanField("信用承诺", default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    applied_on = models.DateField("申请日期")
    applied_at = models.DateTimeField("收到时间", auto_now_add=True)

    objects = RepairQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "信用修复申请"
        verbose_name_plural = "信用修复申请"
        ordering = ["-id"]
        permissions = [
            ("accept_repair", "可以受理信用修复申请"),
            ("decide_repair", "可以决定信用修复"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(violation__isnull=True) ^ Q(entry__isnull=True),
                name="repair_is_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What the enterprise quotes."""
        return f"XF{self.applied_on:%Y%m%d}-{self.pk:05}"


class RepairStep(WrittenOnce):
    """One step on an application. Never edited."""

    class Action(models.TextChoices):
        """What was done."""

        ASK_MORE = "ask_more", "一次告知补正"
        SUPPLEMENT = "supplement", "企业补正"
        ACCEPT = "accept", "受理"
        GRANT = "grant", "准予修复"
        REFUSE = "refuse", "不予修复"
        TAKE_BACK = "take_back", "企业撤回"
        REVOKE = "revoke", "撤销修复"

    application = models.ForeignKey(RepairApplication, models.PROTECT, related_name="steps")
    action = models.CharField("办理", max_length=10, choices=Action.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField("日期")
    at = models.DateTimeField("记录时间", auto_now_add=True)
    reason = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "信用修复办理"
        verbose_name_plural = "信用修复办理"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(action__in=["grant", "refuse", "take_back"]),
                name="repair_is_decided_once",
            ),
            models.UniqueConstraint(
                fields=["application", "action"],
                condition=Q(action__in=["accept", "ask_more", "revoke"]),
                name="repair_is_accepted_asked_and_revoked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.get_action_display()}"


def repaired() -> Any:
    """An Exists over violations: its publication was ended by a granted repair that stands."""
    return Exists(
        RepairApplication.objects.granted().filter(
            violation__isnull=False,
            source=OuterRef("source"),
            identity=OuterRef("identity"),
            enterprise=OuterRef("enterprise"),
        )
    )
