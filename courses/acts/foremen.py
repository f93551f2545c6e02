"""The enterprise manager names who leads a team's lessons, and ends it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.acts.class_reach import refuse
from courses.acts.coverage import staff
from courses.acts.managing import require_manager
from courses.models import Foreman, ForemanEnd
from courses.models.teams import ForemanQuerySet
from credit.acts import audit
from credit.models import Enterprise


@transaction.atomic
def name(enterprise: Enterprise, employment: int, *, by: Any, now: datetime) -> Foreman:
    """Somebody at work in a team leads its lessons. Raises RefusedError."""
    today = timezone.localdate(now)
    require_manager(by, enterprise, today)
    works = staff(enterprise, today).filter(pk=employment, began_on__lte=today)
    work = works.select_for_update(of=("self",)).first()
    if work is None or not work.team:
        raise refuse("请选一名在岗、写明班组的员工；没有班组的先在花名册里写上")
    if Foreman.objects.leading(today).filter(employment=work).exists():
        raise refuse("他已经是这个班组的班组长")
    made: Foreman = Foreman.objects.create(employment=work, team=work.team, by=by, at=now)
    audit.log("foreman.name", by=by, subject=made, enterprise=enterprise, team=work.team)
    return made


@transaction.atomic
def end(foreman: Foreman, *, by: Any, now: datetime) -> ForemanEnd:
    """No longer. Raises RefusedError."""
    firm = foreman.employment.enterprise
    require_manager(by, firm, timezone.localdate(now))
    Foreman.objects.select_for_update(of=("self",)).get(pk=foreman.pk)
    if ForemanEnd.objects.filter(foreman=foreman).exists():
        raise refuse("已经免去了")
    made: ForemanEnd = ForemanEnd.objects.create(foreman=foreman, by=by, at=now)
    audit.log("foreman.end", by=by, subject=foreman, enterprise=firm, team=foreman.team)
    return made


def led_by(person: Any, now: datetime) -> ForemanQuerySet:
    """The teams that ``person`` leads now."""
    found: ForemanQuerySet = Foreman.objects.leading(timezone.localdate(now)).filter(
        employment__person=person.pk
    )
    return found
