"""Rule-sets as adopted: immutable versions in time, the drafts before them, and what a draft would change."""

import time
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final, NoReturn
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from credit.models.locked import LockedError, Written
from credit.rules.ruleset import Ruleset, load_ruleset, parse_ruleset, shipped_text
from credit.rules.timeline import Timeline


def fingerprint(text: str) -> str:
    """SHA-256 of a text, in hex: what was simulated is what is adopted."""
    return sha256(text.encode()).hexdigest()


class RulesetDraft(models.Model):
    """A text on which one officer works; another one copies it. It changes nothing by itself."""

    title = models.CharField("标题", max_length=80)
    text = models.TextField("内容（TOML）")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="起草人"
    )
    created_at = models.DateTimeField("开始时间", auto_now_add=True)
    edited_at = models.DateTimeField("修改时间", auto_now=True)

    class Meta:
        verbose_name = "规则集草案"
        verbose_name_plural = "规则集草案"
        ordering = ["-id"]
        permissions = [("draft_ruleset", "可以起草、模拟规则集")]

    def __str__(self) -> str:
        return self.title

    @property
    def digest(self) -> str:
        """The fingerprint of the text as it stands."""
        return fingerprint(self.text)


class Simulation(models.Model):
    """A draft run over the whole register as of a day; the only row that this writes.

    ``every_record``: all records judged by the draft, as if it had always been in force (what it does in
    the long run); otherwise as on its first day, when older records keep the rule of their day.
    """

    class State(models.TextChoices):
        """Where it is."""

        WAITING = "waiting", "排队中"
        RUNNING = "running", "模拟中"
        DONE = "done", "已完成"
        FAILED = "failed", "失败"

    draft = models.ForeignKey(RulesetDraft, models.PROTECT, related_name="simulations")
    text = models.TextField("内容（TOML）")
    sha256 = models.CharField("内容指纹", max_length=64, db_index=True)
    as_of = models.DateField("截至日期")
    every_record = models.BooleanField("全部记录按草案", default=True)
    against = models.CharField("对照的规则集", max_length=60)
    run_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="模拟人"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField("已算企业", default=0)
    total = models.PositiveIntegerField("企业总数", default=0)
    result = models.JSONField("结果", default=dict)
    created_at = models.DateTimeField("开始时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "规则集模拟"
        verbose_name_plural = "规则集模拟"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.draft} {self.as_of}"


class RulesetVersion(models.Model):
    """A rule-set as adopted, in force from a day until the next one's first day. Never edited, never deleted.

    The first row is what the program was delivered with: nobody proposed it and nobody adopted it.
    """

    code = models.CharField("代码", max_length=40)
    version = models.CharField("版本", max_length=15)
    text = models.TextField("内容（TOML）")
    sha256 = models.CharField("内容指纹", max_length=64)
    effective_from = models.DateField("施行日期", unique=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="起草人",
    )
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="批准人",
    )
    adopted_on = models.DateField("批准日期", null=True)
    recorded_at = models.DateTimeField("记录时间", default=timezone.now)
    reason = models.TextField("理由")
    simulation = models.OneToOneField(
        Simulation, models.PROTECT, null=True, related_name="adopted", verbose_name="模拟"
    )

    objects = Written.as_manager()

    class Meta:
        verbose_name = "规则集"
        verbose_name_plural = "规则集"
        ordering = ["-effective_from"]
        permissions = [("adopt_ruleset", "可以批准规则集施行")]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_ruleset_per_version"),
            models.CheckConstraint(
                name="ruleset_adopted_by_a_second_person",
                condition=Q(
                    proposed_by__isnull=True, adopted_by__isnull=True, simulation__isnull=True
                )
                | Q(
                    proposed_by__isnull=False,
                    adopted_by__isnull=False,
                    adopted_on__isnull=False,
                    simulation__isnull=False,
                )
                & ~Q(adopted_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="ruleset_does_not_reach_back",
                condition=Q(adopted_on__isnull=True) | Q(effective_from__gte=F("adopted_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add; what is adopted stays."""
        if not self._state.adding:
            raise LockedError("已批准的规则集不能修改，请起草新的版本")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise LockedError("已批准的规则集不能删除，请起草新的版本")

    @property
    def label(self) -> str:
        """Code and version, as stored beside a score and a case."""
        return f"{self.code}@{self.version}"

    @property
    def ruleset(self) -> Ruleset:
        """The figures; what this version does not know and the program reads is the program's own."""
        return parse_ruleset(self.text, source=self.label, since=shipped_text())


# -- What is in force ------------------------------------------------------------------------------------

STAMP: Final = "credit.rulesets"  # the cache's key of a mark that changes with every adoption
_TRUSTED: Final = 1.0  # seconds for which a process does not ask for the mark again


@dataclass(frozen=True, slots=True)
class _Known:
    """What this process read last, under which mark, and when it last asked."""

    stamp: str
    asked_at: float
    whole: Timeline


_known: _Known | None = None


def timeline(day: date | None = None) -> Timeline:
    """Every rule-set in time; with ``day``, what was in force until that day, so that ``now`` is the day's.

    It is kept by the process and read again when any process has adopted another (noticed within a second).
    Where nothing was ever adopted it is the shipped rule-set.
    """
    whole = _fresh()
    return whole if day is None else whole.until(day)


def in_force(day: date) -> Ruleset:
    """The rule-set in force on ``day``."""
    return timeline().on(day)


def forget() -> None:
    """Make this process read again: something was adopted in a transaction that is still open."""
    global _known  # one per process
    _known = None


def announce() -> None:
    """Make every process read again: something was adopted."""
    cache.set(STAMP, uuid4().hex, None)
    forget()


def _fresh() -> Timeline:
    global _known  # one per process
    known, now = _known, time.monotonic()
    if known and now - known.asked_at < _TRUSTED:
        return known.whole
    stamp = cache.get(STAMP)
    if stamp is None:  # before the reading: whoever adopts meanwhile changes it
        cache.add(STAMP, uuid4().hex, None)
        stamp = cache.get(STAMP, "")
    whole = known.whole if known and known.stamp == stamp else _read()
    _known = _Known(stamp, now, whole)
    return whole


def _read() -> Timeline:
    adopted = [version.ruleset for version in RulesetVersion.objects.all()]
    return Timeline.of(adopted or [load_ruleset()])
