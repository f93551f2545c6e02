"""The score told in full adds up to the cent, whatever the records, the caps and the limits."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit.acts import forecast, scores
from credit.models import Enterprise, Score, ScoreLine
from credit.views.score_charts import waterfall
from tests.credit.acts.test_scores import penalise
from tests.credit.casework import hide_accident

TODAY = date(2026, 11, 23)
records = st.lists(
    st.tuples(
        st.sampled_from(["fine", "large", "accident", "concealed", "stop"]), st.integers(0, 900)
    ),
    max_size=12,
)


class Undo(Exception):  # noqa: N818
    """Takes back what an example wrote."""


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(records=records, level=st.integers(0, 3), later=st.integers(0, 800))
def test_the_shown_steps_add_up_to_the_points(
    records: list[tuple[str, int]], level: int, later: int, enterprise: Enterprise
):
    with pytest.raises(Undo), transaction.atomic():  # noqa: PT012
        enterprise.standardisation_level = level
        enterprise.save()
        for number, (what, back) in enumerate(records):
            _record(enterprise, what, number, TODAY - timedelta(days=back))
        day = TODAY + timedelta(days=later)
        scores.refresh([enterprise.pk], as_of=day)
        now, stored = forecast.account(enterprise, day), Score.objects.get()
        assert sum(step.amount for step in now.steps) == now.points == stored.points
        assert (now.grade, now.veto) == (stored.grade, stored.veto)
        told = sorted((line.kind, line.deducted) for line in now.lines)
        assert told == sorted(ScoreLine.objects.values_list("kind", "deducted"))
        if now.days:
            assert stored.next_change_on == now.days[0]
        assert waterfall(now).bars[-1].amount == f"{float(now.points):g} 分"
        raise Undo


def _record(firm: Enterprise, what: str, number: int, day: date) -> None:
    more: dict[str, dict[str, Any]] = {
        "fine": {},
        "large": {"fine": 300_000},
        "stop": {"penalty_kind": "责令停产停业", "fine": 0},
    }
    if what in more:
        penalise(firm, f"罚{number}", happened_on=day, **more[what])
    else:
        hide_accident(firm, f"SG{number}", happened_on=day, concealed=what == "concealed")


def test_many_records_end_in_one_bar_and_still_add_up(enterprise: Enterprise):
    for number in range(30):
        penalise(enterprise, f"罚{number}")
    now = forecast.account(enterprise, TODAY)
    bars = waterfall(now).bars
    assert [bar.label for bar in bars[-3:]] == [
        "其余 11 条记录",
        "行政处罚类合计上限 40 分",
        "得分",
    ]
    assert [bar.amount for bar in bars[-3:]] == ["−55", "+110", "20 分"]
    assert len(now.lines) == 30
