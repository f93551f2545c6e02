"""What a case rests on: the records that its grounds name, and whether they still say the same.

A correction is a new row. It is the same evidence as long as nothing changed that the law looks at: a
mended typo neither revives a record that was used up nor makes a running case undecidable.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Q

from credit.models import Accident, ListCase, Violation

Key = tuple[str, int]
Signature = tuple[Any, ...]
MODELS: Final[dict[str, type[Violation | Accident]]] = {
    "violation": Violation,
    "accident": Accident,
}
# What the grounds of 应急管理部令第11号 look at; names, places and other words may be mended.
RELEVANT: Final = {
    "violation": ("happened_on", "penalty_kind", "fine", "confiscated", "licence", "ground"),
    "accident": (
        "happened_on", "grade", "deaths", "responsible", "concealed", "penalised",
        "multiplied_fine", "principal_fled",
    ),
}  # fmt: skip


def signature(fact: Violation | Accident) -> Signature:
    """Which record it is, and all of it that the law looks at."""
    kind = fact._meta.model_name or ""
    values = (getattr(fact, name) for name in RELEVANT[kind])
    return (kind, fact.source, fact.identity, fact.enterprise_id, *values)


def named(grounds: Iterable[dict[str, Any]]) -> set[Key]:
    """The records that a case's grounds name, as (type, key)."""
    return {(item["type"], item["id"]) for ground in grounds for item in ground["evidence"]}


def used_up(enterprises: Iterable[int]) -> Mapping[int, set[Signature]]:
    """Evidence of earlier cases for the black list that went as far as the hearing of the party."""
    cases = ListCase.objects.filter(
        Q(state="published") | Q(events__action="hear"),
        colour="black",
        enterprise__in=set(enterprises),
    )
    used: dict[int, set[Signature]] = defaultdict(set)
    keys = {key for grounds in cases.values_list("grounds", flat=True) for key in named(grounds)}
    for signed in _signatures(keys).values():
        used[signed[3]].add(signed)
    return used


def gone(case: ListCase) -> list[str]:
    """The labels of evidence that no current record bears out any more."""
    signed = _signatures(named(case.grounds))
    standing: set[Signature] = set()
    for model in MODELS.values():
        numbers = [one[2] for one in signed.values() if one[0] == model._meta.model_name]
        current = model._default_manager.current()
        found = current.filter(enterprise=case.enterprise_id, identity__in=numbers)
        standing |= {signature(fact) for fact in found} if numbers else set()
    lost = {key for key, one in signed.items() if one not in standing}
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
