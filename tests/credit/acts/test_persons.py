"""Responsible persons: written once, sealed, and public only when they were heard themselves."""

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from credit.acts import audit, gaps, persons
from credit.acts.casework import RefusedError
from credit.acts.withdrawals import restore, withdraw
from credit.models import Accident, AuditEntry, Enterprise, ListEntry, ResponsiblePerson
from credit.models.locked import LockedError
from tests.credit.acts.test_proposals import correct
from tests.credit.casework import LATER, TODAY, decided, published

NUMBER = "11010519491231002X"


def name(fact: Accident, officer: Any, **more: Any) -> ResponsiblePerson:
    said = {
        "name": "王小明", "number": NUMBER, "role": "principal", "finding": "组织瞒报，处罚款",
        "notice_served_on": TODAY, "today": TODAY,
    }  # fmt: skip
    return persons.record_person(fact, officer=officer, **{**said, **more})


def test_a_number_is_sealed_shown_masked_and_in_no_log(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    person = name(concealed, opener)
    assert (person.number, person.number_masked) == (NUMBER, "110*************2X")
    assert NUMBER not in person.number_sealed
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.enterprise) == ("person.record", opener, enterprise)
    assert "王" not in entry.said
    assert NUMBER not in entry.said
    assert list(audit.faults()) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"number": "110105194912310022"}, "校验不通过"),
        ({"number": "护照1"}, "只能是字母和数字"),
        ({"name": " "}, "请填写姓名"),
        ({"notice_served_on": LATER}, "不能晚于今天"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    enterprise: Enterprise, concealed: Accident, opener: Any, change: Any, reason: str
):
    with pytest.raises(RefusedError, match=reason):
        name(concealed, opener, **change)
    assert ResponsiblePerson.objects.count() == 0


def test_another_place_and_another_role_may_not(
    enterprise: Enterprise, concealed: Accident, stranger: Any, auditor: Any
):
    for officer in (stranger, auditor):
        with pytest.raises(RefusedError):
            name(concealed, officer)


def test_a_correction_supersedes_and_a_withdrawal_ends(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    first = name(concealed, opener)
    second = name(concealed, opener, role="direct", supersedes=first)
    assert list(ResponsiblePerson.objects.current()) == [second]
    with pytest.raises(RefusedError, match="更正或撤销"):
        name(concealed, opener, supersedes=first)
    persons.withdraw_person(second, officer=opener, reason="查错了人", today=TODAY)
    assert list(ResponsiblePerson.objects.current()) == []
    assert ResponsiblePerson.objects.count() == 3


def test_models_and_database_refuse_edits_but_for_a_change_of_keys(
    enterprise: Enterprise, concealed: Accident, opener: Any, settings: Any
):
    person = name(concealed, opener)
    for refused in (person.save, person.delete, lambda: ResponsiblePerson.objects.update(name="x")):
        with pytest.raises(LockedError):
            refused()
    for statement in ("UPDATE {} SET name = 'x'", "DELETE FROM {}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format("credit_responsibleperson"))
    call_command("reseal", stdout=io.StringIO())
    assert ResponsiblePerson.objects.get().number_sealed != person.number_sealed
    assert ResponsiblePerson.objects.get().number == NUMBER


def test_a_person_follows_the_record_through_its_corrections(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    person = name(concealed, opener)
    again = correct(concealed, title="更正的名称")
    assert persons.persons_in([("accident", again.pk)]) == {("accident", again.pk): [person]}
    [gap] = gaps.find(gaps.MISSING, TODAY)
    assert gap.persons == [person]


def test_only_who_was_told_with_the_unit_and_before_the_decision_is_shown(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, time_machine: Any
):
    time_machine.move_to("2026-11-02 09:00+08:00", tick=False)
    heard = name(concealed, opener)
    name(concealed, opener, name="李未告知", notice_served_on=None)
    time_machine.move_to("2026-11-16 09:00+08:00", tick=False)
    name(concealed, opener, name="赵晚告知", notice_served_on=LATER, today=LATER)
    entry = published(enterprise, opener, decider)
    time_machine.move_to("2026-11-17 09:00+08:00", tick=False)
    name(concealed, opener, name="钱事后")
    assert persons.shown_with([entry]) == {entry.pk: [heard]}


def test_nobody_is_shown_for_a_record_that_was_withdrawn_while_the_entry_still_stands(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, time_machine: Any
):
    time_machine.move_to("2026-11-02 09:00+08:00", tick=False)
    heard = name(concealed, opener)
    time_machine.move_to("2026-11-16 09:00+08:00", tick=False)
    entry = published(enterprise, opener, decider)
    newest = correct(concealed, title="更正的名称")
    assert persons.shown_with([entry]) == {entry.pk: [heard]}
    withdraw(newest, officer=opener, reason="法院撤销", paper="判决书1号", today=LATER)
    assert list(ListEntry.objects.in_force(LATER)) == [entry]
    assert persons.shown_with([entry]) == {}
    key = ("accident", concealed.pk)
    assert persons.persons_in([key]) == {key: [heard]}  # the office still reads who it was
    restore(newest, officer=decider, reason="改判", paper="判决书2号", today=LATER)
    assert persons.shown_with([entry]) == {entry.pk: [heard]}


def test_a_case_that_is_not_published_shows_nobody(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    name(concealed, opener)
    decided(enterprise, opener, decider)
    assert persons.shown_with([]) == {}
