"""The plan that the migration brings, and an editor."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from indicators.models import Indicator, Plan


@pytest.fixture
def plan(db: None) -> Plan:
    """2016–2020."""
    return Plan.objects.get()


@pytest.fixture
def editor(db: None) -> Any:
    """One with the role of an editor."""
    person = get_user_model().objects.create_user(
        "13800000009", "long-enough-9", phone_verified=True
    )
    person.groups.add(Group.objects.get(name="editor"))
    return person


@pytest.fixture
def accidents(plan: Plan) -> Indicator:
    """Counted, cut by 10 %, base unknown."""
    return plan.indicators.get(code="accidents")


@pytest.fixture
def gdp(plan: Plan) -> Indicator:
    """A rate, cut by 30 %, base 0.0744."""
    return plan.indicators.get(code="deaths-per-gdp")
