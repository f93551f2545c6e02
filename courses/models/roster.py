"""The enterprise's roster as it was told: imports, every change of an employment, courses that were assigned."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

from credit.models import Employment
from credit.models.locked import Written, WrittenOnce


class RosterImport(WrittenOnce):
    """One file that a manager sent; the file itself is not kept, for it bears identity numbers."""

    enterprise = models.ForeignKey(
        "credit.Enterprise", models.PROTECT, related_name="roster_imports", verbose_name="企业"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)
    file_name = models.CharField("文件", max_length=200)
    sha256 = models.CharField("文件指纹", max_length=64)
    joined = models.PositiveIntegerField("入职", default=0)
    left = models.PositiveIntegerField("离职", default=0)
    moved = models.PositiveIntegerField("变动", default=0)
    same = models.PositiveIntegerField("没有变化", default=0)

    class Meta:
        verbose_name = "花名册导入"
        verbose_name_plural = "花名册导入"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class RosterChangeQuerySet(Written):
    """Questions about changes."""

    def standing(self) -> "RosterChangeQuerySet":
        """Those that nobody undid, without the undoings."""
        return self.filter(undoes__isnull=True, undone__isnull=True)


class RosterChange(WrittenOnce):
    """What a row changed on an employment: before and after. A mistake is undone by a row that names it."""

    class Action(models.TextChoices):
        """What the row was."""

        JOIN = "join", "入职"
        LEAVE = "leave", "离职"
        MOVE = "move", "变动"
        UNDO = "undo", "撤销"

    source = models.ForeignKey(
        RosterImport, models.PROTECT, null=True, blank=True, related_name="changes"
    )
    employment = models.ForeignKey("credit.Employment", models.PROTECT, related_name="changes")
    action = models.CharField("事项", max_length=6, choices=Action.choices)
    row = models.PositiveIntegerField("文件里的行", default=0)
    before = models.JSONField("原来", default=dict)
    after = models.JSONField("现在", default=dict)
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone"
    )
    reason = models.CharField("撤销的理由", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    objects = RosterChangeQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "花名册变动"
        verbose_name_plural = "花名册变动"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(action="undo", undoes__isnull=False) & ~Q(reason="")
                | ~Q(action="undo") & Q(undoes__isnull=True),
                name="undoing_names_what_and_why",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.employment_id}"


class CourseAssignment(WrittenOnce):
    """A manager asks an employee to take a course until a day."""

    employment = models.ForeignKey("credit.Employment", models.PROTECT, related_name="assignments")
    course = models.ForeignKey("courses.CoursePage", models.PROTECT, related_name="assignments")
    until = models.DateField("学完期限")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("安排时间", auto_now_add=True)

    class Meta:
        verbose_name = "课程安排"
        verbose_name_plural = "课程安排"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["employment", "course", "until"],
                name="one_assignment_per_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.employment_id} · {self.course_id}"


def entered_by_mistake() -> QuerySet[RosterChange, int]:
    """The keys of the employments whose joining was undone: the person never worked there."""
    wrong = RosterChange.objects.filter(action=RosterChange.Action.JOIN, undone__isnull=False)
    return wrong.values_list("employment", flat=True)


def at_work(employments: QuerySet[Employment], today: date) -> QuerySet[Employment]:
    """Those of the employments that have not ended on ``today`` and are no mistake; some may begin later."""
    here = employments.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=today))
    return here.exclude(pk__in=entered_by_mistake())
