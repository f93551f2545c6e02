"""The log of acts: a chain that shows every change, and a database that refuses it."""

import io
import json
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from credit.acts import anchors, audit
from credit.models import Accident, AuditEntry, Enterprise
from credit.models.audit import BEGINNING
from credit.models.locked import LockedError
from tests.credit.casework import TODAY, published

pytestmark = pytest.mark.django_db


def test_entries_follow_one_another_and_say_who_what_and_whose(
    enterprise: Enterprise, opener: Any
) -> None:
    first = audit.log(
        "record.withdraw", by=opener, subject=enterprise, enterprise=enterprise, amount="1.20"
    )
    second = audit.log("record.restore", by=None, subject=enterprise)
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
        "document.make", "document.make", "case.serve", "case.publish",
    ]  # fmt: skip
    assert list(audit.faults()) == []


def test_models_refuse_to_change_an_entry(enterprise: Enterprise) -> None:
    entry = audit.log("record.withdraw", by=None, subject=enterprise)
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
    audit.log("record.withdraw", by=None, subject=enterprise)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def tamper(statement: str) -> None:
    """What somebody with the database's own keys could do: past the guards."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement)
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
            return
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            " AND tbl_name = 'credit_auditentry'"
        )
        guards = cursor.fetchall()
        for name, _ in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute(statement)
        for _, sql in guards:
            cursor.execute(sql)


def write(count: int, enterprise: Enterprise) -> None:
    for _ in range(count):
        audit.log("record.withdraw", by=None, subject=enterprise, enterprise=enterprise)


def test_an_edited_entry_and_a_missing_one_are_told(enterprise: Enterprise) -> None:
    write(4, enterprise)
    tamper("UPDATE credit_auditentry SET said = '{\"edited\":true}' WHERE number = 1")
    tamper("DELETE FROM credit_auditentry WHERE number = 2")
    tamper(f"UPDATE credit_auditentry SET previous = '{BEGINNING}' WHERE number = 4")  # noqa: S608
    told = [
        "第 1 条的内容与指纹不符",
        "第 2 条到第 2 条缺失",
        "第 4 条与上一条的指纹不相接",
        "第 4 条的内容与指纹不符",
    ]
    assert list(audit.faults()) == told
    assert list(audit.faults(3)) == ["第 3 条与上一条的指纹不相接", *told[2:]]


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_chain_is_verified_by_one_question(
    enterprise: Enterprise, count: int, django_assert_num_queries: Any
) -> None:
    write(count, enterprise)
    with django_assert_num_queries(1):
        assert list(audit.faults()) == []


def test_an_anchor_notices_that_the_tail_was_cut(enterprise: Enterprise) -> None:
    write(3, enterprise)
    assert anchors.note(TODAY).number == 3
    write(1, enterprise)
    assert list(anchors.lost()) == []
    tamper("DELETE FROM credit_auditentry WHERE number > 2")
    assert list(audit.faults()) == []  # a shorter chain is whole
    [fault] = anchors.lost()
    assert "第 3 条已不在日志里：末尾被删去了" in fault
    write(1, enterprise)  # and the gap filled with something else
    [fault] = anchors.lost()
    assert "第 3 条的指纹与日志不符" in fault


def test_anchors_are_never_overwritten_and_foreign_files_do_no_harm(
    enterprise: Enterprise,
) -> None:
    write(1, enterprise)
    anchors.note(TODAY)
    write(1, enterprise)
    anchors.note(TODAY)
    storages["private"].save("audit/x.json", ContentFile(b"[]"))
    assert sorted(anchor.number for anchor in anchors.anchors()) == [1, 2]


def verify(*args: str) -> tuple[str, str, int]:
    """What the command says, what it complains of, and how it exits."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_audit", *args, stdout=out, stderr=err)
    except CommandError as fault:
        return out.getvalue(), err.getvalue(), fault.returncode
    return out.getvalue(), err.getvalue(), 0


def test_the_command_says_how_far_the_log_reaches_or_what_is_wrong(enterprise: Enterprise) -> None:
    assert verify() == ("日志里还没有记录\n", "", 0)
    write(3, enterprise)
    newest = AuditEntry.objects.get(number=3)
    said, complaint, code = verify("--since", "2")
    assert said == f"共 3 条，核对了第 2 条以后的 2 条\n最新指纹（请另行抄存）：3 {newest.digest}\n"
    assert (complaint, code) == ("", 0)
    tamper("UPDATE credit_auditentry SET verb = 'x' WHERE number = 2")
    assert verify()[1:] == ("第 2 条的内容与指纹不符\n", 1)
    assert verify("--since", "3")[2] == 0
    assert verify("--since", "0")[2] == 1


def test_a_verb_without_a_name_is_refused(enterprise: Enterprise):
    with pytest.raises(ValueError, match=r"no name for 'case\.invent'"):
        audit.log("case.invent", by=None, subject=enterprise)
