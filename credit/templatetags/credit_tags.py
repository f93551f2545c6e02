"""Small helps for credit's templates."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import template

from credit.models import ListEntry, Measure
from credit.models.measures import planned
from credit.rules.masking import mask_name, mask_numbers

register = template.Library()


@register.filter
def item(mapping: Mapping[str, Any] | str, key: str) -> Any:
    """``mapping[key]``, or None; also where the page has no such mapping."""
    return mapping.get(key) if isinstance(mapping, Mapping) else None


@register.filter
def measures_shown(entry: ListEntry) -> Iterable[Measure]:
    """The measures of an entry; of one that is only previewed, those that its publication would begin."""
    return planned(entry) if entry.pk is None else entry.measures.all()


@register.filter
def masked(name: str) -> str:
    """A person's name in public: the first character, the rest as stars."""
    return mask_name(name)


@register.filter
def public(text: str) -> str:
    """Free text in public: identity and telephone numbers of persons are masked."""
    return mask_numbers(text)


@register.filter
def percent(share: Any) -> str:
    """A share as a whole percentage: 0.6667 → 67%."""
    return f"{round(float(share) * 100)}%"


@register.filter
def magnitude(points: Decimal) -> Decimal:
    """Points without their sign: a deduction of −5 is printed as 5 added."""
    return abs(points)


@register.filter
def yuan(amount: Any) -> str:
    """Money in threes, cents only where there are any: 20,000 (the Chinese locale would group by four)."""
    value = Decimal(amount or 0)
    return f"{value:,.2f}".removesuffix(".00")
