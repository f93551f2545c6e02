"""Who may have to be proposed for closure: an open major hazard and enough penalties under the law."""

from datetime import date, timedelta
from typing import Any

import pytest

from credit.acts import closures
from credit.models import Enterprise, Jurisdiction, MajorHazard, Sector
from tests.credit.acts.test_scores import make, penalise

TODAY = date(2026, 11, 23)
LAW = "《中华人民共和国安全生产法》第九十七条"


def endanger(firm: Enterprise, **more: Any) -> MajorHazard:
    facts = {
        "source": "台账",
        "source_key": f"Z-{firm.pk}",
        "title": "通道堵塞",
        "happened_on": date(2026, 3, 1),
    }
    return MajorHazard.objects.create(enterprise=firm, **facts, **more)


def thrice(firm: Enterprise, basis: str = LAW) -> None:
    for number in range(3):
        day = date(2026, 8, 1) + timedelta(days=30 * number)
        penalise(firm, f"罚{firm.pk}-{number}", happened_on=day, basis=basis)


def names(**more: Any) -> list[str]:
    return [one.enterprise.name for one in closures.find(TODAY, **more)]


@pytest.fixture
def firms(street: Jurisdiction, sector: Sector) -> list[Enterprise]:
    return make(street, sector, 5)


def test_a_hazard_and_three_penalties_under_the_law_meet_and_nothing_less_does(
    firms: list[Enterprise],
):
    endanger(firms[0])
    thrice(firms[0])
    thrice(firms[1])  # without a hazard
    endanger(firms[2], ended_on=date(2026, 11, 1))  # closed
    thrice(firms[2])
    endanger(firms[3])
    thrice(firms[3], basis="《消防法》第六十条")
    endanger(firms[4])
    [found] = closures.find(TODAY)
    assert found.enterprise == firms[0]
    assert found.ruling.reason == "2026年8月1日至2026年9月30日受到3次行政处罚"
    assert [hazard.title for hazard in found.hazards] == ["通道堵塞"]
    assert [penalty.source_key for penalty in found.penalties] == [
        f"罚{firms[0].pk}-{number}" for number in range(3)
    ]
    assert names(among=Enterprise.objects.exclude(pk=firms[0].pk)) == []


@pytest.mark.parametrize("count", [1, 5])
def test_the_list_asks_the_same_number_of_queries(
    firms: list[Enterprise], count: int, django_assert_num_queries: Any
):
    for firm in firms[:count]:
        endanger(firm)
        thrice(firm)
    with django_assert_num_queries(3):  # hazards, penalties, enterprises
        assert len(closures.find(TODAY)) == count
