"""What narrows a list by its address: a place with all below it, a sector. Unknown words narrow nothing."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest

from credit.models import Jurisdiction, Sector


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The places and sectors that a page offers, and those chosen."""

    places: list[Jurisdiction]
    sectors: list[Sector]
    place: Jurisdiction | None
    sector: Sector | None

    @property
    def chosen(self) -> dict[str, str]:
        """The chosen codes, "" for all."""
        return {
            "place": self.place.code if self.place else "",
            "sector": self.sector.code if self.sector else "",
        }

    def narrow(self, rows: QuerySet[Any], enterprise: str = "") -> QuerySet[Any]:
        """The rows of the chosen place and sector; ``enterprise`` leads to it, such as "enterprise__"."""
        if self.place:
            rows = rows.filter(**{f"{enterprise}place__path__startswith": self.place.path})
        if self.sector:
            rows = rows.filter(**{f"{enterprise}sector": self.sector})
        return rows


def narrowing(request: HttpRequest) -> Narrowing:
    """As the address says. Two queries."""
    places, sectors = list(Jurisdiction.objects.all()), list(Sector.objects.all())
    place = next((one for one in places if one.code == request.GET.get("place")), None)
    sector = next((one for one in sectors if one.code == request.GET.get("sector")), None)
    return Narrowing(places, sectors, place, sector)


def query_of(chosen: dict[str, str]) -> str:
    """The chosen words for the addresses of further pages, ready to be followed by more."""
    kept = urlencode({key: value for key, value in chosen.items() if value})
    return f"{kept}&" if kept else ""
