"""Anybody checks a certificate; its owner prints it. A verifier sees only what a verifier needs."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.acts.certificates import LIMITS, print_pdf
from courses.models import Certificate
from courses.rules.validity import NumberError, masked, parse_number

LONGEST_INPUT = 60


@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Type a number. A slip is told at once; a sound number leads to its own page."""
    typed, fault = request.GET.get("number", "").strip()[:LONGEST_INPUT], ""
    if typed:
        try:
            return redirect("certificates:verify", parse_number(typed))
        except NumberError as error:
            fault = str(error)
    return _unindexed(
        render(request, "courses/certificate_search.html", {"typed": typed, "fault": fault})
    )


@require_safe
@never_cache
def verify(request: HttpRequest, number: str) -> HttpResponse:
    """Valid, expired, revoked or unknown; no phone, no points, no full name.

    No limit on look-ups: a number has 50 random bits, so guessing finds nothing.
    """
    try:
        plain = parse_number(number)
    except NumberError as error:
        context = {"typed": number[:LONGEST_INPUT], "fault": str(error)}
        return _unindexed(render(request, "courses/certificate_search.html", context, status=404))
    if plain != number:
        return redirect("certificates:verify", plain)
    found = Certificate.objects.select_related("revocation").filter(number=plain).first()
    if found is None:
        nothing = {"typed": plain, "unknown": True}
        return _unindexed(render(request, "courses/certificate_search.html", nothing, status=404))
    today = timezone.localdate()
    state, ruling = found.standing(today)
    facts = {
        "number": found.printed_number,
        "name": masked(found.person_name),
        "course": found.course_title,
        "issued_on": found.issued_on,
        "valid_until": found.valid_until,
        "state": state.value,
        "reason": ruling.reason,
        "limits": LIMITS,
        "checked_at": timezone.localtime(),
    }
    return _unindexed(render(request, "courses/certificate_verify.html", facts))


@login_required
@never_cache
@require_safe
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate as PDF, for its owner and for staff who may see certificates."""
    try:
        plain = parse_number(number)
    except NumberError as error:
        raise Http404 from error
    rows = Certificate.objects.select_related("enrolment", "revocation")
    found = get_object_or_404(rows, number=plain)
    is_owner = found.enrolment.person_id == request.user.pk
    if not is_owner and not request.user.has_perm("courses.view_certificate"):
        raise Http404
    answer = HttpResponse(
        print_pdf(found, today=timezone.localdate()), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return _unindexed(answer)


def _unindexed(answer: HttpResponse) -> HttpResponse:
    """Names do not belong in a search engine."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
