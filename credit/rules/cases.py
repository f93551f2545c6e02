"""The path of a listing case as a pure table: no list without notice, hearing, legal review, second officer.

proposed → notice_sent → heard → legal_reviewed → decided → served → published; dropped from any open
state. Sources: 行政处罚法 第四十四条、第四十五条、第六十二条 (no notice or no hearing of the defence, no
decision), 第五十七条 (heavy cases are decided together), 第五十八条 (legal review), 第六十三、六十四条
(hearing), 安监总办〔2017〕133号 (the red list is announced for objections) and the bureau's four eyes.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from credit.rules.hearings import Announced, may_hold, was_told_of
from credit.rules.procedure import may_decide_together
from credit.rules.ruleset import load_ruleset
from credit.rules.ruling import Ruling
from credit.rules.terms import printed
from credit.rules.timeline import Rules
from credit.rules.workdays import DueDay, Exceptions, add_working_days

ARTICLE: Final = "行政处罚法第四十四条、第四十五条、第六十二条"
FOUR_EYES: Final = "双人复核制度（局规则集）"
RED: Final = "安监总办〔2017〕133号"
REVIEW: Final = "行政处罚法第五十八条"
HEARING: Final = "行政处罚法第六十三条、第六十四条"


class State(StrEnum):
    """Where a case stands; ``published`` is in force."""

    PROPOSED = "proposed"
    NOTICE_SENT = "notice_sent"
    HEARD = "heard"
    LEGAL_REVIEWED = "legal_reviewed"
    DECIDED = "decided"
    SERVED = "served"
    PUBLISHED = "published"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """The printed name."""
        return _LABELS[self]


class Action(StrEnum):
    """What an officer can ask of a case."""

    SEND_NOTICE = "send_notice"
    HEAR = "hear"
    LEGAL_REVIEW = "legal_review"
    DECIDE = "decide"
    SERVE = "serve"
    PUBLISH = "publish"
    DROP = "drop"

    @property
    def label(self) -> str:
        """The printed name."""
        return _ACTION_LABELS[self]

    def label_for(self, colour: str) -> str:
        """The printed name; for the red list the notice is a public announcement."""
        return _RED_LABELS.get(self, self.label) if colour == "red" else self.label


_LABELS: Final = {
    State.PROPOSED: "已提出",
    State.NOTICE_SENT: "已告知",
    State.HEARD: "已听取意见",
    State.LEGAL_REVIEWED: "已法制审核",
    State.DECIDED: "已决定",
    State.SERVED: "已送达",
    State.PUBLISHED: "已公示",
    State.DROPPED: "已撤回",
}
_ACTION_LABELS: Final = {
    Action.SEND_NOTICE: "告知",
    Action.HEAR: "确认陈述申辩（听证）终结",
    Action.LEGAL_REVIEW: "法制审核",
    Action.DECIDE: "作出决定",
    Action.SERVE: "登记送达",
    Action.PUBLISH: "公示",
    Action.DROP: "撤回",
}
_RED_LABELS: Final = {Action.SEND_NOTICE: "公告", Action.HEAR: "确认提意见期限届满"}
OPEN_STATES: Final = frozenset(State) - {State.PUBLISHED, State.DROPPED}
TRANSITIONS: Final[Mapping[tuple[State, Action], State]] = MappingProxyType(
    {
        (State.PROPOSED, Action.SEND_NOTICE): State.NOTICE_SENT,
        (State.NOTICE_SENT, Action.HEAR): State.HEARD,
        (State.HEARD, Action.LEGAL_REVIEW): State.LEGAL_REVIEWED,
        (State.LEGAL_REVIEWED, Action.DECIDE): State.DECIDED,
        (State.DECIDED, Action.SERVE): State.SERVED,
        (State.SERVED, Action.PUBLISH): State.PUBLISHED,
    }
    | {(state, Action.DROP): State.DROPPED for state in OPEN_STATES}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What is known of a case when somebody acts on it.

    ``colour`` is "black" or "red". ``opened_by``, ``actor``, ``decided_by`` and ``handled_by`` are
    keys of people; ``handled_by`` are all who did a step of the case beside its decision.
    ``notice_served_on`` is the day on which the party received the notice (告知), or on which the
    public announcement (公告) began; ``served_on`` the decision. ``statement_on`` is the day on which
    a statement or defence came in, ``statement_considered`` that it was reviewed in writing;
    ``unanswered`` is how many of the party's arguments have no opinion yet.
    ``hearing_announced`` is the newest notice of the day of the hearing.
    ``waived``: the party gave up statement and hearing in writing. ``unchecked`` are the names of
    conditions of which the platform keeps no record and that no officer has looked up yet.
    ``reviewers`` did the legal review or objected in it, ``reviewed_by`` passed it.
    ``heavy``: the heads decide together; ``votes`` are those of their last meeting.
    """

    colour: str
    today: date
    actor: Hashable
    opened_by: Hashable
    handled_by: frozenset[Hashable] = frozenset()
    decided_by: Hashable = None
    unchecked: tuple[str, ...] = ()
    notice_text: str = ""
    notice_served_on: date | None = None
    statement_on: date | None = None
    statement_considered: bool = False
    unanswered: int = 0
    hearing_requested: bool = False
    hearing_announced: Announced | None = None
    hearing_held_on: date | None = None
    waived: bool = False
    reviewers: frozenset[Hashable] = frozenset()
    reviewed_by: Hashable = None
    review_opinion: str = ""
    heavy: bool = False
    votes: tuple[str, ...] = ()
    decided_on: date | None = None
    served_on: date | None = None
    drop_reason: str = ""
    calendar: Exceptions = field(default_factory=dict)
    rules: Rules | None = None


def hearing_due(notice_served_on: date, calendar: Exceptions, rules: Rules | None = None) -> DueDay:
    """The last day for a statement or a request for a hearing: 5 working days from service.

    The rule-set of the day of service says how many: a term that runs does not change. Source: 行政处罚法.
    """
    term = (rules or load_ruleset()).on(notice_served_on).terms["case.hearing"]
    return add_working_days(notice_served_on, term.amount, calendar)


def service_due(decided_on: date, calendar: Exceptions, rules: Rules | None = None) -> DueDay:
    """The last day for serving a decision: 7 working days. Source: 行政处罚法."""
    term = (rules or load_ruleset()).on(decided_on).terms["case.service"]
    return add_working_days(decided_on, term.amount, calendar)


def may(action: Action, state: State, facts: CaseFacts) -> Ruling:
    """Whether ``action`` is open in ``state``, given the facts, and why (not)."""
    if (state, action) not in TRANSITIONS:
        return _no(f"“{state.label}”状态不能{action.label_for(facts.colour)}")
    return _CHECKS[action](facts)


def advance(action: Action, state: State, facts: CaseFacts) -> tuple[State, Ruling]:
    """The state after ``action``, unchanged when the ruling refuses it."""
    ruling = may(action, state, facts)
    return (TRANSITIONS[state, action] if ruling else state), ruling


def _no(reason: str, article: str = ARTICLE) -> Ruling:
    return Ruling(False, reason, article)


def _yes(reason: str, article: str = ARTICLE) -> Ruling:
    return Ruling(True, reason, article)


def _may_send_notice(facts: CaseFacts) -> Ruling:
    red = facts.colour == "red"
    if not facts.notice_text.strip():
        if red:
            return _no("公告应写明拟列入的企业、依据和提意见的办法", RED)
        return _no("告知书应写明拟列入的事实、理由、依据和陈述申辩、听证权利")
    if facts.unchecked:
        return _no(f"请先逐项核实并登记结果：{'；'.join(facts.unchecked)}", RED)
    return _yes("可以公告", RED) if red else _yes("可以告知当事人")


def _may_hear(facts: CaseFacts) -> Ruling:
    if facts.colour == "red":
        return _objections_over(facts)
    served = facts.notice_served_on
    if served is None or served > facts.today:
        return _no("告知书尚未送达当事人")
    if facts.statement_on and not facts.statement_considered:
        return _no("当事人的陈述、申辩尚未复核")
    if facts.unanswered:
        return _no(f"还有{facts.unanswered}条陈述、申辩没有写明复核意见")
    if facts.hearing_requested:
        return _hearing_closed(facts, served)
    due = hearing_due(served, facts.calendar, facts.rules)
    if facts.waived or facts.today > due.day:
        ended = "当事人书面放弃" if facts.waived else "已届满"
        return _yes(f"陈述申辩期限至{printed(due.day)}，{ended}")
    return _no(f"陈述申辩和听证申请期限至{printed(due.day)}，尚未届满{_noted(due)}")


def _objections_over(facts: CaseFacts) -> Ruling:
    """Anybody may object until the last day: no waiver and no hearing of the enterprise ends that."""
    announced_on = facts.notice_served_on
    if announced_on is None or announced_on > facts.today:
        return _no("还没有公告", RED)
    if (facts.statement_on and not facts.statement_considered) or facts.unanswered:
        return _no("收到的意见尚未复核", RED)
    due = hearing_due(announced_on, facts.calendar, facts.rules)
    if facts.today > due.day:
        return _yes(f"公众提意见的期限至{printed(due.day)}，已届满", RED)
    return _no(f"公众提意见的期限至{printed(due.day)}，尚未届满{_noted(due)}", RED)


def _may_close(facts: CaseFacts) -> Ruling:
    """Heard, and of a hearing the party was told in time.

    The working days are counted at the close and not later: a holiday added afterwards undoes no hearing.
    """
    heard = _may_hear(facts)
    if heard and facts.hearing_requested and facts.hearing_held_on:
        told = may_hold(facts.hearing_announced, facts.hearing_held_on, facts.calendar, facts.rules)
        return heard if told else told
    return heard


def _noted(due: DueDay) -> str:
    return f"（{due.warning}）" if due.warning else ""


def _hearing_closed(facts: CaseFacts, notice_served_on: date) -> Ruling:
    held = facts.hearing_held_on
    if held is None or not notice_served_on < held <= facts.today:
        return _no("当事人已申请听证，尚未举行")
    told = was_told_of(facts.hearing_announced, held)
    if not told:
        return told
    return _yes(f"{printed(held)}已举行听证")


def may_request_hearing(
    notice_served_on: date, requested_on: date, calendar: Exceptions, rules: Rules | None = None
) -> Ruling:
    """Whether a hearing may still be asked for: within 5 working days. Source: 行政处罚法 第六十四条."""
    due = hearing_due(notice_served_on, calendar, rules)
    if requested_on > due.day:
        return _no(
            f"听证应在{printed(due.day)}前申请，{printed(requested_on)}提出已逾期{_noted(due)}",
            HEARING,
        )
    return _yes("在期限内申请听证", HEARING)


def may_chair(chair: Hashable, facts: CaseFacts) -> Ruling:
    """Who may chair a hearing: nobody who opened or investigated the case. Source: 行政处罚法 第六十四条."""
    if chair is None or chair == facts.opened_by:
        return _no("立案人员不得主持听证，听证由非本案调查人员主持", HEARING)
    if chair in facts.handled_by - facts.reviewers:
        return _no("办理过这个案件的人员不得主持听证，听证由非本案调查人员主持", HEARING)
    return _yes("由非本案调查人员主持", HEARING)


def _may_review(facts: CaseFacts) -> Ruling:
    """Legal review by one who neither opened the case nor did a step of it; afterwards not the decider."""
    heard = _may_hear(facts)
    if not heard:
        return heard
    if not facts.review_opinion.strip():
        return _no("请写明法制审核意见", REVIEW)
    refusal = _not_second(facts, "作法制审核", facts.handled_by - facts.reviewers)
    return _no(refusal, REVIEW) if refusal else _yes("由非办案人员法制审核", REVIEW)


def _may_decide(facts: CaseFacts) -> Ruling:
    heard = _may_hear(facts)
    if not heard:
        return heard
    if facts.reviewed_by is None or not facts.review_opinion.strip():
        return _no("未经法制审核，不得作出决定", REVIEW)
    if facts.actor == facts.reviewed_by:
        return _no("法制审核人员不得作出决定，应由另一名决定人员办理", FOUR_EYES)
    if facts.heavy and not (together := may_decide_together(facts.votes)):
        return together
    return _unless(_not_second(facts, "作出决定", facts.handled_by), "由另一名决定人员作出决定")


def _unless(refusal: str, reason: str) -> Ruling:
    return _no(refusal, FOUR_EYES) if refusal else _yes(reason, FOUR_EYES)


def _not_second(facts: CaseFacts, what: str, handled_by: frozenset[Hashable]) -> str:
    """Why one who opened the case or did any other step of it may not; "" for a second person."""
    if facts.actor is None or facts.actor == facts.opened_by:
        return f"立案人员不得{what}，应由另一名决定人员办理"
    if facts.actor in handled_by:
        return f"您办理过这个案件的其他步骤，不得{what}，应由另一名决定人员办理"
    return ""


def _may_serve(facts: CaseFacts) -> Ruling:
    if facts.decided_on is None:
        return _no("尚无决定日期")
    if facts.served_on is None or not facts.decided_on <= facts.served_on <= facts.today:
        return _no("送达日期应在决定之后且不晚于今天")
    due = service_due(facts.decided_on, facts.calendar, facts.rules).day
    if facts.decided_by is not None and facts.actor == facts.decided_by:
        return _no("作出决定的人员不得送达和公示，请由另一名专员办理", FOUR_EYES)
    late = f"，已超过{printed(due)}的送达期限" if facts.served_on > due else ""
    return _yes(f"{printed(facts.served_on)}送达{late}", "行政处罚法")


def _may_publish(facts: CaseFacts) -> Ruling:
    served = _may_serve(facts)
    return _yes("决定已送达，可以公示") if served else served


def _may_drop(facts: CaseFacts) -> Ruling:
    """A decision is undone only by one who may decide and did none of the other steps."""
    if not facts.drop_reason.strip():
        return _no("撤回须写明理由", FOUR_EYES)
    if not facts.decided_on:
        return _yes("可以撤回", FOUR_EYES)
    return _unless(_not_second(facts, "撤回已经决定的案件", facts.handled_by), "可以撤回")


_CHECKS: Final[Mapping[Action, Callable[[CaseFacts], Ruling]]] = MappingProxyType(
    {
        Action.SEND_NOTICE: _may_send_notice,
        Action.HEAR: _may_close,
        Action.LEGAL_REVIEW: _may_review,
        Action.DECIDE: _may_decide,
        Action.SERVE: _may_serve,
        Action.PUBLISH: _may_publish,
        Action.DROP: _may_drop,
    }
)
