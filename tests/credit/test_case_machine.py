"""A case never reaches the list without each step, whoever tries the acts, in whatever order."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from credit.acts import cases
from credit.models import Enterprise, Jurisdiction, ListCase, ListEntry
from tests.credit.casework import (
    TODAY,
    hide_accident,
    opened,
    promise,
    with_hearing_notice,
    with_papers,
)
from tests.credit.officers import officer

ALL = ("open_case", "decide_case", "review_case")
PATH = ["send_notice", "hear", "legal_review", "decide", "serve", "publish"]


class CaseMachine(RuleBasedStateMachine):
    """Three officers who may do everything, one of another place; every act, on the next days."""

    people: list[Any]
    stranger: Any
    enterprise: Enterprise

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.day = TODAY
        self.case = opened(self.enterprise, self.people[0], self.colour)

    colour = "black"
    who = st.integers(0, 2)

    def teardown(self) -> None:
        """Nothing of a walk stays."""
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def attempt(self, act: Any, who: int, **words: Any) -> None:
        """Try it by one, and before by the stranger, who never succeeds."""
        words["today"] = self.day
        with pytest.raises(cases.RefusedError):
            act(self.case, officer=self.stranger, **words)
        self.case = ListCase.objects.get(pk=self.case.pk)
        with suppress(cases.RefusedError):
            act(self.case, officer=self.people[who], **words)
        self.case = ListCase.objects.get(pk=self.case.pk)

    @rule(days=st.integers(1, 9))
    def wait(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule(who=who)
    def look_up(self, who: int) -> None:
        for ground in self.case.grounds:
            self.attempt(cases.confirm_condition, who, code=ground["code"], finding="无")

    @rule(who=who)
    def notice(self, who: int) -> None:
        self.attempt(cases.send_notice, who, text="告知", served_on=self.day)

    @rule(who=who, points=st.integers(1, 3))
    def statement(self, who: int, points: int) -> None:
        said = [str(point) for point in range(points)]
        self.attempt(cases.record_statement, who, text="辩", arguments=said, received_on=self.day)

    @rule(who=who, accepted=st.booleans())
    def consider(self, who: int, accepted: bool) -> None:
        waiting = self.case.arguments.filter(opinion="").first()
        key = waiting.pk if waiting else None
        self.attempt(cases.consider_statement, who, opinion="答", argument=key, accepted=accepted)

    @rule(who=who)
    def ask_hearing(self, who: int) -> None:
        self.attempt(cases.request_hearing, who, requested_on=self.day)

    @rule(who=who, days=st.integers(5, 12))
    def announce_hearing(self, who: int, days: int) -> None:
        set_for = self.day + timedelta(days=days)
        if self.case.colour == "black":
            with suppress(cases.RefusedError):
                with_hearing_notice(self.case, self.people[who], set_for, self.day)
        self.attempt(cases.announce_hearing, who, told_on=self.day, set_for=set_for, place="会议室")

    @rule(who=who, chair=who)
    def hold_hearing(self, who: int, chair: int) -> None:
        person = self.people[chair]
        self.attempt(cases.hold_hearing, who, held_on=self.day, record="录", chair=person)

    @rule(who=who)
    def waive(self, who: int) -> None:
        self.attempt(cases.waive, who, waived_on=self.day, reason="书")

    @rule(who=who)
    def hear(self, who: int) -> None:
        self.attempt(cases.close_hearing, who)

    @rule(who=who, passes=st.booleans())
    def review(self, who: int, passes: bool) -> None:
        self.attempt(cases.legal_review, who, opinion="合法", passes=passes)

    @rule(who=who, votes=st.lists(st.sampled_from(["for", "against"]), min_size=1, max_size=4))
    def meet(self, who: int, votes: list[str]) -> None:
        members = [(str(place), vote) for place, vote in enumerate(votes)]
        self.attempt(cases.record_meeting, who, held_on=self.day, record="录", members=members)

    @rule(who=who)
    def decide(self, who: int) -> None:
        self.attempt(cases.decide, who, number="1", reason="由")

    @rule(who=who)
    def serve(self, who: int) -> None:
        if self.case.state == "decided":
            with_papers(self.case, self.people[who], self.day)
        self.attempt(cases.serve, who, served_on=self.day, how="直接")

    @rule(who=who)
    def publish(self, who: int) -> None:
        self.attempt(cases.publish, who)

    @rule(who=who)
    @precondition(lambda self: self.day > TODAY + timedelta(days=60))
    def drop(self, who: int) -> None:
        self.attempt(cases.drop, who, reason="撤")

    # The order of the law, so that many walks come far.
    @rule(first=st.permutations([0, 1, 2]), votes=st.sampled_from([2, 3, 4]))
    def usual(self, first: list[int], votes: int) -> None:
        self.walk(first, votes)

    @rule(first=st.permutations([0, 1, 2]), days=st.integers(7, 11))
    def usual_with_a_hearing(self, first: list[int], days: int) -> None:
        self.walk(first, 3, hearing_in=days)

    def walk(self, first: list[int], votes: int, hearing_in: int = 0) -> None:
        clerk, lawyer, chief = first
        self.look_up(clerk)
        self.notice(clerk)
        if hearing_in:
            self.ask_hearing(clerk)
            self.announce_hearing(clerk, hearing_in)
            self.wait(hearing_in)
            self.hold_hearing(clerk, lawyer)
        self.wait(9)
        for _ in range(3):
            self.consider(clerk, accepted=False)
        self.hear(clerk)
        self.review(lawyer, True)
        self.meet(clerk, ["for"] * votes)
        self.decide(chief)
        self.serve(clerk)
        self.publish(clerk)

    @invariant()
    def nothing_is_listed_without_each_step(self) -> None:
        """What every entry has behind it."""
        for entry in ListEntry.objects.select_related("case"):
            done = entry.case
            events = list(done.events.values_list("action", "actor"))
            steps = [action for action, _ in events if action in PATH]
            assert steps == PATH
            others = {actor for action, actor in events if action != "decide"}
            assert done.decided_by_id not in {None, done.opened_by_id, *others}
            # Who reviews has done no step of the case until then.
            reviewed = [action for action, _ in events].index("legal_review")
            legal = ("legal_review", "legal_object")
            clerks = {a for action, a in events[:reviewed] if action not in legal}
            assert done.legal_review_by_id not in {None, *clerks}
            assert done.legal_review_opinion
            assert done.notice_served_on <= done.legal_review_on <= done.decided_on
            assert done.decided_on <= done.served_on <= entry.listed_on
            assert not done.arguments.filter(opinion="").exists()
            assert not done.hearing_requested_on or done.hearing_held_on
            if done.hearing_held_on:
                told = done.hearing_notices.last()
                assert told.set_for == done.hearing_held_on
                assert told.set_for >= told.told_on + timedelta(days=9)  # two weekends, no holidays
            assert done.hearing_chair_id != done.opened_by_id
            over = done.decided_on > done.notice_served_on + timedelta(days=5)
            assert over or done.waived_on or done.hearing_held_on
            if done.heavy:
                votes = list(done.meetings.last().votes.values_list("vote", flat=True))
                assert len(votes) >= 3
                assert votes.count("for") * 2 > len(votes)


@pytest.fixture
def walkers(enterprise: Enterprise, district: Jurisdiction) -> None:
    town = Jurisdiction.objects.create(code="1", name="镇", kind="town", parent=district)
    CaseMachine.enterprise = enterprise
    CaseMachine.people = [officer(f"1380000002{n}", district, *ALL) for n in range(3)]
    CaseMachine.stranger = officer("13800000029", town, *ALL)


@pytest.mark.parametrize("kind", ["light", "heavy", "red"])
def test_no_order_of_steps_by_anybody_lists_without_due_process(
    enterprise: Enterprise, walkers: None, kind: str
):
    CaseMachine.colour = "red" if kind == "red" else "black"
    if kind == "red":
        promise(enterprise)
    else:
        grave = {"concealed": False, "deaths": 10, "grade": "major"}
        hide_accident(enterprise, **(grave if kind == "heavy" else {}))
    few = settings(
        max_examples=25,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run(CaseMachine, settings=few)


@pytest.mark.parametrize("kind", ["light", "heavy", "red"])
def test_the_machine_itself_reaches_the_list(enterprise: Enterprise, walkers: None, kind: str):
    """Else the test above would prove nothing."""
    CaseMachine.colour = "red" if kind == "red" else "black"
    if kind == "red":
        promise(enterprise)
    else:
        grave = {"concealed": False, "deaths": 10, "grade": "major"}
        hide_accident(enterprise, **(grave if kind == "heavy" else {}))
    for hearing_in, listed in ((0, 1), (9, 1), (8, kind == "red")):  # too soon: nobody is listed
        walk = CaseMachine()
        walk.walk([0, 1, 2], 3, hearing_in)
        assert ListEntry.objects.count() == listed
        walk.nothing_is_listed_without_each_step()
        walk.teardown()
