"""Around an attempt: more time that was given, answers that came too late, who the person was, leaving the page."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from courses.models.enrolment import Enrolment
from courses.models.exams import Attempt, PaperQuestion
from credit.models.locked import WrittenOnce


class ExtraTime(WrittenOnce):
    """延时: more minutes for one person, by whom and why.

    With an attempt it is for that one, and its deadline moves from ``deadline_before`` to ``deadline_after``;
    without one it is for every attempt of the round that begins later.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="extra_time")
    attempt = models.ForeignKey(
        Attempt, models.PROTECT, null=True, blank=True, related_name="extra_time"
    )
    minutes = models.PositiveSmallIntegerField("延长（分钟）")
    reason = models.CharField("原因", max_length=300)
    deadline_before = models.DateTimeField("原来的截止时间", null=True, blank=True)
    deadline_after = models.DateTimeField("延长后的截止时间", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="批准人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "考试延时"
        verbose_name_plural = "考试延时"
        ordering = ["id"]
        permissions = [("invigilate", "可以管考场（延时、核对身份、看离开记录）")]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1), name="extra_time_is_some_time"),
            models.CheckConstraint(condition=~Q(reason=""), name="extra_time_says_why"),
            models.CheckConstraint(
                condition=Q(
                    attempt__isnull=True, deadline_before__isnull=True, deadline_after__isnull=True
                )
                | Q(attempt__isnull=False, deadline_after__gt=F("deadline_before")),
                name="extra_time_moves_the_deadline_of_its_attempt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} +{self.minutes} 分钟"


class RefusedAnswer(WrittenOnce):
    """An answer that came after the end: it does not count, and it is not lost from sight."""

    paper_question = models.ForeignKey(PaperQuestion, models.PROTECT, related_name="refused")
    chosen = models.JSONField("所选", default=list)
    sequence = models.BigIntegerField("次序号")
    received_at = models.DateTimeField("收到时间")
    reason = models.CharField("没有采用的原因", max_length=100)

    class Meta:
        verbose_name = "没有采用的答案"
        verbose_name_plural = "没有采用的答案"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper_question", "sequence"], name="an_answer_is_refused_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.paper_question} {self.chosen} {self.sequence}"


class IdentityCode(models.Model):
    """一次性口令: given to one person after a look at the ID card; its digest only, for some minutes."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="identity_codes")
    digest = models.CharField("口令摘要", max_length=128)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="核对人"
    )
    at = models.DateTimeField("发出时间")
    until = models.DateTimeField("有效期至")
    tries = models.PositiveSmallIntegerField("输错次数", default=0)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = "身份口令"
        verbose_name_plural = "身份口令"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.at:%Y-%m-%d %H:%M}"


class IdentityCheck(WrittenOnce):
    """核对身份: before an attempt, that the person is who is enrolled; ``backend`` is how (see acts/identity.py)."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="identity_checks")
    backend = models.SlugField("方式", max_length=20)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="核对人",
    )
    at = models.DateTimeField("时间")
    until = models.DateTimeField("有效期至")

    class Meta:
        verbose_name = "考前身份核对"
        verbose_name_plural = "考前身份核对"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("at")), name="identity_check_holds_for_a_while"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.backend}"


class IdentityUse(WrittenOnce):
    """Which attempt a check opened: one check opens one attempt."""

    check_of = models.OneToOneField(IdentityCheck, models.PROTECT, related_name="use")
    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="identity")

    class Meta:
        verbose_name = "身份核对的使用"
        verbose_name_plural = "身份核对的使用"

    def __str__(self) -> str:
        return f"{self.attempt_id}"


class LeaveEvent(WrittenOnce):
    """The exam's page was left or came back, as the page told it; for a person to judge, nothing follows by itself.

    ``told_at`` is when, by the page's clock set to the server's; ``received_at`` when the server heard of it.
    """

    class Kind(models.TextChoices):
        """What happened."""

        LEFT = "left", "离开"
        BACK = "back", "回来"

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="leaves")
    kind = models.CharField("情况", max_length=4, choices=Kind.choices)
    told_at = models.DateTimeField("时间")
    received_at = models.DateTimeField("收到时间")

    class Meta:
        verbose_name = "离开考试页面"
        verbose_name_plural = "离开考试页面"
        ordering = ["told_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "told_at", "kind"], name="one_leave_event_per_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.told_at:%H:%M:%S}"
