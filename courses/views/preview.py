"""A question as the learner sees it, and below as the result tells it; for those who keep the bank."""

import random

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from courses.models import Question
from courses.rules.papers import laid
from courses.views.marked import explained
from courses.views.papers import asked


@login_required
@permission_required("courses.change_question", raise_exception=True)
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Shuffled by its key, so that it looks the same each time."""
    question = get_object_or_404(Question.objects.whole(), pk=pk)
    item, chance = question.item(), random.Random(pk)  # noqa: S311  # nobody is examined here
    kept = laid(item, chance)
    context = {
        "row": question,
        "faults": item.faults(),
        "question": asked(kept.shown, [], "q1"),
        "told": explained(kept.shown, kept.sealed, [], "q1"),
    }
    return render(request, "courses/office/preview.html", context)
