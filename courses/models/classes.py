"""Classes in a hall (培训班): the class, its timetable, who joined, each signing in and out, and its closing.

Every row is written once. A session that is not held is cancelled by a row; a class ends by its closing, and
after that the database lets nothing more in.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from courses.models.enrolment import Enrolment
from courses.models.lecturers import Lecturer
from credit.models.locked import Written, WrittenOnce

# The tab of credited attendance; the event's sequence is the key of the signing out. No page may report under it.
CLASS_TAB: Final = UUID("c1a55000-0000-4000-8000-000000000000")


class ClassQuerySet(Written):
    """Questions about classes."""

    def open(self) -> "ClassQuerySet":
        """Those that nobody closed."""
        return self.filter(closing__isnull=True)


class TrainingClass(WrittenOnce):
    """培训班: a course taught in a hall. Without ``enterprise`` it is the bureau's, of ``place``.

    ``join_code`` is in the address of the QR to join: 80 random bits. ``seats`` None: no limit.
    """

    title = models.CharField("班名", max_length=120)
    course = models.ForeignKey(
        "courses.CoursePage", models.PROTECT, related_name="classes", verbose_name="课程"
    )
    enterprise = models.ForeignKey(
        "credit.Enterprise",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="training_classes",
        verbose_name="企业",
    )
    place = models.ForeignKey(
        "credit.Jurisdiction", models.PROTECT, related_name="training_classes", verbose_name="属地"
    )
    venue = models.CharField("地点", max_length=200)
    seats = models.PositiveSmallIntegerField("最多人数", null=True, blank=True)
    join_code = models.CharField("报名码", max_length=32, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("开班时间")

    objects = ClassQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "培训班"
        verbose_name_plural = "培训班"
        ordering = ["-id"]
        permissions = [("run_classes", "可以开办辖区的培训班")]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(venue=""), name="class_has_a_name")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def organiser(self) -> str:
        """Who holds it."""
        return self.enterprise.name if self.enterprise else f"{self.place}应急管理部门"


class SessionQuerySet(Written):
    """Questions about sessions."""

    def held(self) -> "SessionQuerySet":
        """Those that nobody cancelled."""
        return self.filter(cancelling__isnull=True)


class ClassSession(WrittenOnce):
    """一次课: from when to when, where, who teaches, and the lesson of the course to which its hours go."""

    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, related_name="sessions", verbose_name="培训班"
    )
    lesson = models.ForeignKey(
        "courses.LessonPage", models.PROTECT, related_name="class_sessions", verbose_name="课时"
    )
    lecturer = models.ForeignKey(
        Lecturer, models.PROTECT, related_name="sessions", verbose_name="教员"
    )
    lecturer_said = models.CharField("当时的教员", max_length=250)
    starts_at = models.DateTimeField("上课")
    ends_at = models.DateTimeField("下课")
    minutes = models.PositiveSmallIntegerField("课表时间（分钟）")
    venue = models.CharField("地点（和班里不同的话）", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间")

    objects = SessionQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "课表"
        verbose_name_plural = "课表"
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), minutes__gt=0),
                name="session_ends_after_it_began",
            )
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.starts_at:%F %H:%M}"

    @property
    def length(self) -> timedelta:
        """Its time on the timetable."""
        return self.ends_at - self.starts_at


class SessionCancelling(WrittenOnce):
    """A session that is not held: who says so, and why. Nobody may have signed in."""

    session = models.OneToOneField(ClassSession, models.PROTECT, related_name="cancelling")
    reason = models.CharField("原因", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "取消的课"
        verbose_name_plural = "取消的课"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="session_cancelling_says_why")
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.reason}"


class ClassMember(WrittenOnce):
    """报名: who joined, by which way, with which round of the course; ``enterprise`` is the employer of that day."""

    class Way(models.TextChoices):
        """How somebody came to be in a class."""

        CODE = "code", "扫码报名"
        ENTERPRISE = "enterprise", "企业报名"
        TRAINER = "trainer", "开班人报名"

    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, related_name="members", verbose_name="培训班"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="classes", verbose_name="学员"
    )
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="class_members")
    enterprise = models.ForeignKey(
        "credit.Enterprise", models.PROTECT, null=True, blank=True, related_name="+"
    )
    way = models.CharField("报名方式", max_length=10, choices=Way.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("报名时间")

    class Meta:
        verbose_name = "培训班学员"
        verbose_name_plural = "培训班学员"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "person"], name="one_seat_per_person_in_a_class"
            )
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.person_id}"


class ClassSign(WrittenOnce):
    """签到 or 签退: by the code on the trainer's screen, or by name by whoever runs the class, with a reason.

    ``at`` is the server's moment: by code, when the code reached the server.
    """

    class Way(models.TextChoices):
        """In or out."""

        IN = "in", "签到"
        OUT = "out", "签退"

    class Means(models.TextChoices):
        """By what."""

        CODE = "code", "扫码"
        HAND = "hand", "点名"

    session = models.ForeignKey(ClassSession, models.PROTECT, related_name="signs")
    member = models.ForeignKey(ClassMember, models.PROTECT, related_name="signs")
    way = models.CharField("事项", max_length=3, choices=Way.choices)
    means = models.CharField("方式", max_length=4, choices=Means.choices)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField("点名的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "签到签退"
        verbose_name_plural = "签到签退"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "member", "way"], name="one_sign_per_session_and_way"
            ),
            models.CheckConstraint(
                condition=Q(means="hand", by__isnull=False) & ~Q(reason="")
                | Q(means="code", by__isnull=True, reason=""),
                name="sign_by_hand_names_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.get_way_display()} {self.at:%F %T}"


class ClassClosing(WrittenOnce):
    """结班: who closed the class and when; ``people`` have completed it."""

    training_class = models.OneToOneField(TrainingClass, models.PROTECT, related_name="closing")
    people = models.PositiveIntegerField("参加完的人数")
    note = models.CharField("小结", max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("结班时间")

    class Meta:
        verbose_name = "结班"
        verbose_name_plural = "结班"

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.people}"


# -- Evaluation --------------------------------------------------------------------------------------------------


class EvaluationGiven(WrittenOnce):
    """That a learner has evaluated the class. What was said is kept elsewhere, and nothing leads there."""

    member = models.OneToOneField(ClassMember, models.PROTECT, related_name="evaluated")

    class Meta:
        verbose_name = "已评价"
        verbose_name_plural = "已评价"

    def __str__(self) -> str:
        return str(self.member_id)


class Evaluation(WrittenOnce):
    """What somebody thinks of a class: marks by question, and words. No person, no time; the key is random."""

    id = models.UUIDField(primary_key=True, editable=False)
    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, related_name="evaluations", verbose_name="培训班"
    )
    marks = models.JSONField("评分")
    words = models.CharField("想说的话", max_length=300, blank=True)

    class Meta:
        verbose_name = "培训评价"
        verbose_name_plural = "培训评价"
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.marks)
