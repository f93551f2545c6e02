"""What training each employment owes, cycle by cycle; which courses count; what was proved on paper."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from credit.models.locked import Written, WrittenOnce


class CourseFor(models.Model):
    """A course counts for a requirement (the code of a row in ``courses/rulesets/training-*.toml``)."""

    course = models.ForeignKey(
        "courses.CoursePage", models.CASCADE, related_name="counts_for", verbose_name="课程"
    )
    requirement = models.CharField("培训要求", max_length=60)
    active = models.BooleanField("现在可以抵", default=True)

    class Meta:
        verbose_name = "课程抵培训要求"
        verbose_name_plural = "课程抵培训要求"
        ordering = ["requirement", "course_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["requirement", "course"], name="course_counts_once_for_a_requirement"
            )
        ]

    def __str__(self) -> str:
        return f"{self.requirement} · {self.course_id}"


class ProofQuerySet(Written):
    """Questions about proofs."""

    def standing(self) -> "ProofQuerySet":
        """Those that nobody took back."""
        return self.filter(takes_back__isnull=True, taken_back__isnull=True)


class OutsideProof(WrittenOnce):
    """Training outside the platform, told by the enterprise with its paper: hours, or a state's certificate.

    ``done_on`` is the day it was completed, or of the certificate's issue or latest review; ``hours`` are 学时
    (0 for a certificate). A mistake is taken back by a row that names it.
    """

    employment = models.ForeignKey(
        "credit.Employment", models.PROTECT, related_name="proofs", verbose_name="任职"
    )
    requirement = models.CharField("培训要求", max_length=80)
    done_on = models.DateField("完成日期")
    hours = models.PositiveSmallIntegerField("学时", default=0)
    paper = models.CharField("证明材料名称和编号", max_length=200)
    takes_back = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="taken_back"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ProofQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "线下培训证明"
        verbose_name_plural = "线下培训证明"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(paper=""), name="proof_names_its_paper"),
        ]

    def __str__(self) -> str:
        return self.paper


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Questions about obligations."""

    def newest(self) -> Self:
        """The newest cycle of each."""
        later = Obligation.objects.filter(
            employment=OuterRef("employment"),
            requirement=OuterRef("requirement"),
            cycle__gt=OuterRef("cycle"),
        )
        return self.filter(~Exists(later))

    def open(self) -> Self:
        """Neither met nor dropped."""
        return self.filter(met_on__isnull=True, closed_on__isnull=True)


class Obligation(models.Model):
    """One cycle of what an employment owes; what it says of day, hours and article is never edited.

    What is learned from ``from_on`` counts, ``due_on`` is the last day in time. ``minutes`` were learned
    so far; met by a certificate of ours, an enrolment in a course without exam, or a proof on paper.
    ``closed_on``: nobody asks any more (the person left, or the post changed). Once there is a later cycle, an
    earlier one stays as it is (the database says so, migration 0020).
    """

    employment = models.ForeignKey(
        "credit.Employment", models.PROTECT, related_name="obligations", verbose_name="任职"
    )
    requirement = models.CharField("培训要求", max_length=80)
    cycle = models.PositiveSmallIntegerField("第几期", default=1)
    name = models.CharField("名称", max_length=80)
    step = models.CharField("类别", max_length=12)
    hours = models.PositiveSmallIntegerField("学时")
    paper = models.BooleanField("须有国家证件", default=False)
    from_on = models.DateField("起算日期")
    due_on = models.DateField("期限")
    article = models.CharField("依据", max_length=200)
    explanation = models.TextField("为什么要学")
    confirmed = models.BooleanField("依据已核对")
    rules = models.CharField("规则版本", max_length=40)
    known_on = models.DateField("登记日期")
    minutes = models.PositiveIntegerField("已学（分钟）", default=0)
    met_on = models.DateField("完成日期", null=True, blank=True)
    certificate = models.ForeignKey(
        "courses.Certificate", models.PROTECT, null=True, blank=True, related_name="obligations"
    )
    enrolment = models.ForeignKey(
        "courses.Enrolment", models.PROTECT, null=True, blank=True, related_name="obligations"
    )
    proof = models.ForeignKey(
        OutsideProof, models.PROTECT, null=True, blank=True, related_name="obligations"
    )
    closed_on = models.DateField("不再需要的日期", null=True, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = "培训要求"
        verbose_name_plural = "培训要求"
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["employment", "requirement", "cycle"], name="one_obligation_per_cycle"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("from_on")), name="obligation_is_due_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(
                    met_on__isnull=True,
                    certificate__isnull=True,
                    enrolment__isnull=True,
                    proof__isnull=True,
                )
                | Q(met_on__isnull=False)
                & (
                    Q(certificate__isnull=False)
                    | Q(enrolment__isnull=False)
                    | Q(proof__isnull=False)
                ),
                name="obligation_is_met_by_something",
            ),
            models.CheckConstraint(
                condition=Q(met_on__isnull=True) | Q(closed_on__isnull=True),
                name="obligation_is_met_or_dropped",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(met_on__isnull=True, closed_on__isnull=True),
                name="obligation_open_by_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} · 第{self.cycle}期"


class ObligationNotice(WrittenOnce):
    """Somebody was told of an obligation, once for each occasion: 60, 30, 7 days before, and when it was missed."""

    OVERDUE = "overdue"

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="notices")
    mark = models.CharField("时点", max_length=10)
    on = models.DateField("提醒日期")

    class Meta:
        verbose_name = "培训提醒"
        verbose_name_plural = "培训提醒"
        constraints = [
            models.UniqueConstraint(fields=["obligation", "mark"], name="one_notice_per_occasion")
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.mark}"
