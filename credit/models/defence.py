"""What the party says and what the bureau answers, argument by argument; and the heads' meeting on a heavy case."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from credit.models.cases import ListCase
from credit.models.locked import Locked, LockedError, WrittenOnce


class CaseArgument(models.Model):
    """One argument of the party, and the bureau's opinion on it: given once, before the hearing is closed.

    ``opinion`` is "" and ``accepted`` None until then. Source: 行政处罚法 第四十五条 (facts, reasons and
    evidence that the party puts forward are reviewed).
    """

    case = models.ForeignKey(ListCase, models.PROTECT, related_name="arguments")
    received_on = models.DateField("收到日期")
    text = models.TextField("意见")
    opinion = models.TextField("复核意见", blank=True)
    accepted = models.BooleanField("采纳", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_on = models.DateField("复核日期", null=True, blank=True)

    objects = Locked.as_manager()

    class Meta:
        verbose_name = "陈述申辩意见"
        verbose_name_plural = "陈述申辩意见"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opinion="", accepted__isnull=True, answered_by__isnull=True)
                | Q(accepted__isnull=False, answered_by__isnull=False, answered_on__isnull=False)
                & ~Q(opinion=""),
                name="argument_is_answered_whole",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: only the acts write arguments."""
        raise LockedError("陈述申辩只能通过办案步骤登记（credit.acts.arguments）")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise LockedError("陈述申辩不能删除")


class HearingNotice(WrittenOnce):
    """The party was told when and where its hearing is held. The newest one counts; another day is a new row.

    Source: 行政处罚法 第六十四条第二项 (seven days before; credit.rules.hearings).
    """

    case = models.ForeignKey(ListCase, models.PROTECT, related_name="hearing_notices")
    told_on = models.DateField("听证通知送达日期")
    set_for = models.DateField("听证日期")
    place = models.CharField("听证地点", max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "听证通知"
        verbose_name_plural = "听证通知"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(set_for__gt=F("told_on")), name="hearing_is_told_before_its_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.set_for} {self.place}"


class Meeting(WrittenOnce):
    """A meeting of the heads on a heavy case (集体讨论). Source: 行政处罚法 第五十七条第二款."""

    case = models.ForeignKey(ListCase, models.PROTECT, related_name="meetings")
    held_on = models.DateField("讨论日期")
    record = models.TextField("讨论记录")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "集体讨论"
        verbose_name_plural = "集体讨论"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.held_on}"


class MeetingVote(WrittenOnce):
    """What one member of the meeting voted."""

    class Vote(models.TextChoices):
        """For the listing, against it, or neither."""

        FOR = "for", "同意"
        AGAINST = "against", "不同意"
        ABSTAIN = "abstain", "弃权"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="votes")
    member = models.CharField("姓名和职务", max_length=60)
    vote = models.CharField("表决", max_length=7, choices=Vote.choices)

    class Meta:
        verbose_name = "表决"
        verbose_name_plural = "表决"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="one_vote_per_member")
        ]

    def __str__(self) -> str:
        return f"{self.member}：{self.get_vote_display()}"
