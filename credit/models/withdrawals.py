"""A fact that is withdrawn, or restored: who, why, on which paper. A change of standing is a row."""

from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from credit.models.kinds import (
    FACT_MODELS,
    Commendation,
    DutyReport,
    ExternalFact,
    LiabilityInsurance,
    MajorHazard,
    PermitChange,
    Standardisation,
    TrainingFact,
)
from credit.models.locked import WrittenOnce
from credit.models.records import Accident, Violation


def _of(model: Any) -> Any:
    return models.ForeignKey(
        model, models.PROTECT, null=True, blank=True, related_name="withdrawals"
    )


def _just(kind: str) -> Q:
    others = {f"{other}__isnull": other != kind for other in FACT_MODELS}
    return Q(**others)


class Withdrawal(WrittenOnce):
    """One withdrawal of a fact of any kind, or its restoration. Never edited, never deleted.

    ``paper`` names the document that asks for it and ``paper_on`` its day: the clock of 行政处罚法 第四十八条
    runs from there. The newest one says how the fact stands; the fact's own ``withdrawn_at`` repeats it for
    queries. ``undo`` is set where it came with the undoing of a whole import.
    """

    class Action(models.TextChoices):
        """What became of the fact."""

        WITHDRAW = "withdraw", "撤销"
        RESTORE = "restore", "恢复"

    violation = _of(Violation)
    accident = _of(Accident)
    majorhazard = _of(MajorHazard)
    permitchange = _of(PermitChange)
    commendation = _of(Commendation)
    standardisation = _of(Standardisation)
    liabilityinsurance = _of(LiabilityInsurance)
    dutyreport = _of(DutyReport)
    trainingfact = _of(TrainingFact)
    externalfact = _of(ExternalFact)
    action = models.CharField("办理", max_length=10, choices=Action.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField("日期")
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)
    reason = models.TextField("理由")
    paper = models.CharField("文书名称和文号", max_length=200)
    paper_on = models.DateField("文书日期", null=True, blank=True)
    undo = models.ForeignKey(
        "credit.ImportUndo", models.PROTECT, null=True, blank=True, related_name="withdrawals"
    )

    class Meta:
        verbose_name = "记录撤销"
        verbose_name_plural = "记录撤销"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=reduce(or_, map(_just, FACT_MODELS)), name="withdrawal_is_of_one_fact"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.paper}"
