"""A listing case reaches the public only by the whole path."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.rules.cases import (
    OPEN_STATES,
    TRANSITIONS,
    Action,
    CaseFacts,
    State,
    advance,
    hearing_due,
    may,
    may_chair,
    may_request_hearing,
    service_due,
)
from credit.rules.hearings import Announced
from credit.rules.ruling import Ruling
from credit.rules.workdays import DueDay

CALENDAR = {date(2026, 10, 1): False, date(2026, 10, 2): False}
FACTS = CaseFacts(
    colour="black",
    today=date(2026, 11, 23),
    actor="second",
    opened_by="first",
    notice_text="拟列入",
    notice_served_on=date(2026, 11, 13),
    reviewed_by="lawyer",
    review_opinion="程序合法",
    decided_on=date(2026, 11, 23),
    served_on=date(2026, 11, 23),
    drop_reason="事实不清",
    calendar=CALENDAR,
)
LAW = "行政处罚法第四十四条、第四十五条、第六十二条"


def test_the_whole_path_leads_to_publication():
    state, seen = State.PROPOSED, []
    for action in list(Action)[:6]:
        state, ruling = advance(action, state, FACTS)
        seen.append((state, ruling.allowed))
    assert seen == [
        (State.NOTICE_SENT, True),
        (State.HEARD, True),
        (State.LEGAL_REVIEWED, True),
        (State.DECIDED, True),
        (State.SERVED, True),
        (State.PUBLISHED, True),
    ]


@pytest.mark.parametrize(
    ("action", "state", "change", "reason"),
    [
        (Action.PUBLISH, State.PROPOSED, {}, "“已提出”状态不能公示"),
        (Action.DROP, State.PUBLISHED, {}, "“已公示”状态不能撤回"),
        (Action.HEAR, State.NOTICE_SENT, {"notice_served_on": None}, "告知书尚未送达当事人"),
        (
            Action.HEAR,
            State.NOTICE_SENT,
            {"notice_served_on": date(2026, 11, 16)},
            "陈述申辩和听证申请期限至2026年11月23日，尚未届满",
        ),
        (
            Action.HEAR,
            State.NOTICE_SENT,
            {"statement_on": date(2026, 11, 16)},
            "当事人的陈述、申辩尚未复核",
        ),
        (
            Action.HEAR,
            State.NOTICE_SENT,
            {"hearing_requested": True},
            "当事人已申请听证，尚未举行",
        ),
        (Action.SERVE, State.DECIDED, {"decided_on": None}, "尚无决定日期"),
        (Action.SERVE, State.DECIDED, {"served_on": None}, "送达日期应在决定之后且不晚于今天"),
        (Action.PUBLISH, State.SERVED, {"served_on": None}, "送达日期应在决定之后且不晚于今天"),
    ],
)
def test_a_refusal_says_what_is_missing(action, state, change, reason):
    facts = replace(FACTS, **change)
    assert may(action, state, facts) == Ruling(False, reason, LAW)
    assert advance(action, state, facts)[0] is state


def test_the_opener_does_not_decide():
    ruling = may(Action.DECIDE, State.LEGAL_REVIEWED, replace(FACTS, actor="first"))
    assert ruling == Ruling(
        False, "立案人员不得作出决定，应由另一名决定人员办理", "双人复核制度（局规则集）"
    )


def test_one_who_did_another_step_does_not_decide():
    ruling = may(
        Action.DECIDE, State.LEGAL_REVIEWED, replace(FACTS, handled_by=frozenset({"second"}))
    )
    assert ruling == Ruling(
        False,
        "您办理过这个案件的其他步骤，不得作出决定，应由另一名决定人员办理",
        "双人复核制度（局规则集）",
    )


@pytest.mark.parametrize(
    ("action", "state"), [(Action.SERVE, State.DECIDED), (Action.PUBLISH, State.SERVED)]
)
def test_the_decider_neither_serves_nor_publishes(action, state):
    ruling = may(action, state, replace(FACTS, decided_by="second"))
    assert ruling.reason == "作出决定的人员不得送达和公示，请由另一名专员办理"


def test_the_opener_does_not_drop_what_is_decided():
    facts = replace(FACTS, actor="first")
    reason = "立案人员不得撤回已经决定的案件，应由另一名决定人员办理"
    assert may(Action.DROP, State.DECIDED, facts).reason == reason
    assert may(Action.DROP, State.HEARD, replace(facts, decided_on=None))


def test_a_waiver_or_a_held_hearing_ends_the_wait():
    early = replace(FACTS, notice_served_on=date(2026, 11, 20))
    assert not may(Action.HEAR, State.NOTICE_SENT, early)
    assert may(Action.HEAR, State.NOTICE_SENT, replace(early, waived=True))
    held = date(2026, 12, 1)  # the seventh working day after
    announced = Announced(date(2026, 11, 20), held)
    heard = replace(
        early, today=held, hearing_requested=True, hearing_held_on=held, hearing_announced=announced
    )
    assert may(Action.HEAR, State.NOTICE_SENT, heard).reason == "2026年12月1日已举行听证"


def test_notice_133_nothing_but_the_end_of_the_term_ends_the_time_for_objections_to_red():
    announced = {"colour": "red", "notice_served_on": date(2026, 11, 16)}
    held = {"hearing_requested": True, "hearing_held_on": date(2026, 11, 23)}
    early = replace(FACTS, waived=True, **announced, **held)
    assert may(Action.HEAR, State.NOTICE_SENT, early) == Ruling(
        False, "公众提意见的期限至2026年11月23日，尚未届满", "安监总办〔2017〕133号"
    )
    assert may(Action.DECIDE, State.LEGAL_REVIEWED, early).reason.endswith("尚未届满")
    over = replace(FACTS, today=date(2026, 11, 24), **announced)
    assert may(Action.HEAR, State.NOTICE_SENT, over) == Ruling(
        True, "公众提意见的期限至2026年11月23日，已届满", "安监总办〔2017〕133号"
    )
    waiting = replace(over, statement_on=date(2026, 11, 18))
    assert may(Action.HEAR, State.NOTICE_SENT, waiting).reason == "收到的意见尚未复核"
    assert may(Action.HEAR, State.PROPOSED, over).reason == "“已提出”状态不能确认提意见期限届满"


def test_penalties_law_58_no_decision_without_legal_review_by_a_third_person():
    decide = lambda **change: may(Action.DECIDE, State.LEGAL_REVIEWED, replace(FACTS, **change))  # noqa: E731
    assert decide(reviewed_by=None) == Ruling(
        False, "未经法制审核，不得作出决定", "行政处罚法第五十八条"
    )
    assert decide(reviewed_by="second").reason == "法制审核人员不得作出决定，应由另一名决定人员办理"
    review = lambda **change: may(Action.LEGAL_REVIEW, State.HEARD, replace(FACTS, **change))  # noqa: E731
    assert review(actor="first").reason == "立案人员不得作法制审核，应由另一名决定人员办理"
    assert not review(handled_by=frozenset({"second"}))
    assert review(handled_by=frozenset({"second"}), reviewers=frozenset({"second"}))
    assert review(review_opinion=" ").reason == "请写明法制审核意见"


@pytest.mark.parametrize(
    ("votes", "reason"),
    [
        ((), "重大案件须经负责人集体讨论，请先登记讨论记录"),
        (("for", "for"), "集体讨论至少3人参加，现在2人"),
        (("for", "against", "abstain"), "集体讨论3人中1人同意，未过半数"),
        (("for", "for", "against", "against"), "集体讨论4人中2人同意，未过半数"),
    ],
)
def test_penalties_law_57_a_heavy_case_needs_three_members_and_more_than_half(votes, reason):
    facts = replace(FACTS, heavy=True, votes=votes)
    assert may(Action.DECIDE, State.LEGAL_REVIEWED, facts).reason == reason
    agreed = replace(facts, votes=("for", "for", "against"))
    assert may(Action.DECIDE, State.LEGAL_REVIEWED, agreed)


def test_penalties_law_45_each_argument_has_an_opinion():
    facts = replace(FACTS, statement_on=date(2026, 11, 16), statement_considered=True)
    for action, state in ((Action.HEAR, State.NOTICE_SENT), (Action.DECIDE, State.LEGAL_REVIEWED)):
        ruling = may(action, state, replace(facts, unanswered=2))
        assert ruling.reason == "还有2条陈述、申辩没有写明复核意见"
        assert may(action, state, facts)


def test_penalties_law_64_a_hearing_is_asked_for_in_five_working_days_and_chaired_by_an_outsider():
    told = date(2026, 9, 30)
    assert may_request_hearing(told, date(2026, 10, 9), CALENDAR)
    assert may_request_hearing(told, date(2026, 10, 10), CALENDAR).reason == (
        "听证应在2026年10月9日前申请，2026年10月10日提出已逾期"
    )
    facts = replace(FACTS, handled_by=frozenset({"first", "helper"}))
    assert not may_chair("first", facts)
    assert not may_chair("helper", facts)
    assert may_chair("outsider", facts)


def test_dropping_is_open_from_any_open_state_with_a_reason():
    for state in OPEN_STATES:
        assert advance(Action.DROP, state, FACTS)[0] is State.DROPPED
        assert may(Action.DROP, state, replace(FACTS, drop_reason=" ")).reason == "撤回须写明理由"


def test_clocks_run_in_working_days():
    assert hearing_due(date(2026, 9, 30), CALENDAR) == DueDay(date(2026, 10, 9))
    assert service_due(date(2026, 9, 30), CALENDAR) == DueDay(date(2026, 10, 13))


def test_late_service_is_said_but_not_refused():
    late = replace(FACTS, decided_on=date(2026, 11, 2), served_on=date(2026, 11, 20))
    assert may(Action.SERVE, State.DECIDED, late) == Ruling(
        True, "2026年11月20日送达，已超过2026年11月11日的送达期限", "行政处罚法"
    )


november = st.integers(0, 30).map(lambda n: date(2026, 11, 1) + timedelta(days=n))
days = st.none() | november
changes = {
    "actor": st.sampled_from(["first", "second", "lawyer"]),
    "reviewed_by": st.sampled_from([None, "second", "lawyer"]),
    "review_opinion": st.sampled_from(["", "程序合法"]),
    "heavy": st.booleans(),
    "votes": st.lists(st.sampled_from(["for", "against"]), max_size=5).map(tuple),
    "unanswered": st.integers(0, 2),
    "notice_text": st.sampled_from(["", "拟列入"]),
    "notice_served_on": days,
    "statement_on": days,
    "statement_considered": st.booleans(),
    "hearing_requested": st.booleans(),
    "hearing_held_on": days,
    "hearing_announced": st.builds(Announced, november, november) | st.none(),
    "waived": st.booleans(),
    "decided_on": days,
    "served_on": days,
}
near_facts = st.one_of(
    values.map(lambda value, name=name: replace(FACTS, **{name: value}))
    for name, values in changes.items()
)
path = list(Action)[:6]
noise = st.lists(st.tuples(st.sampled_from(path), near_facts), max_size=3)
walks = st.tuples(*[st.tuples(noise, st.just(FACTS) | near_facts)] * len(path)).map(
    lambda stages: [
        step
        for action, (before, facts) in zip(path, stages, strict=True)
        for step in [*before, (action, facts)]
    ]
)


def _walk(steps):
    state, done = State.PROPOSED, {}
    for action, facts in steps:
        before = state
        state, ruling = advance(action, state, facts)
        assert ruling.reason
        assert ruling.article
        assert (state != before) is ruling.allowed
        if ruling:
            done[action] = facts
    return state, done


@given(walks)
def test_nothing_is_published_without_notice_hearing_review_second_officer_and_service(steps):
    state, done = _walk(steps)
    if state is State.PUBLISHED:
        assert list(done) == path
        heard, decided = done[Action.HEAR], done[Action.DECIDE]
        assert done[Action.SEND_NOTICE].notice_text
        assert heard.notice_served_on
        assert heard.statement_considered or not heard.statement_on
        assert heard.hearing_held_on or not heard.hearing_requested
        if heard.hearing_requested:
            assert heard.hearing_held_on == heard.hearing_announced.set_for
            assert heard.hearing_held_on >= heard.hearing_announced.told_on + timedelta(days=9)
        assert done[Action.LEGAL_REVIEW].review_opinion
        assert decided.actor not in {decided.opened_by, decided.reviewed_by}
        assert not decided.heavy or len(decided.votes) >= 3
        assert done[Action.SERVE].served_on >= done[Action.SERVE].decided_on


def test_published_is_reached_from_served_alone():
    assert [key for key, to in TRANSITIONS.items() if to is State.PUBLISHED] == [
        (State.SERVED, Action.PUBLISH)
    ]
