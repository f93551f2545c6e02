"""A law changed: what on the platform cites it waits to be looked at, and who looked, with what they found.

Nothing follows by itself: no lesson, question, exam or certificate changes by a row here.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from courses.rules.articles import printed
from credit.models.locked import Written, WrittenOnce


class ArticleChange(WrittenOnce):
    """An article changed on a day, told by an officer with its paper; ``article`` 0: the law as a whole."""

    law = models.CharField("法规", max_length=80)
    article = models.PositiveSmallIntegerField("第几条", default=0)
    changed_on = models.DateField("从哪天起变")
    paper = models.CharField("文件（名称、文号）", max_length=200)
    note = models.CharField("变了什么", max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "法条变更"
        verbose_name_plural = "法条变更"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["law", "article", "changed_on"], name="a_change_is_told_once"
            ),
            models.CheckConstraint(
                condition=~Q(law="") & ~Q(paper="") & ~Q(note=""),
                name="a_change_names_law_paper_and_matter",
            ),
        ]

    def __str__(self) -> str:
        return printed(self.law, self.article)


class RecheckQuerySet(Written):
    """Questions about what waits."""

    def open(self) -> "RecheckQuerySet":
        """Nobody has looked yet."""
        return self.filter(answer__isnull=True)


class Recheck(WrittenOnce):
    """待复核: something that cited the article on the day on which the change was told.

    ``target`` is the key of the lesson, question or exam; of certificates that of their course, for they are
    looked at together. ``title`` and ``why`` stay as they were.
    """

    class Kind(models.TextChoices):
        """What it is."""

        LESSON = "lesson", "课时"
        QUESTION = "question", "试题"
        EXAM = "exam", "考试"
        CERTIFICATE = "certificate", "证书"

    change = models.ForeignKey(ArticleChange, models.PROTECT, related_name="rechecks")
    kind = models.CharField("种类", max_length=12, choices=Kind.choices)
    target = models.PositiveBigIntegerField("编号")
    title = models.CharField("名称", max_length=300)
    why = models.CharField("为什么要看", max_length=300)

    objects = RecheckQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "待复核"
        verbose_name_plural = "待复核"
        ordering = ["kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "kind", "target"], name="a_thing_is_looked_at_once_for_a_change"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.title}"


class RecheckAnswer(WrittenOnce):
    """Somebody looked and says what they found."""

    class Outcome(models.TextChoices):
        """What came of it."""

        STILL_RIGHT = "right", "仍然正确，不用改"
        CHANGED = "changed", "已经改好"
        WITHDRAWN = "withdrawn", "已经停用"

    recheck = models.OneToOneField(Recheck, models.PROTECT, related_name="answer")
    outcome = models.CharField("结论", max_length=10, choices=Outcome.choices)
    note = models.CharField("复核说明", max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="复核人"
    )
    at = models.DateTimeField("复核时间", auto_now_add=True)

    class Meta:
        verbose_name = "复核"
        verbose_name_plural = "复核"
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="a_recheck_says_what_was_found")
        ]

    def __str__(self) -> str:
        return f"{self.recheck_id} {self.outcome}"
