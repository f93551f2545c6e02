"""Look for impossible records, and write what an officer found out about them. It punishes nobody.

Nobody but the office is told: not the learner, not the employer. No hours and no certificate change by it.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.acts.exams import RefusedError
from courses.models import DeviceDay, SuspectedPerson, Suspicion, SuspicionAnswer, patterns
from courses.models.reach import OVERSEE, learners_of_office
from courses.models.turn import midnight
from courses.rules import impossible
from courses.rules.impossible import Finding, amount
from credit.acts.audit import log
from credit.rules.ruling import Ruling


def findings(first: date, last: date) -> Iterator[Finding]:
    """Everything that looks impossible from one day to another."""
    begin, end = midnight(first), midnight(last + timedelta(days=1))
    return chain(
        impossible.long_days(patterns.day_totals(begin, end)),
        impossible.elsewhere(patterns.clashes(begin, end)),
        impossible.same_times(patterns.sittings(begin, end)),
        impossible.all_full(patterns.marks(begin, end)),
        impossible.one_device(patterns.device_uses(first, last)),
        impossible.too_fast(patterns.readings(begin, end)),
    )


def search(today: date) -> int:
    """Write what the last days show and was not written yet; tells how many. Twice is once.

    Offline study comes late, so each night looks back over the same days as the night before.
    """
    forget_devices(today)
    return write(findings(today - timedelta(days=amount("days_back")), today))


@transaction.atomic
def write(found: Iterable[Finding]) -> int:
    """Add each finding that is not there, with its people."""
    by_key = {one.key: one for one in found}
    there = Suspicion.objects.filter(key__in=list(by_key)).values_list("key", flat=True)
    for key in list(there):
        del by_key[key]
    now = timezone.now()
    rows = Suspicion.objects.bulk_create(_row(one, now) for one in by_key.values())
    keys = dict(
        Suspicion.objects.filter(key__in=[row.key for row in rows]).values_list("key", "pk")
    )
    SuspectedPerson.objects.bulk_create(
        SuspectedPerson(suspicion_id=keys[one.key], person_id=person)
        for one in by_key.values()
        for person in one.people
    )
    return len(rows)


def _row(one: Finding, now: Any) -> Suspicion:
    return Suspicion(
        key=one.key, kind=one.kind.value, course_id=one.course, first_day=one.first_day,
        last_day=one.last_day, explanation=one.explanation, evidence=list(one.evidence),
        article=one.article, found_at=now,
    )  # fmt: skip


def forget_devices(today: date) -> None:
    """Delete what is kept of devices after its days."""
    DeviceDay.objects.filter(day__lt=today - timedelta(days=amount("device_days"))).delete()


@transaction.atomic
def answer(suspicion: Suspicion, *, officer: Any, outcome: str, text: str) -> SuspicionAnswer:
    """What an officer found out. Raises RefusedError for one who may not, or who says nothing."""
    if not officer.has_perm(OVERSEE):
        raise RefusedError(Ruling(False, "您没有处理可疑记录的权限", ""))
    people = learners_of_office(officer, timezone.localdate())
    if not Suspicion.objects.seen_with(people).filter(pk=suspicion.pk).exists():
        raise RefusedError(Ruling(False, "这条记录不涉及您辖区的学员", ""))
    if suspicion.people.filter(person=officer.pk).exists():
        raise RefusedError(Ruling(False, "不能处理涉及自己的记录", ""))
    if outcome not in SuspicionAnswer.Outcome.values or not text.strip():
        raise RefusedError(Ruling(False, "请选结论，并写明核实情况", ""))
    written = SuspicionAnswer.objects.create(
        suspicion=suspicion, outcome=outcome, text=text.strip(), by=officer, at=timezone.now()
    )
    log("suspicion.answer", by=officer, subject=suspicion, outcome=outcome, text=written.text)
    return written
