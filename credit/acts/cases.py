"""The steps of a listing case. Each verb is one transaction, asks the rule, and writes an event.

The rule is ``credit.rules.cases.may``; the database refuses what slips past it (migration 0004).
Sources: 行政处罚法 第四十四、四十五、六十二条; 应急管理部令第11号; 安监总办〔2017〕133号.

Both lists take the same path: for the red list the notice is the public announcement, and a statement
is an objection to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import IntegrityError, transaction

from credit.acts.proposals import proposal_for
from credit.models import (
    CaseEvent,
    Enterprise,
    Jurisdiction,
    ListCase,
    ListEntry,
    WorkdayException,
)
from credit.rules.cases import ARTICLE, FOUR_EYES, TRANSITIONS, Action, CaseFacts, State, may
from credit.rules.listing import red_must_end, term_end
from credit.rules.ruleset import load_ruleset
from credit.rules.ruling import Ruling
from credit.rules.workdays import Exceptions

OPEN: Final = "credit.open_case"
DECIDE: Final = "credit.decide_case"
AUTHORITY: Final = "应急管理局"


class RefusedError(Exception):
    """An act that the rules refuse; ``ruling`` says why and under which article."""

    def __init__(self, ruling: Ruling) -> None:
        super().__init__(ruling.reason)
        self.ruling = ruling


@dataclass(frozen=True, slots=True)
class Step:
    """An action of a case's page: what it is called, whether it is open to this officer, and why (not)."""

    action: str
    label: str
    ruling: Ruling


def calendar() -> Exceptions:
    """The bureau's calendar: exceptional day → is it worked."""
    return dict(WorkdayException.objects.values_list("day", "is_working"))


# -- Who may ------------------------------------------------------------------------------------------


def _refuse(reason: str, article: str = FOUR_EYES) -> RefusedError:
    return RefusedError(Ruling(False, reason, article))


def _require(officer: Any, permission: str, enterprise: Enterprise) -> None:
    """Permission and place; raises RefusedError."""
    if not officer.has_perm(permission):
        raise _refuse("您没有这个步骤的权限")
    reach = Jurisdiction.objects.of_officer(officer)
    if not reach.filter(pk=enterprise.place_id).exists():
        raise _refuse("这家企业不在您的辖区")


def _locked(case: ListCase, officer: Any, permission: str) -> ListCase:
    """The case as it stands now, locked for this transaction (SQLite locks the whole file)."""
    held = ListCase._base_manager.select_for_update().select_related(None).get(pk=case.pk)
    _require(officer, permission, held.enterprise)
    return held


# -- Steps ----------------------------------------------------------------------------------------------


@transaction.atomic
def open_case(enterprise: Enterprise, colour: str, *, officer: Any, today: date) -> ListCase:
    """Open a case on the grounds that the records meet today. Raises RefusedError."""
    _require(officer, OPEN, enterprise)
    proposal = proposal_for(enterprise, colour, today)
    if proposal is None:
        raise _refuse("目前的记录不符合列入情形，或已有在办案件、已在名单上", "应急管理部令第11号")
    case = ListCase(
        enterprise=enterprise,
        colour=colour,
        grounds=proposal.grounds,
        ruleset=load_ruleset().label,
        opened_by=officer,
        opened_on=today,
    )
    try:
        with transaction.atomic():
            ListCase._base_manager.bulk_create([case])
    except IntegrityError as fault:
        raise _refuse("这家企业已有一件在办案件") from fault
    reasons = "；".join(ground["reason"] for ground in proposal.grounds)
    articles = "；".join(dict.fromkeys(ground["article"] for ground in proposal.grounds))
    _event(case, "open", "立案", officer, today, reasons, articles)
    return case


@transaction.atomic
def send_notice(
    case: ListCase, *, officer: Any, text: str, served_on: date, today: date
) -> ListCase:
    """Record the notice (告知书) and the day on which the party received it."""
    case = _locked(case, officer, OPEN)
    if not case.opened_on <= served_on <= today:
        raise _refuse("告知书送达日期应在立案之后且不晚于今天", ARTICLE)
    changes = {"notice_text": text.strip(), "notice_served_on": served_on}
    return _advance(case, Action.SEND_NOTICE, officer, today, served_on, text.strip(), changes)


@transaction.atomic
def record_statement(
    case: ListCase, *, officer: Any, text: str, received_on: date, today: date
) -> ListCase:
    """Record a statement or defence (陈述、申辩); it must then be considered in writing."""
    case = _during_hearing(case, officer, received_on, today)
    if not text.strip():
        raise _refuse("请写明陈述、申辩的内容", ARTICLE)
    joined = "\n\n".join(filter(None, [case.statement_text, text.strip()]))
    changes = {"statement_on": received_on, "statement_text": joined, "statement_opinion": ""}
    return _note(case, "statement", "收到陈述申辩", officer, received_on, text.strip(), changes)


@transaction.atomic
def consider_statement(case: ListCase, *, officer: Any, opinion: str, today: date) -> ListCase:
    """Record the written opinion on the party's statement."""
    case = _during_hearing(case, officer, today, today)
    if not case.statement_on or not opinion.strip():
        raise _refuse("应先有陈述、申辩，并写明复核意见", ARTICLE)
    changes = {"statement_opinion": opinion.strip()}
    return _note(case, "consider", "复核陈述申辩", officer, today, opinion.strip(), changes)


@transaction.atomic
def request_hearing(case: ListCase, *, officer: Any, requested_on: date, today: date) -> ListCase:
    """The party asked for a hearing (听证)."""
    case = _during_hearing(case, officer, requested_on, today)
    changes = {"hearing_requested_on": requested_on}
    return _note(case, "request_hearing", "申请听证", officer, requested_on, "", changes)


@transaction.atomic
def hold_hearing(
    case: ListCase, *, officer: Any, held_on: date, record: str, today: date
) -> ListCase:
    """The hearing was held; its record is kept."""
    case = _during_hearing(case, officer, held_on, today)
    if not case.hearing_requested_on or not record.strip():
        raise _refuse("应先有听证申请，并附听证笔录", ARTICLE)
    changes = {"hearing_held_on": held_on, "hearing_record": record.strip()}
    return _note(case, "hold_hearing", "举行听证", officer, held_on, record.strip(), changes)


@transaction.atomic
def waive(case: ListCase, *, officer: Any, waived_on: date, reason: str, today: date) -> ListCase:
    """The party gave up statement and hearing in writing; ``reason`` names that paper."""
    case = _during_hearing(case, officer, waived_on, today)
    if not reason.strip():
        raise _refuse("请写明书面放弃材料的名称和编号", ARTICLE)
    changes = {"waived_on": waived_on}
    return _note(case, "waive", "书面放弃陈述申辩和听证", officer, waived_on, reason, changes)


@transaction.atomic
def close_hearing(case: ListCase, *, officer: Any, today: date) -> ListCase:
    """The party was heard: the term is over, or waived, or the hearing was held."""
    case = _locked(case, officer, OPEN)
    return _advance(case, Action.HEAR, officer, today, today, "", {})


@transaction.atomic
def decide(case: ListCase, *, officer: Any, number: str, reason: str, today: date) -> ListCase:
    """The decision, by an officer other than the one who opened the case."""
    case = _locked(case, officer, DECIDE)
    if not number.strip() or not reason.strip():
        raise _refuse("请填写决定文号和决定理由", ARTICLE)
    changes = {
        "decided_by_id": officer.pk,
        "decided_on": today,
        "decision_number": number.strip(),
        "decision_text": reason.strip(),
    }
    try:
        with transaction.atomic():
            return _advance(case, Action.DECIDE, officer, today, today, reason.strip(), changes)
    except IntegrityError as fault:
        raise _refuse("这个决定文号已经用过，请核对") from fault


@transaction.atomic
def serve(case: ListCase, *, officer: Any, served_on: date, how: str, today: date) -> ListCase:
    """The decision was served (送达)."""
    case = _locked(case, officer, OPEN)
    if not how.strip():
        raise _refuse("请写明送达方式，例如直接送达、留置送达", ARTICLE)
    changes = {"served_on": served_on, "served_how": how.strip()}
    return _advance(case, Action.SERVE, officer, today, served_on, how.strip(), changes)


@transaction.atomic
def publish(case: ListCase, *, officer: Any, today: date) -> ListEntry:
    """Put the decided and served case on the public list, for its term from today."""
    case = _locked(case, officer, OPEN)
    ruling = may(Action.PUBLISH, State(case.state), _facts(case, officer, today))
    if not ruling:
        raise RefusedError(ruling)
    if (
        ListEntry.objects.in_force(today)
        .filter(enterprise=case.enterprise_id, colour=case.colour)
        .exists()
    ):
        raise _refuse("这家企业已在名单上")
    entry = ListEntry(
        case=case,
        enterprise_id=case.enterprise_id,
        colour=case.colour,
        listed_on=today,
        ends_on=term_end(today, case.colour),
        authority=f"{case.enterprise.place.district.name}{AUTHORITY}",
        published_by=officer,
    )
    ListEntry._base_manager.bulk_create([entry])
    _advance(case, Action.PUBLISH, officer, today, today, f"公示至{entry.ends_on}", {})
    return entry


@transaction.atomic
def drop(case: ListCase, *, officer: Any, reason: str, today: date) -> ListCase:
    """End a case without a listing, with the reason."""
    permission = DECIDE if officer.has_perm(DECIDE) else OPEN
    case = _locked(case, officer, permission)
    changes = {"drop_reason": reason.strip()}
    return _advance(case, Action.DROP, officer, today, today, reason.strip(), changes)


@transaction.atomic
def remove(entry: ListEntry, *, officer: Any, reason: str, today: date) -> ListEntry:
    """Take an entry off its list before its end, by a decision officer, with the reason."""
    entry = ListEntry._base_manager.select_for_update().select_related(None).get(pk=entry.pk)
    _require(officer, DECIDE, entry.enterprise)
    if entry.removed_on or today >= entry.ends_on:
        raise _refuse("这个条目已经不在名单上")
    if not reason.strip():
        raise _refuse("请写明移出理由")
    ListEntry._base_manager.filter(pk=entry.pk).update(removed_on=today, removal_reason=reason)
    _event(entry.case, "remove", "移出名单", officer, today, reason, "")
    entry.refresh_from_db()
    return entry


@transaction.atomic
def end_red_entries(enterprises: Iterable[int], *, today: date) -> int:
    """End red entries at once after an accident or a penalty since the grant; how many.

    Source: 安监总办〔2017〕133号. Called whenever records come in.
    """
    entries = ListEntry.objects.in_force(today).filter(
        colour="red", enterprise__in=set(enterprises)
    )
    ended = 0
    for entry in entries.select_related("case", "enterprise", "published_by"):
        since = {"happened_on__gte": entry.listed_on, "happened_on__lte": today}
        accident = entry.enterprise.accidents.current().filter(responsible=True, **since).first()
        violation = entry.enterprise.violations.current().filter(**since).first()
        ruling = red_must_end(
            entry.listed_on,
            accident_on=accident.happened_on if accident else None,
            penalised_on=violation.happened_on if violation else None,
        )
        if ruling:
            removal = {"removed_on": today, "removal_reason": ruling.reason}
            ListEntry._base_manager.filter(pk=entry.pk).update(**removal)
            _event(entry.case, "remove", "自动移出名单", entry.published_by, today,
                   ruling.reason, ruling.article)  # fmt: skip
            ended += 1
    return ended


# -- What is open to whom --------------------------------------------------------------------------------


def steps(case: ListCase, *, officer: Any, today: date) -> list[Step]:
    """Every step from the case's state, with the ruling for this officer: the page prints it."""
    found = []
    facts = _facts(case, officer, today, probing=True)
    for action in Action:
        if (State(case.state), action) not in TRANSITIONS:
            continue
        permission = DECIDE if action is Action.DECIDE else OPEN
        ruling = may(action, State(case.state), facts)
        if action is Action.DROP and officer.has_perm(DECIDE):
            permission = DECIDE
        if not officer.has_perm(permission):
            ruling = Ruling(False, "这一步由有权限的另一名人员办理", FOUR_EYES)
        found.append(Step(action.value, action.label, ruling))
    return found


def _facts(case: ListCase, officer: Any, today: date, *, probing: bool = False) -> CaseFacts:
    """The case as the rule wants it. ``probing``: words not yet written count as written."""
    stand_in = "…" if probing else ""
    return CaseFacts(
        today=today,
        actor=officer.pk,
        opened_by=case.opened_by_id,
        notice_text=case.notice_text or stand_in,
        notice_served_on=case.notice_served_on,
        statement_on=case.statement_on,
        statement_considered=bool(case.statement_opinion),
        hearing_requested=case.hearing_requested_on is not None,
        hearing_held_on=case.hearing_held_on,
        waived=case.waived_on is not None,
        decided_on=case.decided_on,
        served_on=case.served_on or (today if probing else None),
        drop_reason=case.drop_reason or stand_in,
        calendar=calendar(),
    )


# -- Writing -------------------------------------------------------------------------------------------


def _during_hearing(case: ListCase, officer: Any, on: date, today: date) -> ListCase:
    """The case, if it is between notice and the close of the hearing."""
    case = _locked(case, officer, OPEN)
    if case.state != State.NOTICE_SENT:
        raise _refuse(f"“{State(case.state).label}”状态不能登记陈述申辩和听证", ARTICLE)
    if not (case.notice_served_on or today) <= on <= today:
        raise _refuse("日期应在告知书送达之后且不晚于今天", ARTICLE)
    return case


def _advance(
    case: ListCase,
    action: Action,
    officer: Any,
    today: date,
    on: date,
    words: str,
    changes: dict[str, Any],
) -> ListCase:
    """Ask the rule with the changes applied, then write state, changes and event together."""
    old = State(case.state)
    for name, value in changes.items():
        setattr(case, name, value)
    ruling = may(action, old, _facts(case, officer, today))
    if not ruling:
        raise RefusedError(ruling)
    new = TRANSITIONS[old, action]
    moved = ListCase._base_manager.filter(pk=case.pk, state=old).update(state=new, **changes)
    if not moved:
        raise _refuse("另一名人员刚刚办理了这个案件，请刷新后再看")
    case.state = new
    _event(case, action.value, action.label, officer, on, words or ruling.reason, ruling.article)
    return case


def _note(
    case: ListCase,
    action: str,
    label: str,
    officer: Any,
    on: date,
    words: str,
    changes: dict[str, Any],
) -> ListCase:
    """Add facts without a change of state."""
    ListCase._base_manager.filter(pk=case.pk, state=case.state).update(**changes)
    for name, value in changes.items():
        setattr(case, name, value)
    _event(case, action, label, officer, on, words, ARTICLE)
    return case


def _event(
    case: ListCase, action: str, label: str, officer: Any, on: date, reason: str, article: str
) -> None:
    CaseEvent.objects.create(
        case=case, action=action, label=label, actor=officer, on=on, reason=reason,
        article=article[:300],
    )  # fmt: skip
