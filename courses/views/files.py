"""一人一档 as page, PDF and workbook: for the person, the manager of the present employment, the office."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.acts import file_papers, file_sections, person_files, photos
from courses.models.reach import learners_of_office, works_with_learners
from courses.models.roster import at_work
from courses.rules import hours
from courses.views.enterprise.gate import manager
from courses.views.wallet import photo_address
from credit.acts import audit
from credit.models import Employment, Enterprise

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"pdf": "application/pdf", "xlsx": XLSX}


@login_required
@never_cache
@require_safe
def own(request: HttpRequest, kind: str = "") -> HttpResponse:
    """The reader's own file, whole."""
    base = reverse("courses:file")
    return _answer(request, request.user, kind, reader="own", base=base)


@login_required
@never_cache
@require_safe
def of_learner(request: HttpRequest, person: int, kind: str = "") -> HttpResponse:
    """The same for the office, as far as its places reach."""
    if not works_with_learners(request.user):
        raise PermissionDenied
    found = get_object_or_404(learners_of_office(request.user, timezone.localdate()), pk=person)
    base = reverse("courses:learner_file", args=[person])
    return _answer(request, found, kind, reader="office", base=base)


@manager
@never_cache
@require_safe
def of_employee(request: HttpRequest, firm: Enterprise, pk: int, kind: str = "") -> HttpResponse:
    """The part that belongs to the work in ``firm``, while the person works there."""
    works = at_work(Employment.objects.filter(enterprise=firm), timezone.localdate())
    work = get_object_or_404(works.select_related("person"), pk=pk)
    base = reverse("enterprise:file", args=[firm.pk, pk])
    return _answer(request, work.person, kind, reader="manager", base=base, firm=firm, work=work)


def _answer(
    request: HttpRequest, person: Any, kind: str, *, reader: str, base: str, **more: Any
) -> HttpResponse:
    today, firm = timezone.localdate(), more.get("firm")
    file = person_files.read(person, today=today, employer=firm)
    if not kind:
        context = {**page_context(file), "reader": reader, "base": base, **more}
        return render(request, "courses/file.html", context)
    if reader != "own":
        audit.log(
            "trainingfile.take", by=request.user, subject=person, enterprise=firm,
            kind=kind,
        )  # fmt: skip
    document = file_sections.document_of(file)
    photo = photos.svg_of(person) if kind == "pdf" else ""
    return download(document, kind, f"training-file-{person.pk}-{today}", photo)


def page_context(file: person_files.PersonFile) -> dict[str, Any]:
    """What the body of the page reads."""
    return {
        "file": file,
        "person": file.person,
        "photo": photo_address(file.person),
        "periods": hours.periods(file.counted),
        "certificates": [(one, one.standing(file.today)[0].value) for one in file.certificates],
        "spots": [(one, file_sections.spot_words(one)) for one in file.inspections],
    }


def download(
    document: file_sections.Document, kind: str, name: str, photo: str = ""
) -> HttpResponse:
    """The document as a file; 404 for a kind that there is not."""
    if kind not in TYPES:
        raise Http404
    if kind == "pdf":
        content = file_papers.as_pdf(document, now=timezone.localtime(), photo=photo)
    else:
        content = file_papers.as_workbook(document)
    answer = HttpResponse(content, content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
