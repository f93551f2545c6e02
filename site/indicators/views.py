"""The public's page of the plan's indicators, and the same as a table to download."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from credit.importing.cells import safe
from indicators import rules
from indicators.cards import Card, cards
from indicators.models import Plan

COLUMNS = [
    "规划", "序号", "指标", "单位", "目标", "基期年", "基期值", "期末目标值",
    "年份", "数值", "当年进度线", "数据来源", "填报日期", "状态", "说明",
]  # fmt: skip
UNKNOWN = "待填报"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The newest plan, or the one asked for."""
    plans = list(Plan.objects.all())
    asked = request.GET.get("plan", "")
    plan = next((p for p in plans if str(p.pk) == asked), plans[0] if plans else None)
    context = {"plans": plans, "plan": plan, "cards": cards(plan) if plan else []}
    return render(request, "indicators/index.html", context)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """A CSV that spreadsheet programs read as UTF-8 and never run as formulas."""
    plan = get_object_or_404(Plan, pk=pk)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="indicators-{plan.pk}.csv"'
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    for card in cards(plan):
        writer.writerows([safe(cell) for cell in row] for row in _rows(plan, card))
    return answer


def _rows(plan: Plan, card: Card) -> list[list[str]]:
    head = [
        plan.name, str(card.indicator.number), card.indicator.name, card.indicator.unit, card.asked,
        str(plan.base_year), _said(card.target.base), _said(card.goal),
    ]  # fmt: skip
    tail = [card.label, card.standing.reason]
    if not card.observations:
        return [[*head, "", UNKNOWN, "", "", "", *tail]]
    return [[*head, *_cells(card, year), *tail] for year in sorted(card.observations)]


def _cells(card: Card, year: int) -> list[str]:
    row = card.observations[year]
    values: list[Any] = [_said(row.value), _said(card.line(year)), row.source]
    return [str(year), *values, f"{row.recorded_at:%Y-%m-%d}"]


def _said(value: Any) -> str:
    return UNKNOWN if value is None else rules.printed(value)
