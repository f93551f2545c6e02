"""Public reading of the register as data. No address here changes anything."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

from credit.models import Enterprise, ListEntry

router = Router(tags=["credit"])


class EnterpriseOut(Schema):
    """What the public may know of an enterprise."""

    name: str
    number: str
    is_resolved: bool
    place: str
    sector: str
    status: str
    standardisation_level: int

    @staticmethod
    def resolve_place(enterprise: Enterprise) -> str:
        """The name of the 属地."""
        return enterprise.place.name

    @staticmethod
    def resolve_sector(enterprise: Enterprise) -> str:
        """The name of the sector."""
        return enterprise.sector.name


@router.get("/enterprises", response=list[EnterpriseOut])
def enterprises(request: HttpRequest, q: str) -> list[Enterprise]:
    """The first 20 whose name, code or pinyin initials contain ``q`` (two characters or more)."""
    return list(Enterprise.objects.matching(q[:60]).select_related("place", "sector")[:20])


class EntryOut(Schema):
    """A public list entry."""

    enterprise: str
    number: str
    place: str
    decision_number: str
    authority: str
    listed_on: date
    ends_on: date
    grounds: list[str]

    @staticmethod
    def resolve_enterprise(entry: ListEntry) -> str:
        """Its name."""
        return entry.enterprise.name

    @staticmethod
    def resolve_number(entry: ListEntry) -> str:
        """Its code."""
        return entry.enterprise.number

    @staticmethod
    def resolve_place(entry: ListEntry) -> str:
        """The name of the 属地."""
        return entry.enterprise.place.name

    @staticmethod
    def resolve_decision_number(entry: ListEntry) -> str:
        """Of the decision behind the entry."""
        return entry.case.decision_number or ""

    @staticmethod
    def resolve_grounds(entry: ListEntry) -> list[str]:
        """The grounds in words, with articles."""
        return [f"{ground['name']}（{ground['article']}）" for ground in entry.grounds]


class EntryPage(Schema):
    """One page of a list; ``count`` is the whole list's."""

    count: int
    page: int
    pages: int
    items: list[EntryOut]


PAGE_SIZE = 100
PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]


@router.get("/lists/{colour}", response=EntryPage)
def entries(
    request: HttpRequest, colour: Literal["black", "red"], page: PageNumber = 1
) -> dict[str, Any]:
    """The entries in force today, newest first, 100 a page. Lists change through cases alone."""
    standing = ListEntry.objects.in_force(timezone.localdate()).filter(colour=colour).with_grounds()
    count = standing.count()
    start = (page - 1) * PAGE_SIZE
    found = standing.select_related("case", "enterprise__place")[start : start + PAGE_SIZE]
    pages = max(1, -(-count // PAGE_SIZE))
    return {"count": count, "page": page, "pages": pages, "items": list(found)}
