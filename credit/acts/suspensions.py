"""A red entry is suspended while an accident or a penalty is not certain yet; two officers resume or withdraw it.

Source: 安监总办〔2017〕133号 (the listing ends at once with an accident or a penalty). Where the fact is
certain it ends by itself (``credit.acts.removals``); decision 0015 says which facts are.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from credit.acts.casework import DECIDE, OPEN, event, refuse, require
from credit.models import CaseEvent, ListCase, ListEntry, Suspension
from credit.rules.cases import FOUR_EYES, RED
from credit.rules.ruling import Ruling

ASKED = "ask_resume"
_ANSWERS = (ASKED, "refuse_resume", "resume")


def suspend(entry: ListEntry, *, record: str, reason: str, today: date) -> bool:
    """Suspend it for this fact, by the system; False where that was done before, or it is suspended."""
    known = Suspension.objects.filter(entry=entry.pk)
    last = known.last()
    if known.filter(record=record).exists() or (last and last.action == "suspend"):
        return False
    Suspension.objects.create(
        entry=entry, action="suspend", on=today, reason=reason, record=record[:400]
    )
    step = ("suspend", "暂停守信激励")
    event(entry.case, step, None, today, reason, RED, {"record": record})
    return True


@transaction.atomic
def ask_resume(case: ListCase, *, officer: Any, reason: str, today: date) -> ListEntry:
    """Ask to resume it: the fact was looked into and does not end the listing. Raises RefusedError."""
    entry = _suspended(case, officer, OPEN, today)
    if pending(case):
        raise refuse("已有一份恢复申请在等待决定")
    if not reason.strip():
        raise refuse("请写明核实的结果和材料")
    event(entry.case, (ASKED, "申请恢复守信激励"), officer, today, reason.strip(), RED, {})
    return entry


@transaction.atomic
def resume(case: ListCase, *, officer: Any, reason: str, today: date) -> ListEntry:
    """Resume it, by a decision officer other than the one who asked."""
    entry, asked = _answered(case, officer, reason, today)
    Suspension.objects.create(
        entry=entry,
        action="resume",
        on=today,
        reason=reason.strip(),
        asked_by=asked.actor,
        by=officer,
    )
    event(entry.case, ("resume", "恢复守信激励"), officer, today, reason.strip(), FOUR_EYES, {})
    return entry


@transaction.atomic
def refuse_resume(case: ListCase, *, officer: Any, reason: str, today: date) -> ListEntry:
    """Leave it suspended, with the reason; it may be asked for again, or removed."""
    entry, _ = _answered(case, officer, reason, today)
    step = ("refuse_resume", "不同意恢复")
    event(entry.case, step, officer, today, reason.strip(), FOUR_EYES, {})
    return entry


def pending(case: ListCase) -> CaseEvent | None:
    """The request to resume that waits for an answer."""
    last = CaseEvent.objects.filter(case=case, action__in=_ANSWERS).order_by("-pk").first()
    return last if last is not None and last.action == ASKED else None


def awaiting() -> QuerySet[ListCase]:
    """The cases whose resumption was asked for and not yet answered."""
    asked = CaseEvent.objects.filter(case=OuterRef("pk"), action__in=_ANSWERS).order_by("-pk")
    return ListCase.objects.alias(last=Subquery(asked.values("action")[:1])).filter(last=ASKED)


def answer_ruling(officer: Any, asked: CaseEvent | None) -> Ruling:
    """Whether this officer may answer the request, for the page and the acts."""
    if asked is None:
        return Ruling(False, "还没有恢复申请，请先由专员登记", FOUR_EYES)
    if not officer.has_perm(DECIDE) or asked.actor_id == officer.pk:
        return Ruling(False, "登记申请的人员不得决定恢复，应由另一名决定人员办理", FOUR_EYES)
    return Ruling(True, "由另一名决定人员决定恢复", FOUR_EYES)


def _suspended(case: ListCase, officer: Any, permission: str, today: date) -> ListEntry:
    held = ListEntry._base_manager.select_for_update().select_related(None).filter(case=case)
    entry = held.first()
    suspended = ListEntry.objects.standing(today).suspended(today).filter(case=case)
    if entry is None or not suspended.exists():
        raise refuse("这个条目没有暂停")
    require(officer, permission, entry.enterprise)
    return entry


def _answered(
    case: ListCase, officer: Any, reason: str, today: date
) -> tuple[ListEntry, CaseEvent]:
    entry = _suspended(case, officer, DECIDE, today)
    asked = pending(case)
    ruling = answer_ruling(officer, asked)
    if asked is None or not ruling:
        raise refuse(ruling.reason, ruling.article)
    if not reason.strip():
        raise refuse("请写明理由")
    return entry, asked
