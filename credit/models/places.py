"""Where and what: jurisdictions (属地), sectors (重点行业领域), and which officer acts where."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Concat, Substr


class JurisdictionQuerySet(models.QuerySet["Jurisdiction"]):
    """Questions about places."""

    def within(self, place: "Jurisdiction") -> "JurisdictionQuerySet":
        """``place`` and everything below it."""
        return self.filter(path__startswith=place.path)

    def of_officer(self, person: Any) -> "JurisdictionQuerySet":
        """Every place in which ``person`` may act: the postings and all below them."""
        reach = models.Q(pk__in=[])
        for path in Posting.objects.filter(officer=person).values_list("place__path", flat=True):
            reach |= models.Q(path__startswith=path)
        return self.filter(reach)


class Jurisdiction(models.Model):
    """A district, one of its streets or towns, or a development zone."""

    class Kind(models.TextChoices):
        """Levels of 属地."""

        DISTRICT = "district", "区"
        STREET = "street", "街道"
        TOWN = "town", "镇"
        ZONE = "zone", "开发区"

    code = models.CharField("区划代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("级别", max_length=10, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    path = models.CharField(max_length=120, unique=True, editable=False)

    objects = JurisdictionQuerySet.as_manager()

    class Meta:
        verbose_name = "属地"
        verbose_name_plural = "属地"
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """The path of codes, from the root down, is what ``within`` compares; all below it follow."""
        self.clean()
        old = self._stored_path()
        self.path = f"{self._path_above()}{self.code}/"
        super().save(*args, **kwargs)
        if old and old != self.path:
            below = Jurisdiction.objects.filter(path__startswith=old)
            rest = Substr("path", len(old) + 1)
            below.update(path=Concat(models.Value(self.path), rest))

    def clean(self) -> None:
        """A place lies below no place of its own. Raises ValidationError."""
        old = self._stored_path()
        if old and self._path_above().startswith(old):
            raise ValidationError({"parent": "上级不能是它自己或它的下级，请另选一个上级"})

    def _stored_path(self) -> str:
        """The path as the database has it; "" for a new place."""
        stored = Jurisdiction.objects.filter(pk=self.pk).values_list("path", flat=True)
        return stored.first() or ""

    def _path_above(self) -> str:
        above = Jurisdiction.objects.filter(pk=self.parent_id or 0).values_list("path", flat=True)
        return above.first() or "/"

    @property
    def district(self) -> "Jurisdiction":
        """The district that it belongs to (itself for a district): whose bureau decides."""
        place = self
        while place.kind != self.Kind.DISTRICT and place.parent is not None:
            place = place.parent
        return place


class Posting(models.Model):
    """An officer acts in this place and below it, and nowhere else."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="postings")
    place = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="postings")

    class Meta:
        verbose_name = "任职属地"
        verbose_name_plural = "任职属地"
        constraints = [
            models.UniqueConstraint(fields=["officer", "place"], name="one_posting_per_place")
        ]

    def __str__(self) -> str:
        return f"{self.officer} · {self.place}"


class Sector(models.Model):
    """重点行业领域; ``high_risk`` marks those with longer training and closer supervision."""

    code = models.SlugField("代码", unique=True)
    name = models.CharField("名称", max_length=40, unique=True)
    high_risk = models.BooleanField("高危行业", default=False)

    class Meta:
        verbose_name = "行业领域"
        verbose_name_plural = "行业领域"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
