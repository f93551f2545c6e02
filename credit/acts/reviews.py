"""Between the hearing and the decision: legal review (法制审核), and for heavy cases the heads' meeting.

Sources: 行政处罚法 第五十七条第二款 (heavy cases are decided together) and 第五十八条 (no decision without
legal review, or when it does not pass).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from credit.acts.casework import (
    OPEN,
    REVIEW,
    RefusedError,
    advance,
    event,
    facts_of,
    locked,
    refuse,
    ruling_on,
)
from credit.models import ListCase, Meeting, MeetingVote
from credit.rules import cases as rules
from credit.rules.cases import Action, State
from credit.rules.procedure import load_procedure, may_decide_together


@transaction.atomic
def legal_review(
    case: ListCase, *, officer: Any, opinion: str, today: date, passes: bool = True
) -> ListCase:
    """Record the opinion of the legal review; without ``passes`` the case stays, and may be mended or dropped."""
    case = locked(case, officer, REVIEW)
    words = opinion.strip()
    if not passes:
        return _object(case, officer, words, today)
    changes = {
        "legal_review_by_id": officer.pk,
        "legal_review_on": today,
        "legal_review_opinion": words,
    }
    return advance(case, Action.LEGAL_REVIEW, officer, today, today, words, changes)


def _object(case: ListCase, officer: Any, words: str, today: date) -> ListCase:
    case.legal_review_opinion = words
    ruling = ruling_on(Action.LEGAL_REVIEW, case, facts_of(case, officer, today))
    if not ruling:
        raise RefusedError(ruling)
    case.legal_review_opinion = ""
    step = ("legal_object", "法制审核不通过")
    event(case, step, officer, today, words, rules.REVIEW, {"state": case.state})
    return case


@transaction.atomic
def record_meeting(
    case: ListCase,
    *,
    officer: Any,
    held_on: date,
    record: str,
    members: Sequence[tuple[str, str]],
    today: date,
) -> ListCase:
    """Record the heads' meeting: its minutes, and each member with a vote ("for", "against", "abstain")."""
    case = locked(case, officer, OPEN)
    article = load_procedure().members.article
    if case.state != State.LEGAL_REVIEWED:
        raise refuse(f"“{State(case.state).label}”状态不能登记集体讨论", article)
    if not record.strip():
        raise refuse("请写明讨论记录", article)
    if not (case.legal_review_on or today) <= held_on <= today:
        raise refuse("讨论日期应在法制审核之后且不晚于今天", article)
    names = [name.strip() for name, _ in members]
    if "" in names or len(set(names)) < len(names):
        raise refuse("每名参加人员写一次姓名和职务，不能重复", article)
    meeting = Meeting.objects.create(
        case=case, held_on=held_on, record=record.strip(), recorded_by=officer
    )
    votes = [
        MeetingVote(meeting=meeting, member=name, vote=MeetingVote.Vote(vote))
        for name, (_, vote) in zip(names, members, strict=True)
    ]
    MeetingVote.objects.bulk_create(votes)
    ruling = may_decide_together(vote.vote for vote in votes)
    said = "；".join(f"{vote.member}：{vote.get_vote_display()}" for vote in votes)
    words = f"{record.strip()}\n{said}（{ruling.reason}）"
    event(case, ("meeting", "集体讨论"), officer, held_on, words, article, {"state": case.state})
    return case
