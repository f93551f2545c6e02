"""Scores are stored with each line that explains them, and only what changed is written."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from credit.acts import scores
from credit.models import Enterprise, Jurisdiction, Score, ScoreLine, Sector, Violation
from tests.credit.casework import hide_accident

TODAY = date(2026, 11, 23)


def penalise(enterprise: Enterprise, key: str = "罚1", **more: Any) -> Violation:
    facts = {
        "source": "双公示",
        "source_key": key,
        "happened_on": date(2026, 9, 1),
        "offence": "未如实记录培训",
        "penalty_kind": "罚款",
        "fine": 20_000,
        "authority": "云溪区应急管理局",
    }
    return Violation.objects.create(enterprise=enterprise, **{**facts, **more})


def lines(enterprise: Enterprise) -> list[tuple[Any, ...]]:
    found = ScoreLine.objects.filter(enterprise=enterprise).order_by("kind")
    return list(found.values_list("kind", "label", "points", "decay", "deducted", "drop_off"))


def test_a_score_is_explained_by_its_lines(enterprise: Enterprise):
    penalise(enterprise)
    assert scores.refresh([enterprise.pk], as_of=TODAY) == 1
    score = Score.objects.get()
    assert (score.base, score.deducted, score.points) == (60, 5, 55)
    assert (score.grade_by_points, score.grade, score.veto) == ("C", "C", "")
    assert (score.ruleset, score.as_of) == ("anxin-2026@1", TODAY)
    assert lines(enterprise) == [
        ("violation.fine", "罚1 未如实记录培训", Decimal(5), Decimal(1), Decimal(5),
         date(2028, 9, 1)),
    ]  # fmt: skip
    line = ScoreLine.objects.get()
    assert (line.article, line.confirmed) == ("局规则集，待局里核定", False)


def test_a_concealed_accident_is_two_records(enterprise: Enterprise):
    hide_accident(enterprise)
    scores.refresh([enterprise.pk], as_of=TODAY)
    score = Score.objects.get()
    assert [line[0] for line in lines(enterprise)] == ["accident.concealed", "accident.general"]
    assert (score.deducted, score.points, score.grade) == (Decimal("73.33"), 0, "D")


def test_an_accident_limits_the_grade_whatever_the_points(enterprise: Enterprise):
    Enterprise.objects.update(standardisation_level=1)
    hide_accident(enterprise, concealed=False)
    scores.refresh([enterprise.pk], as_of=TODAY)
    score = Score.objects.get()
    assert (score.points, score.grade_by_points, score.grade) == (Decimal("76.67"), "B", "C")
    assert (score.veto, score.veto_reason) == ("general_accident", "12个月内发生1起一般事故")
    assert "聊城" in score.veto_article


def test_corrected_withdrawn_and_not_responsible_facts_do_not_count(enterprise: Enterprise):
    old = penalise(enterprise)
    Violation.objects.filter(pk=old.pk).update(replaced_at="2026-10-01T00:00Z")
    penalise(enterprise, supersedes=old, fine=200_000)
    penalise(enterprise, "罚2", withdrawn_at="2026-10-01T00:00Z")
    hide_accident(enterprise, concealed=False, responsible=False)
    scores.refresh(as_of=TODAY)
    assert [line[0] for line in lines(enterprise)] == ["violation.large_fine"]


def test_a_record_fades_and_drops_off(enterprise: Enterprise):
    penalise(enterprise)
    for day, points in (
        (date(2027, 3, 1), Decimal("56.67")),
        (date(2027, 9, 1), Decimal("58.33")),
        (date(2028, 8, 31), Decimal("58.33")),
        (date(2028, 9, 1), Decimal(60)),
    ):
        scores.refresh(as_of=day)
        assert Score.objects.get().points == points
    assert lines(enterprise) == []


def test_a_second_refresh_writes_no_figure_again(enterprise: Enterprise):
    penalise(enterprise)
    scores.refresh(as_of=TODAY)
    before = (Score.objects.get().computed_at, ScoreLine.objects.get().pk)
    tomorrow = date(2026, 11, 24)
    scores.refresh(as_of=tomorrow)
    score = Score.objects.get()
    assert (score.computed_at, ScoreLine.objects.get().pk) == before
    assert score.as_of == tomorrow


def test_only_the_named_enterprises_are_scored(enterprise: Enterprise):
    make(enterprise.place, enterprise.sector, 2)
    assert scores.refresh([enterprise.pk, enterprise.pk, 10**9], as_of=TODAY) == 1
    assert list(Score.objects.values_list("enterprise", flat=True)) == [enterprise.pk]
    assert scores.refresh([], as_of=TODAY) == 0


def test_cutting_the_register_changes_no_score(
    street: Jurisdiction, sector: Sector, monkeypatch: pytest.MonkeyPatch
):
    for place, firm in enumerate(make(street, sector, 7)):
        for number in range(place):
            penalise(firm, f"罚{place}-{number}")
    scores.refresh(as_of=TODAY)
    whole = list(Score.objects.values_list("enterprise", "points", "grade"))
    Score.objects.all().delete()
    monkeypatch.setattr(scores, "PARTITION", 2)
    assert scores.refresh(as_of=TODAY) == 7
    assert list(Score.objects.values_list("enterprise", "points", "grade")) == whole


@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_refresh_asks_the_same_number_of_queries(
    street: Jurisdiction, sector: Sector, count: int, django_assert_num_queries: Any
):
    firms = make(street, sector, count)
    for firm in firms:
        penalise(firm, f"罚{firm.pk}")
    # Savepoint and release; register; six kinds of facts, the days that four of them name; scores read,
    # written; lines read, written. The statements of writing grow by one a thousand rows.
    with django_assert_num_queries(17):
        scores.refresh([firm.pk for firm in firms], as_of=TODAY)


def make(place: Jurisdiction, sector: Sector, count: int) -> list[Enterprise]:
    return [
        Enterprise.objects.create(name=f"第{n}家", legacy_number=str(n), place=place, sector=sector)
        for n in range(count)
    ]
