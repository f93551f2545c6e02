"""Credit repair (信用修复): the enterprise applies, one officer accepts, a second decides; fraud takes it back.

Sources: 国办发〔2025〕22号 and 信用修复管理办法 (penalties); 应急管理部令第11号 (early removal from the black
list, which goes through ``credit.acts.removals``). A granted repair of a penalty ends its publication and
sharing at once: ``Violation.objects.public`` no longer has it.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse

from credit.acts import audit, removals
from credit.acts.attachments import keep_files
from credit.acts.casework import RefusedError, refuse
from credit.acts.party import require_manager
from credit.acts.reach import require_within
from credit.acts.texts import tell_and_text
from credit.models import Enterprise, ListEntry, RepairApplication, RepairStep, Violation
from credit.models.managers import managers_of
from credit.models.repairs import RepairQuerySet
from credit.models.rulesets import timeline
from credit.rules.cases import FOUR_EYES
from credit.rules.removal import Ground
from credit.rules.repair import (
    Coaching,
    Severity,
    coach_entry,
    coach_penalty,
    may_decide,
    severity_of,
)
from credit.rules.violations import kind_of

ACCEPT: Final = "credit.accept_repair"
DECIDE: Final = "credit.decide_repair"
ARTICLE: Final = "信用修复管理办法（2026-04-01起）"
Action = RepairStep.Action


def coach(row: Violation | ListEntry, today: date) -> Coaching:
    """What the enterprise needs for the repair of ``row``, and whether it may apply today."""
    if isinstance(row, ListEntry):
        return coach_entry(row.listed_on, row.ends_on, today)
    return coach_penalty(row.happened_on, severity(row), today)


def coach_of(application: RepairApplication, today: date) -> Coaching:
    """The same for what an application is about."""
    row: Any = application.violation or application.entry
    return coach(row, today)


def severity(violation: Violation) -> Severity:
    """How grave the penalty is."""
    fine, licence = Decimal(violation.fine), violation.licence
    rules = timeline().on(violation.happened_on)
    return severity_of(kind_of(violation.penalty_kind, fine, rules, licence=licence))


def row_at(kind: str, pk: int, enterprise: Enterprise, today: date) -> Any:
    """What can be repaired under an address: a public penalty or a standing black entry; else None."""
    if kind == "violation":
        return Violation.objects.public(today).filter(enterprise=enterprise, pk=pk).first()
    if kind == "entry":
        standing = ListEntry.objects.in_force(today).filter(colour="black")
        return standing.filter(enterprise=enterprise, pk=pk).first()
    return None


@transaction.atomic
def apply(
    row: Violation | ListEntry,
    *,
    by: Any,
    statement: str,
    promised: bool,
    files: Iterable[UploadedFile],
    today: date,
) -> RepairApplication:
    """Apply for the repair of a public penalty or for early removal. Raises RefusedError."""
    require_manager(by, row.enterprise_id, today)
    Enterprise.objects.select_for_update().get(pk=row.enterprise_id)
    files = list(files)
    _may_apply(row, statement, promised, files, today)
    penalty = isinstance(row, Violation)
    made = RepairApplication.objects.create(
        enterprise_id=row.enterprise_id, by=by, applied_on=today, promised=promised,
        statement=statement.strip(), violation=row if isinstance(row, Violation) else None,
        entry=row if isinstance(row, ListEntry) else None, source=getattr(row, "source", ""),
        identity=getattr(row, "identity", ""),
    )  # fmt: skip
    keep_files(files, by=by, subject=made, for_party=True)
    audit.log(
        "repair.apply", by=by, subject=made, enterprise=row.enterprise_id,
        about=str(row.pk), penalty=penalty, statement=made.statement, on=today,
    )  # fmt: skip
    return made


def applied_for(row: Violation | ListEntry) -> RepairQuerySet:
    """Every application about a penalty, whichever version of it, or about an entry."""
    if isinstance(row, ListEntry):
        return RepairApplication.objects.filter(entry=row)
    return RepairApplication.objects.filter(
        source=row.source, identity=row.identity, enterprise=row.enterprise_id
    )


def _may_apply(row: Any, statement: str, promised: bool, files: list[Any], today: date) -> None:
    """Raises RefusedError with what is missing."""
    ruling = coach(row, today).ruling
    if not ruling:
        raise RefusedError(ruling)
    public = (
        isinstance(row, ListEntry) or Violation.objects.public(today).filter(pk=row.pk).exists()
    )
    if not public:
        raise refuse("这条处罚已经不再公示，不用申请修复", ruling.article)
    if applied_for(row).under_way().exists():
        raise refuse("已有一份修复申请正在办理，请等结果", ruling.article)
    if not statement.strip() or not promised or not files:
        raise refuse("请写明履行和整改情况、勾选信用承诺，并至少上传一份证明材料", ruling.article)


@transaction.atomic
def ask_more(
    application: RepairApplication, *, officer: Any, reason: str, today: date
) -> RepairStep:
    """Say, once and all together, what is missing. Raises RefusedError."""
    held = _held(application, officer, ACCEPT, "under_way")
    if state_of(held) is not None:
        raise refuse("需要补正的内容应一次说全，不能再次要求", ARTICLE)
    if not reason.strip():
        raise refuse("请把缺少的材料一次写全", ARTICLE)
    return _write(held, Action.ASK_MORE, officer, today, reason, "信用修复申请需要补材料")


@transaction.atomic
def supplement(
    application: RepairApplication,
    *,
    by: Any,
    text: str,
    files: Iterable[UploadedFile],
    today: date,
) -> RepairStep:
    """The enterprise adds what was missing. Raises RefusedError."""
    require_manager(by, application.enterprise_id, today)
    held = RepairApplication.objects.select_for_update().get(pk=application.pk)
    if state_of(held) != Action.ASK_MORE:
        raise refuse("现在不用补材料", ARTICLE)
    files = list(files)
    if not text.strip() and not files:
        raise refuse("请写明补了什么，或上传材料", ARTICLE)
    keep_files(files, by=by, subject=held, for_party=True)
    return _write(held, Action.SUPPLEMENT, by, today, text)


@transaction.atomic
def accept(application: RepairApplication, *, officer: Any, today: date) -> RepairStep:
    """Accept it: every paper is there, of the duties performed and of the harm remedied. Raises RefusedError.

    For an entry this also asks for its removal.
    """
    held = _held(application, officer, ACCEPT, "under_way")
    if state_of(held) == Action.ACCEPT:
        raise refuse("已经受理", ARTICLE)
    if held.entry is not None:
        words = f"企业申请提前移出（{held.number}）：{held.statement}"
        removals.ask_removal(
            held.entry.case, officer=officer, ground=Ground.EARLY.value, reason=words,
            duties_performed=True, harm_remedied=True, today=today,
        )  # fmt: skip
    return _write(held, Action.ACCEPT, officer, today, "", "信用修复申请已受理")


@transaction.atomic
def grant(application: RepairApplication, *, officer: Any, reason: str, today: date) -> RepairStep:
    """Grant it, as a second officer: the penalty is no longer public, the entry is removed."""
    held = _decidable(application, officer, reason)
    if held.violation is not None:
        ruling = coach(held.violation, today).ruling
        if not ruling:
            raise RefusedError(ruling)
    elif held.entry is not None and held.entry.removed_on is None:
        removals.remove(held.entry.case, officer=officer, reason=reason, today=today)
    return _write(held, Action.GRANT, officer, today, reason, "信用修复申请已同意")


@transaction.atomic
def refuse_repair(
    application: RepairApplication, *, officer: Any, reason: str, today: date
) -> RepairStep:
    """Refuse it with the reason, as a second officer. Raises RefusedError."""
    held = _decidable(application, officer, reason)
    if held.entry is not None and removals.pending(held.entry.case):
        removals.refuse_removal(held.entry.case, officer=officer, reason=reason, today=today)
    return _write(held, Action.REFUSE, officer, today, reason, "信用修复申请没有同意")


@transaction.atomic
def take_back(application: RepairApplication, *, by: Any, today: date) -> RepairStep:
    """The enterprise takes it back, as long as nobody accepted it. Raises RefusedError."""
    require_manager(by, application.enterprise_id, today)
    held = RepairApplication.objects.select_for_update().get(pk=application.pk)
    if state_of(held) not in (None, Action.ASK_MORE, Action.SUPPLEMENT):
        raise refuse("已经受理，不能再撤回", ARTICLE)
    return _write(held, Action.TAKE_BACK, by, today, "")


@transaction.atomic
def revoke(application: RepairApplication, *, officer: Any, reason: str, today: date) -> RepairStep:
    """Take a granted repair of a penalty back because of fraud: it is public again. Raises RefusedError."""
    held = _held(application, officer, DECIDE, "granted")
    if held.violation is None:
        raise refuse("提前移出的名单，请在案件里恢复列入", ARTICLE)
    if held.steps.filter(action=Action.GRANT, by=officer).exists():
        raise refuse("准予修复的人员不得撤销修复，应由另一名人员办理", FOUR_EYES)
    if not reason.strip():
        raise refuse("请写明弄虚作假的事实和依据的材料", ARTICLE)
    return _write(held, Action.REVOKE, officer, today, reason, "信用修复已被撤销，恢复公示")


def state_of(application: RepairApplication) -> str | None:
    """The newest step's action; None while nobody touched it."""
    last = application.steps.last()
    return last.action if last else None


def accepted(application: RepairApplication) -> RepairStep | None:
    """The step that accepted it."""
    return application.steps.filter(action=Action.ACCEPT).first()


def _decidable(application: RepairApplication, officer: Any, reason: str) -> RepairApplication:
    held = _held(application, officer, DECIDE, "under_way")
    step = accepted(held)
    ruling = may_decide(officer.pk, step.by_id if step else None)
    if not ruling:
        raise RefusedError(ruling)
    if not reason.strip():
        raise refuse("请写明理由", ARTICLE)
    return held


def _held(
    application: RepairApplication, officer: Any, permission: str, standing: str
) -> RepairApplication:
    """The application, locked, if the officer may and it stands so. Raises RefusedError."""
    require_within(officer, permission, application.enterprise_id)
    held: RepairApplication = RepairApplication.objects.select_for_update().get(pk=application.pk)
    found = RepairApplication.objects.filter(pk=held.pk)
    if not getattr(found, standing)().exists():
        raise refuse("这份申请已经办结，或还没有准予修复", ARTICLE)
    return held


def _write(
    application: RepairApplication,
    action: Action,
    by: Any,
    today: date,
    reason: str,
    title: str = "",
) -> RepairStep:
    done = RepairStep.objects.create(
        application=application, action=action, by=by, on=today, reason=reason.strip()
    )
    audit.log(
        f"repair.{action.value}", by=by, subject=application, enterprise=application.enterprise_id,
        on=today, reason=done.reason,
    )  # fmt: skip
    if title:
        firm = application.enterprise
        tell_and_text(
            managers_of(firm, today), title=title, key=f"repair:{application.pk}:{action.value}",
            kind="repair-papers" if action is Action.ASK_MORE else "repair",
            body=f"{application.number}\n{done.reason}".strip(),
            link=reverse("credit:mine_repair_file", args=[firm.pk, application.pk]), enterprise=firm,
        )  # fmt: skip
    return done
