"""A rule-set is drafted by one, simulated, adopted by another; then it is in force from its day and stays."""
# ruff: noqa: S608  # every statement is written here

import math
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, connection, transaction

from credit.acts import audit, rulesets, scores, simulation
from credit.acts.casework import RefusedError
from credit.models import (
    AuditEntry,
    Enterprise,
    Jurisdiction,
    Message,
    RulesetVersion,
    Score,
    Simulation,
    Violation,
)
from credit.models import rulesets as lookup
from credit.models.locked import LockedError
from credit.rules.ruleset import load_ruleset, shipped_text
from tests.credit.acts.test_scores import penalise
from tests.credit.officers import officer
from tests.credit.rulesets import DEARER_FINE, FIRST_DAY, TODAY, adopted, drafted, second, simulated


@pytest.fixture
def drafter(district: Jurisdiction) -> Any:
    return officer("13800000021", district, "draft_ruleset")


@pytest.fixture
def adopter(district: Jurisdiction) -> Any:
    return officer("13800000022", district, "draft_ruleset", "adopt_ruleset")


def refusal(act: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(RefusedError) as refused:
        act(*args, **kwargs)
    return refused.value.ruling.reason


def adopt(done: Simulation, person: Any, reason: str = "局务会议", today: date = TODAY) -> Any:
    return rulesets.adopt(done, officer=person, reason=reason, today=today)


# -- The first one ---------------------------------------------------------------------------------------


def test_a_new_installation_begins_with_the_shipped_ruleset(db: None):
    first = RulesetVersion.objects.get()
    assert (first.label, first.effective_from) == ("anxin-2026@1", date(2026, 1, 1))
    assert (first.text, first.ruleset) == (shipped_text(), load_ruleset())
    assert (first.proposed_by, first.adopted_by, first.simulation) == (None, None, None)
    lookup.forget()
    assert lookup.timeline().sets == (load_ruleset(),)


# -- Drafts ----------------------------------------------------------------------------------------------


def test_a_draft_begins_as_a_copy_with_the_next_version_and_month(drafter: Any):
    draft = rulesets.begin_draft(officer=drafter, title="年终修订", today=TODAY)
    assert draft.text == second()
    assert draft.drafted_by == drafter


def test_a_draft_is_kept_with_its_problems_and_edited_by_its_drafter_alone(
    drafter: Any, adopter: Any
):
    draft = drafted(drafter, ("points = 90", "points = 9000"))
    assert "草案还有 1 处问题" in refusal(simulation.start, draft, officer=drafter, as_of=TODAY)
    said = refusal(rulesets.edit_draft, draft, officer=adopter, title="", text="x")
    assert said == "草案只由起草人修改，您可以另起一份草案"
    assert "内容应为" in refusal(rulesets.edit_draft, draft, officer=drafter, title="", text=" ")


def test_rules_are_for_the_whole_district(street: Jurisdiction, drafter: Any):
    local = officer("13800000023", street, "draft_ruleset", "adopt_ruleset")
    nobody = officer("13800000024", street.parent)
    said = "规则集适用于全区，应由任职属地为全区的人员办理"
    assert refusal(rulesets.begin_draft, officer=local, title="", today=TODAY) == said
    assert "没有这个步骤的权限" in refusal(
        rulesets.begin_draft, officer=nobody, title="", today=TODAY
    )
    assert refusal(adopt, simulated(drafted(drafter), drafter), local) == said


# -- Adoption --------------------------------------------------------------------------------------------


def test_a_second_person_adopts_what_was_simulated(drafter: Any, adopter: Any):
    draft = drafted(drafter, DEARER_FINE)
    done = simulated(draft, drafter)
    version = adopt(done, adopter)
    assert (version.label, version.effective_from) == ("anxin-2026@2", FIRST_DAY)
    assert (version.text, version.sha256, version.simulation) == (draft.text, draft.digest, done)
    assert (version.proposed_by, version.adopted_by, version.adopted_on) == (
        drafter,
        adopter,
        TODAY,
    )
    entry = AuditEntry.objects.first()
    assert (entry.verb, entry.actor) == ("ruleset.adopt", adopter)
    assert draft.digest in entry.said
    assert list(audit.faults()) == []
    assert Message.objects.get(to=drafter).title == "规则集 anxin-2026@2 已批准"


def test_whoever_drafted_or_simulated_does_not_adopt(drafter: Any, adopter: Any):
    own = drafted(adopter)
    said = "起草和模拟的人员不得批准，应由另一名决定人员办理"
    assert refusal(adopt, simulated(own, adopter), adopter) == said
    assert refusal(adopt, simulated(own, drafter), adopter) == said
    assert refusal(adopt, simulated(drafted(drafter), adopter), adopter) == said


def test_what_was_edited_since_is_simulated_again(drafter: Any, adopter: Any):
    draft = drafted(drafter)
    done = simulated(draft, drafter)
    rulesets.edit_draft(draft, officer=drafter, title="", text=second(DEARER_FINE))
    assert refusal(adopt, done, adopter) == "草案在模拟之后改过，请重新模拟"


def test_an_unfinished_simulation_and_a_missing_reason_are_refused(drafter: Any, adopter: Any):
    draft = drafted(drafter)
    waiting = simulation.start(draft, officer=drafter, as_of=TODAY)
    assert refusal(adopt, waiting, adopter) == "模拟还没有完成"
    assert "请写明批准的理由" in refusal(adopt, simulation.run(waiting), adopter, reason=" ")


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({"first_day": TODAY - timedelta(days=1)}, "施行日期2026年11月22日已过，规则集不溯及既往"),
        ({"version": "1"}, "版本 anxin-2026@1 已经用过"),
    ],
)
def test_it_neither_reaches_back_nor_takes_a_used_version(
    drafter: Any, adopter: Any, edits: Any, said: str
):
    assert said in refusal(adopt, simulated(drafted(drafter, **edits), drafter), adopter)


def test_it_may_begin_today(drafter: Any, adopter: Any):
    done = simulated(drafted(drafter, first_day=TODAY), drafter)
    assert adopt(done, adopter).effective_from == TODAY


def test_no_two_begin_on_one_day(drafter: Any, adopter: Any):
    adopted(drafter, adopter)
    done = simulated(drafted(drafter, version="3"), drafter)
    assert refusal(adopt, done, adopter) == "2026年12月1日已有规则集施行，请另选一天"


def test_a_simulation_against_rules_that_no_longer_hold_is_not_enough(drafter: Any, adopter: Any):
    old = simulated(drafted(drafter, version="3", first_day=date(2027, 1, 1)), drafter)
    adopted(drafter, adopter, first_day=TODAY)
    assert refusal(adopt, old, adopter) == "模拟之后已有别的规则集施行，请重新模拟"


# -- The database ----------------------------------------------------------------------------------------


def row_for(done: Simulation, **more: Any) -> RulesetVersion:
    facts = {
        "code": "x", "version": "9", "text": done.text, "sha256": done.sha256,
        "effective_from": date(2030, 1, 1), "adopted_on": TODAY, "reason": "x", "simulation": done,
        "proposed_by": done.draft.drafted_by,
    }  # fmt: skip
    return RulesetVersion(**{**facts, **more})


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        return True
    return False


def test_the_database_refuses_every_way_round_the_second_person(drafter: Any, adopter: Any):
    done = simulated(drafted(drafter, DEARER_FINE), drafter)
    by_adopter = simulated(drafted(drafter, DEARER_FINE), adopter)
    waiting = simulation.start(drafted(drafter), officer=drafter, as_of=TODAY)
    bad = [
        row_for(done, adopted_by=drafter),
        row_for(done, adopted_by=adopter, text="other"),
        row_for(done, adopted_by=adopter, sha256="0" * 64),
        row_for(done, adopted_by=adopter, proposed_by=adopter),
        row_for(done, adopted_by=adopter, effective_from=TODAY - timedelta(days=1)),
        row_for(done, adopted_by=None, proposed_by=None, simulation=None, adopted_on=None),
        row_for(by_adopter, adopted_by=adopter),
        row_for(waiting, adopted_by=adopter),
    ]
    for row in bad:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
    row_for(done, adopted_by=adopter).save(force_insert=True)  # the same row, done rightly


def test_an_adopted_ruleset_stays_as_it_is(drafter: Any, adopter: Any):
    version = adopted(drafter, adopter)
    for write in (version.save, version.delete, RulesetVersion.objects.all().delete):
        with pytest.raises(LockedError):
            write()
    table, simulations = "credit_rulesetversion", "credit_simulation"
    for statement in (
        f"UPDATE {table} SET reason = 'x'",
        f"UPDATE {table} SET effective_from = '2031-01-01' WHERE id = {version.pk}",
        f"DELETE FROM {table}",
        f"UPDATE {simulations} SET result = '{{}}'",
        f"UPDATE {simulations} SET state = 'waiting'",
        f"DELETE FROM {simulations}",
        f"UPDATE credit_rulesetdraft SET drafted_by_id = {adopter.pk}",
    ):
        assert refused(statement), statement


# -- In force --------------------------------------------------------------------------------------------


def test_it_is_in_force_from_its_day(drafter: Any, adopter: Any):
    adopted(drafter, adopter, DEARER_FINE)
    eve = FIRST_DAY - timedelta(days=1)
    assert lookup.in_force(eve).label == "anxin-2026@1"
    assert lookup.in_force(FIRST_DAY).label == "anxin-2026@2"
    assert lookup.timeline(eve).now.label == "anxin-2026@1"
    assert lookup.in_force(FIRST_DAY).deductions["violation.fine"].points == 15


def test_another_process_notices_an_adoption_and_asks_the_database_only_then(
    drafter: Any, adopter: Any, django_assert_num_queries: Any, monkeypatch: Any
):
    monkeypatch.setattr(lookup, "_TRUSTED", 0.0)
    lookup.forget()
    with django_assert_num_queries(1):
        assert [lookup.timeline().now.label for _ in range(3)] == ["anxin-2026@1"] * 3
    there = lookup._known  # what the other process knows
    adopted(drafter, adopter)
    lookup.announce()  # as on commit
    lookup._known = there
    with django_assert_num_queries(1):
        assert [lookup.timeline().now.label for _ in range(3)] == ["anxin-2026@2"] * 3
    cache.delete(lookup.STAMP)  # a cache that forgets costs one question, no more
    with django_assert_num_queries(1):
        assert [lookup.timeline().now.label for _ in range(3)] == ["anxin-2026@2"] * 3


def test_a_penalty_before_the_day_keeps_its_points_and_one_after_takes_the_new_ones(
    drafter: Any, adopter: Any, enterprise: Enterprise
):
    penalise(enterprise)
    penalise(enterprise, "罚2", happened_on=FIRST_DAY)
    adopted(drafter, adopter, DEARER_FINE)
    scores.refresh(as_of=FIRST_DAY)
    score = Score.objects.get()
    assert (score.ruleset, score.deducted) == ("anxin-2026@2", 20)


SHORTER = (
    'code = "repair.ordinary.longest"\namount = 12', 'code = "repair.ordinary.longest"\namount = 6',
)  # fmt: skip


def test_on_its_day_publication_terms_and_scores_follow(
    drafter: Any, adopter: Any, enterprise: Enterprise, django_assert_num_queries: Any
):
    for number in range(3):
        penalise(enterprise, f"罚{number}", happened_on=date(2026, 9, 1))
    given = penalise(enterprise, "罚9", publish_until=date(2026, 10, 1))
    scores.refresh(as_of=TODAY)
    assert rulesets.take_effect(TODAY) == (0, 0)
    adopted(drafter, adopter, SHORTER)
    assert rulesets.take_effect(TODAY) == (0, 0)
    assert rulesets.take_effect(FIRST_DAY) == (3, 1)
    days = dict(Violation.objects.values_list("source_key", "public_until"))
    assert days.pop(given.source_key) == date(2026, 10, 1)
    assert set(days.values()) == {date(2027, 2, 28)}
    assert Score.objects.get().ruleset == "anxin-2026@2"
    lookup._known = lookup._Known("", math.inf, lookup.timeline())
    with django_assert_num_queries(
        3
    ):  # a page and the end of the pages, and whether a score is stale
        assert rulesets.take_effect(FIRST_DAY) == (0, 0)
