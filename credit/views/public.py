"""The public's pages: find an enterprise, read its record. They carry, they do not decide."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from credit.models import Accident, Enterprise, Violation

PAGE_SIZE = 20


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find enterprises by two or more characters of name, code or pinyin initials."""
    words = request.GET.get("q", "").strip()[:60]
    found = Enterprise.objects.matching(words).select_related("place", "sector")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "credit/search.html", {"words": words, "page": page})


@require_safe
def enterprise(request: HttpRequest, number: str) -> HttpResponse:
    """One enterprise by its code, with the current word on each of its public facts."""
    of_number = Q(uscc=number.upper()) | Q(legacy_number=number)
    found = get_object_or_404(Enterprise.objects.select_related("place", "sector"), of_number)
    violations = Violation.objects.current().filter(enterprise=found).order_by("-happened_on")
    accidents = Accident.objects.current().filter(enterprise=found).order_by("-happened_on")
    context = {"enterprise": found, "violations": violations, "accidents": accidents}
    return render(request, "credit/enterprise.html", context)
