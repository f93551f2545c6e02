"""What every step of a listing case shares: who may, the lock on the row, the rule, the written event.

The verbs are in ``credit.acts.cases``; the rule is ``credit.rules.cases.may``; the database refuses what
slips past it (migrations 0004 and later).
"""

from datetime import date
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from credit.acts import audit
from credit.acts.informing import inform
from credit.acts.proposals import still_holds
from credit.models import (
    CaseArgument,
    CaseEvent,
    Enterprise,
    HearingNotice,
    Jurisdiction,
    ListCase,
    Meeting,
    PartyStatement,
    Posting,
    WorkdayException,
)
from credit.models.rulesets import timeline
from credit.rules.cases import ARTICLE, FOUR_EYES, RED, TRANSITIONS, Action, CaseFacts, State, may
from credit.rules.hearings import Announced
from credit.rules.ruling import Ruling
from credit.rules.workdays import Exceptions

OPEN: Final = "credit.open_case"
DECIDE: Final = "credit.decide_case"
REVIEW: Final = "credit.review_case"
_REVIEWING: Final = (Action.LEGAL_REVIEW.value, "legal_object")
# Before each of these the evidence must stand.
RECHECKED: Final = frozenset(
    {Action.SEND_NOTICE, Action.HEAR, Action.LEGAL_REVIEW, Action.DECIDE, Action.PUBLISH}
)


class RefusedError(Exception):
    """An act that the rules refuse; ``ruling`` says why and under which article."""

    def __init__(self, ruling: Ruling) -> None:
        super().__init__(ruling.reason)
        self.ruling = ruling

    @property
    def printed(self) -> str:
        """As a page says it: the reason and, in brackets, the article."""
        return f"{self.ruling.reason}（{self.ruling.article}）"


def refuse(reason: str, article: str = FOUR_EYES) -> RefusedError:
    """A refusal to raise."""
    return RefusedError(Ruling(False, reason, article))


def calendar() -> Exceptions:
    """The bureau's calendar: exceptional day → is it worked."""
    return dict(WorkdayException.objects.values_list("day", "is_working"))


def require(officer: Any, permission: str, enterprise: Enterprise) -> None:
    """Permission and place. Raises RefusedError."""
    if not officer.has_perm(permission):
        raise refuse("您没有这个步骤的权限")
    reach = Jurisdiction.objects.of_officer(officer)
    if not reach.filter(pk=enterprise.place_id).exists():
        raise refuse("这家企业不在您的辖区")


def locked(case: ListCase, officer: Any, permission: str) -> ListCase:
    """The case as it stands now, locked for this transaction (SQLite locks the whole file)."""
    held = ListCase._base_manager.select_for_update().select_related(None).get(pk=case.pk)
    require(officer, permission, held.enterprise)
    return held


def during_hearing(case: ListCase, officer: Any, on: date, today: date) -> ListCase:
    """The case, if it is between notice and the close of the hearing. Raises RefusedError."""
    case = locked(case, officer, OPEN)
    if case.state != State.NOTICE_SENT:
        raise refuse(f"“{State(case.state).label}”状态不能登记陈述申辩和听证", ARTICLE)
    if not (case.notice_served_on or today) <= on <= today:
        raise refuse("日期应在告知书送达之后且不晚于今天", ARTICLE)
    return case


def with_party(case: ListCase, officer: Any, on: date, today: date) -> ListCase:
    """As ``during_hearing``, for what only the party to a penalty has: hearing and waiver."""
    case = during_hearing(case, officer, on, today)
    if case.colour == "red":
        words = "红名单的公告要等提意见的期限届满，没有听证和书面放弃；收到的意见请登记后复核"
        raise refuse(words, RED)
    return case


def chairs(case: ListCase) -> QuerySet[Any]:
    """Who could chair a hearing: officers of the place who did no step of the case."""
    codes = case.enterprise.place.path.strip("/").split("/")
    posted = Posting.objects.filter(place__code__in=codes).values("officer")
    people = get_user_model()._default_manager.filter(pk__in=posted, is_active=True)
    done = CaseEvent.objects.filter(case=case, actor__isnull=False)
    return people.exclude(pk__in=done.values("actor")).order_by("pk")


def ruling_on(action: Action, case: ListCase, facts: CaseFacts) -> Ruling:
    """What the rule says of ``action``; the greater steps also ask the evidence again."""
    ruling = may(action, State(case.state), facts)
    unread = PartyStatement.objects.waiting().filter(case=case)
    if ruling and action is Action.HEAR and unread.exists():
        return Ruling(False, "企业网上提交的陈述申辩还没有登记入案，请先登记", ARTICLE)
    if ruling and action in RECHECKED:
        stands = still_holds(case, facts.today)
        return ruling if stands else stands
    return ruling


def unchecked(case: ListCase) -> dict[str, str]:
    """Conditions that an officer must look up and has not yet: code → name."""
    found = _findings(case)
    names = {ground["code"]: ground["name"] for ground in case.grounds if ground.get("to_check")}
    return {code: name for code, name in names.items() if code not in found}


def checked_grounds(case: ListCase) -> list[dict[str, Any]]:
    """The case's grounds, each with what an officer found out about it ("" for nothing), for the page."""
    found = _findings(case)
    return [
        {**ground, "finding": found.get(ground["code"], "").removeprefix(f"{ground['name']}：")}
        for ground in case.grounds
    ]


def _findings(case: ListCase) -> dict[str, str]:
    """What officers registered about conditions of which the platform keeps no record: code → words."""
    if not any(ground.get("to_check") for ground in case.grounds):
        return {}
    steps = CaseEvent.objects.filter(case=case, action="confirm")
    return {step.snapshot["code"]: step.reason for step in steps}


def _handlers(case: ListCase) -> dict[str, frozenset[Any]]:
    """All who did a step of the case beside its decision, and those whose step was the legal review."""
    steps = CaseEvent.objects.filter(case=case, actor__isnull=False).exclude(action=Action.DECIDE)
    done = set(steps.order_by().values_list("actor", "action"))
    legal = frozenset(actor for actor, action in done if action in _REVIEWING)
    return {"handled_by": frozenset(actor for actor, _ in done), "reviewers": legal}


def _votes(case: ListCase) -> tuple[str, ...]:
    """How the heads voted in their last meeting."""
    last = Meeting.objects.filter(case=case).last() if case.heavy else None
    return tuple(last.votes.values_list("vote", flat=True)) if last else ()


def hearing_notice(case: ListCase) -> HearingNotice | None:
    """The newest notice of the day and place of the hearing."""
    return HearingNotice.objects.filter(case=case).last()


def announced(case: ListCase) -> Announced | None:
    """The same as the rule wants it; a case of which nobody asked for a hearing has none."""
    told = hearing_notice(case) if case.hearing_requested_on else None
    return Announced(told.told_on, told.set_for) if told else None


def facts_of(case: ListCase, officer: Any, today: date, *, probing: bool = False) -> CaseFacts:
    """The case as the rule wants it. ``probing``: words not yet written count as written."""
    stand_in = "…" if probing else ""
    return CaseFacts(
        colour=case.colour,
        today=today,
        actor=officer.pk,
        opened_by=case.opened_by_id,
        **_handlers(case),
        decided_by=case.decided_by_id,
        unchecked=tuple(unchecked(case).values()) if case.state == State.PROPOSED else (),
        notice_text=case.notice_text or stand_in,
        notice_served_on=case.notice_served_on,
        statement_on=case.statement_on,
        statement_considered=bool(case.statement_opinion),
        unanswered=CaseArgument.objects.filter(case=case, opinion="").count(),
        hearing_requested=case.hearing_requested_on is not None,
        hearing_announced=announced(case),
        hearing_held_on=case.hearing_held_on,
        waived=case.waived_on is not None,
        reviewed_by=case.legal_review_by_id,
        review_opinion=case.legal_review_opinion or stand_in,
        heavy=case.heavy is not False,
        votes=_votes(case),
        decided_on=case.decided_on,
        served_on=case.served_on or (today if probing else None),
        drop_reason=case.drop_reason or stand_in,
        calendar=calendar(),
        rules=timeline(today),
    )


def advance(
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
    ruling = ruling_on(action, case, facts_of(case, officer, today))
    if not ruling:
        raise RefusedError(ruling)
    new = TRANSITIONS[old, action]
    moved = ListCase._base_manager.filter(pk=case.pk, state=old).update(state=new, **changes)
    if not moved:
        raise refuse("另一名人员刚刚办理了这个案件，请刷新后再看")
    case.state = new
    written = {"state": new.value, **changes}
    event(case, action, officer, on, words or ruling.reason, ruling.article, written)
    return case


def note(
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
    event(case, (action, label), officer, on, words, ARTICLE, {"state": case.state, **changes})
    return case


def event(
    case: ListCase,
    step: Action | tuple[str, str],
    officer: Any,
    on: date,
    reason: str,
    article: str,
    snapshot: dict[str, Any],
) -> None:
    """Write the step: ``officer`` None stands for the system, ``snapshot`` for what it wrote."""
    action, label = (step.value, step.label_for(case.colour)) if isinstance(step, Action) else step
    done = CaseEvent.objects.create(
        case=case, action=action, label=label, actor=officer, on=on, reason=reason,
        article=article[:300], snapshot=snapshot,
    )  # fmt: skip
    audit.log(
        f"case.{action}", by=officer, subject=case, enterprise=case.enterprise_id,
        on=on, reason=reason, article=article, written=snapshot,
    )  # fmt: skip
    inform(case, done)
