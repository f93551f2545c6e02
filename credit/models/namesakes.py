"""Enterprises that bear the same or nearly the same name: a reader must not take one for the other."""

from collections import defaultdict
from collections.abc import Iterable

from credit.models.enterprises import Enterprise
from credit.models.search import holding_any
from credit.rules.names import core, nearly_same_among, pieces


def namesakes(enterprises: Iterable[Enterprise]) -> dict[int, list[str]]:
    """Key of each enterprise that has a namesake → their codes. One query for a page."""
    asked = list(enterprises)
    parts = {part for enterprise in asked for part in pieces(enterprise.name)}
    if not parts:
        return {}
    columns = ("pk", "name", "uscc", "legacy_number")
    register = Enterprise.objects.filter(pk__in=holding_any(sorted(parts), Enterprise.objects.db))
    candidates = list(register.order_by().values_list(*columns))
    cores = [core(name) for _, name, _, _ in candidates]
    found: dict[int, list[str]] = defaultdict(list)
    for enterprise in asked:
        for place in nearly_same_among(enterprise.name, cores):
            pk, _, uscc, legacy = candidates[place]
            if pk != enterprise.pk:
                found[enterprise.pk].append(uscc or legacy or "")
    return dict(found)
