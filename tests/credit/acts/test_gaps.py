"""Where records and lists differ, both ways, and who hears of it."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from credit.acts import cases, gaps, withdrawals
from credit.acts.gaps import MET, MISSING, UNFOUNDED
from credit.models import Accident, Enterprise, GapSeen, Jurisdiction, Message, Sector
from tests.credit.acts.test_scores import make, penalise
from tests.credit.casework import LATER, TODAY, hide_accident, opened, promise, published, reviewed


def reasons(side: str, today: date = TODAY) -> list[tuple[str, str, list[str]]]:
    return [(gap.colour, gap.enterprise.name, gap.reasons) for gap in gaps.find(side, today)]


def annul(fact: Any, officer: Any, today: date = LATER) -> None:
    withdrawals.withdraw(fact, officer=officer, reason="法院撤销", paper="判决书1号", today=today)


def test_a_ground_that_is_met_without_a_case_is_missing(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    assert reasons(MISSING) == [
        ("black", enterprise.name, ["瞒报、谎报生产安全事故（2026年3月5日一般事故）"])
    ]
    opened(enterprise, opener)
    assert reasons(MISSING) == []
    [gap] = gaps.find(MET, TODAY)
    assert (gap.advice, gap.codes) == ("最近的案件：已提出", {"concealment"})


def test_nothing_differs_while_case_and_records_agree(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    published(enterprise, opener, decider)
    assert reasons(UNFOUNDED, LATER) == []


def test_a_case_and_an_entry_whose_evidence_was_withdrawn_are_unfounded(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    entry = published(enterprise, opener, decider)
    annul(concealed, opener)
    [gap] = gaps.find(UNFOUNDED, LATER)
    assert gap.reasons == ["证据“SG-1 瞒报的坠落事故”已被更正或撤销"]
    assert (gap.case, gap.advice) == (entry.case, "请登记移出申请，由另一名人员决定")


def test_a_case_whose_evidence_grew_too_old_is_unfounded_until_it_is_decided(
    enterprise: Enterprise, opener: Any, decider: Any
):
    hide_accident(enterprise, happened_on=date(2023, 11, 20))
    case = reviewed(enterprise, opener)
    assert reasons(UNFOUNDED, LATER) == []
    then = date(2026, 11, 20)
    told = [("black", enterprise.name, ["证据“SG-1 瞒报的坠落事故”已超过36个月"])]
    assert reasons(UNFOUNDED, then) == told
    cases.decide(case, officer=decider, number="1号", reason="清楚", today=LATER)
    assert reasons(UNFOUNDED, then) == []


def test_an_entry_past_its_term_is_no_gap_it_ends_by_itself(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    published(enterprise, opener, decider)
    Accident.objects.filter(pk=concealed.pk).update(withdrawn_at=timezone.now())
    assert len(reasons(UNFOUNDED, date(2029, 11, 15))) == 1
    assert reasons(UNFOUNDED, date(2029, 11, 16)) == []


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda firm: Enterprise.objects.update(standardisation_level=2), "标准化等级未达要求"),
        (lambda firm: penalise(firm, happened_on=date(2026, 10, 1)), "2026年10月1日受到行政处罚"),
        (lambda firm: Enterprise.objects.update(status="closed"), "企业状态是“注销”"),
    ],
)
def test_a_red_case_whose_conditions_fail_is_unfounded(
    enterprise: Enterprise, opener: Any, spoil: Any, reason: str
):
    promise(enterprise)
    opened(enterprise, opener, "red")
    assert reasons(UNFOUNDED) == []
    spoil(enterprise)
    [(_, _, [told])] = reasons(UNFOUNDED)
    assert reason in told


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_same_number_of_queries_for_any_number_of_gaps(
    street: Jurisdiction, sector: Sector, opener: Any, count: int, django_assert_num_queries: Any
):
    firms = make(street, sector, count)
    for firm in firms:
        hide_accident(firm, f"SG-{firm.pk}")
    with django_assert_num_queries(10):  # black 4, red 4, records and persons
        assert len(gaps.find(MISSING, TODAY)) == count
    for firm in firms:
        annul(Accident.objects.get(enterprise=opened(firm, opener).enterprise), opener, TODAY)
    with django_assert_num_queries(6):  # entries, cases, evidence then and now, persons
        assert len(gaps.find(UNFOUNDED, TODAY)) == count


def test_officers_of_the_place_hear_of_a_gap_once_and_others_never(
    enterprise: Enterprise, concealed: Accident, opener: Any, stranger: Any, auditor: Any
):
    assert gaps.tell_officers(TODAY) == 1
    assert gaps.tell_officers(TODAY) == 0
    assert gaps.tell_officers(LATER) == 0
    [message] = Message.objects.all()
    assert (message.to, message.title) == (opener, "新发现 1 项名单差异")
    assert message.link == "/credit/office/gaps/"
    assert enterprise.name in message.body


def test_a_gap_that_was_settled_and_came_back_is_told_again(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    gaps.tell_officers(TODAY)
    case = opened(enterprise, opener)
    assert gaps.tell_officers(TODAY) == 0
    assert GapSeen.objects.count() == 0
    cases.drop(case, officer=opener, reason="告知书有误", today=TODAY)
    assert gaps.tell_officers(LATER) == 1
    assert Message.objects.count() == 2
