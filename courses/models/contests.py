"""Knowledge contests 知识竞赛: rounds, who takes part, plays timed by the server, doubts, lots.

The name of a round's model is ``ContestRound``: a ``round`` of an enrolment is another thing.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber

from courses.models.clusters import ClusterableModel, ParentalKey
from courses.models.questions import Question, QuestionBank


class Contest(ClusterableModel):
    """One contest: which banks its questions come from, and how units and streets are ranked."""

    title = models.CharField("竞赛名称", max_length=80)
    slug = models.SlugField("网址里的名称（字母、数字）", max_length=60, unique=True)
    intro = models.TextField("说明（怎么参加、奖励）", blank=True, max_length=2000)
    banks = models.ManyToManyField(
        QuestionBank, verbose_name="题库", related_name="contests", help_text="简答题不会被抽到。"
    )
    practice_a_day = models.PositiveSmallIntegerField(
        "每人每天练习题数",
        default=10,
        validators=[MaxValueValidator(100)],
        help_text="0 表示不开放练习。",
    )
    unit_best = models.PositiveSmallIntegerField(
        "单位名次取前几名的平均分",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text="人数不够的，缺的人按 0 分算。",
    )
    street_best = models.PositiveSmallIntegerField(
        "街道名次取前几名的平均分",
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(10000)],
    )
    published = models.BooleanField("公开", default=False)

    class Meta:
        verbose_name = "知识竞赛"
        verbose_name_plural = "知识竞赛"
        ordering = ["-id"]
        permissions = [("judge_contest", "核实竞赛成绩、办理抽奖")]

    def __str__(self) -> str:
        return self.title


class ContestRound(models.Model):
    """初赛、复赛、决赛: when it is open, how many questions, how many seconds for each."""

    sort_order_field = "order"

    contest = ParentalKey(Contest, on_delete=models.PROTECT, related_name="rounds")
    name = models.CharField("轮次名称", max_length=40)
    opens_at = models.DateTimeField("开始时间")
    closes_at = models.DateTimeField("结束时间")
    questions = models.PositiveSmallIntegerField(
        "题数", default=20, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    seconds = models.PositiveSmallIntegerField(
        "每题多少秒", default=30, validators=[MinValueValidator(5), MaxValueValidator(600)]
    )
    points = models.PositiveSmallIntegerField(
        "每题分值", default=5, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    tries = models.PositiveSmallIntegerField(
        "每人几次机会（取最好的一次）", default=3, validators=[MinValueValidator(1)]
    )
    admits = models.PositiveIntegerField(
        "只让上一轮的前多少名参加", default=0, help_text="0 表示人人可以参加。"
    )
    order = models.PositiveSmallIntegerField("顺序", default=0, editable=False)

    class Meta:
        verbose_name = "轮次"
        verbose_name_plural = "轮次"
        ordering = ["contest_id", "order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="contest_round_ends_after_it_begins",
                violation_error_message="结束时间要在开始时间以后",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest} · {self.name}"

    @property
    def full_points(self) -> int:
        """All points of a play."""
        return self.questions * self.points


class Entrant(models.Model):
    """A person in a contest, for a unit and a street as they were on that day."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="entrants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="contests")
    enterprise = models.ForeignKey(
        "credit.Enterprise", models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.ForeignKey("credit.Jurisdiction", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("报名时间")

    class Meta:
        verbose_name = "参赛人"
        verbose_name_plural = "参赛人"
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "person"], name="one_entry_per_person_and_contest"
            )
        ]

    def __str__(self) -> str:
        return str(self.person)


class PlayQuerySet(models.QuerySet["Play"]):
    """Questions about plays."""

    def open(self) -> "PlayQuerySet":
        """Still being played."""
        return self.filter(ended_at__isnull=True)

    def with_verdict(self) -> Any:
        """With ``verdict``: what the newest look says, None where nobody looked."""
        newest = PlayLook.objects.filter(play=OuterRef("pk")).order_by("-pk")
        return self.annotate(verdict=Subquery(newest.values("counts")[:1]))

    def doubted(self) -> Any:
        """With a doubt on which nobody has given a word yet."""
        doubted = self.filter(doubt__isnull=False)
        return doubted.with_verdict().filter(verdict__isnull=True)

    def ranked(self) -> Any:
        """Those that count: ended, and said good, or neither doubted nor said bad."""
        good = Q(verdict=True) | Q(verdict__isnull=True, doubt__isnull=True)
        ended = self.filter(ended_at__isnull=False)
        return ended.with_verdict().filter(good)

    def best(self) -> Any:
        """The best play of each entrant in each round: most points, then least time, then the earliest."""
        rank = Window(
            RowNumber(),
            partition_by=[F("round"), F("entrant")],
            order_by=[F("points").desc(), F("milliseconds").asc(), F("ended_at").asc()],
        )
        return self.ranked().annotate(of_entrant=rank).filter(of_entrant=1)


class Play(models.Model):
    """One go at a round. ``milliseconds``: what the answers took together, by the server's clock."""

    round = models.ForeignKey(ContestRound, models.PROTECT, related_name="plays")
    entrant = models.ForeignKey(Entrant, models.PROTECT, related_name="plays")
    number = models.PositiveSmallIntegerField("第几次")
    seed = models.BigIntegerField("抽题种子")
    started_at = models.DateTimeField("开始时间")
    deadline = models.DateTimeField("最迟结束", db_index=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    points = models.PositiveIntegerField("得分", null=True, blank=True)
    milliseconds = models.PositiveIntegerField("用时（毫秒）", null=True, blank=True)

    objects = PlayQuerySet.as_manager()

    class Meta:
        verbose_name = "答题记录"
        verbose_name_plural = "答题记录"
        ordering = ["round_id", "entrant_id", "number"]
        indexes = [models.Index(fields=["round", "-points", "milliseconds"], name="play_rank")]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "entrant", "number"], name="one_play_per_number"
            ),
            models.UniqueConstraint(
                fields=["round", "entrant"],
                condition=Q(ended_at__isnull=True),
                name="one_open_play_per_entrant",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, points__isnull=True, milliseconds__isnull=True)
                | Q(ended_at__isnull=False, points__isnull=False, milliseconds__isnull=False),
                name="play_is_counted_when_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} · 第{self.number}次"


class PlayQuestion(models.Model):
    """One question of a play: given once, answered once, timed by the server."""

    play = models.ForeignKey(Play, models.PROTECT, related_name="paper")
    position = models.PositiveSmallIntegerField("题号")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    shown = models.JSONField("题面", default=dict)
    sealed = models.JSONField("答案与解析", default=dict)
    served_at = models.DateTimeField("给出时间", null=True, blank=True)
    answered_at = models.DateTimeField("作答时间", null=True, blank=True)
    chosen = models.JSONField("所选", default=list)
    earned = models.PositiveSmallIntegerField("得分", null=True, blank=True)

    class Meta:
        verbose_name = "竞赛题目"
        verbose_name_plural = "竞赛题目"
        ordering = ["play_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["play", "position"], name="one_play_question_per_position"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, earned__isnull=True)
                | Q(served_at__isnull=False, earned__isnull=False),
                name="play_question_is_given_before_it_is_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.position}题"

    def milliseconds(self) -> int:
        """What the answer took."""
        if self.served_at is None or self.answered_at is None:
            return 0
        return int((self.answered_at - self.served_at).total_seconds() * 1000)


class PlayDoubt(models.Model):
    """What made the machine ask for a person's eye; written once."""

    play = models.OneToOneField(Play, models.PROTECT, related_name="doubt")
    reasons = models.JSONField("原因", default=list)
    found_at = models.DateTimeField("发现时间")

    class Meta:
        verbose_name = "存疑成绩"
        verbose_name_plural = "存疑成绩"

    def __str__(self) -> str:
        return str(self.play)


class PlayLook(models.Model):
    """An officer's word on a play: it counts, or not, and why. The newest one holds."""

    play = models.ForeignKey(Play, models.PROTECT, related_name="looks")
    counts = models.BooleanField("成绩有效")
    reason = models.CharField("理由", max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "成绩核实"
        verbose_name_plural = "成绩核实"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.play} {'有效' if self.counts else '无效'}"


class ContestPractice(models.Model):
    """One question practised: the quota of a day counts these."""

    entrant = models.ForeignKey(Entrant, models.PROTECT, related_name="practised")
    day = models.DateField("日期")
    number = models.PositiveSmallIntegerField("当天第几题")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    seed = models.BigIntegerField("选项种子")
    chosen = models.JSONField("所选", null=True, blank=True)
    right = models.BooleanField("答对", null=True, blank=True)

    class Meta:
        verbose_name = "竞赛练习"
        verbose_name_plural = "竞赛练习"
        ordering = ["entrant_id", "day", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["entrant", "day", "number"], name="one_practice_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} 第{self.number}题"


class ContestDraw(models.Model):
    """Lots among those who reached ``least_points`` in a round.

    First the list is frozen and its digest published, with the public source of the seed and the moment from
    which the seed is known; then another person enters the seed. Everybody can repeat the draw.
    """

    round = models.ForeignKey(ContestRound, models.PROTECT, related_name="draws")
    name = models.CharField("奖项", max_length=60)
    places = models.PositiveSmallIntegerField("名额", validators=[MinValueValidator(1)])
    least_points = models.PositiveIntegerField("最低得分")
    tickets = models.PositiveIntegerField("抽奖号个数")
    digest = models.CharField("名单指纹", max_length=64)
    source = models.CharField("种子来源", max_length=200)
    known_from = models.DateTimeField("种子公布时间")
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField("名单封存时间")
    seed = models.CharField("种子", max_length=200, blank=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    drawn_at = models.DateTimeField("开奖时间", null=True, blank=True)

    class Meta:
        verbose_name = "抽奖"
        verbose_name_plural = "抽奖"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "name"], name="one_draw_per_prize_and_round"),
            models.CheckConstraint(
                condition=Q(known_from__gt=F("frozen_at")), name="draw_list_is_older_than_its_seed"
            ),
            models.CheckConstraint(
                condition=Q(seed="", drawn_by__isnull=True, drawn_at__isnull=True)
                | ~Q(seed="")
                & Q(drawn_by__isnull=False, drawn_at__gte=F("known_from"))
                & ~Q(drawn_by=F("frozen_by")),
                name="draw_is_made_by_another_once_the_seed_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.name}"

    def may_be_drawn(self, now: datetime) -> bool:
        """Whether the seed is due."""
        return self.drawn_at is None and now >= self.known_from


class DrawTicket(models.Model):
    """A number in a draw; ``prize`` is the place that it won."""

    draw = models.ForeignKey(ContestDraw, models.PROTECT, related_name="lots")
    number = models.PositiveIntegerField("抽奖号")
    entrant = models.ForeignKey(Entrant, models.PROTECT, related_name="tickets")
    name = models.CharField("公开的姓名", max_length=60)
    prize = models.PositiveSmallIntegerField("第几个中奖", null=True, blank=True)

    class Meta:
        verbose_name = "抽奖号"
        verbose_name_plural = "抽奖号"
        ordering = ["draw_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "number"], name="one_ticket_per_number"),
            models.UniqueConstraint(fields=["draw", "entrant"], name="one_ticket_per_entrant"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
