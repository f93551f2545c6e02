"""The lists of what waits after an import ask the same number of queries, however long they are."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from credit.acts.sources import issue
from credit.models import (
    Accident,
    CasualtyDecision,
    CasualtyProposal,
    Enterprise,
    ImportBatch,
    NameMatch,
)
from tests.credit.casework import hide_accident
from tests.credit.officers import officer

DAY = date(2026, 11, 24)


@pytest.mark.parametrize("count", [1, 3, 30])
@pytest.mark.parametrize(("page", "queries"), [("names/", 9), ("casualties/", 8), ("sources/", 8)])
def test_the_lists_ask_the_same_number_of_queries(
    client: Client,
    enterprise: Enterprise,
    as_staff: Any,
    django_assert_num_queries: Any,
    count: int,
    page: str,
    queries: int,
):
    rights = ("import_records", "open_case", "decide_case", "view_listcase", "issue_source_key")
    person = officer("13800000061", enterprise.place, *rights)
    for n in range(count):
        batch = ImportBatch.objects.create(kind="violations", file_name="x", by=person)
        NameMatch.objects.create(key=f"a{n}", name="甲", batch=batch)
        NameMatch.objects.create(
            key=f"b{n}", name="乙", batch=batch, state="linked", enterprise=enterprise, by=person,
            decided_on=DAY,
        )  # fmt: skip
        accident: Accident = hide_accident(enterprise, f"SG-{n}")
        said = {"deaths": 9, "serious_injuries": 0, "grade": "larger", "on": DAY}
        proposal = CasualtyProposal.objects.create(accident=accident, **said)
        CasualtyDecision.objects.create(
            proposal=proposal, accepted=False, reason="x", by=person, on=DAY
        )
        issue(f"系统{n}", kinds=["hazards"], place=enterprise.place, by=person)
    as_staff(client, person)
    client.get(f"/credit/office/{page}")
    with django_assert_num_queries(queries):
        assert client.get(f"/credit/office/{page}").status_code == 200
