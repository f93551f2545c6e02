"""Objections (异议) of an enterprise to a single line of its file; state follows from the steps."""

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from credit.models.attachments import subject_of
from credit.models.enterprises import Enterprise
from credit.models.locked import Written, WrittenOnce

CLOSING: Final = ("uphold", "reject", "take_back")


class ObjectionQuerySet(Written):
    """Questions about objections."""

    def open(self) -> "ObjectionQuerySet":
        """Neither answered nor taken back: the line is marked “有异议”."""
        return self.exclude(Exists(self._closing()))

    def closed(self) -> "ObjectionQuerySet":
        """Answered or taken back."""
        return self.filter(Exists(self._closing()))

    @staticmethod
    def _closing() -> Any:
        return ObjectionStep.objects.filter(objection=OuterRef("pk"), action__in=CLOSING)


class Objection(WrittenOnce):
    """One objection: to which line, for which reason, in which words.

    ``line`` is what stays the same when a fact is corrected (see ``line_of``); ``subject`` the very row,
    such as "credit.violation:12"; ``label`` how the line was printed.
    """

    class About(models.TextChoices):
        """What kind of line."""

        FACT = "fact", "记录"
        SCORE = "score", "计分"
        ENTRY = "entry", "名单"

    class Reason(models.TextChoices):
        """Why."""

        NOT_OURS = "not_ours", "不是我单位的"
        WRONG = "wrong", "内容写错了"
        CHANGED = "changed", "处罚或认定已经撤销、变更"
        EXPIRED = "expired", "已过公示期限"
        POINTS = "points", "分数算错了"
        OTHER = "other", "其他"

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="objections")
    about = models.CharField("对象类别", max_length=5, choices=About.choices)
    subject = models.CharField("对象", max_length=80, db_index=True)
    line = models.CharField("对象标识", max_length=500, db_index=True)
    label = models.CharField("对象名称", max_length=300)
    reason = models.CharField("异议事由", max_length=10, choices=Reason.choices)
    text = models.TextField("事实和理由")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_on = models.DateField("提出日期", db_index=True)
    raised_at = models.DateTimeField("收到时间", auto_now_add=True)

    objects = ObjectionQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "异议"
        verbose_name_plural = "异议"
        ordering = ["-id"]
        permissions = [("answer_objection", "可以受理、答复异议")]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"

    @property
    def number(self) -> str:
        """What the enterprise quotes."""
        return f"YY{self.raised_on:%Y%m%d}-{self.pk:05}"


class ObjectionStep(WrittenOnce):
    """Handed to an officer, answered, or taken back by the enterprise. Never edited."""

    class Action(models.TextChoices):
        """What was done."""

        ASSIGN = "assign", "交办"
        UPHOLD = "uphold", "异议成立"
        REJECT = "reject", "异议不成立"
        TAKE_BACK = "take_back", "企业撤回"

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="steps")
    action = models.CharField("办理", max_length=10, choices=Action.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    on = models.DateField("日期")
    at = models.DateTimeField("记录时间", auto_now_add=True)
    reason = models.TextField("理由", blank=True)

    class Meta:
        verbose_name = "异议办理"
        verbose_name_plural = "异议办理"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["objection"],
                condition=Q(action__in=CLOSING),
                name="objection_is_closed_once",
            ),
            models.CheckConstraint(
                condition=~Q(action="assign") | Q(to__isnull=False),
                name="objection_is_handed_to_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.get_action_display()}"


def line_of(row: Any) -> str:
    """What names a line whatever version of it stands: a fact by source and number, else the row itself."""
    if hasattr(row, "identity"):
        return f"{row._meta.label_lower}:{row.source}:{row.identity}"[:500]
    return subject_of(row)


def title_of(fact: Any) -> str:
    """What a fact of any kind is called on a page."""
    said = getattr(fact, "offence", "") or getattr(fact, "title", "")
    return said or f"{fact._meta.verbose_name} {fact.source_key}"


def marks(enterprises: Iterable[int]) -> frozenset[str]:
    """What is marked “有异议” in public: lines with an open objection; rows whose objection was upheld.

    An upheld one counts for the very row: once that is corrected, the mark goes by itself.
    """
    closing = ObjectionStep.objects.filter(objection=OuterRef("pk"), action__in=CLOSING)
    about = Objection.objects.filter(enterprise__in=list(enterprises))
    found = about.annotate(end=Subquery(closing.values("action")[:1]))
    keys = set()
    for kind, line, subject, end in found.values_list("about", "line", "subject", "end"):
        score = kind == Objection.About.SCORE
        if end is None:
            keys |= {f"score:{subject}"} if score else {line}
        elif end == ObjectionStep.Action.UPHOLD:
            keys.add(f"score:{subject}" if score else subject)
    return frozenset(keys)
