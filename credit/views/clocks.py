"""The officers' deadlines: overdue, today, this week, later; by case and person."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from credit.acts import clocks as acts
from credit.acts.reach import register_of, sees_all
from credit.rules.clocks import Standing, load_clocks
from credit.views.cases import office

PAGE_SIZE = 30


@office
@require_safe
def clocks(request: HttpRequest) -> HttpResponse:
    """Every open deadline in reach; ``standing`` and ``mine`` narrow."""
    today = timezone.localdate()
    register = None if sees_all(request.user) else register_of(request.user)
    found = acts.running(today, register=register)
    mine = request.GET.get("mine") == "1"
    if mine:
        found = [one for one in found if one.started.officer == request.user.pk]
    counted = [(each, sum(one.standing is each for one in found)) for each in Standing]
    chosen = request.GET.get("standing", "")
    if chosen in set(Standing):
        found = [one for one in found if one.standing == chosen]
    order = list(Standing)
    found.sort(key=lambda one: order.index(one.standing))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = acts.named(page)
    query = f"{f'standing={chosen}&' if chosen in set(Standing) else ''}{'mine=1&' if mine else ''}"
    context = {
        "page": page,
        "groups": [
            (each, runs) for each in Standing if (runs := [o for o in shown if o.standing is each])
        ],
        "counted": counted,
        "total": sum(count for _, count in counted),
        "chosen": chosen,
        "mine": mine,
        "query": query,
        "table": load_clocks().values(),
        "warnings": sorted({one.due.warning for one in found if one.due.warning}),
    }
    return render(request, "credit/office/clocks.html", context)
