"""Undo a whole import: what it added is withdrawn, what it corrected says again what it said before.

Nothing is deleted: withdrawals and superseding rows, with the undo as their paper. Facts that a later import
or an officer changed since keep the later word.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from credit.acts import audit, scores
from credit.acts.casework import event, refuse
from credit.acts.evidence import BACK, LOST, gone, named
from credit.acts.intake import UNDER_WAY
from credit.acts.recording import FACTS, content_of
from credit.acts.removals import end_red_entries
from credit.models import (
    Accident,
    CasualtyProposal,
    Enterprise,
    ImportBatch,
    ImportUndo,
    ListCase,
    Withdrawal,
)
from credit.models.records import Fact
from credit.rules.accidents import classify, may_reclassify
from credit.rules.cases import State
from credit.rules.ruling import Ruling

IMPORT: Final = "credit.import_records"
ARTICLE: Final = "记录更正：只新增、不删改"
CHUNK: Final = 1000


def may_undo(batch: ImportBatch, officer: Any) -> Ruling:
    """Whether ``officer`` may undo ``batch``: right, place, not under way, facts, not undone before."""
    if not officer.has_perm(IMPORT):
        return Ruling(False, "您没有导入记录的权限", ARTICLE)
    if batch.kind not in FACTS:
        return Ruling(False, "企业登记是现状，不是记录，不能整批撤销：请导入正确的登记", ARTICLE)
    if batch.state in UNDER_WAY:
        return Ruling(False, "导入还没有结束，请先停止或等它完成", ARTICLE)
    if ImportUndo.objects.filter(batch=batch).exists():
        return Ruling(False, "这次导入已经撤销过了", ARTICLE)
    if not batch.rows_new and not batch.rows_corrected:
        return Ruling(False, "这次导入没有新增、没有更正，不用撤销", ARTICLE)
    touched = FACTS[batch.kind]._default_manager.filter(batch=batch).values("enterprise")
    reach = Enterprise.objects.in_reach_of(officer).values("pk")
    if Enterprise.objects.filter(pk__in=touched).exclude(pk__in=reach).exists():
        return Ruling(False, "这次导入有不在您辖区的企业", ARTICLE)
    return Ruling(True, "可以撤销整次导入", ARTICLE)


@transaction.atomic
def undo(batch: ImportBatch, *, officer: Any, reason: str, today: date) -> ImportUndo:
    """Undo it, with the scores and cases that rest on it. Raises RefusedError."""
    held = ImportBatch.objects.select_for_update().select_related(None).get(pk=batch.pk)
    ruling = may_undo(held, officer)
    if not ruling:
        raise refuse(ruling.reason, ruling.article)
    if not reason.strip():
        raise refuse("请写明撤销的理由", ARTICLE)
    model = FACTS[held.kind]
    own = model._default_manager.filter(batch=held)
    standing = own.filter(replaced_at__isnull=True, withdrawn_at__isnull=True)
    # What it brought back after an earlier undo is taken away again, not put back.
    before = Q(supersedes__isnull=False, supersedes__withdrawn_at__isnull=True)
    added = list(standing.exclude(before).values_list("pk", flat=True))
    corrected = list(standing.filter(before).values_list("pk", flat=True))
    if model is Accident:
        corrected = _in_time(corrected, held, officer, today)
    done = ImportUndo.objects.create(
        batch=held, by=officer, on=today, reason=reason.strip(), withdrawn=len(added),
        put_back=len(corrected), left=own.count() - len(added) - len(corrected),
    )  # fmt: skip
    _withdraw(model, added, done)
    _put_back(model, corrected)
    touched = set(own.values_list("enterprise_id", flat=True))
    audit.log(
        "import.undo", by=officer, subject=held, reason=done.reason, on=today, kind=held.kind,
        withdrawn=done.withdrawn, put_back=done.put_back, left=done.left,
    )  # fmt: skip
    scores.refresh(touched, as_of=today)
    end_red_entries(touched, today=today)
    _flag(model, {*added, *corrected}, touched, done)
    return done


def _chunks(keys: list[int]) -> Iterable[list[int]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def _in_time(keys: list[int], batch: ImportBatch, officer: Any, today: date) -> list[int]:
    """Those whose casualties may go back now; past the window a second person decides it.

    Source: 国务院令第493号 第十三条.
    """
    found = []
    for fact in Accident.objects.filter(pk__in=keys).select_related("supersedes"):
        people = {name: getattr(fact.supersedes, name) for name in ("deaths", "serious_injuries")}
        same = all(getattr(fact, name) == value for name, value in people.items())
        if same or may_reclassify(fact.happened_on, today, fact.kind):
            found.append(fact.pk)
            continue
        grade = classify(**people, direct_loss=fact.direct_loss).value
        CasualtyProposal.objects.get_or_create(
            accident=fact, **people,
            defaults={"grade": grade, "by": officer, "batch": batch, "on": today},
        )  # fmt: skip
    return found


def _withdraw(model: type[Any], keys: list[int], done: ImportUndo) -> None:
    """Withdrawals of many at once, each with the undo as its paper."""
    kind, now = model._meta.model_name, timezone.now()
    for chunk in _chunks(keys):
        Withdrawal.objects.bulk_create(
            Withdrawal(
                **{f"{kind}_id": key}, action=Withdrawal.Action.WITHDRAW, by=done.by, on=done.on,
                reason=done.reason, paper=str(done), undo=done,
            )
            for key in chunk
        )  # fmt: skip
        model._default_manager.filter(pk__in=chunk).update(withdrawn_at=now)


def _put_back(model: type[Any], keys: list[int]) -> None:
    """A new row with the words of before supersedes the import's; the day of what happened too."""
    said = {*content_of(model), "happened_on", "source", "source_key", "identity", "enterprise_id"}
    said |= {"grade"} & {field.name for field in model._meta.concrete_fields}
    for chunk in _chunks(keys):
        facts = model._default_manager.filter(pk__in=chunk).select_related("supersedes")
        rows = [(fact, {name: getattr(fact.supersedes, name) for name in said}) for fact in facts]
        model._default_manager.filter(pk__in=chunk).update(replaced_at=timezone.now())
        model._default_manager.bulk_create([model(**old, supersedes=fact) for fact, old in rows])


def _flag(model: type[Any], keys: set[int], firms: set[int], done: ImportUndo) -> None:
    """Tell every case that names one of these records, in any of its versions, and is not at its end."""
    kind = model._meta.model_name or ""
    cases = list(ListCase.objects.filter(enterprise__in=firms).exclude(state=State.DROPPED))
    if not cases:
        return
    changed = _versions(model, keys, {case.enterprise_id for case in cases})
    words = f"{done}：{done.reason}"
    for case in cases:
        if not {(kind, key) for key in changed} & named(case.grounds):
            continue
        step = (LOST, "依据被撤销") if gone(case) else (BACK, "依据已恢复")
        event(case, step, done.by, done.on, words, ARTICLE, {"undo": done.pk})


def _versions(model: type[Any], keys: set[int], firms: set[int]) -> set[int]:
    """The keys of all rows of the facts that ``keys`` are rows of, among some enterprises."""
    rows = model._default_manager.filter(enterprise__in=firms)
    facts: list[Fact] = list(rows.only("pk", "source", "identity", "enterprise_id"))
    known = {_name(fact) for fact in facts if fact.pk in keys}
    return {fact.pk for fact in facts if _name(fact) in known}


def _name(fact: Fact) -> tuple[Any, ...]:
    return fact.source, fact.identity, fact.enterprise_id
