"""Waives a unit for a learner (cmi5 9.3.7): an officer says why. It takes off the unit, never the minutes."""

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from courses.acts.refusing import refuse
from courses.acts.xapi.identity import registration_of
from courses.acts.xapi.keeping import keep
from courses.acts.xapi.launching import unit_object
from courses.acts.xapi.satisfying import satisfy
from courses.acts.xapi.telling import account_of, context_of, draft
from courses.models import Cmi5Unit, Enrolment, Registration, UnitResult
from courses.models.reach import CORRECT, learners_of_office
from courses.xapi import cmi5
from credit.acts.audit import log


@transaction.atomic
def waive(enrolment: Enrolment, unit: Cmi5Unit, *, officer: Any, reason: str) -> UnitResult:
    """The unit counts as satisfied in this round. Raises RefusedError."""
    now, reason = timezone.now(), reason.strip()
    _check(enrolment, unit, officer, reason)
    registration = registration_of(enrolment)
    Registration.objects.select_for_update().get(pk=registration.pk)
    if UnitResult.objects.filter(registration=registration, unit=unit, verb="waived").exists():
        raise refuse("这个课件已经免学")
    told = draft(
        registration,
        account_of(registration),
        cmi5.WAIVED,
        unit_object(unit),
        context_of(registration, unit.publisher, uuid4()),
        session=None,
        at=now,
        result={
            "success": True,
            "completion": True,
            "extensions": {cmi5.REASON: "Administrative"},
        },
    )
    keep([told])
    result = UnitResult.objects.create(
        registration=registration,
        unit=unit,
        verb=UnitResult.Verb.WAIVED,
        statement_id=UUID(told.id),
        at=now,
        by=officer,
        reason=reason[:200],
    )
    satisfy(registration, unit.structure, session=None, now=now)
    log("cmi5.waive", by=officer, subject=result, unit=unit.title, reason=result.reason)
    return result


def _check(enrolment: Enrolment, unit: Cmi5Unit, officer: Any, reason: str) -> None:
    if not officer.has_perm(CORRECT):
        raise refuse("您没有准予免学的权限")
    if officer.pk == enrolment.person_id:
        raise refuse("不能给自己免学")
    people = learners_of_office(officer, timezone.localdate())
    if not people.filter(pk=enrolment.person_id).exists():
        raise refuse("这名学员不在您的辖区")
    if unit.structure.course_id != enrolment.course_id:
        raise refuse("这个课件不是这门课的")
    if len(reason) < 4:
        raise refuse("请写明免学的原因，至少四个字")
