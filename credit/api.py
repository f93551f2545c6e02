"""Public reading of the register as data. No address here changes anything."""

from django.http import HttpRequest
from ninja import Router, Schema

from credit.models import Enterprise

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
