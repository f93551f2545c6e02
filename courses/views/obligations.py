"""The learner's page 我的培训要求: what I owe, why, until when, and where to learn it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.acts.owed import owed_by


@login_required
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """To do first; what was done stays below, cycle by cycle."""
    found = owed_by(request.user, today=timezone.localdate())
    context = {
        "to_do": [one for one in found if one.to_do],
        "done": [one for one in found if not one.to_do],
    }
    return render(request, "courses/obligations.html", context)
