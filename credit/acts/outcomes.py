"""What a review authority or a court made of a listing: registered with its paper, carried out by two officers.

Upheld is noted. Annulled asks for the removal within 3 working days (行政处罚法 第四十八条). Changed shortens the
entry or takes grounds away by a row of its own: a judgment never makes it worse (行政诉讼法 第七十七条).

A judgment often comes when the listing has left early or expired. It is registered all the same: annulled, a
second officer writes down that the listing was void from the start, and nothing counts it any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from credit.acts.casework import DECIDE, OPEN, event, refuse, require
from credit.acts.removals import ask_removal, pending
from credit.models import EntryAnnulment, EntryChange, ListCase, ListEntry, Outcome
from credit.rules.cases import FOUR_EYES
from credit.rules.removal import Ground
from credit.rules.ruling import Ruling
from credit.rules.terms import printed

VOID = "行政诉讼法第七十条、行政复议法（撤销的行政行为自始没有效力），条文号待核对"
NEVER_WORSE = "行政诉讼法第七十七条（不得加重），行政复议法同理，条文号待核对"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """What the paper says; ``ends_on`` and ``grounds`` (codes that remain) only where it changes the listing."""

    body: str
    result: str
    paper: str
    on: date
    reason: str
    ends_on: date | None = None
    grounds: Sequence[str] = ()


@transaction.atomic
def register_outcome(case: ListCase, *, officer: Any, judgment: Judgment, today: date) -> Outcome:
    """Register a judgment; what it asks for then waits for a second officer. Raises RefusedError."""
    entry = _held(case, officer, OPEN)
    _check(entry, judgment, today)
    outcome = Outcome.objects.create(
        entry=entry,
        body=Outcome.Body(judgment.body),
        result=Outcome.Result(judgment.result),
        paper=judgment.paper.strip(),
        on=judgment.on,
        reason=judgment.reason.strip(),
        registered_by=officer,
    )
    written = {
        "outcome": outcome.pk,
        "result": judgment.result,
        "ends_on": judgment.ends_on,
        "grounds": list(judgment.grounds),
    }
    words = f"{outcome.get_body_display()}{outcome.get_result_display()}（{outcome.paper}）：{outcome.reason}"
    step = ("outcome", "登记复议诉讼结果")
    event(entry.case, step, officer, today, words, "行政复议法、行政诉讼法", written)
    if judgment.result == "annulled":
        _ask_removals(entry, officer, judgment.on, words, today)
    return outcome


def _ask_removals(entry: ListEntry, officer: Any, on: date, words: str, today: date) -> None:
    """Of the entry, and of one that restores it, whichever stands; a request that waits is answered first."""
    resting = ListEntry.objects.standing(today).select_related("case")
    for one in resting.filter(Q(pk=entry.pk) | Q(case__restores=entry)):
        if pending(one.case) is None:
            ask_removal(
                one.case, officer=officer, ground=Ground.ANNULLED.value, reason=words, today=today,
                annulled_on=on,
            )  # fmt: skip


@transaction.atomic
def apply_change(case: ListCase, *, officer: Any, reason: str, today: date) -> EntryChange:
    """Carry out a judgment that changed the listing, by an officer other than who registered it."""
    entry = _held(case, officer, DECIDE)
    outcome = pending_change(entry)
    ruling = change_ruling(officer, outcome)
    if outcome is None or not ruling:
        raise refuse(ruling.reason, ruling.article)
    if not reason.strip():
        raise refuse("请写明理由")
    asked = entry.case.events.filter(action="outcome", snapshot__outcome=outcome.pk).get().snapshot
    ends_on = date.fromisoformat(asked["ends_on"]) if asked["ends_on"] else entry.ends_on
    if _stands(entry, today) and ends_on <= today:
        raise refuse("变更后的期满日期已到，请申请移出", FOUR_EYES)
    grounds = [g for g in entry.grounds if not asked["grounds"] or g["code"] in asked["grounds"]]
    change = EntryChange.objects.create(
        entry=entry, outcome=outcome, ends_on=ends_on, grounds=grounds,
        asked_by=outcome.registered_by, by=officer, on=today, reason=reason.strip(),
    )  # fmt: skip
    if ends_on < entry.ends_on:
        ListEntry._base_manager.filter(pk=entry.pk).update(ends_on=ends_on)
    names = "；".join(ground["name"] for ground in grounds)
    words = f"{reason.strip()}。列入情形：{names}。期满日期：{printed(ends_on)}"
    written = {"ends_on": ends_on, "grounds": [ground["code"] for ground in grounds]}
    event(entry.case, ("change", "变更列入决定"), officer, today, words, FOUR_EYES, written)
    return change


@transaction.atomic
def annul(case: ListCase, *, officer: Any, reason: str, today: date) -> EntryAnnulment:
    """Write down that a listing which had left was void from the start, by another officer than registered it."""
    entry = _held(case, officer, DECIDE)
    outcome = pending_annulment(entry, today)
    ruling = annulment_ruling(officer, outcome)
    if outcome is None or not ruling:
        raise refuse(ruling.reason, ruling.article)
    if not reason.strip():
        raise refuse("请写明理由")
    done = EntryAnnulment.objects.create(
        entry=entry, outcome=outcome, asked_by=outcome.registered_by, by=officer, on=today,
        reason=reason.strip(),
    )  # fmt: skip
    words = f"{outcome.paper}：{reason.strip()}。这次列入自始没有效力，不再作为曾被列入的依据"
    written = {"outcome": outcome.pk}
    event(entry.case, ("annul", "撤销列入，自始无效"), officer, today, words, VOID, written)
    # An entry that restored it may have begun, or a request for its removal been refused, since the judgment.
    _ask_removals(entry, outcome.registered_by, outcome.on, words, today)
    return done


def pending_annulment(entry: ListEntry, today: date) -> Outcome | None:
    """The judgment that annulled a listing which had left, and waits for a second officer."""
    if _stands(entry, today) or ListEntry.objects.void().filter(pk=entry.pk).exists():
        return None
    return Outcome.objects.filter(entry=entry, result="annulled").last()


def awaiting_annulment(today: date) -> QuerySet[ListCase]:
    """The cases whose entry left and waits for that."""
    gone = ListEntry.objects.valid().filter(outcomes__result="annulled")
    left = gone.filter(Q(removed_on__isnull=False) | Q(ends_on__lte=today))
    return ListCase.objects.filter(entry__in=left.values("pk"))


def annulment_ruling(officer: Any, outcome: Outcome | None) -> Ruling:
    """Whether this officer may write it down."""
    if outcome is None:
        return Ruling(False, "没有等待办理的撤销结果", VOID)
    if not officer.has_perm(DECIDE) or outcome.registered_by_id == officer.pk:
        reason = "登记结果的人员不得确认撤销，应由另一名决定人员办理"
        return Ruling(False, reason, FOUR_EYES)
    return Ruling(True, "由另一名决定人员确认列入自始无效", VOID)


def pending_change(entry: ListEntry) -> Outcome | None:
    """The judgment that changed the listing and waits to be carried out."""
    return Outcome.objects.filter(entry=entry, result="changed", change=None).last()


def change_ruling(officer: Any, outcome: Outcome | None) -> Ruling:
    """Whether this officer may carry out the judgment."""
    if outcome is None:
        return Ruling(False, "没有等待执行的变更结果", FOUR_EYES)
    if not officer.has_perm(DECIDE) or outcome.registered_by_id == officer.pk:
        return Ruling(False, "登记结果的人员不得执行变更，应由另一名决定人员办理", FOUR_EYES)
    return Ruling(True, "由另一名决定人员执行变更", FOUR_EYES)


def _held(case: ListCase, officer: Any, permission: str) -> ListEntry:
    """The case's entry, locked, whether it stands or left. Raises RefusedError."""
    held = ListEntry._base_manager.select_for_update().select_related(None)
    entry = held.filter(case=case).first()
    if entry is None:
        raise refuse("这个案件没有公示")
    require(officer, permission, entry.enterprise)
    return entry


def _stands(entry: ListEntry, today: date) -> bool:
    return not entry.removed_on and today < entry.ends_on


def _check(entry: ListEntry, judgment: Judgment, today: date) -> None:
    """Raises RefusedError for what a judgment cannot say."""
    if not judgment.paper.strip() or not judgment.reason.strip():
        raise refuse("请写明文书名称、文号和内容")
    if not entry.listed_on <= judgment.on <= today:
        raise refuse("文书日期应在列入之后且不晚于今天")
    if ListEntry.objects.void().filter(pk=entry.pk).exists():
        raise refuse("这次列入已被撤销，自始无效，不用再登记", VOID)
    if pending_annulment(entry, today):
        raise refuse("已有一份撤销结果在等待办理", VOID)
    if judgment.result != "changed":
        return
    if pending_change(entry):
        raise refuse("已有一份变更结果在等待执行")
    if judgment.ends_on is None and not judgment.grounds:
        raise refuse("请填写变更后的期满日期，或仍然成立的列入情形")
    stands = _stands(entry, today)
    first = today if stands else entry.listed_on
    if judgment.ends_on is not None and not first < judgment.ends_on <= entry.ends_on:
        after = "今天" if stands else "列入日期"
        words = f"变更只能缩短期限：期满日期应在{after}之后且不晚于原期满日期"
        raise refuse(words, NEVER_WORSE)
    codes = {ground["code"] for ground in entry.grounds}
    if not set(judgment.grounds) <= codes:
        raise refuse("变更只能减少列入情形，不能增加", NEVER_WORSE)
