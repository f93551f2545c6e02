"""The office's page for course packages: upload one, see what there is and what of it does not work."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.acts.packages import take_in
from courses.models import CoursePackage
from courses.packages.addresses import origin
from courses.packages.problems import PackageError
from courses.rules.packages import limits

SHOWN = 100


@login_required
@permission_required("courses.add_coursepackage", raise_exception=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def packages(request: HttpRequest) -> HttpResponse:
    """A package is taken whole or not at all; every problem is told at once."""
    problems: list[str] = []
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problems = ["请先选一个文件"]
        else:
            try:
                package = take_in(file, name=file.name or "", by=request.user)
            except PackageError as fault:
                problems = fault.problems
            else:
                messages.success(request, f"“{package.title}”已收下，现在可以放进课时")
                return redirect("courses:packages")
    context: dict[str, Any] = {
        "problems": problems,
        "packages": CoursePackage.objects.select_related("by")[:SHOWN],
        "rules": limits(),
        "origin": origin(),
    }
    return render(request, "courses/office/packages.html", context, status=422 if problems else 200)
