"""Certificates of a clean record: ask for one, print it; anybody checks it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from credit.acts import reports as acts
from credit.acts.casework import RefusedError
from credit.models import CreditReport
from credit.models.managers import managed_by

MINE = 20


@require_safe
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """What the papers are, a field for a number, and the way to ask for one."""
    typed = request.GET.get("number", "").strip()[:60]
    if typed and (found := acts.find(typed)):
        return redirect("credit:report", found.number)
    context = {"typed": typed, "unknown": bool(typed)}
    return _unindexed(render(request, "credit/reports.html", context))


@require_safe
@never_cache
def verify(request: HttpRequest, number: str) -> HttpResponse:
    """Whether a paper is ours, and as of when. What it lists is not shown: that may have ended since."""
    found = acts.find(number)
    if found is None:
        context = {"typed": number, "unknown": True}
        return _unindexed(render(request, "credit/reports.html", context, status=404))
    context = {
        "report": found,
        "authentic": acts.is_authentic(found),
        "stands": acts.may_be_printed(found, timezone.localdate()),
        "checked_at": timezone.localtime(),
        "mine": request.user.is_authenticated
        and found.asked_by_id == request.user.pk
        and acts.may_read(found, request.user, timezone.localdate()),
    }
    return _unindexed(render(request, "credit/report.html", context))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """An enterprise's manager asks for the own enterprise, an officer for one of the own places."""
    allowed = acts.may_ask(request.user, timezone.localdate())
    typed = request.POST.get("number", "").replace("\x00", "").strip()[:30].upper()
    fault = ""
    if request.method == "POST":
        enterprise = allowed.filter(Q(uscc=typed)).first() if typed else None
        try:
            if enterprise is not None:
                report = acts.issue(enterprise, person=request.user, now=timezone.now())
                messages.success(request, f"已出具：{report.get_kind_display()}。")
                return redirect("credit:report", report.number)
            fault = "没有找到，或者不在您能查询的范围里。请核对 18 位代码。"
        except RefusedError as refused:
            fault = str(refused)
    context = {
        "own": managed_by(request.user, timezone.localdate()),
        "officer": any(request.user.has_perm(permission) for permission in acts.SEES),
        "typed": typed,
        "fault": fault,
        "issued": CreditReport.objects.filter(
            asked_by=request.user.pk, enterprise__in=allowed
        ).select_related("enterprise")[:MINE],
    }
    return render(request, "credit/report_ask.html", context, status=422 if fault else 200)


@login_required
@never_cache
@require_safe
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The paper itself, for who acts for the enterprise today and for officers of the place."""
    found = get_object_or_404(CreditReport.objects.select_related("enterprise"), number=number)
    if not acts.may_read(found, request.user, timezone.localdate()):
        raise Http404
    try:
        content = acts.printed_pdf(found, today=timezone.localdate())
    except RefusedError as refused:
        messages.error(request, str(refused))
        return redirect("credit:report", found.number)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return _unindexed(answer)


def _unindexed(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
