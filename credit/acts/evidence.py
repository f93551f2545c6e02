"""What a case rests on: the records that its grounds name, and whether they still say the same.

A correction is a new row. It is the same evidence as long as nothing changed that the law looks at: a
mended typo neither revives a record that was used up nor makes a running case undecidable.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT

from credit.models import CaseEvent, ListCase
from credit.models.kinds import FACT_MODELS
from credit.models.records import Fact
from credit.rules.removal import Ground

LOST, BACK = "evidence_lost", "evidence_back"  # the flags among a case's events
Key = tuple[str, int]
Signature = tuple[Any, ...]
MODELS: Final[dict[str, type[Any]]] = FACT_MODELS
# What the grounds of 应急管理部令第11号 look at; names, places and other words may be mended.
RELEVANT: Final = {
    "violation": ("happened_on", "penalty_kind", "fine", "confiscated", "licence", "ground"),
    "accident": (
        "happened_on", "grade", "deaths", "responsible", "concealed", "penalised",
        "multiplied_fine", "principal_fled",
    ),
    "majorhazard": ("happened_on", "ended_on", "supervision", "deadline"),
    "permitchange": ("happened_on", "ended_on", "action", "valid_from"),
    "trainingfact": ("happened_on", "ended_on", "event"),
}  # fmt: skip


def signature(fact: Fact) -> Signature:
    """Which record it is, and all of it that the law looks at."""
    kind = fact._meta.model_name or ""
    relevant = RELEVANT.get(kind, ("happened_on", "ended_on"))
    values = (getattr(fact, name) for name in relevant)
    return (kind, fact.source, fact.identity, fact.enterprise_id, *values)


def named(grounds: Iterable[dict[str, Any]]) -> set[Key]:
    """The records that a case's grounds name, as (type, key)."""
    return {(item["type"], item["id"]) for ground in grounds for item in ground["evidence"]}


def used_up(enterprises: Iterable[int]) -> Mapping[int, set[Signature]]:
    """Evidence of earlier cases for the black list that went as far as the hearing of the party.

    A case that ended because its evidence was lost judged nothing: what is restored counts again.
    """
    cases = ListCase.objects.filter(
        Q(state="published") | Q(events__action="hear"),
        colour="black",
        enterprise__in=set(enterprises),
    ).exclude(pk__in=_ended_for_lost().values("pk"))
    used: dict[int, set[Signature]] = defaultdict(set)
    keys = {key for grounds in cases.values_list("grounds", flat=True) for key in named(grounds)}
    for signed in _signatures(keys).values():
        used[signed[3]].add(signed)
    return used


def _ended_for_lost() -> QuerySet[ListCase]:
    """Cases dropped, or taken off the list, while their evidence was lost; or removed as annulled.

    An entry may be removed as annulled some days before the record is withdrawn.
    """
    steps = CaseEvent.objects.filter(case=OuterRef("pk")).order_by("-pk")
    ends, asked = steps.filter(action__in=("drop", "remove")), steps.filter(action="ask_removal")
    flags = steps.filter(action__in=(LOST, BACK))
    until = flags.filter(pk__lt=OuterRef("ended"))
    ended = ListCase.objects.alias(
        ended=Subquery(ends.values("pk")[:1]),
        flag=Subquery(until.values("action")[:1]),
        ground=Subquery(asked.annotate(ground=KT("snapshot__ground")).values("ground")[:1]),
    ).filter(ended__isnull=False)
    return ended.filter(Q(flag=LOST) | Q(Exists(flags), ground=Ground.ANNULLED.value))


def gone(case: ListCase) -> list[str]:
    """The labels of evidence that no current record bears out any more."""
    return gone_of([case]).get(case.pk, [])


def gone_of(cases: Iterable[ListCase]) -> dict[int, list[str]]:
    """The same for many cases: key of the case → labels, where any is lost. Two queries a kind of record."""
    asked = list(cases)
    signed = _signatures({key for case in asked for key in named(case.grounds)})
    standing: set[Signature] = set()
    for kind, model in MODELS.items():
        numbers = {one[2] for one in signed.values() if one[0] == kind}
        firms = {one[3] for one in signed.values() if one[0] == kind}
        current = model._default_manager.current()
        found = current.filter(enterprise__in=firms, identity__in=numbers)
        standing |= {signature(fact) for fact in found} if numbers else set()
    lost = {key for key, one in signed.items() if one not in standing}
    return {case.pk: labels for case in asked if (labels := _labels(case, lost))}


def _labels(case: ListCase, lost: set[Key]) -> list[str]:
    items = [item for ground in case.grounds for item in ground["evidence"]]
    return sorted({item["label"] for item in items if (item["type"], item["id"]) in lost})


def _signatures(keys: Iterable[Key]) -> dict[Key, Signature]:
    """The signature of each record that is named, whatever became of it since."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for kind, key in keys:
        wanted[kind].append(key)
    return {
        (kind, fact.pk): signature(fact)
        for kind, model in MODELS.items()
        if wanted[kind]
        for fact in model._default_manager.filter(pk__in=wanted[kind])
    }
