"""A draft over the whole register: what it would change, by whom and where, and that it touches nothing."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from credit.acts import scores, simulation
from credit.acts.casework import RefusedError
from credit.models import Enterprise, Jurisdiction, Score, Sector, Simulation
from credit.rules.ruleset import GRADES, shipped_text
from credit.tasks import simulate
from tests.credit.acts.test_scores import make, penalise
from tests.credit.casework import hide_accident, promise
from tests.credit.officers import officer
from tests.credit.rulesets import DEARER_FINE, FIRST_DAY, TODAY, drafted, simulated


@pytest.fixture
def drafter(district: Jurisdiction) -> Any:
    return officer("13800000021", district, "draft_ruleset")


def without(entry: str) -> tuple[str, str]:
    """An edit that takes a ground out."""
    text = shipped_text()
    start = text.index(f'[[ground]]\ncode = "{entry}"')
    return text[start : text.index("\n\n", start)], ""


def moves(done: Simulation) -> dict[tuple[str, str], int]:
    matrix = done.result["matrix"]
    return {
        (old, new): matrix[row][column]
        for row, old in enumerate(GRADES)
        for column, new in enumerate(GRADES)
        if matrix[row][column]
    }


def test_a_draft_that_changes_no_figure_changes_nobody(drafter: Any, enterprise: Enterprise):
    penalise(enterprise)
    hide_accident(enterprise)
    result = simulated(drafted(drafter), drafter).result
    assert (result["total"], result["changed"]) == (1, 0)
    assert result["lists"] == {name: {"new": [], "gone": []} for name in ("black", "red")}
    assert result["movers"] == result["changes"] == []


def test_who_changes_grade_is_told_by_name_street_and_sector(
    drafter: Any, enterprise: Enterprise, street: Jurisdiction, sector: Sector
):
    penalise(enterprise)
    make(street, sector, 1)
    done = simulated(drafted(drafter, DEARER_FINE), drafter)
    assert moves(done) == {("C", "D"): 1, ("C", "C"): 1}
    assert (
        done.result["changes"] == done.result["movers"] == [[enterprise.pk, "C", "D", 55.0, 45.0]]
    )
    row = {
        "total": 2,
        "better": 0,
        "worse": 1,
        "black_new": 0,
        "black_gone": 0,
        "red_new": 0,
        "red_gone": 0,
    }
    assert done.result["places"] == [{"name": "河滨街道", **row}]
    assert done.result["sectors"] == [{"name": "危险化学品", **row}]


def test_as_on_its_first_day_older_records_keep_the_rule_of_their_day(
    drafter: Any, enterprise: Enterprise
):
    penalise(enterprise)
    draft = drafted(drafter, DEARER_FINE)
    assert simulated(draft, drafter, FIRST_DAY, every_record=False).result["changed"] == 0
    assert simulated(draft, drafter, FIRST_DAY, every_record=True).result["changed"] == 1
    penalise(enterprise, "罚2", happened_on=FIRST_DAY)
    assert moves(simulated(draft, drafter, FIRST_DAY, every_record=False)) == {("C", "D"): 1}


def test_any_date_may_be_asked(drafter: Any, enterprise: Enterprise):
    penalise(enterprise, happened_on=date(2026, 9, 1))
    draft = drafted(drafter, DEARER_FINE)
    for day, changed in [(date(2026, 8, 31), 0), (date(2026, 9, 1), 1), (date(2028, 9, 1), 0)]:
        assert simulated(draft, drafter, day).result["changed"] == changed
    with pytest.raises(RefusedError, match="2000 年到 2099 年"):
        simulation.start(draft, officer=drafter, as_of=date(1, 1, 1))


def test_who_would_be_listed_or_no_longer_is_told_with_the_reason(
    drafter: Any, enterprise: Enterprise
):
    hide_accident(enterprise)
    lists = simulated(drafted(drafter, without("concealment")), drafter).result["lists"]
    assert lists["black"] == {
        "new": [],
        "gone": [[enterprise.pk, "瞒报、谎报生产安全事故（2026年3月5日一般事故）"]],
    }
    promise(enterprise)
    Enterprise.objects.update(standardisation_level=2)
    easier = ('code = "red.level"\namount = 1', 'code = "red.level"\namount = 2')
    shorter = ('code = "red.clean_period"\namount = 36', 'code = "red.clean_period"\namount = 1')
    lists = simulated(drafted(drafter, easier, shorter), drafter).result["lists"]
    assert [pk for pk, _ in lists["red"]["new"]] == [enterprise.pk]


def test_the_old_rules_still_propose_what_happened_under_them(drafter: Any, enterprise: Enterprise):
    hide_accident(enterprise)
    draft = drafted(drafter, without("concealment"))
    done = simulated(draft, drafter, FIRST_DAY, every_record=False)
    assert done.result["lists"]["black"] == {"new": [], "gone": []}


def test_nothing_but_the_simulation_is_written(drafter: Any, enterprise: Enterprise):
    penalise(enterprise)
    hide_accident(enterprise)
    scores.refresh(as_of=TODAY)
    before = Score.objects.values().get()
    waiting = simulation.start(drafted(drafter, DEARER_FINE), officer=drafter, as_of=TODAY)
    written = []

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE")):
            written.append(sql.split()[1].strip('"'))
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        simulation.run(waiting)
    assert set(written) == {"credit_simulation"}
    assert Score.objects.values().get() == before


def test_partitions_say_the_same_as_the_whole(
    drafter: Any, street: Jurisdiction, sector: Sector, monkeypatch: Any
):
    firms = make(street, sector, 5)
    for firm in firms[:3]:
        penalise(firm, f"罚{firm.pk}")
    draft = drafted(drafter, DEARER_FINE)
    whole = simulated(draft, drafter).result
    monkeypatch.setattr(simulation, "PARTITION", 2)
    assert simulated(draft, drafter).result == whole
    monkeypatch.setattr(simulation, "KEPT", 2)
    kept = simulated(draft, drafter).result
    assert (len(kept["changes"]), kept["changed"]) == (2, 3)


def test_the_task_runs_it_once(drafter: Any, enterprise: Enterprise, monkeypatch: Any):
    waiting = simulation.start(drafted(drafter), officer=drafter, as_of=TODAY)
    simulate(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.done, waiting.total) == ("done", 1, 1)
    monkeypatch.setattr(simulation, "_result", None)  # a second run would break on it
    simulate(waiting.pk)


def test_one_that_broke_says_so_and_may_be_run_again(drafter: Any, monkeypatch: Any):
    waiting = simulation.start(drafted(drafter), officer=drafter, as_of=TODAY)
    with monkeypatch.context() as patched:
        patched.setattr(simulation, "_partitions", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            simulate(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "failed"
    assert simulation.run(waiting).state == "done"
