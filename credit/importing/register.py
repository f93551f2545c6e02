"""What the register already knows, asked for a whole file at once: enterprises by number, places, sectors."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from credit.models import Enterprise, Jurisdiction, NameMatch, Sector, Violation
from credit.rules.names import fold

CHUNK: Final = 5000  # numbers per query
_TO_HALF: Final = str.maketrans("（）", "()")
_TO_FULL: Final = str.maketrans("()", "（）")


@dataclass(frozen=True, slots=True)
class Known:
    """An enterprise of the register; ``in_reach``: the importing officer may act there."""

    pk: int
    name: str
    in_reach: bool
    uscc: str | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """Enterprises by number; places and sectors by name and by code (places in reach only)."""

    enterprises: Mapping[str, Known]
    places: Mapping[str, int]
    places_out_of_reach: frozenset[str]
    sectors: Mapping[str, int]


def look_up(
    numbers: Iterable[str], officer: Any = None, place: Jurisdiction | None = None
) -> Register:
    """The part of the register that a file speaks of.

    In reach is what lies in ``place``, else where ``officer`` acts, else everything.
    """
    reach = None
    if place is not None:
        within = Jurisdiction.objects.filter(path__startswith=place.path)
        reach = set(within.values_list("pk", flat=True))
    elif officer is not None and not officer.is_superuser:
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
    for chunk in _chunks(numbers):
        for field in ("uscc", "legacy_number"):
            asked = Enterprise.objects.filter(**{f"{field}__in": chunk})
            columns = asked.values_list(field, "pk", "name", "uscc", "place")
            for number, pk, name, uscc, place in columns:
                found[number] = Known(pk, name, reach is None or place in reach, uscc)
    return found


def linked(register: Register) -> dict[tuple[str, str], Known]:
    """What persons decided about names without a valid code: (folded name, number said) → enterprise."""
    places = set(register.places.values())
    decided = NameMatch.objects.filter(enterprise__isnull=False).select_related("enterprise")
    return {
        (one.key, one.said): Known(
            one.enterprise.pk, one.enterprise.name, one.enterprise.place_id in places,
            one.enterprise.uscc,
        )
        for one in decided
        if one.enterprise is not None
    }  # fmt: skip


def unresolved() -> dict[tuple[str, int], str]:
    """Old numbers of the enterprises that have no code yet, by folded name and place."""
    waiting = Enterprise.objects.filter(uscc__isnull=True)
    return {
        (fold(name), place): number or ""
        for name, place, number in waiting.values_list("name", "place", "legacy_number")
    }


def resolved(names: Iterable[str]) -> dict[tuple[str, int], str]:
    """Codes of the enterprises of these names (in either width of brackets), by folded name and place."""
    spelt = {
        spelling
        for name in names
        for spelling in (name, name.translate(_TO_HALF), name.translate(_TO_FULL))
    }
    found: dict[tuple[str, int], str] = {}
    for chunk in _chunks(spelt):
        asked = Enterprise.objects.filter(uscc__isnull=False, name__in=chunk)
        for name, place, uscc in asked.values_list("name", "place", "uscc"):
            found[(fold(name), place)] = uscc or ""
    return found


def holders(keys: Iterable[str], source: str) -> Iterator[tuple[str, int, str]]:
    """Each document key of penalties that stands now, with its enterprise's key and name."""
    for chunk in _chunks(keys):
        asked = Violation.objects.current().filter(source=source, identity__in=chunk)
        yield from asked.values_list("identity", "enterprise_id", "enterprise__name")


def _chunks(items: Iterable[str]) -> Iterator[list[str]]:
    waiting = iter(sorted(set(items)))
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk
