"""The gap finder: where records and lists differ, both ways, for the whole register at once.

``missing``: the grounds of a list are met and no case is open. ``unfounded``: a case is open or an entry
stands although its evidence is gone, the conditions fail or the term is over. The rules judge
(``credit.rules.listing``); nothing is listed or removed here: an officer opens, another decides.
Sources: 应急管理部令第11号; 行政处罚法 第四十八条; 安监总办〔2017〕133号.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from credit.acts.casework import DECIDE, OPEN
from credit.acts.evidence import gone_of, named
from credit.acts.messages import tell
from credit.acts.persons import persons_in
from credit.acts.proposals import Proposal, candidates, grounds_met, red_findings
from credit.models import Enterprise, GapSeen, ListCase, ListEntry, Posting, ResponsiblePerson
from credit.models.rulesets import in_force
from credit.rules.cases import OPEN_STATES
from credit.rules.ruleset import Ruleset
from credit.rules.terms import add_months

MISSING, UNFOUNDED, MET = "missing", "unfounded", "met"
SIDES: Final = {
    MISSING: "符合情形、没有案件",
    UNFOUNDED: "已立案或在名单上、不再符合",
    MET: "全部符合黑名单情形的",
}
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One enterprise whose records and standing differ; ``reasons`` say how, ``advice`` what to do."""

    side: str
    colour: str
    enterprise: Enterprise
    grounds: list[dict[str, Any]]
    reasons: list[str]
    advice: str
    case: ListCase | None = None
    persons: list[ResponsiblePerson] = field(default_factory=list)

    @property
    def codes(self) -> set[str]:
        """The grounds that it is about."""
        return {ground["code"] for ground in self.grounds}

    @property
    def key(self) -> str:
        """The same difference has the same key every night; other evidence is another difference."""
        case = self.case.pk if self.case else 0
        evidence = sorted(named(self.grounds)) if self.side == MISSING else self.reasons
        said = f"{self.side}|{self.colour}|{self.enterprise.pk}|{case}|{evidence}"
        return sha256(said.encode()).hexdigest()


def find(side: str, today: date, *, among: QuerySet[Enterprise] | None = None) -> list[Gap]:
    """Every difference of one kind, by name. A constant number of queries. Raises KeyError."""
    register = Enterprise.objects.all() if among is None else among
    gaps = list({MISSING: _missing, UNFOUNDED: _unfounded, MET: _met}[side](register, today))
    people = persons_in(key for gap in gaps for key in named(gap.grounds) if key[0] != "enterprise")
    for gap in gaps:
        for key in sorted(named(gap.grounds)):
            gap.persons.extend(people.get(key, []))
    return sorted(gaps, key=lambda gap: (gap.enterprise.name, gap.colour))


# -- Grounds met, no case ------------------------------------------------------------------------------------


def _missing(register: QuerySet[Enterprise], today: date) -> Iterator[Gap]:
    for colour in ("black", "red"):
        for proposal in candidates(colour, today, among=register):
            yield _of(proposal, MISSING, "核对记录后立案；不予立案的，写明理由")


def _met(register: QuerySet[Enterprise], today: date) -> Iterator[Gap]:
    """All that meet a ground, with the newest case that there is."""
    proposals = grounds_met(today, among=register)
    firms = [proposal.enterprise.pk for proposal in proposals]
    cases = ListCase.objects.filter(colour="black", enterprise__in=firms).order_by("pk")
    newest = {case.enterprise_id: case for case in cases}
    for proposal in proposals:
        case = newest.get(proposal.enterprise.pk)
        advice = f"最近的案件：{case.get_state_display()}" if case else "还没有案件"
        yield _of(proposal, MET, advice, case)


def _of(proposal: Proposal, side: str, advice: str, case: ListCase | None = None) -> Gap:
    reasons = [ground["reason"] for ground in proposal.grounds]
    return Gap(side=side, colour=proposal.colour, enterprise=proposal.enterprise, case=case,
               grounds=proposal.grounds, reasons=reasons, advice=advice)  # fmt: skip


# -- A case or an entry, no longer founded ---------------------------------------------------------------------


def _unfounded(register: QuerySet[Enterprise], today: date) -> Iterator[Gap]:
    ruleset = in_force(today)
    entries = ListEntry.objects.standing(today).filter(enterprise__in=register)
    listed = {entry.case_id: entry for entry in entries}
    cases = ListCase.objects.filter(
        Q(state__in=[str(state) for state in OPEN_STATES]) | Q(entry__in=entries),
        enterprise__in=register,
    ).select_related("enterprise__place", "enterprise__sector")
    found = list(cases)
    lost = gone_of(case for case in found if case.colour == "black")
    failed = _failed_conditions(found, today, ruleset)
    for case in found:
        entry = listed.get(case.pk)
        if case.colour == "red":
            reasons = failed.get(case.enterprise_id, [])
        else:
            reasons = [f"证据“{label}”已被更正或撤销" for label in lost.get(case.pk, [])]
            reasons += [] if case.decided_on else _out_of_window(case, today, ruleset)
        if reasons:
            yield Gap(side=UNFOUNDED, colour=case.colour, enterprise=case.enterprise, case=case,
                      grounds=case.grounds, reasons=reasons, advice=_advice(entry))  # fmt: skip


def _advice(entry: ListEntry | None) -> str:
    return "请登记移出申请，由另一名人员决定" if entry else "请撤回案件，按现在的记录重新办理"


def _out_of_window(case: ListCase, today: date, ruleset: Ruleset) -> list[str]:
    """Evidence that the rule no longer looks at, before anything was decided on it."""
    months = ruleset.months("black.within")
    since = add_months(today, -months).isoformat()
    items = [item for ground in case.grounds for item in ground["evidence"]]
    old = sorted({item["label"] for item in items if item["on"] and item["on"] <= since})
    return [f"证据“{label}”已超过{months}个月" for label in old]


def _failed_conditions(
    cases: Iterable[ListCase], today: date, ruleset: Ruleset
) -> dict[int, list[str]]:
    """Enterprise of a red case → the conditions that it does not meet today."""
    red = {case.enterprise_id for case in cases if case.colour == "red"}
    if not red:
        return {}
    black = ListEntry.objects.in_force(today).filter(colour="black", enterprise__in=red)
    on_black = set(black.values_list("enterprise", flat=True))
    failed: dict[int, list[str]] = {}
    for firm, conditions in red_findings(Enterprise.objects.filter(pk__in=red), today, ruleset):
        reasons = [ruling.reason for ruling in conditions.values() if not ruling]
        reasons += ["已列入严重失信主体名单"] if firm.pk in on_black else []
        if firm.status != Enterprise.Status.ACTIVE:
            reasons.append(f"企业状态是“{firm.get_status_display()}”")
        if reasons:
            failed[firm.pk] = reasons
    return failed


# -- Every night: who has to hear of it --------------------------------------------------------------------------


@transaction.atomic
def tell_officers(today: date) -> int:
    """Tell the officers of each jurisdiction how many differences are new; how many that were, in all.

    Idempotent: a difference is told once, and again only if it was settled and came back.
    """
    gaps = {gap.key: gap for side in (MISSING, UNFOUNDED) for gap in find(side, today)}
    known = dict(GapSeen.objects.values_list("key", "pk"))
    settled = [pk for key, pk in known.items() if key not in gaps]
    for start in range(0, len(settled), _CHUNK):
        GapSeen.objects.filter(pk__in=settled[start : start + _CHUNK]).delete()
    fresh = [gap for key, gap in gaps.items() if key not in known]
    GapSeen.objects.bulk_create(
        [GapSeen(key=gap.key, enterprise=gap.enterprise) for gap in fresh], batch_size=_CHUNK
    )
    for officer, mine in _by_officer(fresh).items():
        _tell(officer, mine, today)
    return len(fresh)


def _by_officer(gaps: list[Gap]) -> dict[Any, list[Gap]]:
    """Every officer who opens or decides cases, with the gaps in the places where they are posted."""
    allowed = (
        get_user_model()
        ._default_manager.filter(is_active=True)
        .filter(_holds(OPEN) | _holds(DECIDE))
    )
    postings = Posting.objects.filter(officer__in=allowed).select_related("officer", "place")
    reach: dict[Any, set[str]] = defaultdict(set)
    for posting in postings if gaps else ():
        reach[posting.officer].add(posting.place.path)
    found = {
        officer: [gap for gap in gaps if gap.enterprise.place.path.startswith(tuple(paths))]
        for officer, paths in reach.items()
    }
    return {officer: mine for officer, mine in found.items() if mine}


def _holds(permission: str) -> Q:
    code = {"content_type__app_label": "credit", "codename": permission.split(".")[1]}
    return Q(**{f"user_permissions__{name}": value for name, value in code.items()}) | Q(
        **{f"groups__permissions__{name}": value for name, value in code.items()}
    )


def _tell(officer: Any, gaps: list[Gap], today: date) -> None:
    lines = [f"{gap.enterprise.name}：{gap.reasons[0]}" for gap in gaps[:10]]
    lines += [f"另有 {len(gaps) - 10} 项，请打开页面查看"] if len(gaps) > 10 else []
    key = sha256("".join(sorted(gap.key for gap in gaps)).encode()).hexdigest()[:32]
    tell(
        [officer],
        kind="gap",
        key=f"gap:{today}:{key}",
        title=f"新发现 {len(gaps)} 项名单差异",
        body="\n".join(lines),
        link=reverse("credit:gaps"),
    )
