"""The log of acts: a chain that shows every change, and a database that refuses it."""

import json
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from credit.acts import audit
from credit.models import Accident, AuditEntry, Enterprise
from credit.models.audit import BEGINNING
from credit.models.locked import LockedError
from tests.credit.casework import published

pytestmark = pytest.mark.django_db


def test_entries_follow_one_another_and_say_who_what_and_whose(
    enterprise: Enterprise, opener: Any
) -> None:
    first = audit.log(
        "test.one", by=opener, subject=enterprise, enterprise=enterprise, amount="1.20"
    )
    second = audit.log("test.two", by=None, subject=enterprise)
    assert (first.number, first.previous, first.actor_id) == (1, BEGINNING, opener.pk)
    assert (second.number, second.previous, second.actor_id) == (2, first.digest, None)
    assert json.loads(first.said) == {"amount": "1.20"}
    assert first.subject == f"credit.enterprise:{enterprise.pk}"
    assert list(audit.faults()) == []


def test_a_whole_case_is_in_the_log(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
) -> None:
    published(enterprise, opener, decider)
    verbs = list(AuditEntry.objects.order_by("number").values_list("verb", flat=True))
    assert verbs == [
        "case.open", "case.send_notice", "case.hear", "case.legal_review", "case.decide",
        "case.serve", "case.publish",
    ]  # fmt: skip
    assert list(audit.faults()) == []


def test_models_refuse_to_change_an_entry(enterprise: Enterprise) -> None:
    entry = audit.log("test.one", by=None, subject=enterprise)
    with pytest.raises(LockedError):
        entry.save()
    with pytest.raises(LockedError):
        entry.delete()
    with pytest.raises(LockedError):
        AuditEntry.objects.update(verb="x")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE credit_auditentry SET verb = 'x'",
        "DELETE FROM credit_auditentry",
        "INSERT INTO credit_auditentry (number, at, verb, subject, said, previous, digest)"
        " VALUES (3, '2026-01-01', 'x', 'y', '{}', 'z', 'w')",
    ],
)
def test_the_database_refuses_edits_deletions_and_gaps(
    enterprise: Enterprise, statement: str
) -> None:
    audit.log("test.one", by=None, subject=enterprise)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_edited_entry_and_a_missing_one_are_told(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        audit.log(f"test.{number}", by=None, subject=enterprise)
    entries = list(AuditEntry.objects.order_by("number"))
    entries[0].said = '{"edited":true}'
    kept = [entries[0], entries[2]]
    monkeypatch.setattr(AuditEntry.objects, "order_by", lambda *_: _Rows(kept))
    assert list(audit.faults()) == ["第 1 条的内容与指纹不符", "第 2 条到第 2 条缺失"]


class _Rows(list[Any]):
    def iterator(self, **_: Any) -> Any:
        return iter(self)
