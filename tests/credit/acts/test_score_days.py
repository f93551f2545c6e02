"""A nightly run over what changed gives what a full run gives, whatever was recorded and whatever day it is."""

from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit.acts import scores
from credit.models import Enterprise, Jurisdiction, Score, ScoreLine, Sector, Violation, Withdrawal
from credit.tasks import refresh_scores
from tests.credit.acts.test_scores import make, penalise
from tests.credit.casework import hide_accident

START = date(2026, 1, 5)
FIGURES = (
    "enterprise", "base", "deducted", "points", "grade_by_points", "grade", "veto", "ruleset",
    "next_change_on", "level",
)  # fmt: skip
LINES = ("enterprise", "record_type", "record_id", "kind", "decay", "deducted", "drop_off")


@pytest.fixture(autouse=True)
def no_margin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else all that a test records would count as just recorded."""
    monkeypatch.setattr(scores, "MARGIN", timedelta(0))


def standing() -> tuple[list[Any], list[Any]]:
    return (
        list(Score.objects.order_by("pk").values_list(*FIGURES)),
        sorted(ScoreLine.objects.values_list(*LINES), key=repr),
    )


class People(NamedTuple):
    """Who takes a record away, and who brings it back."""

    opener: Any
    decider: Any


class Undo(Exception):  # noqa: N818
    """Takes back what an example wrote."""


steps = st.lists(
    st.tuples(
        st.sampled_from(["penalty", "accident", "withdraw", "restore", "level", "nothing"]),
        st.integers(0, 2),
        st.integers(0, 400),
    ),
    min_size=1,
    max_size=6,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=steps)
def test_what_changed_is_the_same_as_everything(
    steps: list[tuple[str, int, int]],
    street: Jurisdiction,
    sector: Sector,
    opener: Any,
    decider: Any,
):
    with pytest.raises(Undo), transaction.atomic():  # noqa: PT012
        firms, day = make(street, sector, 3), START
        scores.refresh(as_of=day)
        for number, (what, place, pause) in enumerate(steps):
            day += timedelta(days=pause)
            _happen(what, firms[place], number, day, People(opener, decider))
            scores.refresh_changed(as_of=day)
            by_changes = standing()
            Score.objects.all().delete()
            ScoreLine.objects.all().delete()
            scores.refresh(as_of=day)
            assert by_changes == standing()
        raise Undo


def _happen(what: str, firm: Enterprise, number: int, day: date, who: People) -> None:
    violations = Violation.objects.filter(enterprise=firm)
    match what:
        case "penalty":
            penalise(firm, f"罚{number}", happened_on=day - timedelta(days=number * 40))
        case "accident":
            hide_accident(firm, f"SG{number}", happened_on=day)
        case "withdraw" if fact := violations.filter(withdrawn_at=None).first():
            _write("withdraw", fact, day, who.decider)
            Violation.objects.filter(pk=fact.pk).update(withdrawn_at=timezone.now())
        case "restore" if fact := violations.exclude(withdrawn_at=None).first():
            _write("restore", fact, day, who.opener)
            Violation.objects.filter(pk=fact.pk).update(withdrawn_at=None)
        case "level":
            Enterprise.objects.filter(pk=firm.pk).update(standardisation_level=number % 4)


def _write(action: str, fact: Violation, day: date, officer: Any) -> None:
    Withdrawal.objects.create(
        violation=fact, action=action, by=officer, on=day, reason="x", paper="x"
    )


def test_a_quiet_night_scores_nobody(street: Jurisdiction, sector: Sector):
    firms = make(street, sector, 3)
    penalise(firms[0], happened_on=START)
    assert scores.refresh_changed(as_of=START) == 3
    before = list(Score.objects.values_list("pk", "as_of", "computed_at", "seen_until"))
    assert scores.refresh_changed(as_of=date(2026, 7, 4)) == 0
    assert list(Score.objects.values_list("pk", "as_of", "computed_at", "seen_until")) == before
    assert scores.refresh_changed(as_of=date(2026, 7, 5)) == 1  # six months on, it fades
    assert Score.objects.get(pk=firms[0].pk).deducted < 5


def test_another_ruleset_touches_everybody(street: Jurisdiction, sector: Sector):
    make(street, sector, 3)
    scores.refresh(as_of=START)
    Score.objects.update(ruleset="anxin-2025@9")
    assert scores.refresh_changed(as_of=START) == 3


def test_what_was_recorded_while_a_run_read_is_read_again(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
):
    penalise(enterprise)
    scores.refresh(as_of=START)
    monkeypatch.setattr(scores, "MARGIN", timedelta(hours=1))
    scores.refresh(as_of=START)
    assert scores.refresh_changed(as_of=START) == 1


@pytest.mark.parametrize("count", [1, 3, 30])
def test_finding_what_changed_asks_the_same_number_of_queries(
    street: Jurisdiction, sector: Sector, count: int, django_assert_num_queries: Any
):
    for firm in make(street, sector, count):
        penalise(firm, f"罚{firm.pk}")
    scores.refresh(as_of=START)
    # Ranges twice; never scored; aged; six kinds of facts touched, and restored.
    with django_assert_num_queries(16):
        assert scores.refresh_changed(as_of=START) == 0


def test_the_nightly_task_sends_a_task_for_each_partition(
    street: Jurisdiction,
    sector: Sector,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
):
    firms = make(street, sector, 5)
    monkeypatch.setattr(scores, "PARTITION", 2)
    sent: list[Any] = []
    monkeypatch.setattr("celery.canvas.group.apply_async", lambda self: sent.extend(self.tasks))
    with django_capture_on_commit_callbacks(execute=True):
        refresh_scores()
    keys = [firm.pk for firm in firms]
    assert [task.args[:2] for task in sent] == [
        (keys[0], keys[1]), (keys[2], keys[3]), (keys[4], keys[4]),
    ]  # fmt: skip
    for task in [*sent, *sent]:  # each may run twice
        task.type.run(*task.args, **task.kwargs)
    assert list(Score.objects.order_by("pk").values_list("pk", flat=True)) == keys
