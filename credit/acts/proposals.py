"""Who meets the grounds of the black list or every condition of the red list, computed for all at once.

The rules (``credit.rules.listing``) judge; here the facts are gathered set-based and the evidence is named.
A record that already carried a published case, or one that was dropped after the party was heard, is not
proposed again; a case dropped before (a slip in the notice), or ended because the record was withdrawn,
does not use it up.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, Final

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from credit.acts.evidence import gone, signature, used_up
from credit.models import Accident, Enterprise, ListCase, ListEntry, Violation
from credit.models.rulesets import timeline
from credit.rules.accidents import AccidentClass
from credit.rules.cases import OPEN_STATES
from credit.rules.listing import (
    AccidentFact,
    BlackFacts,
    RedFacts,
    black_grounds,
    ground_of,
    may_be_red,
    red_conditions,
)
from credit.rules.ruleset import Ground, Ruleset
from credit.rules.ruling import Ruling
from credit.rules.terms import add_months, printed
from credit.rules.timeline import Rules

Evidence = dict[str, Any]
_BY_DECISION: Final = tuple(Violation.Ground.values)
STANDS: Final = "行政处罚法第四十八条"
# Conditions of the red list of which this platform keeps no record: an officer looks them up.
_TO_CHECK: Final = frozenset({"no_dishonesty", "no_occupational_disease", "not_listed_elsewhere"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """An enterprise and the grounds it meets, ready to become a case's ``grounds``."""

    enterprise: Enterprise
    colour: str
    grounds: list[dict[str, Any]]


def candidates(
    colour: str,
    today: date,
    *,
    among: QuerySet[Enterprise] | None = None,
    rules: Rules | None = None,
) -> list[Proposal]:
    """Every proposal for a list, by name; ``among`` narrows the enterprises. A constant number of queries.

    Who stands on the black list is proposed again on what happened since.
    ``rules``: others than those in force, for a simulation.
    """
    register = Enterprise.objects.all() if among is None else among
    busy = Q(cases__colour=colour, cases__state__in=[str(state) for state in OPEN_STATES])
    standing = ListEntry.objects.standing(today).values("enterprise")
    free = register.exclude(pk__in=Enterprise.objects.filter(busy).values("pk"))
    rules = (rules or timeline()).until(today)
    if colour == "red":
        return list(_red(free.exclude(pk__in=standing), today, rules.now))
    listed = ListEntry.objects.standing(today).filter(colour="black", enterprise=OuterRef("pk"))
    free = free.annotate(begun=Subquery(listed.order_by("-listed_on").values("listed_on")[:1]))
    return list(_black(free, today, rules))


def grounds_met(today: date, *, among: QuerySet[Enterprise] | None = None) -> list[Proposal]:
    """Every enterprise that meets a ground of the black list, whatever case or entry there is of it."""
    register = Enterprise.objects.all() if among is None else among
    return list(_black(register, today, timeline().until(today), fresh_only=False))


def proposal_for(enterprise: Enterprise, colour: str, today: date) -> Proposal | None:
    """The proposal for one enterprise, if there is one."""
    found = candidates(colour, today, among=Enterprise.objects.filter(pk=enterprise.pk))
    return found[0] if found else None


def _may_come_back(restored: int) -> Ruling:
    """Whether the entry that a case restores can stand again: not annulled, nor shortened to what has run."""
    void = Q(pk__in=ListEntry.objects.void().values("pk")) | Q(outcomes__result="annulled")
    entries = ListEntry.objects.filter(pk=restored)
    if entries.filter(void).exists():
        return Ruling(False, "原来的列入已被撤销，自始无效，不能恢复，请撤回案件", STANDS)
    if entries.filter(removed_on__gte=F("ends_on")).exists():
        return Ruling(False, "变更后的期限已满，不能恢复，请撤回案件", STANDS)
    return Ruling(True, "原来的列入可以恢复", STANDS)


def still_holds(case: ListCase, today: date) -> Ruling:
    """Whether what a case rests on still stands: nobody is listed on a record that was withdrawn.

    Black: every record of its grounds is borne out by a current one. Red: every condition is met today.
    Source: 行政处罚法 第四十八条 (a penalty that is annulled or changed is withdrawn).
    """
    if case.colour == "red":
        return _red_still_holds(case, today)
    if case.restores_id and not (still := _may_come_back(case.restores_id)):
        return still
    if lost := gone(case):
        reason = f"证据“{'”“'.join(lost)}”已被更正或撤销，请撤回案件，按现在的记录重新办理"
        return Ruling(False, reason, STANDS)
    return Ruling(True, "列入情形的证据仍然有效", STANDS)


def _red_still_holds(case: ListCase, today: date) -> Ruling:
    ruleset = timeline(today).now
    itself = Enterprise.objects.filter(pk=case.enterprise_id)
    article = ruleset.terms["red.term"].article
    black = ListEntry.objects.in_force(today).filter(enterprise=case.enterprise_id, colour="black")
    if black.exists() or not any(_red(itself, today, ruleset)):
        return Ruling(False, "这家企业现在不满足守信激励名单的全部条件，请撤回案件", article)
    return Ruling(True, "现在仍满足全部条件", article)


# -- Black ---------------------------------------------------------------------------------------------


def _black(
    register: QuerySet[Enterprise], today: date, rules: Rules, *, fresh_only: bool = True
) -> Iterator[Proposal]:
    """Of one that stands on the list since its day ``begun``, only what happened later counts.

    ``fresh_only``: without what an earlier case has used up.
    """
    since = add_months(today, -rules.now.months("black.within"))
    window = {"happened_on__gt": since, "happened_on__lte": today}
    grave = Q(grade__in=["larger", "major", "extraordinary"])
    grave |= Q(concealed=True) | Q(multiplied_fine=True) | Q(principal_fled=True)
    accidents = _by_enterprise(
        Accident.objects.current().filter(
            grave, penalised=True, responsible=True, enterprise__in=register.values("pk"), **window
        )
    )
    violations = _by_enterprise(
        Violation.objects.current().filter(
            ground__in=_BY_DECISION, enterprise__in=register.values("pk"), **window
        )
    )
    used = used_up(chain(accidents, violations)) if fresh_only else {}
    found = register.filter(pk__in={*accidents, *violations}).select_related("place", "sector")
    for enterprise in found.order_by("name"):
        listed_on: date | None = enterprise.__dict__.get("begun")
        spent = used.get(enterprise.pk, set())
        begun = listed_on or since
        fresh, told = (
            [
                f
                for f in facts.get(enterprise.pk, [])
                if f.happened_on > begun and signature(f) not in spent
            ]
            for facts in (accidents, violations)
        )
        grounds = _black_grounds(fresh, told, rules)
        if grounds:
            yield Proposal(enterprise, "black", grounds)


def _black_grounds(
    accidents: list[Accident], violations: list[Violation], rules: Rules
) -> list[dict[str, Any]]:
    told = {v.ground for v in violations if v.ground in rules.on(v.happened_on).grounds}
    facts = BlackFacts(
        accidents=[
            AccidentFact(
                happened_on=accident.happened_on,
                grade=AccidentClass(accident.grade),
                penalised=accident.penalised,
                concealed=accident.concealed,
                multiplied_fine=accident.multiplied_fine,
                principal_fled=accident.principal_fled,
            )
            for accident in accidents
        ],
        **{name: name in told for name in _BY_DECISION},
    )
    grounds = []
    for code, ruling in black_grounds(facts, rules).items():
        if ruling:
            known = [a for a in accidents if code in rules.on(a.happened_on).grounds]
            evidence = _evidence(code, known, violations)
            grounds.append(_ground(code, ruling, ground_of(code, rules), evidence))
    return grounds


_HOLDS: Final[dict[str, Callable[[Accident], bool]]] = {
    "major_accident": lambda a: AccidentClass(a.grade).rank >= AccidentClass.MAJOR.rank,
    "two_larger_accidents": lambda a: AccidentClass(a.grade).rank >= AccidentClass.LARGER.rank,
    "multiplied_fine": lambda a: a.multiplied_fine,
    "concealment": lambda a: a.concealed,
    "principal_fled": lambda a: a.principal_fled,
}


def _evidence(code: str, accidents: list[Accident], violations: list[Violation]) -> list[Evidence]:
    if code in _HOLDS:
        return [
            {"type": "accident", "id": a.pk, "label": f"{a.source_key} {a.title}",
             "on": a.happened_on.isoformat(), "article": a.get_grade_display()}
            for a in accidents if _HOLDS[code](a)
        ]  # fmt: skip
    return [
        {"type": "violation", "id": v.pk, "label": f"{v.source_key} {v.offence}",
         "on": v.happened_on.isoformat(), "article": v.basis[:200]}
        for v in violations if v.ground == code
    ]  # fmt: skip


def _by_enterprise(facts: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for fact in facts:
        found[fact.enterprise_id].append(fact)
    return found


# -- Red -----------------------------------------------------------------------------------------------


def _red(register: QuerySet[Enterprise], today: date, ruleset: Ruleset) -> Iterator[Proposal]:
    """Only those that promised in public and hold the level can qualify; the rest is not looked at."""
    level = ruleset.terms["red.level"].amount
    hopeful = register.filter(
        promised_on__lte=today, standardisation_level=level, status=Enterprise.Status.ACTIVE
    )
    for enterprise, conditions in red_findings(hopeful, today, ruleset):
        if may_be_red(conditions):
            promise = printed(enterprise.promised_on) if enterprise.promised_on else ""
            evidence = {"promise": [{"type": "enterprise", "id": enterprise.pk,
                                     "label": f"公开承诺 {promise}", "on": "", "article": ""}]}  # fmt: skip
            grounds = [
                _ground(code, ruling, ruleset.grounds[code], evidence.get(code, []))
                for code, ruling in conditions.items()
            ]
            yield Proposal(enterprise, "red", grounds)


def red_findings(
    register: QuerySet[Enterprise], today: date, ruleset: Ruleset
) -> Iterator[tuple[Enterprise, dict[str, Ruling]]]:
    """Each enterprise, by name, with the ruling on each condition of the red list. Four queries."""
    penalised = _latest(Violation.objects.current().filter(enterprise__in=register))
    fatal = _latest(
        Accident.objects.current().filter(enterprise__in=register, responsible=True, deaths__gt=0)
    )
    dishonest = _latest_listing(register, today)
    for enterprise in register.select_related("place", "sector").order_by("name"):
        facts = RedFacts(
            promise_public=enterprise.promised_on is not None and enterprise.promised_on <= today,
            standardisation_level=enterprise.standardisation_level,
            dishonest_on=dishonest.get(enterprise.pk),
            penalised_on=penalised.get(enterprise.pk),
            fatal_accident_on=fatal.get(enterprise.pk),
        )
        yield enterprise, red_conditions(facts, today, ruleset)


def _latest(facts: QuerySet[Any]) -> dict[int, date]:
    return dict(facts.order_by().values_list("enterprise").annotate(Max("happened_on")))


def _latest_listing(register: QuerySet[Enterprise], today: date) -> dict[int, date]:
    """The last day on which an enterprise stood on the black list; one that was annulled never stood."""
    ended: dict[int, date] = {}
    entries = ListEntry.objects.valid().filter(colour="black", enterprise__in=register)
    for enterprise, ends_on, removed_on in entries.values_list(
        "enterprise", "ends_on", "removed_on"
    ):
        last = min(removed_on or ends_on, ends_on, today)
        ended[enterprise] = max(last, ended.get(enterprise, last))
    return ended


def _ground(code: str, ruling: Ruling, ground: Ground, evidence: list[Evidence]) -> dict[str, Any]:
    return {
        "code": code,
        "name": ground.name,
        "reason": ruling.reason,
        "article": ruling.article,
        "confirmed": ground.confirmed,
        "to_check": code in _TO_CHECK,
        "evidence": evidence,
    }
