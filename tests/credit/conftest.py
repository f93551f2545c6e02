"""Two officers of the district, one of another street, and a record that asks for the black list."""

from typing import Any

import pytest

from credit.models import Accident, Enterprise, Jurisdiction
from tests.credit.casework import hide_accident
from tests.credit.officers import officer


@pytest.fixture
def opener(district: Jurisdiction) -> Any:
    return officer("13800000001", district, "open_case")


@pytest.fixture
def decider(district: Jurisdiction) -> Any:
    return officer("13800000002", district, "open_case", "decide_case")


@pytest.fixture
def stranger(district: Jurisdiction) -> Any:
    """An officer with every permission, posted to a town where the enterprise is not."""
    town = Jurisdiction.objects.create(
        code="990001101", name="东山镇", kind="town", parent=district
    )
    return officer("13800000009", town, "open_case", "decide_case")


@pytest.fixture
def auditor(db: None) -> Any:
    return officer("13800000008", None, "view_listcase")


@pytest.fixture
def concealed(enterprise: Enterprise) -> Accident:
    return hide_accident(enterprise)
