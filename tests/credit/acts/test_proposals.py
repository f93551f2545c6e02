"""What the records ask for: grounds of the black list, conditions of the red one, with the evidence."""

from datetime import date
from typing import Any

import pytest

from credit.acts import cases
from credit.acts.proposals import candidates, still_holds
from credit.models import Accident, Enterprise, Jurisdiction, Sector
from tests.credit.acts.test_scores import make, penalise
from tests.credit.casework import LATER, TODAY, heard, hide_accident, opened, promise, published


def codes(colour: str, today: date = TODAY) -> list[tuple[str, list[str]]]:
    return [
        (one.enterprise.name, [ground["code"] for ground in one.grounds])
        for one in candidates(colour, today)
    ]


def test_a_proposal_names_ground_article_and_evidence(enterprise: Enterprise, concealed: Accident):
    [proposal] = candidates("black", TODAY)
    assert proposal.grounds == [
        {
            "code": "concealment",
            "name": "瞒报、谎报生产安全事故",
            "reason": "瞒报、谎报生产安全事故（2026年3月5日一般事故）",
            "article": "应急管理部令第11号 第六条第四项",
            "confirmed": False,
            "to_check": False,
            "evidence": [
                {
                    "type": "accident",
                    "id": concealed.pk,
                    "label": "SG-1 瞒报的坠落事故",
                    "on": "2026-03-05",
                    "article": "一般事故",
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"withdrawn_at": "2026-10-01T00:00Z"},
        {"replaced_at": "2026-10-01T00:00Z"},
        {"penalised": False},
        {"responsible": False},
        {"happened_on": date(2023, 11, 2)},
        {"concealed": False},
    ],
)
def test_what_does_not_count_proposes_nothing(enterprise: Enterprise, change: Any):
    hide_accident(enterprise, **change)
    assert candidates("black", TODAY) == []


def test_every_ground_that_a_decision_tells_is_found(enterprise: Enterprise):
    grounds = ["unlicensed", "false_certificates", "refuses_penalty", "other_serious"]
    for ground in grounds:
        penalise(enterprise, f"罚-{ground}", ground=ground)
    assert codes("black") == [(enterprise.name, grounds)]


def test_two_larger_accidents_within_a_year_are_one_ground(enterprise: Enterprise):
    grave = {"grade": "larger", "deaths": 3, "concealed": False}
    hide_accident(enterprise, "1", happened_on=date(2025, 12, 1), **grave)
    assert codes("black") == []
    hide_accident(enterprise, "2", happened_on=date(2026, 10, 1), **grave)
    assert codes("black") == [(enterprise.name, ["two_larger_accidents"])]


def test_an_open_case_or_an_entry_is_not_proposed_again(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    published(enterprise, opener, decider)
    assert codes("black", LATER) == []
    hide_accident(enterprise, "SG-2")
    assert codes("black", LATER) == []  # on the list already


def test_a_record_is_used_up_once_the_party_was_heard(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    cases.drop(opened(enterprise, opener), officer=opener, reason="告知书有误", today=TODAY)
    assert len(candidates("black", TODAY)) == 1
    cases.drop(heard(enterprise, opener), officer=opener, reason="申辩成立", today=LATER)
    assert candidates("black", LATER) == []


def test_red_needs_every_condition(enterprise: Enterprise):
    assert codes("red") == []
    promise(enterprise)
    [proposal] = candidates("red", TODAY)
    assert [ground["code"] for ground in proposal.grounds] == [
        "promise",
        "no_dishonesty",
        "no_penalty",
        "no_fatal_accident",
        "no_occupational_disease",
        "standardisation",
        "not_listed_elsewhere",
    ]
    by_hand = [ground["code"] for ground in proposal.grounds if ground["to_check"]]
    assert by_hand == ["no_dishonesty", "no_occupational_disease", "not_listed_elsewhere"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda firm: penalise(firm, happened_on=date(2024, 1, 1)),
        lambda firm: hide_accident(firm, concealed=False, happened_on=date(2024, 1, 1)),
        lambda firm: Enterprise.objects.update(standardisation_level=2),
        lambda firm: Enterprise.objects.update(promised_on=None),
        lambda firm: Enterprise.objects.update(status="closed"),
    ],
)
def test_one_shortfall_is_enough_to_stay_off_the_red_list(enterprise: Enterprise, spoil: Any):
    promise(enterprise)
    spoil(enterprise)
    assert codes("red") == []


def test_after_three_clean_years_red_is_open_again(enterprise: Enterprise):
    promise(enterprise)
    penalise(enterprise, happened_on=date(2023, 11, 2))
    assert len(codes("red")) == 1


@pytest.mark.parametrize("count", [1, 3, 30])
def test_proposals_ask_the_same_number_of_queries(
    street: Jurisdiction, sector: Sector, count: int, django_assert_num_queries: Any
):
    firms = make(street, sector, count)
    for firm in firms:
        promise(firm)
    with django_assert_num_queries(4):  # penalties, accidents, earlier entries, enterprises
        assert len(candidates("red", TODAY)) == count
    for firm in firms:
        hide_accident(firm, f"SG-{firm.pk}")
    with django_assert_num_queries(4):  # accidents, violations, earlier cases, enterprises
        assert len(candidates("black", TODAY)) == count


@pytest.mark.parametrize("count", [1, 3, 30])
def test_earlier_cases_ask_one_query_more(
    street: Jurisdiction, sector: Sector, opener: Any, count: int, django_assert_num_queries: Any
):
    for firm in make(street, sector, count):
        hide_accident(firm, f"SG-{firm.pk}")
        cases.drop(heard(firm, opener), officer=opener, reason="申辩成立", today=LATER)
    with django_assert_num_queries(5):  # and the accidents that those cases name
        assert candidates("black", LATER) == []


def correct(old: Accident, **change: Any) -> Accident:
    """The same record anew, with a change, as the import does."""
    Accident.objects.filter(pk=old.pk).update(replaced_at="2026-11-10T00:00Z")
    return hide_accident(old.enterprise, supersedes=old, **change)


def test_a_mended_title_does_not_revive_what_was_used_up(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    cases.drop(heard(enterprise, opener), officer=opener, reason="申辩成立", today=LATER)
    again = correct(concealed, title="瞒报的高处坠落事故")
    assert candidates("black", LATER) == []
    correct(again, deaths=2)  # what the law looks at: new evidence
    assert codes("black", LATER) == [(enterprise.name, ["concealment"])]


@pytest.mark.parametrize(
    ("change", "stands"), [({"title": "改字"}, True), ({"happened_on": date(2026, 3, 6)}, False)]
)
def test_a_running_case_stands_as_long_as_its_evidence_says_the_same(
    enterprise: Enterprise, concealed: Accident, opener: Any, change: Any, stands: bool
):
    case = heard(enterprise, opener)
    correct(concealed, **change)
    assert bool(still_holds(case, LATER)) is stands
