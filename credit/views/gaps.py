"""The officers' page of the gap finder: where records and lists differ. It carries, the acts compute."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from credit.acts import gaps as acts
from credit.acts.cases import OPEN
from credit.acts.reach import register_of
from credit.models import Enterprise
from credit.models.rulesets import in_force
from credit.views.cases import PAGE_SIZE, office
from credit.views.downloads import as_workbook
from credit.views.narrowing import Narrowing, narrowing, query_of

HEADINGS = (
    "差异", "名单", "企业名称", "统一社会信用代码", "单位类别", "属地", "行业领域", "情形", "说明", "记录", "依据",
    "责任人员", "案件", "建议",
)  # fmt: skip


def _found(request: HttpRequest, by: Narrowing) -> tuple[str, dict[str, str], list[acts.Gap]]:
    """The side, what else was chosen, and the gaps."""
    said = request.GET
    side = said.get("side", "") if said.get("side", "") in acts.SIDES else acts.MISSING
    kind = said.get("kind", "") if said.get("kind", "") in Enterprise.UnitKind.values else ""
    ground = (
        said.get("ground", "")
        if said.get("ground", "") in in_force(timezone.localdate()).grounds
        else ""
    )
    register = by.narrow(register_of(request.user))
    if kind:
        register = register.filter(unit_kind=kind)
    found = acts.find(side, timezone.localdate(), among=register)
    kept = [gap for gap in found if not ground or ground in gap.codes]
    return side, {**by.chosen, "ground": ground, "kind": kind}, kept


@office
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """What differs, narrowed by street, sector, ground and kind of unit."""
    by = narrowing(request)
    side, chosen, found = _found(request, by)
    context: dict[str, Any] = {
        "side": side,
        "sides": acts.SIDES.items(),
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "by": by,
        "grounds": in_force(timezone.localdate()).grounds.values(),
        "kinds": Enterprise.UnitKind.choices,
        "chosen": chosen,
        "kept": query_of(chosen),
        "query": query_of({"side": side, **chosen}),
        "may_open": request.user.has_perm(OPEN),
    }
    return render(request, "credit/office/gaps.html", context)


@office
@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    """The same as a workbook, all pages of it."""
    side, _, found = _found(request, narrowing(request))
    return as_workbook(f"名单差异-{acts.SIDES[side]}", HEADINGS, _lines(request, found))


def _lines(request: HttpRequest, found: list[acts.Gap]) -> Iterator[list[str]]:
    for gap in found:
        items = [item for ground in gap.grounds for item in ground["evidence"]]
        firm = gap.enterprise
        link = reverse("credit:case", args=[gap.case.pk]) if gap.case else ""
        yield [
            acts.SIDES[gap.side], "红名单" if gap.colour == "red" else "黑名单", firm.name,
            firm.number, firm.get_unit_kind_display() or "", str(firm.place), str(firm.sector),
            "；".join(ground["name"] for ground in gap.grounds), "；".join(gap.reasons),
            "；".join(dict.fromkeys(item["label"] for item in items)),
            "；".join(dict.fromkeys(ground["article"] for ground in gap.grounds)),
            "；".join(f"{one.name} {one.get_role_display()}" for one in gap.persons),
            request.build_absolute_uri(link) if link else "", gap.advice,
        ]  # fmt: skip


__all__ = ["gaps", "workbook"]
