"""Exams: the plan of a paper, attempts with frozen papers, and answers as they were given."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from courses.models.clusters import ClusterableModel, ParentalKey
from courses.models.questions import Question
from courses.rules.exams import Line, figures_in_force
from courses.rules.marking import Marked
from courses.rules.questions import KIND_NAMES


def _default(code: str) -> int:
    """The national figure that a new exam begins with."""
    return figures_in_force(timezone.localdate()).amount(code)


def default_minutes() -> int:
    """Length of a new exam in minutes."""
    return _default("minutes")


def default_pass_mark() -> int:
    """Pass mark of a new exam in points."""
    return _default("pass_mark")


def default_attempts() -> int:
    """Attempts of a new exam, the resit included."""
    return _default("attempts")


def default_wait() -> int:
    """Hours between the attempts of a new exam."""
    return _default("wait")


class Exam(ClusterableModel):
    """The one exam of a course; its blueprint rows sum to 100 points."""

    class CertificateKind(models.TextChoices):
        """Whose certificate it is: decides how long it is valid."""

        WORKER = "worker", "从业人员"
        MANAGER = "manager", "主要负责人、安全管理人员"
        SPECIAL_OPERATOR = "special_operator", "特种作业人员"

    course = models.OneToOneField(
        "courses.CoursePage", models.PROTECT, related_name="exam", verbose_name="课程"
    )
    title = models.CharField("考试名称", max_length=120)
    minutes = models.PositiveSmallIntegerField(
        "考试时间（分钟）", default=default_minutes, validators=[MinValueValidator(1)]
    )
    pass_mark = models.PositiveSmallIntegerField(
        "合格线（满分100）",
        default=default_pass_mark,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        "考试次数（含补考）", default=default_attempts, validators=[MinValueValidator(1)]
    )
    wait_hours = models.PositiveSmallIntegerField("两次考试间隔（小时）", default=default_wait)
    opens_at = models.DateTimeField("开放时间（从这时起可以开始考）", null=True, blank=True)
    closes_at = models.DateTimeField("停止进场时间（已经开始的可以考完）", null=True, blank=True)
    identity_check = models.BooleanField("开考前由人核对身份", default=False)
    snapshots = models.BooleanField("考试中抓拍（不同意的考生由人核对身份）", default=False)
    certificate_kind = models.CharField(
        "证书对象",
        max_length=20,
        choices=CertificateKind.choices,
        default=CertificateKind.WORKER,
    )

    class Meta:
        verbose_name = "考试"
        verbose_name_plural = "考试"
        constraints = [
            models.CheckConstraint(
                condition=Q(pass_mark__gte=1, pass_mark__lte=100),
                name="exam_pass_mark_within_100",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, attempts_allowed__gte=1),
                name="exam_has_time_and_attempts",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(closes_at__gt=F("opens_at")),
                name="exam_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def lines(self) -> list[Line]:
        """The blueprint as the rules read it."""
        return [row.line() for row in self.blueprint.all()]


class Blueprint(models.Model):
    """One line of the plan: so many questions of a kind (and topic), so many points each."""

    sort_order_field = "order"

    exam = ParentalKey(Exam, on_delete=models.CASCADE, related_name="blueprint")
    kind = models.CharField("题型", max_length=12, choices=list(KIND_NAMES.items()))
    topic = models.CharField("知识点（空白为不限）", max_length=40, blank=True)
    count = models.PositiveSmallIntegerField("题数", validators=[MinValueValidator(1)])
    points = models.PositiveSmallIntegerField("每题分值", validators=[MinValueValidator(1)])
    order = models.PositiveSmallIntegerField("顺序", default=0, editable=False)

    class Meta:
        verbose_name = "组卷规则"
        verbose_name_plural = "组卷规则"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["exam", "kind", "topic"], name="one_blueprint_line_per_kind_and_topic"
            ),
            models.CheckConstraint(
                condition=Q(count__gte=1, points__gte=1), name="blueprint_line_counts_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line()} {self.count} 道，每题 {self.points} 分"

    def line(self) -> Line:
        """As the rules read it."""
        return Line(self.kind, self.topic, self.count, self.points)


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Questions about attempts."""

    def open(self) -> "AttemptQuerySet":
        """Still being written."""
        return self.filter(submitted_at__isnull=True)

    def running(self, now: datetime) -> "AttemptQuerySet":
        """Still being written at ``now``, with time left."""
        return self.open().filter(deadline__gt=now)

    def ended(self) -> "AttemptQuerySet":
        """Handed in, or closed by the clock; some of them wait for a marker."""
        return self.filter(submitted_at__isnull=False)

    def waiting(self) -> "AttemptQuerySet":
        """Ended, with words in them that a person has to mark."""
        return self.ended().filter(points__isnull=True)


class Attempt(models.Model):
    """One sitting: its own paper, the server's deadline, and in the end its points."""

    class EndedBy(models.TextChoices):
        """Who ended it."""

        LEARNER = "learner", "本人交卷"
        CLOCK = "clock", "到时自动交卷"

    enrolment = models.ForeignKey("courses.Enrolment", models.PROTECT, related_name="attempts")
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField("第几次")
    seed = models.BigIntegerField("抽题种子")
    started_at = models.DateTimeField("开始时间")
    deadline = models.DateTimeField("截止时间", db_index=True)
    pass_mark = models.PositiveSmallIntegerField("当时的合格线")
    figures = models.CharField("规则版本", max_length=40)
    submitted_at = models.DateTimeField("交卷时间", null=True, blank=True)
    ended_by = models.CharField("交卷方式", max_length=8, choices=EndedBy.choices, blank=True)
    points = models.PositiveSmallIntegerField("得分", null=True, blank=True)
    passed = models.BooleanField("合格", null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = "考试记录"
        verbose_name_plural = "考试记录"
        ordering = ["enrolment_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(submitted_at__isnull=True),
                name="one_open_attempt_per_enrolment",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "exam", "number"], name="one_attempt_per_number"
            ),
            models.UniqueConstraint(
                fields=["enrolment", "exam"],
                condition=Q(passed=True),
                name="one_passed_attempt_per_enrolment",
            ),
            models.CheckConstraint(
                condition=Q(deadline__gt=F("started_at")), name="attempt_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(
                    submitted_at__isnull=True, points__isnull=True, passed__isnull=True, ended_by=""
                )
                | Q(submitted_at__isnull=False, points__isnull=False, passed__isnull=False)
                & ~Q(ended_by="")
                | Q(submitted_at__isnull=False, points__isnull=True, passed__isnull=True)
                & ~Q(ended_by=""),
                name="attempt_is_marked_whole_or_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exam} · 第{self.number}次"


class PaperQuestion(models.Model):
    """One place on a drawn paper, with the text as it was on that day.

    ``shown`` and ``sealed`` are apart, so that the paper's page need not even read the answers; both
    are written by ``courses.rules.papers``.
    Options are known by their place on this paper: a database key would tell who was entered first.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="paper")
    position = models.PositiveSmallIntegerField("题号")
    question = models.ForeignKey(Question, models.PROTECT, related_name="drawn")
    points = models.PositiveSmallIntegerField("分值")
    option_order = models.JSONField("选项次序", default=list)
    shown = models.JSONField("题面", default=dict)
    sealed = models.JSONField("答案与解析", default=dict)

    class Meta:
        verbose_name = "试卷题目"
        verbose_name_plural = "试卷题目"
        ordering = ["attempt_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "position"], name="one_question_per_position"
            ),
            models.UniqueConstraint(
                fields=["attempt", "question"], name="no_question_twice_on_a_paper"
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.position}题"

    def chosen(self) -> list[Any]:
        """The saved answer in the shape of its kind; empty while there is none."""
        answer: Answer | None = getattr(self, "answer", None)
        return list(answer.chosen) if answer else []

    def marked(self) -> Marked:
        """As the marking reads it."""
        mark = getattr(self, "hand_mark", None)
        by_hand = mark.points if mark else None
        return Marked(self.shown["kind"], self.points, self.sealed["right"], self.chosen(), by_hand)


class Answer(models.Model):
    """The answer that counts: the one with the highest ``sequence`` (milliseconds, server's clock)."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="answers")
    paper_question = models.OneToOneField(PaperQuestion, models.PROTECT, related_name="answer")
    chosen = models.JSONField("所选", default=list)
    sequence = models.BigIntegerField("次序号")
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "作答"
        verbose_name_plural = "作答"
        constraints = [
            models.CheckConstraint(condition=Q(sequence__gt=0), name="answer_sequence_is_positive")
        ]

    def __str__(self) -> str:
        return f"{self.paper_question} {self.chosen}"


class AnswerEvent(models.Model):
    """Append-only: every answer that reached the server in time, the overtaken ones too."""

    paper_question = models.ForeignKey(PaperQuestion, models.PROTECT, related_name="events")
    chosen = models.JSONField("所选", default=list)
    sequence = models.BigIntegerField("次序号")
    received_at = models.DateTimeField("收到时间")
    kept = models.BooleanField("已采用")

    class Meta:
        verbose_name = "作答流水"
        verbose_name_plural = "作答流水"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.paper_question} {self.chosen} {self.sequence}"


class HandMark(models.Model):
    """The points that a person gave to words no machine marks; written once, never the own paper's."""

    paper_question = models.OneToOneField(
        PaperQuestion, models.PROTECT, related_name="hand_mark", verbose_name="试卷题目"
    )
    points = models.PositiveSmallIntegerField("得分")
    note = models.CharField("评语", max_length=300, blank=True)
    marker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="阅卷人"
    )
    marked_at = models.DateTimeField("评分时间")

    class Meta:
        verbose_name = "人工评分"
        verbose_name_plural = "人工评分"

    def __str__(self) -> str:
        return f"{self.paper_question} {self.points}"
