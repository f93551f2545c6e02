"""The facts that count, as rows for the one score function: one place for every kind of record."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd
from django.utils import timezone

from credit.models import (
    Accident,
    Commendation,
    LiabilityInsurance,
    MajorHazard,
    TrainingFact,
    Violation,
)
from credit.rules.hazards import HazardState, state_on
from credit.rules.timeline import Rules
from credit.rules.violations import kind_of

OPEN_MATTERS: Final = (MajorHazard, TrainingFact, LiabilityInsurance, Commendation)
"""What counts only while it is open or valid: its own days change a score, beside those of the decay."""

SCORED: Final = (Violation, Accident, *OPEN_MATTERS)
"""Every kind of fact that this module reads."""

Line = tuple[str, int, str, date, str, int, str]
_COLUMNS: Final = (
    "record", "enterprise", "kind", "happened_on", "record_type", "record_id", "label",
)  # fmt: skip


def records_of(
    where: dict[str, Any], wanted: set[int], rules: Rules, as_of: date | None = None
) -> pd.DataFrame:
    """Every current fact of the ``wanted`` enterprises as rows for the score function, with what to print.

    ``where`` is the filter that finds them in one range or list. Open matters (hazards, missed training,
    insurance) are there only while they are open on ``as_of`` (today).
    """
    today = as_of or timezone.localdate()
    rows = [
        *_violations(where, rules),
        *_accidents(where),
        *_hazards(where, today),
        *_missed_training(where, today),
        *_insurances(where, today),
        *_commendations(where, today),
    ]
    frame = pd.DataFrame([row for row in rows if row[1] in wanted], columns=list(_COLUMNS))
    return frame.astype({"record": "str", "kind": "str", "enterprise": "int64"})


def _violations(where: dict[str, Any], rules: Rules) -> Iterator[Line]:
    penalties = Violation.objects.current().filter(**where)
    for pk, firm, penalty, fine, licence, day, number, offence in penalties.values_list(
        "pk", "enterprise_id", "penalty_kind", "fine", "licence", "happened_on", "source_key",
        "offence",
    ):  # fmt: skip
        kind = kind_of(penalty, fine, rules.on(day), licence=licence)
        label = _label(number, offence)
        yield f"violation:{pk}", firm, kind, day, "violation", pk, label


def _accidents(where: dict[str, Any]) -> Iterator[Line]:
    """A concealed accident is two records: what happened, and that it was concealed."""
    accidents = Accident.objects.current().filter(**where, responsible=True)
    for pk, firm, grade, concealed, day, number, title in accidents.values_list(
        "pk", "enterprise_id", "grade", "concealed", "happened_on", "source_key", "title"
    ):
        shown = (day, "accident", pk, _label(number, title))
        yield f"accident:{pk}", firm, f"accident.{grade}", *shown
        if concealed:
            yield f"concealed:{pk}", firm, "accident.concealed", *shown


def _hazards(where: dict[str, Any], today: date) -> Iterator[Line]:
    """A supervised hazard counts from the day it was found, an overdue one from the day after its deadline."""
    open_now = MajorHazard.objects.true_on(today).filter(**where)
    for pk, firm, day, supervision, deadline, number, title in open_now.values_list(
        "pk", "enterprise_id", "happened_on", "supervision", "deadline", "source_key", "title"
    ):
        shown = ("majorhazard", pk, _label(number, title))
        if supervision:
            yield f"supervised:{pk}", firm, "hazard.supervised", day, *shown
        if state_on(today, deadline=deadline, closed_on=None) is HazardState.OVERDUE:
            since = deadline + timedelta(days=1)
            yield f"overdue:{pk}", firm, "hazard.overdue", since, *shown


def _missed_training(where: dict[str, Any], today: date) -> Iterator[Line]:
    missed = TrainingFact.objects.true_on(today).filter(**where, event=TrainingFact.Event.MISSED)
    for pk, firm, day, number, title in missed.values_list(
        "pk", "enterprise_id", "happened_on", "source_key", "title"
    ):
        shown = (day, "trainingfact", pk, _label(number, title))
        yield f"training:{pk}", firm, "training.untrained", *shown


def _insurances(where: dict[str, Any], today: date) -> Iterator[Line]:
    """One for an enterprise, however many policies it has: the one that began first."""
    valid = LiabilityInsurance.objects.valid_on(today).filter(**where).order_by("happened_on", "pk")
    seen: set[int] = set()
    for pk, firm, day, number, insurer in valid.values_list(
        "pk", "enterprise_id", "happened_on", "source_key", "insurer"
    ):
        if firm not in seen:
            seen.add(firm)
            shown = (day, "liabilityinsurance", pk, _label(number, insurer))
            yield f"insurance:{pk}", firm, "merit.insurance", *shown


def _commendations(where: dict[str, Any], today: date) -> Iterator[Line]:
    valid = Commendation.objects.valid_on(today).filter(**where)
    for pk, firm, day, number, title in valid.values_list(
        "pk", "enterprise_id", "happened_on", "source_key", "title"
    ):
        shown = (day, "commendation", pk, _label(number, title))
        yield f"commendation:{pk}", firm, "merit.commendation", *shown


def _label(number: str, words: str) -> str:
    return f"{number} {words}"[:250]
