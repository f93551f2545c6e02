"""Cases of a database from before the legal review: who was decided goes on, who was not is reviewed first."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction

from credit.models import ListCase, ListEntry
from tests.credit.test_migrations import go

BEFORE = [("credit", "0026_audit_and_messages")]
DAY = date(2026, 9, 1)
PATH = [
    {"state": "notice_sent", "notice_text": "x", "notice_served_on": DAY},
    {"state": "heard"},
    {"state": "decided", "decided_on": date(2026, 9, 20), "decision_number": "1"},
    {"state": "served", "served_on": date(2026, 9, 21), "served_how": "x"},
]


@pytest.fixture
def as_before(transactional_db: None) -> Any:
    """The models as they were; afterwards the newest ones come back."""
    from django.db.migrations.executor import MigrationExecutor

    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield go(BEFORE), latest
    go(latest)


def test_a_served_case_is_still_published_and_a_heard_one_waits_for_the_review(as_before: Any):
    get, latest = as_before
    clerk = get_user_model().objects.create_user("13800000001")
    chief = get_user_model().objects.create_user("13800000002")
    place = get("credit", "Jurisdiction").objects.create(
        code="1", name="区", kind="district", path="/1/"
    )
    sector = get("credit", "Sector").objects.create(code="x", name="化工")
    cases = {}
    for number, steps in ((1, PATH), (2, PATH[:2])):
        firm = get("credit", "Enterprise").objects.create(
            name=f"厂{number}", legacy_number=str(number), place=place, sector=sector
        )
        manager = get("credit", "ListCase")._base_manager
        case = manager.create(
            enterprise=firm, colour="black", ruleset="x", opened_by_id=clerk.pk, opened_on=DAY,
            grounds=[{"code": "concealment"}],
        )  # fmt: skip
        for step in steps:
            decision = {"decided_by_id": chief.pk} if step["state"] == "decided" else {}
            manager.filter(pk=case.pk).update(**step, **decision)
        cases[number] = case.pk
    go(latest)
    old, waiting = ListCase.objects.get(pk=cases[1]), ListCase.objects.get(pk=cases[2])
    assert (old.state, old.legal_review_by, waiting.state, waiting.heavy) == (
        "served", None, "heard", False,
    )  # fmt: skip
    entry = ListEntry(
        case=old, enterprise=old.enterprise, colour="black", listed_on=date(2026, 9, 22),
        ends_on=date(2029, 9, 22), authority="x", published_by=clerk,
    )  # fmt: skip
    ListEntry._base_manager.bulk_create([entry])
    ListCase._base_manager.filter(pk=old.pk).update(state="published")
    skipping = {"state": "decided", "decided_on": DAY, "decision_number": "2", "decided_by": chief}
    with pytest.raises(DatabaseError), transaction.atomic():
        ListCase._base_manager.filter(pk=waiting.pk).update(**skipping, term_months=36)
