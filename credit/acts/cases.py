"""The steps of a listing case. Each verb is one transaction, asks the rule, and writes an event.

What the steps share is in ``credit.acts.casework``; the database refuses what slips past them.
Sources: 行政处罚法 第四十四、四十五、五十七、五十八、六十二条; 应急管理部令第11号; 安监总办〔2017〕133号.

Both lists take the same path: for the red list the notice is the public announcement, and a statement
is an objection to it, which anybody may make until the last day: red has no hearing and no waiver.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import IntegrityError, transaction

from credit.acts import documents, measures
from credit.acts.arguments import consider_statement, record_statement
from credit.acts.casework import (
    DECIDE,
    OPEN,
    REVIEW,
    RefusedError,
    advance,
    announced,
    calendar,
    event,
    facts_of,
    locked,
    note,
    refuse,
    require,
    ruling_on,
    unchecked,
    with_party,
)
from credit.acts.outcomes import annul, apply_change, register_outcome
from credit.acts.proposals import proposal_for
from credit.acts.removals import (
    ask_removal,
    end_entry,
    end_red_entries,
    refuse_removal,
    remove,
)
from credit.acts.repeats import former_and_term, term_months
from credit.acts.restorations import open_restoration
from credit.acts.reviews import legal_review, record_meeting
from credit.acts.suspensions import ask_resume, refuse_resume, resume
from credit.models import Enterprise, HearingNotice, ListCase, ListEntry
from credit.models.rulesets import in_force, timeline
from credit.rules.cases import (
    ARTICLE,
    FOUR_EYES,
    HEARING,
    RED,
    TRANSITIONS,
    Action,
    State,
    may_chair,
    may_request_hearing,
)
from credit.rules.hearings import ARTICLE as HEARING_NOTICE
from credit.rules.hearings import Announced, may_announce, may_hold
from credit.rules.procedure import is_heavy
from credit.rules.ruling import Ruling
from credit.rules.terms import printed

__all__ = [
    "DECIDE", "OPEN", "REVIEW", "RefusedError", "announce_hearing", "annul", "apply_change",
    "ask_removal", "ask_resume", "calendar", "close_hearing", "confirm_condition", "consider_statement",
    "decide", "drop", "end_red_entries", "hold_hearing", "legal_review", "open_case", "open_restoration",
    "publish", "record_meeting", "record_statement", "refuse_removal", "refuse_resume", "register_outcome",
    "remove", "request_hearing", "resume", "send_notice", "serve", "steps", "waive",
]  # fmt: skip

AUTHORITY: Final = "应急管理局"
WHO: Final = {OPEN: "信用专员", REVIEW: "法制审核人员", DECIDE: "决定人"}


@dataclass(frozen=True, slots=True)
class Step:
    """An action of a case's page: what it is called, whether it is open to this officer, and why (not)."""

    action: str
    label: str
    ruling: Ruling


# -- Steps ----------------------------------------------------------------------------------------------


@transaction.atomic
def open_case(enterprise: Enterprise, colour: str, *, officer: Any, today: date) -> ListCase:
    """Open a case on the grounds that the records meet today. Raises RefusedError."""
    require(officer, OPEN, enterprise)
    proposal = proposal_for(enterprise, colour, today)
    if proposal is None:
        raise refuse("目前的记录不符合列入情形，或已有在办案件、已在名单上", "应急管理部令第11号")
    case = ListCase(
        enterprise=enterprise,
        colour=colour,
        grounds=proposal.grounds,
        ruleset=in_force(today).label,
        heavy=is_heavy(ground["code"] for ground in proposal.grounds),
        opened_by=officer,
        opened_on=today,
    )
    try:
        with transaction.atomic():
            ListCase._base_manager.bulk_create([case])
    except IntegrityError as fault:
        raise refuse("这家企业已有一件在办案件") from fault
    reasons = "；".join(ground["reason"] for ground in proposal.grounds)
    articles = "；".join(dict.fromkeys(ground["article"] for ground in proposal.grounds))
    written = {"state": case.state, "colour": colour, "grounds": proposal.grounds}
    event(case, ("open", "立案"), officer, today, reasons, articles, written)
    return case


@transaction.atomic
def confirm_condition(
    case: ListCase, *, officer: Any, code: str, finding: str, today: date
) -> ListCase:
    """Record what an officer found about a condition of which the platform keeps no record."""
    case = locked(case, officer, OPEN)
    open_ones = unchecked(case)
    if case.state != State.PROPOSED or code not in open_ones:
        raise refuse("这一项不需要核实，或已经核实过", RED)
    if not finding.strip():
        raise refuse("请写明向哪个部门核实、结果怎样", RED)
    words = f"{open_ones[code]}：{finding.strip()}"
    written = {"state": case.state, "code": code}
    event(case, ("confirm", "人工核实"), officer, today, words, RED, written)
    return case


@transaction.atomic
def send_notice(
    case: ListCase, *, officer: Any, text: str, served_on: date, today: date
) -> ListCase:
    """Record the notice (告知书) and the day on which the party received it."""
    case = locked(case, officer, OPEN)
    if not case.opened_on <= served_on <= today:
        day = "公告日期" if case.colour == "red" else "告知书送达日期"
        raise refuse(f"{day}应在立案之后且不晚于今天", ARTICLE)
    documents.require_same_notice(case, text)
    changes = {"notice_text": text.strip(), "notice_served_on": served_on}
    return advance(case, Action.SEND_NOTICE, officer, today, served_on, text.strip(), changes)


@transaction.atomic
def request_hearing(case: ListCase, *, officer: Any, requested_on: date, today: date) -> ListCase:
    """The party asked for a hearing (听证), within five working days of the notice."""
    case = with_party(case, officer, requested_on, today)
    ruling = may_request_hearing(
        case.notice_served_on or today, requested_on, calendar(), timeline()
    )
    if not ruling:
        raise RefusedError(ruling)
    changes = {"hearing_requested_on": requested_on}
    return note(case, "request_hearing", "申请听证", officer, requested_on, "", changes)


@transaction.atomic
def announce_hearing(
    case: ListCase, *, officer: Any, told_on: date, set_for: date, place: str, today: date
) -> ListCase:
    """The party was told on ``told_on`` when and where the hearing is held, seven working days before.

    To move a hearing is to tell the party again; the newest notice counts.
    """
    case = with_party(case, officer, told_on, today)
    if not place.strip():
        raise refuse("请写明听证的地点", HEARING_NOTICE)
    if case.hearing_held_on and may_hold(
        announced(case), case.hearing_held_on, calendar(), timeline()
    ):
        raise refuse("听证已经举行，不用再通知", HEARING_NOTICE)
    notice = Announced(told_on, set_for)
    ruling = may_announce(notice, case.hearing_requested_on, calendar(), timeline())
    if not ruling:
        raise RefusedError(ruling)
    documents.require_hearing_notice(case, set_for)
    HearingNotice.objects.create(
        case=case, told_on=told_on, set_for=set_for, place=place.strip(), by=officer
    )
    words = f"{ruling.reason}，地点：{place.strip()}"
    written = {"state": case.state, "set_for": set_for, "place": place.strip()}
    step = ("announce_hearing", "通知听证")
    event(case, step, officer, told_on, words, ruling.article, written)
    return case


@transaction.atomic
def hold_hearing(
    case: ListCase, *, officer: Any, held_on: date, record: str, today: date, chair: Any = None
) -> ListCase:
    """The hearing was held by ``chair`` (by default ``officer``), who did not investigate; its record is kept."""
    case = with_party(case, officer, held_on, today)
    if not case.hearing_requested_on or not record.strip():
        raise refuse("应先有听证申请，并附听证笔录", ARTICLE)
    if held_on < case.hearing_requested_on:
        raise refuse("听证日期不能早于当事人申请听证的日期", HEARING)
    told = may_hold(announced(case), held_on, calendar(), timeline())
    if not told:
        raise RefusedError(told)
    chair = chair or officer
    ruling = may_chair(chair.pk, facts_of(case, officer, today))
    if not ruling:
        raise RefusedError(ruling)
    changes = {
        "hearing_held_on": held_on,
        "hearing_record": record.strip(),
        "hearing_chair_id": chair.pk,
    }
    words = f"主持人：{chair}。{record.strip()}"
    return note(case, "hold_hearing", "举行听证", officer, held_on, words, changes)


@transaction.atomic
def waive(case: ListCase, *, officer: Any, waived_on: date, reason: str, today: date) -> ListCase:
    """The party gave up statement and hearing in writing; ``reason`` names that paper."""
    case = with_party(case, officer, waived_on, today)
    if not reason.strip():
        raise refuse("请写明书面放弃材料的名称和编号", ARTICLE)
    changes = {"waived_on": waived_on}
    return note(case, "waive", "书面放弃陈述申辩和听证", officer, waived_on, reason, changes)


@transaction.atomic
def close_hearing(case: ListCase, *, officer: Any, today: date) -> ListCase:
    """The party was heard: the term is over, or waived, or the hearing was held."""
    case = locked(case, officer, OPEN)
    return advance(case, Action.HEAR, officer, today, today, "", {})


@transaction.atomic
def decide(case: ListCase, *, officer: Any, number: str, reason: str, today: date) -> ListCase:
    """The decision, by an officer other than the one who opened the case."""
    case = locked(case, officer, DECIDE)
    if not number.strip() or not reason.strip():
        raise refuse("请填写决定文号和决定理由", ARTICLE)
    changes = {
        "decided_by_id": officer.pk,
        "decided_on": today,
        "decision_number": number.strip(),
        "decision_text": reason.strip(),
        "term_months": term_months(case, today),
    }
    try:
        with transaction.atomic():
            return advance(case, Action.DECIDE, officer, today, today, reason.strip(), changes)
    except IntegrityError as fault:
        raise refuse("这个决定文号已经用过，请核对") from fault


@transaction.atomic
def serve(case: ListCase, *, officer: Any, served_on: date, how: str, today: date) -> ListCase:
    """The decision was served (送达), and with it the letter on repair; for red the grant. The papers must be there.

    Source: 行政处罚法 第六十一条; 信用修复管理办法 (两书同达); 安监总办〔2017〕133号. Raises RefusedError.
    """
    case = locked(case, officer, OPEN)
    if not how.strip():
        raise refuse("请写明送达方式，例如直接送达、留置送达", ARTICLE)
    if case.state == State.DECIDED:  # else ``advance`` says that it is not the turn
        documents.require_papers_of_service(case)
    changes = {"served_on": served_on, "served_how": how.strip()}
    return advance(case, Action.SERVE, officer, today, served_on, how.strip(), changes)


@transaction.atomic
def publish(case: ListCase, *, officer: Any, today: date) -> ListEntry:
    """Put the decided and served case on the public list, for its term from today.

    A black entry ends a red one of the same enterprise.
    """
    case = locked(case, officer, OPEN)
    ruling = ruling_on(Action.PUBLISH, case, facts_of(case, officer, today))
    if not ruling:
        raise RefusedError(ruling)
    standing = ListEntry.objects.standing(today).filter(enterprise=case.enterprise_id)
    if case.colour == "red" and standing.filter(colour="red").exists():
        raise refuse("这家企业已在名单上")
    former, term = former_and_term(case, today)
    entry = ListEntry(
        case=case,
        enterprise_id=case.enterprise_id,
        colour=case.colour,
        listed_on=today,
        ends_on=term.ends_on,
        former=former,
        authority=f"{case.enterprise.place.district.name}{AUTHORITY}",
        published_by=officer,
    )
    ListEntry._base_manager.bulk_create([entry])
    measures.begin(entry)
    words = f"公示至{printed(entry.ends_on)}（{term.reason}）"
    advance(case, Action.PUBLISH, officer, today, today, words, {})
    if case.colour == "black":
        for red in standing.filter(colour="red").select_related("case"):
            article = in_force(today).terms["red.term"].article
            end_entry(red, None, "列入严重失信主体名单，立即移出守信激励名单", article, today)
    return entry


@transaction.atomic
def drop(case: ListCase, *, officer: Any, reason: str, today: date) -> ListCase:
    """End a case without a listing, with the reason; once decided, only a second person may."""
    case = locked(case, officer, drop_permission(case, officer))
    if case.decided_on:  # it may have been decided since it was read
        require(officer, DECIDE, case.enterprise)
    changes = {"drop_reason": reason.strip(), "dropped_by_id": officer.pk}
    return advance(case, Action.DROP, officer, today, today, reason.strip(), changes)


def drop_permission(case: ListCase, officer: Any) -> str:
    """Who may decide may drop; who opens cases as well, until the decision."""
    return DECIDE if case.decided_on or officer.has_perm(DECIDE) else OPEN


# -- What is open to whom --------------------------------------------------------------------------------


def steps(case: ListCase, *, officer: Any, today: date) -> list[Step]:
    """Every step from the case's state, with the ruling for this officer: the page prints it."""
    found = []
    facts = facts_of(case, officer, today, probing=True)
    for action in Action:
        if (State(case.state), action) not in TRANSITIONS:
            continue
        permission = {Action.DECIDE: DECIDE, Action.LEGAL_REVIEW: REVIEW}.get(action, OPEN)
        ruling = ruling_on(action, case, facts)
        if action is Action.DROP:
            permission = drop_permission(case, officer)
        if not officer.has_perm(permission):
            ruling = Ruling(False, f"这一步由{WHO[permission]}办理，您没有这项权限", FOUR_EYES)
        found.append(Step(action.value, action.label_for(case.colour), ruling))
    return found
