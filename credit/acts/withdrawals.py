"""Withdraw an annulled fact of any kind, or restore it. One transaction with all that follows.

Source: 行政处罚法 第四十八条. The scores are computed anew. No entry of the black list goes by itself:
the cases that rest on the fact get an event, and the officers see them on their desk.
"""

from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from credit.acts import audit, scores
from credit.acts.casework import OPEN, calendar, event, refuse, require
from credit.acts.evidence import BACK, LOST, gone, named
from credit.acts.removals import end_red_entries
from credit.models import CaseEvent, ListCase, Withdrawal
from credit.models.records import Fact
from credit.models.rulesets import timeline
from credit.rules.cases import FOUR_EYES, State
from credit.rules.workdays import DueDay, add_working_days

ARTICLE: Final = "行政处罚法第四十八条"


@transaction.atomic
def withdraw(
    fact: Fact,
    *,
    officer: Any,
    reason: str,
    paper: str,
    today: date,
    paper_on: date | None = None,
) -> Withdrawal:
    """The record no longer counts anywhere; it stays in the file. Raises RefusedError."""
    fact = _locked(fact, officer, reason, paper, paper_on, today)
    if fact.withdrawn_at:
        raise refuse("这条记录已经撤销过了", ARTICLE)
    return _write(fact, Withdrawal.Action.WITHDRAW, officer, reason, paper, today, paper_on)


@transaction.atomic
def restore(
    fact: Fact,
    *,
    officer: Any,
    reason: str,
    paper: str,
    today: date,
    paper_on: date | None = None,
) -> Withdrawal:
    """The record counts again, and is public again: by another officer than withdrew it. Raises RefusedError."""
    fact = _locked(fact, officer, reason, paper, paper_on, today)
    if not fact.withdrawn_at:
        raise refuse("这条记录没有被撤销，不用恢复", ARTICLE)
    last = Withdrawal.objects.filter(**{fact._meta.model_name or "": fact}).last()
    if last is not None and last.by_id == officer.pk:
        raise refuse("撤销记录的人员不得恢复，应由另一名人员办理", FOUR_EYES)
    return _write(fact, Withdrawal.Action.RESTORE, officer, reason, paper, today, paper_on)


def resting_on_lost() -> QuerySet[ListCase]:
    """Cases under way or on a list of which a record was withdrawn and did not come back."""
    flags = CaseEvent.objects.filter(case=OuterRef("pk"), action__in=(LOST, BACK)).order_by("-pk")
    flagged = ListCase.objects.alias(last=Subquery(flags.values("action")[:1])).filter(last=LOST)
    removed = flagged.filter(entry__removed_on__isnull=False).values("pk")
    return flagged.exclude(state=State.DROPPED).exclude(pk__in=removed)


def due_on(paper_on: date) -> DueDay:
    """The last day for taking an annulled or changed penalty out of the public's sight.

    Three working days (term ``case.annulled``) after the day of the paper. Source: 行政处罚法 第四十八条.
    """
    days = timeline().on(paper_on).terms["case.annulled"].amount
    return add_working_days(paper_on, days, calendar())


def _locked(
    fact: Fact, officer: Any, reason: str, paper: str, paper_on: date | None, today: date
) -> Fact:
    held: Fact = type(fact)._base_manager.select_for_update().select_related(None).get(pk=fact.pk)
    require(officer, OPEN, held.enterprise)
    if held.replaced_at:
        raise refuse("这条记录已被更正，请办理最新的一条", ARTICLE)
    if not reason.strip() or not paper.strip():
        raise refuse("请写明理由，以及文书的名称和文号", ARTICLE)
    if paper_on is not None and paper_on > today:
        raise refuse("文书日期不能晚于今天", ARTICLE)
    return held


def _write(
    fact: Fact,
    action: Withdrawal.Action,
    officer: Any,
    reason: str,
    paper: str,
    today: date,
    paper_on: date | None,
) -> Withdrawal:
    kind = fact._meta.model_name or ""
    gone_now = action is Withdrawal.Action.WITHDRAW
    done = Withdrawal.objects.create(
        **{kind: fact}, action=action, by=officer, on=today,
        reason=reason.strip(), paper=paper.strip(), paper_on=paper_on,
    )  # fmt: skip
    audit.log(
        f"record.{action.value}", by=officer, subject=fact, enterprise=fact.enterprise_id,
        on=today, reason=done.reason, paper=done.paper, paper_on=paper_on,
    )  # fmt: skip
    marked = type(fact)._default_manager.filter(pk=fact.pk)
    marked.update(withdrawn_at=timezone.now() if gone_now else None)
    scores.refresh([fact.enterprise_id], as_of=today)
    end_red_entries([fact.enterprise_id], today=today)  # a restored penalty counts again
    flag(fact, kind, done, officer, today)
    return done


def flag(fact: Fact, kind: str, done: Withdrawal, officer: Any, today: date) -> None:
    """Tell every case of the enterprise that names this very record, and is not at its end."""
    words = f"{done.get_action_display()}记录 {fact.source_key}：{done.reason}（{done.paper}）"
    cases = ListCase.objects.filter(enterprise=fact.enterprise_id).exclude(state=State.DROPPED)
    same = type(fact)._default_manager.versions_of(fact)
    versions = {(kind, pk) for pk in same.values_list("pk", flat=True)}
    for case in cases:
        if not versions & named(case.grounds):
            continue
        step = (LOST, "依据被撤销") if gone(case) else (BACK, "依据已恢复")
        event(case, step, officer, today, words, ARTICLE, {"withdrawal": done.pk})
