"""Checks on the spot: an officer opened a worker's file, three questions, what was answered. Written once."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from credit.models.locked import WrittenOnce


class Inspection(WrittenOnce):
    """现场检查: who opened whose file, when, by which code. A fact; nothing follows from it by itself."""

    class Way(models.TextChoices):
        """What was scanned."""

        CODE = "code", "本人出示的检查码"
        CERTIFICATE = "certificate", "证书上的二维码"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="inspections", verbose_name="学员"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="检查人"
    )
    way = models.CharField("扫了什么", max_length=12, choices=Way.choices)
    certificate = models.ForeignKey(
        "courses.Certificate", models.PROTECT, null=True, blank=True, related_name="inspections"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "现场检查"
        verbose_name_plural = "现场检查"
        ordering = ["-id"]
        permissions = [("inspect_training", "可以现场检查学员的培训档案并抽问")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=models.F("officer")), name="nobody_inspects_oneself"
            ),
            models.CheckConstraint(
                condition=Q(way="certificate", certificate__isnull=False)
                | Q(way="code", certificate__isnull=True),
                name="inspection_names_what_was_scanned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.at:%F %R}"


class SpotQuestion(WrittenOnce):
    """A question that was drawn in an inspection, frozen as on a paper (``courses.rules.papers``)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField("题号")
    question = models.ForeignKey("courses.Question", models.PROTECT, related_name="asked_on_spot")
    shown = models.JSONField("题面")
    sealed = models.JSONField("答案与解析")

    class Meta:
        verbose_name = "现场抽问题目"
        verbose_name_plural = "现场抽问题目"
        ordering = ["inspection_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "position"], name="one_spot_question_per_position"
            ),
            models.UniqueConstraint(
                fields=["inspection", "question"], name="no_question_twice_on_the_spot"
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.position}题"


class SpotAnswer(WrittenOnce):
    """What was answered, and whether it was right; marked at once."""

    place = models.OneToOneField(SpotQuestion, models.PROTECT, related_name="answer")
    chosen = models.JSONField("所选", default=list)
    right = models.BooleanField("答对")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "现场抽问作答"
        verbose_name_plural = "现场抽问作答"
        ordering = ["place_id"]

    def __str__(self) -> str:
        return f"{self.place} {'对' if self.right else '错'}"
