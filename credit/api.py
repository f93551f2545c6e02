"""Public reading of the register and the lists as data. No address here changes anything."""

import base64
import binascii
import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from credit.acts import reports
from credit.acts.open_folder import latest
from credit.api_manners import FAULTS, Fault
from credit.models import Accident, Enterprise, ListEntry, Violation
from credit.models.attachments import subject_of
from credit.models.objections import line_of, marks
from credit.rules.masking import mask_name, mask_numbers

router = Router(tags=["公开查询"])
MISSING = {404: Fault, **FAULTS}
Number = Annotated[
    str,
    Path(
        pattern="^[0-9A-Za-z_-]{1,30}$",
        description="统一社会信用代码（18位），或旧登记号",
        examples=["91110000600037341L"],
    ),
]
Words = Annotated[
    str, Query(max_length=60, description="名称、代码或拼音首字母，至少两个字", examples=["化工"])
]


class EnterpriseOut(Schema):
    """What the public may know of an enterprise."""

    name: str
    number: str
    is_resolved: bool = Field(..., description="号码是否为核对过的统一社会信用代码")
    place: str
    sector: str
    status: str = Field(..., description="active 在营，suspended 停业，revoked 吊销，closed 注销")
    standardisation_level: int = Field(..., description="安全生产标准化等级，0 未达标，1 最高")

    @staticmethod
    def resolve_place(enterprise: Enterprise) -> str:
        """The name of the 属地."""
        return enterprise.place.name

    @staticmethod
    def resolve_sector(enterprise: Enterprise) -> str:
        """The name of the sector."""
        return enterprise.sector.name


@router.get("/enterprises", response={200: list[EnterpriseOut], **FAULTS}, summary="查找企业")
def enterprises(request: HttpRequest, q: Words) -> Any:
    """名称、代码或拼音首字母含有 `q` 的前 20 家企业；少于两个字查不到。"""
    return list(Enterprise.objects.matching(q).select_related("place", "sector")[:20])


DISPUTED: Final = "有异议：企业对这一条提出的异议正在办理，或者已经成立"


class EntryOut(Schema):
    """A public list entry."""

    enterprise: str
    number: str
    place: str
    decision_number: str
    authority: str
    listed_on: date
    ends_on: date
    grounds: list[str] = Field(..., description="列入情形和依据")
    disputed: bool = Field(..., description=DISPUTED)

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


class PenaltyOut(Schema):
    """A penalty within its time of publication."""

    document: str = Field(..., validation_alias="source_key", description="文书号")
    offence: str
    penalty: str = Field(..., validation_alias="penalty_kind")
    fine: float = Field(..., description="罚款，元")
    decided_on: date = Field(..., validation_alias="happened_on")
    public_until: date | None
    authority: str
    disputed: bool = Field(..., description=DISPUTED)

    @staticmethod
    def resolve_offence(violation: Violation) -> str:
        """Without numbers of persons."""
        return mask_numbers(violation.offence)


class AccidentOut(Schema):
    """An accident as it stands in the register."""

    title: str
    kind: str
    grade: str = Field(
        ..., description="general 一般，larger 较大，major 重大，extraordinary 特别重大"
    )
    happened_on: date
    deaths: int
    serious_injuries: int
    responsible: bool = Field(..., description="是否责任事故")
    disputed: bool = Field(..., description=DISPUTED)

    @staticmethod
    def resolve_title(accident: Accident) -> str:
        """Without numbers of persons."""
        return mask_numbers(accident.title)


class FactsOut(Schema):
    """An enterprise with everything that its public page shows, but no score."""

    enterprise: EnterpriseOut
    legal_representative: str = Field(..., description="只显示第一个字")
    as_of: date
    entries: list[EntryOut]
    penalties: list[PenaltyOut]
    accidents: list[AccidentOut]


def _marked(rows: Iterable[Any], marked: frozenset[str]) -> list[Any]:
    """The rows, each with ``disputed``: an objection to it is open, or was upheld."""
    found = list(rows)
    for row in found:
        row.disputed = line_of(row) in marked or subject_of(row) in marked
    return found


@router.get(
    "/enterprises/{number}", response={200: FactsOut, **MISSING}, summary="一家企业的公开记录"
)
def enterprise(request: HttpRequest, number: Number) -> Any:
    """在册名单、公示期内的行政处罚、事故。撤销、期满、修复的记录查不到。最多各 500 条。"""
    of_number = Q(uscc=number.upper()) | Q(legacy_number=number)
    found = Enterprise.objects.select_related("place", "sector").filter(of_number).first()
    if found is None:
        raise HttpError(404, "登记库里没有这个号码")
    today = timezone.localdate()
    entries = ListEntry.objects.in_force(today).filter(enterprise=found).with_grounds()
    penalties = Violation.objects.public(today).filter(enterprise=found)
    accidents = Accident.objects.current().filter(enterprise=found)
    marked = marks([found.pk])
    return {
        "enterprise": found,
        "legal_representative": mask_name(found.legal_representative),
        "as_of": today,
        "entries": _marked(entries.select_related("case", "enterprise__place")[:500], marked),
        "penalties": _marked(penalties.order_by("-happened_on", "-pk")[:500], marked),
        "accidents": _marked(accidents.order_by("-happened_on", "-pk")[:500], marked),
    }


class EntryPage(Schema):
    """A part of a list; ``count`` is the whole list's."""

    as_of: date
    count: int
    items: list[EntryOut]
    next: str | None = Field(..., description="下一页的 cursor；没有下一页为 null")


class Asked(Schema):
    """What narrows a list."""

    as_of: date | None = Field(None, description="哪一天在名单上；默认今天")
    place: str = Field("", pattern="^[0-9]{0,12}$", description="区划代码，含下级")
    sector: str = Field("", pattern="^[a-z0-9_-]{0,50}$", description="行业领域代码")
    year: int | None = Field(None, ge=1990, le=2200, description="列入年份")
    limit: int = Field(100, ge=1, le=200)
    cursor: str = Field(
        "", max_length=120, pattern="^[A-Za-z0-9_=-]*$", description="上一页的 next"
    )


@router.get("/lists/{colour}", response={200: EntryPage, **FAULTS}, summary="名单")
def entries(
    request: HttpRequest, colour: Literal["black", "red"], asked: Query[Asked]
) -> dict[str, Any]:
    """`black` 严重失信主体名单，`red` 守信激励名单，新列入的在前。

    带着上一页的 `next` 和同样的条件取下一页，其间有新列入的也不会重复、遗漏。`as_of` 是过去的一天时，
    只给出那天在名单上、现在仍然公示的条目：已经移出的依法不再公开。
    """
    as_of, cursor = asked.as_of or timezone.localdate(), _cursor(asked.cursor)
    found = _standing(colour, as_of, asked)
    count = found.count()
    if cursor:
        on, pk = cursor
        found = found.filter(Q(listed_on__lt=on) | Q(listed_on=on, pk__lt=pk))
    page = list(found.select_related("case", "enterprise__place")[: asked.limit + 1])
    more = len(page) > asked.limit
    page = page[: asked.limit]
    page = _marked(page, marks({entry.enterprise_id for entry in page}))
    following = _written(page[-1].listed_on, page[-1].pk) if more else None
    return {"as_of": as_of, "count": count, "items": page, "next": following}


def _standing(colour: str, as_of: date, asked: Asked) -> QuerySet[ListEntry]:
    """On the list on that day, and still public today."""
    today = timezone.localdate()
    found = ListEntry.objects.in_force(today).filter(colour=colour).with_grounds()
    if as_of != today:
        found = found.filter(pk__in=ListEntry.objects.in_force(as_of).values("pk"))
    if asked.place:
        found = found.filter(enterprise__place__path__contains=f"/{asked.place}/")
    if asked.sector:
        found = found.filter(enterprise__sector__code=asked.sector)
    if asked.year:
        found = found.filter(listed_on__year=asked.year)
    return found


def _written(on: date, pk: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([on.isoformat(), pk]).encode()).decode()


def _cursor(text: str) -> tuple[date, int] | None:
    """The place that a cursor names. Raises ValidationError."""
    if not text:
        return None
    try:
        on, pk = json.loads(base64.urlsafe_b64decode(text))
        if type(pk) is not int or not 0 < pk < 2**62:
            raise ValueError
        return date.fromisoformat(on), pk
    except (ValueError, TypeError, binascii.Error, RecursionError) as fault:
        words = "cursor 不对，请用上一页的 next，或从头取"
        raise ValidationError([{"loc": ("query", "cursor"), "msg": words}]) from fault


class OpenDataOut(Schema):
    """The newest day of the open data."""

    day: date
    manifest: str = Field(..., description="清单地址")
    sha256: str = Field(..., description="清单的指纹")
    content: dict[str, Any] = Field(..., description="清单的内容")


@router.get("/open-data", response={200: OpenDataOut, **MISSING}, summary="最新一天的开放数据清单")
def open_data(request: HttpRequest) -> Any:
    """文件本身在 `/credit/open-data/`，有签名和逐日增量；格式和核对方法见 docs/open-data.md。"""
    found = latest()
    if found is None:
        raise HttpError(404, "还没有公布过开放数据")
    return found


class ReportOut(Schema):
    """Whether a certificate or report is ours, and as of when."""

    number: str
    kind: Literal["clean", "report"] = Field(
        ..., description="clean 无违法违规记录证明，report 信用信息查询报告"
    )
    enterprise: str
    enterprise_number: str
    as_of: datetime = Field(..., description="说明的是这个时间的情况，之后可能变化")
    authentic: bool = Field(..., description="签名与内容相符")
    usable: bool = Field(..., description="false：其中有内容后来变了，不要再使用")


@router.get(
    "/certificates/{number}", response={200: ReportOut, **MISSING}, summary="核验证明或报告"
)
def certificate(request: HttpRequest, number: Number) -> Any:
    """只说是不是真的、截至什么时间；其中的记录请看纸面，离线核验见 docs/api.md。"""
    found = reports.find(number)
    if found is None:
        raise HttpError(404, "没有这个编号的证明")
    return {
        "number": found.number,
        "kind": found.kind,
        "enterprise": found.enterprise.name,
        "enterprise_number": found.enterprise.number,
        "as_of": found.as_of,
        "authentic": reports.is_authentic(found),
        "usable": reports.may_be_printed(found, timezone.localdate()),
    }
