"""A measure on a listed enterprise (惩戒、激励): it begins with the entry and never outlives it."""

from datetime import date
from typing import Any, NoReturn

from django.db import models
from django.db.models import Q

from credit.models.cases import ListEntry
from credit.models.locked import Locked, LockedError
from credit.rules.measures import measures_of


class MeasureQuerySet(Locked):
    """Questions about measures."""

    def in_force(self, today: date) -> "MeasureQuerySet":
        """Begun, not lifted, and their entry stands on ``today``: neither ended, removed nor suspended."""
        running = Q(lifted_on__isnull=True) | Q(lifted_on__gt=today)
        standing = ListEntry.objects.in_force(today)
        return self.filter(running, begun_on__lte=today, entry__in=standing.values("pk"))


class Measure(models.Model):
    """One measure of one entry, as the catalogue had it on the day of the listing."""

    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="measures")
    code = models.SlugField("代码", max_length=40)
    name = models.CharField("措施", max_length=200)
    basis = models.CharField("依据", max_length=200)
    confirmed = models.BooleanField("依据已核对")
    department = models.CharField("执行部门", max_length=120)
    begun_on = models.DateField("开始日期")
    lifted_on = models.DateField("解除日期", null=True, blank=True)
    lift_reason = models.CharField("解除理由", max_length=500, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = "惩戒或激励措施"
        verbose_name_plural = "惩戒或激励措施"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "code"], name="one_measure_of_a_kind"),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True)
                | Q(lifted_on__gte=models.F("begun_on")) & ~Q(lift_reason=""),
                name="measure_is_lifted_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: a measure begins and ends with its entry."""
        raise LockedError("措施随名单条目开始和解除（credit.acts.measures）")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise LockedError("措施不能删除")


def planned(entry: ListEntry) -> list[Measure]:
    """What the catalogue has for the entry's list, from its first day; not saved."""
    return [
        Measure(
            entry=entry,
            code=rule.code,
            name=rule.name,
            basis=rule.article,
            confirmed=rule.confirmed,
            department=rule.department,
            begun_on=entry.listed_on,
        )
        for rule in measures_of(entry.colour)
    ]
