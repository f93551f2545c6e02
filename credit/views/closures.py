"""The officers' page of enterprises that may have to be proposed for closure (安全生产法 第一百一十三条)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from credit.acts import closures as acts
from credit.acts.reach import register_of
from credit.views.cases import PAGE_SIZE, office
from credit.views.narrowing import narrowing, query_of


@office
@require_safe
def closures(request: HttpRequest) -> HttpResponse:
    """Those within this person's reach, narrowed by street and sector."""
    by = narrowing(request)
    found = acts.find(timezone.localdate(), among=by.narrow(register_of(request.user)))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "by": by, "chosen": by.chosen, "query": query_of(by.chosen)}
    return render(request, "credit/office/closures.html", context)
