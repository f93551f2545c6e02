"""班组 mode: one phone of a foreman's and many workers, each known by a PIN of the own.

Facts are written once: who leads a team, each PIN (as a keyed digest), the lesson, who was there, what each
answered at the end, and the closing, with which the hours are credited.
"""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from courses.models.enrolment import Enrolment
from courses.models.roster import at_work
from credit.models import Employment
from credit.models.locked import Written, WrittenOnce

# The tab of credited team lessons; the event's sequence is the key of the presence. No page may report under it.
TEAM_TAB: Final = UUID("7ea30000-0000-4000-8000-000000000000")


class ForemanQuerySet(Written):
    """Questions about foremen."""

    def leading(self, today: Any) -> "ForemanQuerySet":
        """Those who lead a team today: not ended, and at work in that team."""
        works = at_work(Employment.objects.filter(began_on__lte=today), today)
        found: ForemanQuerySet = self.filter(
            ending__isnull=True,
            employment__in=works.values("pk"),
            employment__team=models.F("team"),
        )
        return found


class Foreman(WrittenOnce):
    """班组长: the manager names an employee to lead a team's lessons; it holds while the person is in that team."""

    employment = models.ForeignKey("credit.Employment", models.PROTECT, related_name="leads")
    team = models.CharField("班组", max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("指定时间")

    objects = ForemanQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "班组长"
        verbose_name_plural = "班组长"
        ordering = ["team", "id"]

    def __str__(self) -> str:
        return f"{self.team} {self.employment_id}"


class ForemanEnd(WrittenOnce):
    """Somebody no longer leads a team."""

    foreman = models.OneToOneField(Foreman, models.PROTECT, related_name="ending")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("免去时间")

    class Meta:
        verbose_name = "免去班组长"
        verbose_name_plural = "免去班组长"

    def __str__(self) -> str:
        return str(self.foreman_id)


class WorkerPin(WrittenOnce):
    """学习密码 of a worker; the newest counts. Only a keyed, slow digest is kept; ``by`` set or handed it out."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="learning_pins"
    )
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "学习密码"
        verbose_name_plural = "学习密码"
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.person_id)


class PinTry(models.Model):
    """A try of a PIN that is not known to be right. Counted for each worker; forgotten after minutes."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "at"], name="pin_try_by_person")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person_id} {self.at:%F %T}"


class TeamLesson(WrittenOnce):
    """班组课: a foreman opened a lesson for the team; ``minutes`` is the lesson's time, which bounds the hours."""

    foreman = models.ForeignKey(Foreman, models.PROTECT, related_name="lessons")
    course = models.ForeignKey("courses.CoursePage", models.PROTECT, related_name="+")
    lesson = models.ForeignKey("courses.LessonPage", models.PROTECT, related_name="team_lessons")
    minutes = models.PositiveSmallIntegerField("课时时间（分钟）")
    opened_at = models.DateTimeField("开课时间")

    class Meta:
        verbose_name = "班组课"
        verbose_name_plural = "班组课"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="team_lesson_takes_time")
        ]

    def __str__(self) -> str:
        return f"{self.foreman_id} {self.opened_at:%F %H:%M}"


class TeamPresence(WrittenOnce):
    """A worker was there: known by the own PIN on the foreman's phone, at the server's moment."""

    team_lesson = models.ForeignKey(TeamLesson, models.PROTECT, related_name="presences")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="team_presences"
    )
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="team_presences")
    at = models.DateTimeField("到场时间")

    class Meta:
        verbose_name = "班组课到场"
        verbose_name_plural = "班组课到场"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["team_lesson", "person"], name="once_in_a_team_lesson")
        ]

    def __str__(self) -> str:
        return f"{self.team_lesson_id} {self.person_id}"


class TeamAnswer(WrittenOnce):
    """The check at the end: the same worker by PIN again, with an answer of the own to a question.

    ``chosen`` are places (from 0) of options. Without a question (the course has none) it says that they stayed.
    """

    presence = models.OneToOneField(TeamPresence, models.PROTECT, related_name="answer")
    question = models.ForeignKey("courses.Question", models.PROTECT, null=True, related_name="+")
    chosen = models.JSONField("所选", default=list)
    correct = models.BooleanField("答对", null=True)
    at = models.DateTimeField("答题时间")

    class Meta:
        verbose_name = "班组课答题"
        verbose_name_plural = "班组课答题"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(question__isnull=True, correct__isnull=True)
                | Q(question__isnull=False, correct__isnull=False),
                name="team_answer_is_marked",
            )
        ]

    def __str__(self) -> str:
        return f"{self.presence_id} {self.correct}"


class TeamClosing(WrittenOnce):
    """The end of a team's lesson: ``people`` were there to the end and got their hours."""

    team_lesson = models.OneToOneField(TeamLesson, models.PROTECT, related_name="closing")
    people = models.PositiveIntegerField("计入学时的人数")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("下课时间")

    class Meta:
        verbose_name = "班组课结束"
        verbose_name_plural = "班组课结束"

    def __str__(self) -> str:
        return f"{self.team_lesson_id} {self.people}"
