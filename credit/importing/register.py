"""What the register already knows, asked for a whole file at once: enterprises by number, places, sectors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from credit.models import Enterprise, Jurisdiction, Sector

CHUNK: Final = 5000  # numbers per query


@dataclass(frozen=True, slots=True)
class Known:
    """An enterprise of the register; ``in_reach``: the importing officer may act there."""

    pk: int
    name: str
    in_reach: bool


@dataclass(frozen=True, slots=True)
class Register:
    """Enterprises by number; places and sectors by name and by code (places in reach only)."""

    enterprises: Mapping[str, Known]
    places: Mapping[str, int]
    places_out_of_reach: frozenset[str]
    sectors: Mapping[str, int]


def look_up(numbers: Iterable[str], officer: Any = None) -> Register:
    """The part of the register that a file speaks of. Without ``officer`` everything is in reach."""
    reach = None
    if officer is not None and not officer.is_superuser:
        reach = set(Jurisdiction.objects.of_officer(officer).values_list("pk", flat=True))
    places: dict[str, int] = {}
    outside: set[str] = set()
    for pk, code, name in Jurisdiction.objects.values_list("pk", "code", "name"):
        if reach is None or pk in reach:
            places |= {code: pk, name: pk}
        else:
            outside |= {code, name}
    sectors: dict[str, int] = {}
    for pk, code, name in Sector.objects.values_list("pk", "code", "name"):
        sectors |= {code: pk, name: pk}
    return Register(_enterprises(numbers, reach), places, frozenset(outside), sectors)


def _enterprises(numbers: Iterable[str], reach: set[int] | None) -> dict[str, Known]:
    found: dict[str, Known] = {}
    waiting = iter(sorted(set(numbers)))
    while chunk := list(islice(waiting, CHUNK)):
        for field in ("uscc", "legacy_number"):
            asked = Enterprise.objects.filter(**{f"{field}__in": chunk})
            for number, pk, name, place in asked.values_list(field, "pk", "name", "place"):
                found[number] = Known(pk, name, reach is None or place in reach)
    return found
