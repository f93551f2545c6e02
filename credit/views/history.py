"""An enterprise's whole history on a day, for officers and auditors: what was true, and what was shown."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from credit.acts.reach import register_of
from credit.models import Accident, Violation
from credit.models.history import entries_shown_on, entries_true_on, shown_on, true_on
from credit.views.asof import as_of
from credit.views.cases import office
from credit.views.public import enterprise_of


@office
@require_safe
def history(request: HttpRequest, number: str) -> HttpResponse:
    """Both answers side by side; removed, expired, corrected and withdrawn ones included."""
    register = register_of(request.user).select_related("place", "sector")
    found = get_object_or_404(register, pk=enterprise_of(number).pk)
    asked = as_of(request)
    day = asked.day or asked.today
    facts: list[tuple[str, Any, Any]] = []
    for kind, model in (("violation", Violation), ("accident", Accident)):
        true = true_on(model, day).filter(enterprise=found)  # type: ignore[type-var]
        shown = shown_on(model, day).filter(enterprise=found)  # type: ignore[type-var]
        facts += _side_by_side(kind, true, shown)
    entries = _side_by_side(
        "entry",
        entries_true_on(day).filter(enterprise=found).select_related("case"),
        entries_shown_on(day).filter(enterprise=found).select_related("case"),
    )
    context = {"enterprise": found, "asked": asked, "day": day, "facts": facts, "entries": entries}
    return render(request, "credit/office/history.html", context, status=asked.status)


def _side_by_side(kind: str, true: Any, shown: Any) -> list[tuple[str, Any, str]]:
    """Each row once, with what holds for it."""
    held, seen = {row.pk: row for row in true}, {row.pk: row for row in shown}
    both = {(True, True): "属实，已展示", (True, False): "属实，还没有展示",
            (False, True): "当时展示，后来更正、撤销或撤回"}  # fmt: skip
    return [
        (kind, row, both[pk in held, pk in seen])
        for pk, row in sorted({**held, **seen}.items(), reverse=True)
    ]


__all__ = ["history"]
