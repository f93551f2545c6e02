"""Course packages that were taken in, where each learner stopped in one, and what was done in a lesson.

A package and an event stay as they were written; the database's guards say so too (migration 0040).
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from courses.models.enrolment import Enrolment
from credit.models.locked import WrittenOnce


class CoursePackage(WrittenOnce):
    """课件包: what lies under ``key`` in private storage. A new version is a new package.

    ``items``: what can be opened, as ``packages.manifests.Item`` has it; ``notes``: what does not work of it.
    """

    class Kind(models.TextChoices):
        """Of which standard."""

        SCORM12 = "scorm12", "SCORM 1.2"
        SCORM2004 = "scorm2004", "SCORM 2004"
        H5P = "h5p", "H5P"

    key = models.CharField("存放编号", max_length=32, unique=True)
    kind = models.CharField("种类", max_length=12, choices=Kind.choices)
    title = models.CharField("标题", max_length=200)
    items = models.JSONField("各节")
    notes = models.JSONField("说明", default=list)
    files = models.PositiveIntegerField("文件数")
    size = models.PositiveBigIntegerField("大小（字节）")
    file_name = models.CharField("上传的文件名", max_length=200)
    digest = models.CharField("指纹", max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "课件包"
        verbose_name_plural = "课件包"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.title}（{self.get_kind_display()}）"

    @property
    def tracked(self) -> list[str]:
        """The identifiers of the parts that say whether they are done."""
        return [one["identifier"] for one in self.items if one["tracked"]]

    def item(self, identifier: str) -> dict[str, Any] | None:
        """One part."""
        return next((one for one in self.items if one["identifier"] == identifier), None)


class PackageState(models.Model):
    """Where a learner stopped in one part of a package: working memory, the newest alone."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="package_states")
    lesson = models.ForeignKey("courses.LessonPage", models.PROTECT, related_name="+")
    package = models.ForeignKey(CoursePackage, models.PROTECT, related_name="+")
    item = models.CharField("节", max_length=200)
    values = models.JSONField("课件记录", default=dict)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "课件进度"
        verbose_name_plural = "课件进度"
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson", "package", "item"], name="one_state_per_package_item"
            )
        ]

    def __str__(self) -> str:
        return f"{self.package_id} {self.item}"


class ActivityEvent(WrittenOnce):
    """课内活动: what a learner did in a block of a lesson: a package's result, an answer, a choice, ticks.

    ``score``: 0 to 100, as claimed by a package. It earns no time: the ledger alone does.
    """

    class Kind(models.TextChoices):
        """What kind of block."""

        PACKAGE = "package", "课件包"
        CHECKLIST = "check", "清单"
        QUESTION = "question", "随堂小题"
        CASE = "case", "事故情景"
        VIDEO = "video", "视频"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="activities")
    lesson = models.ForeignKey("courses.LessonPage", models.PROTECT, related_name="+")
    block = models.UUIDField("内容块")
    item = models.CharField("节", max_length=200, blank=True)
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    said = models.JSONField("内容", default=dict)
    done = models.BooleanField("完成")
    score = models.DecimalField("得分", max_digits=5, decimal_places=2, null=True, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "课内活动记录"
        verbose_name_plural = "课内活动记录"
        ordering = ["id"]
        indexes = [models.Index(fields=["enrolment", "lesson"], name="activity_of_lesson")]
        constraints = [
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=100),
                name="activity_score_is_of_a_hundred",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.block}"
