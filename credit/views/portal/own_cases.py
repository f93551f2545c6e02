"""The enterprise's cases: what is asked, by when; what the public will see; statement and hearing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from credit.acts import documents, party, services
from credit.acts.attachments import files_of
from credit.acts.cases import AUTHORITY
from credit.acts.casework import RefusedError, calendar, hearing_notice
from credit.acts.informing import consent_of, note_reading
from credit.acts.repeats import former_and_term
from credit.models import Enterprise, ListCase, ListEntry
from credit.rules.cases import OPEN_STATES, hearing_due
from credit.rules.statements import HEARING, STATEMENT
from credit.views.asof import as_of
from credit.views.documents import file_answer
from credit.views.party_forms import PartyHearingForm, PartyStatementForm
from credit.views.portal.gate import manager
from credit.views.public import shown_of

FORMS = {STATEMENT: PartyStatementForm, HEARING: PartyHearingForm}
UNKNOWN = "（决定作出后填写）"


def _case(firm: Enterprise, pk: int) -> ListCase:
    cases = party.cases_of(firm).select_related("enterprise__place", "enterprise__sector")
    found: ListCase = get_object_or_404(cases, pk=pk)
    return found


@manager
@require_safe
def own_case(request: HttpRequest, firm: Enterprise, pk: int) -> HttpResponse:
    """Where it stands, and what the enterprise can do."""
    return _show(request, firm, _case(firm, pk))


def _show(
    request: HttpRequest, firm: Enterprise, case: ListCase, bound: Any = None, refusal: str = ""
) -> HttpResponse:
    today = timezone.localdate()
    sent = list(case.party_statements.select_related("by", "taken"))
    forms: dict[str, Any] = {kind: form(today=today) for kind, form in FORMS.items()}
    if bound is not None:
        forms[bound[0]] = bound[1]
    context = {
        "firm": firm,
        "case": case,
        "today": today,
        "due": hearing_due(case.notice_served_on or today, calendar()),
        "open": case.state in OPEN_STATES,
        "speaking": {kind: party.speaking(case, kind, today) for kind in FORMS},
        "forms": forms,
        "refusal": refusal,
        "sent": sent,
        "files": files_of(case, *sent).filter(for_party=True),
        "papers": services.papers_of_party(case, today),
        "entry": ListEntry.objects.filter(case=case).first(),
        "void": ListEntry.objects.void().filter(case=case).exists(),
        "hearing": hearing_notice(case),
        "consent": consent_of(firm, today),
    }
    status = 422 if bound else 200
    return render(request, "credit/portal/case.html", context, status=status)


@manager
@require_safe
def own_paper(request: HttpRequest, firm: Enterprise, pk: int, paper: int) -> HttpResponse:
    """A paper that was served on the enterprise, as it was made; before its service there is none."""
    case, now = _case(firm, pk), timezone.localtime()
    served = [one for one, _ in services.papers_of_party(case, now.date()) if one.pk == paper]
    if not served:
        raise Http404
    content = documents.pdf_of(served[0])
    note_reading(case, served[0], request.user, now)
    return file_answer(content, "application/pdf", f"{served[0].number}.pdf")


@manager
@require_POST
def speak(request: HttpRequest, firm: Enterprise, pk: int, kind: str) -> HttpResponse:
    """Send a statement, or ask for a hearing."""
    if kind not in FORMS:
        raise Http404
    case, today = _case(firm, pk), timezone.localdate()
    form = FORMS[kind](request.POST, request.FILES, today=today)
    if not form.is_valid():
        return _show(request, firm, case, (kind, form))
    try:
        sent = party.submit(case, kind=kind, by=request.user, today=today, **form.cleaned_data)
    except RefusedError as refused:
        return _show(request, firm, case, (kind, form), refused.printed)
    at = timezone.localtime(sent.received_at)
    words = (
        f"已收到您的{sent.get_kind_display()}：{at:%Y年%-m月%-d日 %H:%M}，回执编号 {sent.number}。"
    )
    messages.success(request, words)
    return redirect("credit:mine_case", firm.pk, pk)


@manager
@require_safe
def preview(request: HttpRequest, firm: Enterprise, pk: int) -> HttpResponse:
    """Exactly what the public will read if the case is published: the public's own templates."""
    case = _case(firm, pk)
    if case.state not in OPEN_STATES:
        raise Http404
    today = timezone.localdate()
    shown = shown_of(firm, today)
    entry = _entry(case, today)
    context = {
        **shown,
        "asked": as_of(request),
        "entries": [entry, *shown["entries"]],
        "firm": firm,
        "case": case,
        "entry": entry,
        "colour": case.colour,
    }
    return render(request, "credit/portal/preview.html", context)


def _entry(case: ListCase, today: Any) -> ListEntry:
    """The entry that publication on ``today`` would make; it is never saved."""
    case.decision_number = case.decision_number or UNKNOWN
    entry = ListEntry(
        case=case,
        enterprise=case.enterprise,
        colour=case.colour,
        listed_on=today,
        ends_on=former_and_term(case, today)[1].ends_on,
        authority=f"{case.enterprise.place.district.name}{AUTHORITY}",
    )
    entry.__dict__["left_grounds"] = None  # no judgment on what is not published yet
    return entry
