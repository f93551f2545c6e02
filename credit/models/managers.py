"""Who may act for an enterprise on the platform, and whether it agreed to electronic service."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q

from credit.models.enterprises import Enterprise
from credit.models.locked import Written, WrittenOnce


class AppointmentQuerySet(Written):
    """Questions about appointments."""

    def standing(self, today: date) -> "AppointmentQuerySet":
        """Begun, not past the last day, not revoked."""
        within = Q(last_day__isnull=True) | Q(last_day__gte=today)
        return self.filter(within, from_day__lte=today, revocation__isnull=True)


class EnterpriseManager(WrittenOnce):
    """企业管理员: a person acts for an enterprise, on a paper of that enterprise (授权委托书).

    No employment gives this: a worker must not read or answer for the employer's file.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="managing")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="managers")
    paper = models.CharField("授权文书名称和编号", max_length=200)
    from_day = models.DateField("起始日期")
    last_day = models.DateField("最后一天", null=True, blank=True)
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = AppointmentQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "企业管理员"
        verbose_name_plural = "企业管理员"
        ordering = ["-id"]
        permissions = [("appoint_manager", "可以登记、撤销企业管理员")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=models.F("from_day")),
                name="manager_ends_after_the_beginning",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.enterprise}"


class ManagerRevocation(WrittenOnce):
    """An appointment that ended early: who, when, why."""

    appointment = models.OneToOneField(EnterpriseManager, models.PROTECT, related_name="revocation")
    reason = models.CharField("理由", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "企业管理员撤销"
        verbose_name_plural = "企业管理员撤销"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.appointment} {self.reason}"


class ServiceConsent(WrittenOnce):
    """同意电子送达: given in writing or taken back. The newest row counts.

    Source: 民事诉讼法 by way of 行政处罚法 第六十一条: electronic service needs the party's consent
    (同意并签订确认书).
    """

    class Action(models.TextChoices):
        """What the paper says."""

        GIVE = "give", "同意电子送达"
        TAKE_BACK = "take_back", "撤回同意"

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="consents")
    action = models.CharField("内容", max_length=10, choices=Action.choices)
    on = models.DateField("签署日期")
    paper = models.CharField("确认书名称和编号", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "电子送达确认"
        verbose_name_plural = "电子送达确认"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.paper}"


def managers_of(enterprise: Enterprise | int, today: date) -> Any:
    """The people who act for ``enterprise`` on ``today`` and may log in, as a queryset of users."""
    standing = EnterpriseManager.objects.standing(today).filter(enterprise=enterprise)
    return get_user_model()._default_manager.filter(
        pk__in=standing.values("person"), is_active=True
    )


def managed_by(person: Any, today: date) -> "models.QuerySet[Enterprise]":
    """The enterprises for which ``person`` acts on ``today``."""
    standing = EnterpriseManager.objects.standing(today).filter(person=person.pk)
    return Enterprise.objects.filter(pk__in=standing.values("enterprise"))
