"""Enterprises that meet the condition of a proposal for closure (提请关闭), for officers to look at.

A computed list and nothing more: no case begins, nothing is published. Source: 安全生产法 第一百一十三条.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet

from credit.models import Enterprise, MajorHazard, Violation
from credit.models.rulesets import in_force
from credit.rules.closure import may_propose_closure
from credit.rules.ruling import Ruling
from credit.rules.terms import add_months

LAW: Final = "安全生产法"  # a penalty counts when its basis names the law


@dataclass(frozen=True, slots=True)
class Closure:
    """One enterprise, why it is on the list, and its records."""

    enterprise: Enterprise
    ruling: Ruling
    hazards: list[MajorHazard]
    penalties: list[Violation]


def find(today: date, *, among: QuerySet[Enterprise] | None = None) -> list[Closure]:
    """Every enterprise of ``among`` (all) that meets the condition today, by name. Three queries."""
    register = Enterprise.objects.all() if among is None else among
    rules = in_force(today)
    open_ones = MajorHazard.objects.true_on(today).filter(enterprise__in=register.values("pk"))
    hazards = defaultdict(list)
    for hazard in open_ones.order_by("happened_on", "pk"):
        hazards[hazard.enterprise_id].append(hazard)
    since = add_months(today, -rules.months("closure.long_window"))
    penalties = defaultdict(list)
    told = Violation.objects.current().filter(
        enterprise__in=open_ones.values("enterprise"), basis__contains=LAW,
        happened_on__gt=since, happened_on__lte=today,
    )  # fmt: skip
    for penalty in told.order_by("happened_on", "pk"):
        penalties[penalty.enterprise_id].append(penalty)
    found = register.filter(pk__in=penalties.keys()).select_related("place", "sector")
    closures = []
    for enterprise in found.order_by("name", "pk"):
        days = [penalty.happened_on for penalty in penalties[enterprise.pk]]
        ruling = may_propose_closure(hazard=True, penalised_on=days, today=today, ruleset=rules)
        if ruling:
            closures.append(
                Closure(enterprise, ruling, hazards[enterprise.pk], penalties[enterprise.pk])
            )
    return closures
