"""What partners say with their key: an agency confirms what it was told. Others' keys bring their own router."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from ninja.errors import HttpError
from ninja.security import HttpBearer
from pydantic import Field

from credit.acts import agencies, pushing
from credit.api_manners import FAULTS, PARTNERS, Fault
from credit.models import Agency, Delivery

router = Router(tags=["合作机构"])


class AgencyKey(HttpBearer):
    """``Authorization: Bearer …`` with the agency's 回执密钥."""

    def authenticate(self, request: HttpRequest, token: str) -> Agency | None:
        """Whose key it is."""
        return agencies.of_key(token)


def _agency_of(request: HttpRequest) -> str | None:
    """The agency that asks, for the limits."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = agencies.of_key(token.strip()) if scheme.lower() == "bearer" and token else None
    return f"agency:{found.pk}" if found else None


PARTNERS.append(_agency_of)


class Acknowledgement(Schema):
    """Which message was carried out."""

    event: UUID = Field(..., description="推送里的 event，也在 X-Anxin-Event")


class DeliveryOut(Schema):
    """How the message stands."""

    event: UUID
    op: str
    status: str
    acknowledged_at: datetime | None = Field(..., description="第一次确认的时间")


@router.post(
    "",
    auth=AgencyKey(),
    response={200: DeliveryOut, 401: Fault, 404: Fault, **FAULTS},
    summary="确认推送",
)
def acknowledge(request: HttpRequest, said: Acknowledgement) -> Delivery:
    """收到 `DEL` 并已停止展示、删除副本后调用。重复调用不改变第一次的时间。"""
    agency: Agency = request.auth  # type: ignore[attr-defined]
    found = Delivery.objects.filter(agency=agency, event=said.event).first()
    if found is None:
        raise HttpError(404, "没有给您推送过这条消息")
    pushing.acknowledge(found, how="key", now=timezone.now())
    found.refresh_from_db()
    return found
