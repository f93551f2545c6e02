"""What credit is to know of training: an outbox, so that no failure there loses anything here."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from credit.models import TrainingFact


class CreditFactQuerySet(models.QuerySet["CreditFact"]):
    """Questions about what is to be told."""

    def due(self, now: datetime) -> "CreditFactQuerySet":
        """Not told yet as it is now, and to be tried."""
        return self.filter(told_at=None, next_at__lte=now)


class CreditFact(models.Model):
    """One fact as credit should have it; ``key`` names it there. A change is told anew, as a correction.

    True from ``happened_on`` to ``ended_on`` (a certificate's term, the day a missed training was made up for).
    """

    key = models.CharField("编号", max_length=80)
    enterprise = models.ForeignKey("credit.Enterprise", models.PROTECT, related_name="+")
    event = models.CharField("培训事项", max_length=12, choices=TrainingFact.Event.choices)
    title = models.CharField("课程或培训班", max_length=200)
    people = models.PositiveIntegerField("人数", default=1)
    happened_on = models.DateField("日期")
    ended_on = models.DateField("终止日期", null=True, blank=True)
    certificate = models.ForeignKey(
        "courses.Certificate", models.PROTECT, null=True, blank=True, related_name="told"
    )
    obligation = models.OneToOneField(
        "courses.Obligation", models.PROTECT, null=True, blank=True, related_name="told"
    )
    told_at = models.DateTimeField("告知时间", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("已试次数", default=0)
    next_at = models.DateTimeField("下次告知时间", default=timezone.now)
    fault = models.CharField("最近的错误", max_length=300, blank=True)

    objects = CreditFactQuerySet.as_manager()

    class Meta:
        verbose_name = "告知信用系统的培训情况"
        verbose_name_plural = "告知信用系统的培训情况"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "key"], name="one_credit_fact_per_key"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("happened_on")),
                name="credit_fact_ends_after_it_began",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(told_at__isnull=True), name="credit_fact_to_tell"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()} {self.key}"
