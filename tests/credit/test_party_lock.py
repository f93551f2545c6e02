"""What the enterprise's side wrote stays, in models and database; four eyes lie in the database too."""
# ruff: noqa: S608  # every statement is written here

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from credit.acts import party
from credit.acts.attachments import keep_file
from credit.acts.objections import raise_objection
from credit.acts.repairs import accept
from credit.models import (
    Accident,
    Enterprise,
    EnterpriseManager,
    ListCase,
    Objection,
    ObjectionStep,
    PartyStatement,
    RepairStep,
)
from credit.models.locked import LockedError
from tests.credit.acts.test_repairs import IN_TIME, applied
from tests.credit.acts.test_scores import penalise
from tests.credit.casework import TODAY, told
from tests.credit.officers import officer
from tests.credit.party import appointed, paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(enterprise: Enterprise, opener: Any) -> Any:
    return appointed(enterprise, opener)


def refused(statement: str, *values: Any) -> bool:
    """Whether the database itself refuses."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError:
        return True
    return False


def test_what_is_written_stays(
    enterprise: Enterprise, concealed: Accident, manager: Any, opener: Any
):
    kept = keep_file(paper(), by=opener, subject=concealed)
    raised = raise_objection(
        concealed, about="fact", reason="wrong", text="不对", by=manager, today=TODAY
    )
    applied_for = applied(penalise(enterprise), manager)
    rows = [kept, raised, applied_for, EnterpriseManager.objects.get()]
    for row in rows:
        with pytest.raises(LockedError):
            row.save()
        with pytest.raises(LockedError):
            row.delete()
        with pytest.raises(LockedError):
            type(row).objects.all().delete()
        table = row._meta.db_table
        assert refused(f"DELETE FROM {table} WHERE id = %s", row.pk)
        assert refused(f"UPDATE {table} SET enterprise_id = enterprise_id WHERE id = %s", row.pk)
    assert [type(row).objects.count() for row in rows] == [2, 1, 1, 1]


def test_the_database_refuses_a_second_open_objection(
    concealed: Accident, manager: Any, opener: Any
):
    said = {"about": "fact", "reason": "wrong", "text": "不对", "by": manager, "today": TODAY}
    first = raise_objection(concealed, **said)
    twin = {
        "enterprise": concealed.enterprise, "about": "fact", "reason": "wrong", "text": "x",
        "subject": first.subject, "line": first.line, "label": "x", "by": manager,
        "raised_on": TODAY,
    }  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        Objection.objects.create(**twin)
    ObjectionStep.objects.create(objection=first, action="reject", by=opener, on=TODAY)
    Objection.objects.create(**twin)
    with pytest.raises(DatabaseError), transaction.atomic():
        ObjectionStep.objects.create(objection=first, action="uphold", by=opener, on=TODAY)


def test_the_database_refuses_a_repair_by_one_alone(
    enterprise: Enterprise, manager: Any, opener: Any
):
    clerk = officer("13800000051", enterprise.place, "open_case", "accept_repair")
    made = applied(penalise(enterprise), manager)

    def step(action: str, by: Any) -> RepairStep:
        with transaction.atomic():
            return RepairStep.objects.create(application=made, action=action, by=by, on=TODAY)

    for action, by in (("grant", opener), ("revoke", opener)):
        with pytest.raises(DatabaseError):
            step(action, by)
    accept(made, officer=clerk, today=IN_TIME)
    with pytest.raises(DatabaseError):
        step("grant", clerk)
    step("grant", opener)
    for action, by in (("refuse", opener), ("supplement", manager), ("accept", clerk)):
        with pytest.raises(DatabaseError):
            step(action, by)
    with pytest.raises(DatabaseError):
        step("revoke", opener)
    step("revoke", clerk)


def test_the_database_keeps_the_hearing_open_while_something_waits(
    enterprise: Enterprise, concealed: Accident, opener: Any, manager: Any
):
    case = told(enterprise, opener)
    sent = party.submit(case, kind="statement", text="不是瞒报", by=manager, today=TODAY)
    close = "UPDATE credit_listcase SET state = 'heard' WHERE id = %s"
    assert refused(close, case.pk)
    assert ListCase.objects.get().state == "notice_sent"
    assert PartyStatement.objects.waiting().get() == sent
