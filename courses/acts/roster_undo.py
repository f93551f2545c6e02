"""Undo a change of the roster by a row that names it: one alone, or a whole import, all or nothing."""

from datetime import date
from typing import Any, Final

from django.db import transaction

from courses.acts import obligations
from courses.acts.managing import refuse, require_manager
from courses.acts.roster import as_said
from courses.models import RosterChange, RosterImport
from credit.acts import audit
from credit.models import Employment, Enterprise

BATCH: Final = 500
CHANGED: Final = ["team", "trades", "ended_on"]
Action = RosterChange.Action


def undo(change: RosterChange, *, by: Any, reason: str, today: date) -> int:
    """Undo one change. Raises RefusedError."""
    firm = change.employment.enterprise
    return _undo(RosterChange.objects.filter(pk=change.pk), firm, by, reason, today)


def undo_import(made: RosterImport, *, by: Any, reason: str, today: date) -> int:
    """Undo what stands of an import. Raises RefusedError, and then nothing is undone."""
    return _undo(RosterChange.objects.filter(source=made), made.enterprise, by, reason, today)


@transaction.atomic
def _undo(changes: Any, firm: Enterprise, by: Any, reason: str, today: date) -> int:
    require_manager(by, firm, today)
    if not reason.strip():
        raise refuse("请写明撤销的理由")
    Enterprise.objects.select_for_update(no_key=True).get(pk=firm.pk)
    standing = changes.standing().filter(employment__enterprise=firm)
    rows = list(standing.select_related("employment__person").order_by("pk"))
    if not rows:
        raise refuse("已经撤销过了")
    made = [_undone(change, by, reason) for change in rows]
    works = [change.employment for change in rows]
    _refuse_two_at_once(works, firm)
    Employment.objects.bulk_update(works, CHANGED, batch_size=BATCH)
    RosterChange.objects.bulk_create(made, batch_size=BATCH)
    audit.log(
        "roster.undo", by=by, subject=rows[0], enterprise=firm, changes=len(rows), reason=reason
    )
    obligations.refresh([firm.pk], today=today)
    return len(rows)


def _undone(change: RosterChange, by: Any, reason: str) -> RosterChange:
    """The row that undoes ``change``; its employment is as it was before, not written yet."""
    work = change.employment
    now = as_said(work)
    if now != change.after:
        raise refuse(f"{work.person}的这一行后来又改过，请先撤销后面的变动")
    if change.action == Action.JOIN:  # never worked here: the row stays, for what hangs on it
        work.ended_on = work.began_on
    else:
        for name in ("team", "trades"):
            setattr(work, name, change.before[name])
        end = change.before["ended_on"]
        work.ended_on = date.fromisoformat(end) if end else None
    return RosterChange(
        employment=work, action=Action.UNDO, before=now, after=as_said(work), undoes=change,
        reason=reason.strip(), by=by,
    )  # fmt: skip


def _refuse_two_at_once(works: list[Employment], firm: Enterprise) -> None:
    """Who was entered anew meanwhile is not brought back beside it."""
    back = {(one.person_id, one.position): one for one in works if one.ended_on is None}
    others = Employment.objects.filter(
        enterprise=firm, ended_on__isnull=True, person__in=[person for person, _ in back]
    ).exclude(pk__in=[one.pk for one in works])
    for person, position in others.values_list("person_id", "position"):
        if (person, position) in back:
            name = back[person, position].person
            raise refuse(f"{name}已经重新登记在岗，不能再撤销离职")
