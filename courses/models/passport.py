"""培训护照: what a worker shares with an employer, until when, who looked, and what was counted as proof."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from credit.models.locked import Written, WrittenOnce


class ShareQuerySet(Written):
    """Questions about shares."""

    def standing(self, now: datetime) -> "ShareQuerySet":
        """Neither past their time nor ended."""
        return self.filter(until__gt=now, ended__isnull=True)


class Share(WrittenOnce):
    """A person shares rounds of courses. The code is kept sealed, so that its owner may read it again.

    What a share says is never edited; only its seal is, when keys are rotated (the database lets nothing else).
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="shares", verbose_name="本人"
    )
    code_sealed = models.TextField("分享码（加密）", editable=False)
    code_fingerprint = models.CharField("分享码指纹", max_length=64, unique=True, editable=False)
    whom = models.CharField("给谁看", max_length=60, blank=True)
    made_at = models.DateTimeField("分享时间")
    until = models.DateTimeField("有效期至")

    objects = ShareQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "培训护照分享"
        verbose_name_plural = "培训护照分享"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("made_at")), name="share_ends_after_it_began"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.made_at:%F}"

    @property
    def is_ended(self) -> bool:
        """Whether its owner ended it."""
        return getattr(self, "ended", None) is not None


class ShareItem(WrittenOnce):
    """One round of a course within a share."""

    share = models.ForeignKey(Share, models.PROTECT, related_name="items")
    enrolment = models.ForeignKey("courses.Enrolment", models.PROTECT, related_name="shared")

    class Meta:
        verbose_name = "分享的课程"
        verbose_name_plural = "分享的课程"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["share", "enrolment"], name="a_round_is_shared_once")
        ]

    def __str__(self) -> str:
        return f"{self.share_id} · {self.enrolment_id}"


class ShareEnd(WrittenOnce):
    """The owner ended the share."""

    share = models.OneToOneField(Share, models.PROTECT, related_name="ended")
    at = models.DateTimeField("停止时间")

    class Meta:
        verbose_name = "停止分享"
        verbose_name_plural = "停止分享"

    def __str__(self) -> str:
        return f"{self.share_id} {self.at:%F}"


class ShareLook(WrittenOnce):
    """Somebody looked, for which enterprise: the owner reads it."""

    share = models.ForeignKey(Share, models.PROTECT, related_name="looks")
    enterprise = models.ForeignKey("credit.Enterprise", models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("查看时间")

    class Meta:
        verbose_name = "培训护照查看记录"
        verbose_name_plural = "培训护照查看记录"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.share_id} {self.at:%F %R}"


class SharedProof(WrittenOnce):
    """A shared round that an employer counted as proof; the proof is a row like any other, and taken back so."""

    item = models.ForeignKey(ShareItem, models.PROTECT, related_name="counted")
    proof = models.OneToOneField("courses.OutsideProof", models.PROTECT, related_name="passport")

    class Meta:
        verbose_name = "培训护照抵培训要求"
        verbose_name_plural = "培训护照抵培训要求"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.item_id} {self.proof_id}"


def counted_in(employment: Any) -> Any:
    """The rounds that count for an employment by proofs that stand, as keys of enrolments."""
    rows = SharedProof.objects.filter(
        proof__employment=employment, proof__takes_back=None, proof__taken_back=None
    )
    return rows.values_list("item__enrolment", flat=True)
