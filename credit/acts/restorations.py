"""A removal that was obtained with false material is undone: the listing runs again for the rest of its term.

Source: 应急管理部令第11号 (fraud restores the listing). It is a case of its own that takes every step, so that the
party is told and heard, another officer decides, and no door leads to the list beside that one.
"""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from credit.acts.casework import OPEN, event, locked, refuse
from credit.models import CaseEvent, EntryAnnulment, ListCase, ListEntry
from credit.models.rulesets import in_force
from credit.rules.procedure import is_heavy
from credit.rules.removal import Ground

ARTICLE = "应急管理部令第11号（提供虚假材料移出的恢复列入），条文号待核对"


@transaction.atomic
def open_restoration(
    case: ListCase, *, officer: Any, reason: str, paper: str, today: date
) -> ListCase:
    """Open the case that restores an entry which left early on false material. Raises RefusedError."""
    former = locked(case, officer, OPEN)
    entry = ListEntry.objects.filter(case=former).first()
    entry = _checked(former, entry)
    if not reason.strip() or not paper.strip():
        raise refuse("请写明虚假材料的事实和证明文书", ARTICLE)
    fresh = ListCase(
        enterprise_id=former.enterprise_id,
        colour=former.colour,
        grounds=entry.grounds,  # what a judgment took away does not come back
        ruleset=in_force(today).label,
        heavy=is_heavy(ground["code"] for ground in entry.grounds),
        restores=entry,
        opened_by=officer,
        opened_on=today,
    )
    try:
        with transaction.atomic():
            ListCase._base_manager.bulk_create([fresh])
    except IntegrityError as fault:
        raise refuse("这家企业已有一件在办案件") from fault
    words = f"提前移出所依据的材料不实：{reason.strip()}（{paper.strip()}）"
    written = {"state": fresh.state, "restores": entry.pk}
    event(fresh, ("open", "立案（恢复列入）"), officer, today, words, ARTICLE, written)
    return fresh


def may_restore(case: ListCase) -> bool:
    """Whether the case's entry left early on the party's word; one that was annulled is not restored."""
    if EntryAnnulment.objects.filter(entry__case=case).exists():
        return False
    asked = CaseEvent.objects.filter(case=case, action="ask_removal").order_by("-pk").first()
    return asked is not None and asked.snapshot.get("ground") == Ground.EARLY.value


def _checked(case: ListCase, entry: ListEntry | None) -> ListEntry:
    if entry is None or not entry.removed_on or entry.removed_on >= entry.ends_on:
        raise refuse("只有提前移出的条目才能恢复列入", ARTICLE)
    if EntryAnnulment.objects.filter(entry=entry).exists():
        raise refuse("这次列入已被撤销，自始无效，不能恢复", ARTICLE)
    if not may_restore(case):
        raise refuse("这个条目不是依企业申请提前移出的，不能按虚假材料恢复", ARTICLE)
    if ListCase.objects.filter(restores=entry).exclude(state="dropped").exists():
        raise refuse("这个条目已经恢复列入，或正在办理", ARTICLE)
    return entry
