"""How an entry leaves its list before its end: one officer asks, another decides; red ends by itself.

Sources: 应急管理部令第11号; 行政处罚法 第四十八条; 安监总办〔2017〕133号. The database refuses a removal
that no other officer had asked for (migration 0023).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from credit.acts import measures
from credit.acts.casework import (
    DECIDE,
    OPEN,
    RefusedError,
    calendar,
    event,
    refuse,
    require,
)
from credit.acts.proposals import candidates
from credit.acts.suspensions import suspend
from credit.models import Accident, CaseEvent, Enterprise, ListCase, ListEntry, Violation
from credit.models.attachments import subject_of
from credit.models.objections import line_of, marks
from credit.models.rulesets import in_force
from credit.rules.cases import FOUR_EYES
from credit.rules.listing import red_must_end
from credit.rules.removal import Ground, RemovalFacts, may_answer, may_ask
from credit.rules.ruling import Ruling
from credit.rules.terms import printed

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
    harm_remedied: bool = False,
) -> ListEntry:
    """Ask for an entry's removal on a ground; another officer decides. Raises RefusedError."""
    entry = _standing(case, officer, OPEN, today)
    if pending(case):
        raise refuse("已有一份移出申请在等待决定")
    if not reason.strip():
        raise refuse("请写明移出的事实和依据的材料")
    met = {"duties_performed": duties_performed, "harm_remedied": harm_remedied}
    if ground == Ground.EARLY:
        met["nothing_new"] = not _met_again(entry, today)
    conditions = frozenset(code for code, holds in met.items() if holds)
    facts = _facts(entry, officer, today, None, annulled_on, conditions)
    ruling = may_ask(Ground(ground), facts, in_force(today))
    if not ruling:
        raise RefusedError(ruling)
    words = f"{Ground(ground).label}：{reason.strip()}（{ruling.reason}）"
    written = {"ground": ground, "annulled_on": annulled_on, **met}
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
    measures.lift(entry, on=today, reason=reason)
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
    conditions: frozenset[str] = frozenset(),
) -> RemovalFacts:
    return RemovalFacts(
        colour=entry.colour,
        listed_on=entry.listed_on,
        today=today,
        actor=officer.pk,
        asked_by=asked and asked.actor_id,
        annulled_on=annulled_on,
        conditions=conditions,
        calendar=calendar() if annulled_on else {},
    )


def _met_again(entry: ListEntry, today: date) -> bool:
    """Whether what happened since the listing meets a ground of the black list, or such a case is open."""
    itself = Enterprise.objects.filter(pk=entry.enterprise_id)
    busy = ListCase.objects.open().filter(enterprise=entry.enterprise_id, colour="black")
    return busy.exists() or bool(candidates("black", today, among=itself))


# -- Red ends by itself ----------------------------------------------------------------------------------


@transaction.atomic
def end_red_entries(enterprises: Iterable[int] | None = None, *, today: date) -> int:
    """End red entries at once after an accident or a penalty since the grant; how many ended.

    Where the fact is not certain (an accident that no penalty has settled, a record under an open or upheld
    objection), the entry is suspended until two officers have looked. Source: 安监总办〔2017〕133号.
    Called for the touched enterprises whenever records come in, and daily for all: an import that was killed
    between the two leaves nobody on the list.
    """
    standing = ListEntry.objects.standing(today).filter(colour="red").select_related("case")
    touched = None if enterprises is None else set(enterprises)
    entries = [one for one in standing if touched is None or one.enterprise_id in touched]
    granted = {entry.enterprise_id: entry.listed_on for entry in entries}
    accidents = Accident.objects.current().filter(responsible=True)
    known = {
        "accident": _since(accidents, granted, today),
        "penalty": _since(Violation.objects.current(), granted, today),
    }
    disputed = marks({pk for rows in known.values() for pk in rows})
    ended = 0
    for entry in entries:
        facts = {kind: rows.get(entry.enterprise_id, []) for kind, rows in known.items()}
        ended += _judge(entry, facts, disputed, today)
    return ended


def _judge(
    entry: ListEntry, facts: dict[str, list[Any]], disputed: frozenset[str], today: date
) -> int:
    """End the entry, suspend it, or leave it; 1 when it ended."""
    sure = {
        kind: next(
            (f.happened_on for f in rows if is_certain(f) and not _is_disputed(f, disputed)), None
        )
        for kind, rows in facts.items()
    }
    ruling = red_must_end(
        entry.listed_on, accident_on=sure["accident"], penalised_on=sure["penalty"]
    )
    if ruling:
        end_entry(entry, None, ruling.reason, ruling.article, today)
        return 1
    for kind, what in (("accident", "发生事故"), ("penalty", "受到行政处罚")):
        for fact in facts[kind]:
            doubt = "企业已提出异议" if is_certain(fact) else "责任尚待认定"
            reason = (
                f"{printed(fact.happened_on)}{what}，{doubt}，"
                "暂停守信激励，由两名人员核实后恢复或者移出"
            )
            suspend(entry, record=record_key(fact), reason=reason, today=today)
    return 0


def is_certain(fact: Violation | Accident) -> bool:
    """A penalty is a decision; an accident is certain once a penalty has settled who answers for it."""
    return not isinstance(fact, Accident) or fact.penalised


def _is_disputed(fact: Violation | Accident, marked: frozenset[str]) -> bool:
    return line_of(fact) in marked or subject_of(fact) in marked


def record_key(fact: Violation | Accident) -> str:
    """Names a fact by kind, source and identity: a correction of it is the same fact."""
    return f"{fact._meta.model_name}:{fact.source}:{fact.identity}"[:400]


def _since(facts: QuerySet[Any], granted: dict[int, date], today: date) -> dict[int, list[Any]]:
    """The facts of each enterprise on or after its grant, the first one first."""
    found: dict[int, list[Any]] = {}
    if not granted:
        return found
    red = ListEntry.objects.standing(today).filter(colour="red").values("enterprise")
    rows = facts.filter(
        enterprise__in=red, happened_on__gte=min(granted.values()), happened_on__lte=today
    )
    for fact in rows.order_by("happened_on", "pk"):
        if fact.happened_on >= granted.get(fact.enterprise_id, date.max):
            found.setdefault(fact.enterprise_id, []).append(fact)
    return found
