"""Enter what a plan says of training, within one's places."""

from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from courses.acts.refusing import refuse
from courses.models import PlanFigure
from courses.rules.reports import fault_of
from credit.acts.audit import log
from credit.acts.reach import register_of, sees_all
from credit.models import Enterprise, Jurisdiction

READ: Final = "courses.read_training_reports"
LOOKS: Final = "courses.view_planfigure"
ENTER: Final = "courses.add_planfigure"


def may_read(person: Any) -> bool:
    """Whether ``person`` reads the report, of some places or all."""
    return bool(person.has_perm(READ) or person.has_perm(LOOKS))


def register(person: Any) -> QuerySet[Enterprise]:
    """The enterprises that the report of ``person`` counts."""
    return register_of(person, (READ, ENTER), LOOKS)


def places(person: Any) -> QuerySet[Jurisdiction]:
    """The places of the report of ``person``."""
    if sees_all(person, (READ, ENTER), LOOKS):
        return Jurisdiction.objects.all()
    return Jurisdiction.objects.of_officer(person)


@transaction.atomic
def enter(
    place: Jurisdiction,
    *,
    year: int,
    indicator: str,
    kind: str,
    amount: Decimal,
    source: str,
    reason: str,
    by: Any,
) -> PlanFigure:
    """A figure, in percent or people; one that changes another gives a reason. Raises RefusedError."""
    if not by.has_perm(ENTER):
        raise refuse("您没有登记计划指标的权限")
    if not places(by).filter(pk=place.pk).exists():
        raise refuse("这个属地不在您的辖区")
    if fault := fault_of(indicator, amount):
        raise refuse(fault)
    if not source.strip():
        raise refuse("请写明来源：文件名、文号和条款")
    same = PlanFigure.objects.filter(year=year, place=place, indicator=indicator, kind=kind)
    if same.exists() and not reason.strip():
        raise refuse("这一年的这项指标已经有了，要改请写明原因")
    figure = PlanFigure.objects.create(
        year=year, place=place, indicator=indicator, kind=kind, amount=amount,
        source=source.strip(), reason=reason.strip(), by=by,
    )  # fmt: skip
    log(
        "training.plan", by=by, subject=figure, year=year, place=place.name, indicator=indicator,
        kind=kind, amount=str(amount), source=figure.source, reason=figure.reason,
    )  # fmt: skip
    return figure
