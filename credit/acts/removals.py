"""How an entry leaves its list before its end: one officer asks, another decides; red ends by itself.

Sources: 应急管理部令第11号; 行政处罚法 第四十八条; 安监总办〔2017〕133号. The database refuses a removal
that no other officer had asked for (migration 0023).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from credit.acts.casework import (
    DECIDE,
    OPEN,
    RefusedError,
    calendar,
    event,
    refuse,
    require,
)
from credit.models import Accident, CaseEvent, ListCase, ListEntry, Violation
from credit.models.rulesets import in_force
from credit.rules.cases import FOUR_EYES
from credit.rules.listing import red_must_end
from credit.rules.removal import Ground, RemovalFacts, may_answer, may_ask
from credit.rules.ruling import Ruling

ASKED: Final = "ask_removal"
_ANSWERS: Final = (ASKED, "refuse_removal", "remove")


@transaction.atomic
def ask_removal(
    case: ListCase,
    *,
    officer: Any,
    ground: str,
    reason: str,
    today: date,
    annulled_on: date | None = None,
    duties_performed: bool = False,
) -> ListEntry:
    """Ask for an entry's removal on a ground; another officer decides. Raises RefusedError."""
    entry = _standing(case, officer, OPEN, today)
    if pending(case):
        raise refuse("已有一份移出申请在等待决定")
    if not reason.strip():
        raise refuse("请写明移出的事实和依据的材料")
    facts = _facts(entry, officer, today, None, annulled_on, duties_performed)
    ruling = may_ask(Ground(ground), facts, in_force(today))
    if not ruling:
        raise RefusedError(ruling)
    words = f"{Ground(ground).label}：{reason.strip()}（{ruling.reason}）"
    written = {"ground": ground, "annulled_on": annulled_on, "duties_performed": duties_performed}
    event(entry.case, (ASKED, "申请移出"), officer, today, words, ruling.article, written)
    return entry


@transaction.atomic
def remove(case: ListCase, *, officer: Any, reason: str, today: date) -> ListEntry:
    """Take an entry off its list, by a decision officer other than the one who asked."""
    entry = _answered(case, officer, reason, today)
    end_entry(entry, officer, reason.strip(), FOUR_EYES, today)
    return entry


@transaction.atomic
def refuse_removal(case: ListCase, *, officer: Any, reason: str, today: date) -> ListEntry:
    """Leave it on the list, with the reason; it may be asked for again."""
    entry = _answered(case, officer, reason, today)
    step = ("refuse_removal", "不同意移出")
    event(entry.case, step, officer, today, reason.strip(), FOUR_EYES, {})
    return entry


def pending(case: ListCase) -> CaseEvent | None:
    """The request for removal that waits for an answer."""
    last = CaseEvent.objects.filter(case=case, action__in=_ANSWERS).order_by("-pk").first()
    return last if last is not None and last.action == ASKED else None


def awaiting() -> QuerySet[ListCase]:
    """The cases whose removal was asked for and not yet answered."""
    asked = CaseEvent.objects.filter(case=OuterRef("pk"), action__in=_ANSWERS).order_by("-pk")
    return ListCase.objects.alias(last=Subquery(asked.values("action")[:1])).filter(last=ASKED)


def answer_ruling(case: ListCase, officer: Any, asked: CaseEvent | None) -> Ruling:
    """Whether this officer may answer the request (see ``pending``), for the page."""
    if not officer.has_perm(DECIDE):
        return Ruling(False, "移出由有决定权限的另一名人员办理", FOUR_EYES)
    return may_answer(_facts(case.entry, officer, case.entry.listed_on, asked))


def end_entry(entry: ListEntry, officer: Any, reason: str, article: str, today: date) -> None:
    """Take it off its list, with the event; ``officer`` None: by itself."""
    removal = {
        "removed_on": today,
        "removal_reason": reason,
        "removed_by_id": officer and officer.pk,
    }
    for name, value in removal.items():
        setattr(entry, name, value)
    ListEntry._base_manager.filter(pk=entry.pk).update(**removal)
    label = "移出名单" if officer else "自动移出名单"
    event(entry.case, ("remove", label), officer, today, reason, article, removal)


def _standing(case: ListCase, officer: Any, permission: str, today: date) -> ListEntry:
    """The case's entry, locked, if it stands. Raises RefusedError."""
    held = ListEntry._base_manager.select_for_update().select_related(None)
    entry = held.filter(case=case).first()
    if entry is None:
        raise refuse("这个案件没有公示，不能移出")
    require(officer, permission, entry.enterprise)
    if entry.removed_on or today >= entry.ends_on:
        raise refuse("这个条目已经不在名单上")
    return entry


def _answered(case: ListCase, officer: Any, reason: str, today: date) -> ListEntry:
    """The entry, if this officer may answer the request for its removal. Raises RefusedError."""
    entry = _standing(case, officer, DECIDE, today)
    ruling = may_answer(_facts(entry, officer, today, pending(case)))
    if not ruling:
        raise RefusedError(ruling)
    if not reason.strip():
        raise refuse("请写明理由")
    return entry


def _facts(
    entry: ListEntry,
    officer: Any,
    today: date,
    asked: CaseEvent | None,
    annulled_on: date | None = None,
    duties_performed: bool = False,
) -> RemovalFacts:
    return RemovalFacts(
        colour=entry.colour,
        listed_on=entry.listed_on,
        today=today,
        actor=officer.pk,
        asked_by=asked and asked.actor_id,
        annulled_on=annulled_on,
        duties_performed=duties_performed,
        calendar=calendar() if annulled_on else {},
    )


# -- Red ends by itself ----------------------------------------------------------------------------------


@transaction.atomic
def end_red_entries(enterprises: Iterable[int] | None = None, *, today: date) -> int:
    """End red entries at once after an accident or a penalty since the grant; how many.

    Source: 安监总办〔2017〕133号. Called for the touched enterprises whenever records come in, and daily for
    all: an import that was killed between the two leaves nobody on the list.
    """
    standing = ListEntry.objects.in_force(today).filter(colour="red").select_related("case")
    touched = None if enterprises is None else set(enterprises)
    entries = [one for one in standing if touched is None or one.enterprise_id in touched]
    granted = {entry.enterprise_id: entry.listed_on for entry in entries}
    accidents = _first_since(Accident.objects.current().filter(responsible=True), granted, today)
    penalties = _first_since(Violation.objects.current(), granted, today)
    ended = 0
    for entry in entries:
        ruling = red_must_end(
            entry.listed_on,
            accident_on=accidents.get(entry.enterprise_id),
            penalised_on=penalties.get(entry.enterprise_id),
        )
        if ruling:
            end_entry(entry, None, ruling.reason, ruling.article, today)
            ended += 1
    return ended


def _first_since(facts: QuerySet[Any], granted: dict[int, date], today: date) -> dict[int, date]:
    """The first fact of each enterprise on or after its grant."""
    first: dict[int, date] = {}
    if not granted:
        return first
    red = ListEntry.objects.in_force(today).filter(colour="red").values("enterprise")
    found = facts.filter(
        enterprise__in=red, happened_on__gte=min(granted.values()), happened_on__lte=today
    )
    for enterprise, day in found.order_by("-happened_on").values_list("enterprise", "happened_on"):
        if enterprise in granted and day >= granted[enterprise]:
            first[enterprise] = day
    return first
