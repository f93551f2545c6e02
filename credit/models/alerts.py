"""Mail alerts without an account: who asked to hear of which list, street or enterprise.

The address is sealed and in no export; a row that is not confirmed is forgotten, and one that is ended is gone.
"""

from typing import Self

from django.db import models

from credit.models.enterprises import Enterprise
from credit.models.places import Jurisdiction
from credit.sealing import fingerprint, fingerprints, seal, unseal


class AlertQuerySet(models.QuerySet["Alert"]):
    """Questions about alerts."""

    def of_address(self, address: str) -> Self:
        """Those of one address, also while keys are changed."""
        return self.filter(address_fingerprint__in=fingerprints(address.lower()))


class Alert(models.Model):
    """One address and one target: "list:black", "place:990001001", "enterprise:12".

    ``known`` holds the keys of the entries that the reader was told of; ``told_on`` the day of the last digest.
    """

    target = models.CharField("对象", max_length=40)
    place = models.ForeignKey(
        Jurisdiction, models.CASCADE, null=True, blank=True, related_name="alerts"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.CASCADE, null=True, blank=True, related_name="alerts"
    )
    address_sealed = models.TextField("邮箱（密封）", editable=False)
    address_fingerprint = models.CharField(max_length=64, db_index=True, editable=False)
    known = models.JSONField("已告知的条目", default=list, editable=False)
    asked_at = models.DateTimeField("申请时间", db_index=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    told_on = models.DateField("最近一次发信", null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = "邮件订阅"
        verbose_name_plural = "邮件订阅"
        ordering = ["id"]
        default_permissions = ()  # nobody looks at them, exports them or adds one for another
        constraints = [
            models.UniqueConstraint(
                fields=["address_fingerprint", "target"], name="one_alert_per_address_and_target"
            )
        ]

    def __str__(self) -> str:
        return self.target

    @property
    def address(self) -> str:
        """The address, opened, to send a mail to."""
        return unseal(self.address_sealed)

    @address.setter
    def address(self, address: str) -> None:
        self.address_sealed = seal(address)
        self.address_fingerprint = fingerprint(address.lower())
