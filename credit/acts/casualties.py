"""Casualties that change: in the window the class follows, later a second person decides.

Source: 国务院令第493号 第十三条.
"""

from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from credit.acts import audit, scores
from credit.acts.casework import DECIDE, event, refuse, require
from credit.acts.evidence import BACK, LOST, gone, named
from credit.acts.recording import content_of
from credit.acts.removals import end_red_entries
from credit.models import Accident, CasualtyDecision, CasualtyProposal, ListCase
from credit.rules.accidents import classify
from credit.rules.cases import State

ARTICLE: Final = "生产安全事故报告和调查处理条例第十三条"


@transaction.atomic
def decide(
    proposal: CasualtyProposal, *, accepted: bool, officer: Any, reason: str, today: date
) -> CasualtyDecision:
    """Accept: a new row with the figures and their class supersedes; or not. Raises RefusedError.

    The one who proposed does not decide.
    """
    accident = Accident._base_manager.select_for_update().get(pk=proposal.accident_id)
    require(officer, DECIDE, accident.enterprise)
    if proposal.by_id == officer.pk:
        raise refuse("提出变更的人不能自己决定，请由另一名人员决定", ARTICLE)
    if not reason.strip():
        raise refuse("请写明理由", ARTICLE)
    if CasualtyDecision.objects.filter(proposal=proposal).exists():
        raise refuse("这项变更已经决定过了", ARTICLE)
    if accepted and (accident.replaced_at or accident.withdrawn_at):
        raise refuse("这起事故的记录已被更正或撤销，请核对后重新提出", ARTICLE)
    done = CasualtyDecision.objects.create(
        proposal=proposal, accepted=accepted, reason=reason.strip(), by=officer, on=today
    )
    audit.log(
        "accident.decide_casualties", by=officer, subject=accident,
        enterprise=accident.enterprise_id, accepted=accepted, deaths=proposal.deaths,
        serious_injuries=proposal.serious_injuries, before=accident.grade, reason=done.reason,
    )  # fmt: skip
    if accepted:
        _reclassify(accident, proposal, done)
        scores.refresh([accident.enterprise_id], as_of=today)
        end_red_entries([accident.enterprise_id], today=today)
        _flag(accident, done)
    return done


def _reclassify(accident: Accident, proposal: CasualtyProposal, done: CasualtyDecision) -> None:
    kept = {name: getattr(accident, name) for name in content_of(Accident)}
    people = {"deaths": proposal.deaths, "serious_injuries": proposal.serious_injuries}
    grade = classify(
        deaths=proposal.deaths, serious_injuries=proposal.serious_injuries,
        direct_loss=accident.direct_loss,
    )  # fmt: skip
    Accident.objects.filter(pk=accident.pk).update(replaced_at=timezone.now())
    Accident.objects.create(
        **{**kept, **people}, grade=grade.value, enterprise=accident.enterprise,
        source=accident.source, source_key=accident.source_key, identity=accident.identity,
        happened_on=accident.happened_on, supersedes=accident,
    )  # fmt: skip  # no batch: whoever undoes an import does not undo what two decided


def _flag(accident: Accident, done: CasualtyDecision) -> None:
    """Tell every case that names this accident that its figures changed."""
    rows = Accident.objects.versions_of(accident).values_list("pk", flat=True)
    versions = {("accident", pk) for pk in rows}
    cases = ListCase.objects.filter(enterprise=accident.enterprise_id).exclude(state=State.DROPPED)
    for case in cases:
        if versions & named(case.grounds):
            step = (LOST, "依据已变更") if gone(case) else (BACK, "依据已恢复")
            words = f"事故伤亡变更：{done.proposal}：{done.reason}"
            event(case, step, done.by, done.on, words, ARTICLE, {"decision": done.pk})
