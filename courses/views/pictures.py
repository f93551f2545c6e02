"""A question's picture, for whoever is logged in and knows its fingerprint: papers and previews tell it."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from courses.acts.pictures import open_picture
from courses.models import QuestionPicture


@login_required
@require_safe
def picture(request: HttpRequest, key: str) -> FileResponse:
    """The bytes as they came; they never change under their fingerprint."""
    row = get_object_or_404(QuestionPicture, key=key)
    try:
        file = open_picture(row)
    except FileNotFoundError as fault:
        raise Http404 from fault
    answer = FileResponse(file, content_type=QuestionPicture.KINDS[row.kind])
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer
