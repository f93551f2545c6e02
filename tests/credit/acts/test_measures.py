"""Measures begin with an entry and never outlive it, however it ends."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit import tasks
from credit.acts import cases, expiry
from credit.models import Accident, AuditEntry, CaseEvent, Enterprise, ListEntry, Measure
from credit.models.cases import LockedError
from credit.rules.measures import catalogue, measures_of
from tests.credit.casework import LATER, NEXT_DAY, hide_accident, promise, published, removed

END = date(2029, 11, 16)


@pytest.fixture
def entry(enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any) -> ListEntry:
    return published(enterprise, opener, decider)


@pytest.mark.parametrize("colour", ["black", "red"])
def test_they_begin_with_the_entry_as_the_catalogue_has_them(
    enterprise: Enterprise, opener: Any, decider: Any, colour: str
):
    (promise if colour == "red" else hide_accident)(enterprise)
    entry = published(enterprise, opener, decider, colour)
    begun = Measure.objects.values_list(
        "entry", "code", "name", "basis", "confirmed", "department", "begun_on", "lifted_on"
    )
    assert list(begun) == [
        (entry.pk, r.code, r.name, r.article, r.confirmed, r.department, LATER, None)
        for r in measures_of(colour)
    ]
    assert Measure.objects.in_force(LATER).count() == len(measures_of(colour)) >= 3
    assert Measure.objects.in_force(LATER - timedelta(days=1)).count() == 0
    assert Measure.objects.in_force(END - timedelta(days=1)).exists()
    assert not Measure.objects.in_force(END).exists()  # even where no nightly task ran


def test_every_measure_names_its_basis_and_department():
    assert all(rule.article and rule.department and rule.name for rule in catalogue())


def test_they_are_lifted_with_the_removal(entry: ListEntry, opener: Any, decider: Any):
    removed(entry, opener, decider)
    lifted = set(Measure.objects.values_list("lifted_on", "lift_reason"))
    assert lifted == {(LATER, "法院撤销")}
    assert not Measure.objects.in_force(LATER).exists()


def test_an_entry_that_has_run_its_term_ends_by_itself_once(entry: ListEntry):
    assert expiry.expire_entries(today=END - timedelta(days=1)) == 0
    with time_machine.travel("2029-11-18 00:10:00+08:00", tick=False):
        tasks.expire_entries()
        tasks.expire_entries()
    assert expiry.expire_entries(today=date(2031, 1, 1)) == 0
    event = CaseEvent.objects.get(action="expire")
    reason = "管理期限于2029年11月16日届满，自动移出名单"
    assert (event.actor, event.on, event.reason) == (None, END, reason)
    assert event.article == "应急管理部令第11号"
    assert set(Measure.objects.values_list("lifted_on", "lift_reason")) == {(END, reason)}
    assert AuditEntry.objects.filter(verb="case.expire", actor=None).count() == 1


def test_the_database_lets_no_measure_outlive_its_entry(
    entry: ListEntry, opener: Any, decider: Any
):
    cases.ask_removal(entry.case, officer=opener, ground="wrong", reason="撤销", today=LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        ListEntry._base_manager.filter(pk=entry.pk).update(
            removed_on=NEXT_DAY, removal_reason="x", removed_by=decider
        )
    late = {"lifted_on": NEXT_DAY + timedelta(days=1), "lift_reason": "x"}
    Measure._base_manager.update(**late)
    with pytest.raises(DatabaseError), transaction.atomic():
        ListEntry._base_manager.filter(pk=entry.pk).update(
            removed_on=NEXT_DAY, removal_reason="x", removed_by=decider
        )


def test_a_measure_is_neither_made_changed_nor_prolonged_beside_its_entry(
    entry: ListEntry, opener: Any, decider: Any
):
    measure = Measure.objects.all()[0]
    for write in (measure.save, measure.delete, Measure.objects.all().delete):
        with pytest.raises(LockedError):
            write()
    removed(entry, opener, decider)
    later = Measure(
        entry=entry, code="x", name="x", basis="x", confirmed=True, department="x", begun_on=LATER
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        Measure._base_manager.bulk_create([later])
    for statement in (
        "UPDATE credit_measure SET lifted_on = NULL",
        "UPDATE credit_measure SET lifted_on = '2040-01-01'",
        "UPDATE credit_measure SET name = 'x'",
        "DELETE FROM credit_measure",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


ends = st.sampled_from(["remove", "expire", "accident", "black"])


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ways=st.lists(st.tuples(ends, st.integers(0, 1500)), min_size=1, max_size=3))
def test_in_whatever_way_an_entry_ends_no_measure_outlives_it(
    enterprise: Enterprise, opener: Any, decider: Any, ways: Any
):
    with transaction.atomic():
        promise(enterprise)
        entry = published(enterprise, opener, decider, "red")
        day = LATER
        for way, days in ways:
            day += timedelta(days=days)
            _end(entry, way, day, opener, decider)
        for one in ListEntry.objects.prefetch_related("measures"):
            end = min(one.removed_on or one.ends_on, one.ends_on)
            for measure in one.measures.all():
                assert measure.lifted_on is None or measure.lifted_on <= end
                assert measure.lifted_on or not one.removed_on
            assert not Measure.objects.in_force(end).filter(entry=one).exists()
        transaction.set_rollback(True)


def _end(entry: ListEntry, way: str, day: date, opener: Any, decider: Any) -> None:
    if way == "expire":
        expiry.expire_entries(today=day)
    elif way == "accident":
        hide_accident(entry.enterprise, f"SG-{day}", happened_on=day)
        cases.end_red_entries(today=day)
    elif way == "remove" and ListEntry.objects.in_force(day).filter(pk=entry.pk).exists():
        cases.ask_removal(entry.case, officer=opener, ground="unfit", reason="否", today=day)
        cases.remove(entry.case, officer=decider, reason="否", today=day)
