"""What the party itself says in a case: a statement or a request for a hearing, and its receipt."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from credit.models.cases import ListCase
from credit.models.locked import Written, WrittenOnce


class PartyStatementQuerySet(Written):
    """Questions about what parties sent."""

    def waiting(self) -> "PartyStatementQuerySet":
        """Not yet taken into the case by an officer."""
        return self.filter(taken__isnull=True)


class PartyStatement(WrittenOnce):
    """陈述申辩 or 听证申请 sent online by a manager of the enterprise.

    It is no step of an officer: whoever sends it handles nothing. The hearing cannot be closed before
    an officer has taken it into the case (rule, act and database).
    """

    class Kind(models.TextChoices):
        """What it is."""

        STATEMENT = "statement", "陈述申辩"
        HEARING = "hearing", "听证申请"

    case = models.ForeignKey(ListCase, models.PROTECT, related_name="party_statements")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    text = models.TextField("内容", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    received_at = models.DateTimeField("收到时间", auto_now_add=True)

    objects = PartyStatementQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "企业陈述"
        verbose_name_plural = "企业陈述"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def number(self) -> str:
        """The receipt's number."""
        return f"HZ{timezone.localdate(self.received_at):%Y%m%d}-{self.pk:05}"


class StatementTaken(WrittenOnce):
    """An officer took it into the case."""

    statement = models.OneToOneField(PartyStatement, models.PROTECT, related_name="taken")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "企业陈述入案"
        verbose_name_plural = "企业陈述入案"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.statement_id}"
