"""The supervision plan at the office: what is due in one's reach, a visit recorded, the list as a workbook.

Internal throughout: every address asks for an officer or somebody who looks on.
"""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from credit.acts import supervision as acts
from credit.acts.casework import RefusedError
from credit.acts.readers import reads_scores_of, register_of
from credit.importing.cells import printable, safe
from credit.models import Enterprise, Jurisdiction, Sector, SupervisionVisit
from credit.rules.ruleset import GRADES
from credit.rules.supervision import OFFICES, load_plan

PAGE_SIZE: Final = 50
MOST_EXPORTED: Final = 100_000  # rows of one sheet; narrow further for more
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS: Final = ("企业名称", "统一社会信用代码", "属地", "行业", "等级", "每年次数", "检查单位", "上次检查",
                  "下次检查不晚于", "状态")  # fmt: skip


def _office(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For those who read grades by office."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not reads_scores_of(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(never_cache(guarded))


class VisitForm(forms.Form):
    """What an officer writes of an inspection."""

    on = forms.DateField(
        label="检查日期",
        widget=forms.DateInput({"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )
    result = forms.ChoiceField(
        label="检查结果",
        choices=SupervisionVisit.Result.choices,
        widget=forms.Select({"class": "form-select"}),
    )
    note = forms.CharField(
        label="检查情况（可不填）",
        required=False,
        max_length=acts.LONGEST,
        widget=forms.Textarea({"rows": 3, "class": "form-control"}),
    )


class _Choice:
    """The filters of the list, each one of what there is; anything else counts as not chosen."""

    def __init__(self, request: HttpRequest) -> None:
        self.places, self.sectors = list(Jurisdiction.objects.all()), list(Sector.objects.all())
        asked = request.GET
        self.place = next((p for p in self.places if p.code == asked.get("place")), None)
        self.sector = next((s for s in self.sectors if s.code == asked.get("sector")), None)
        self.grade = asked.get("grade") if asked.get("grade") in GRADES else ""
        self.state = asked.get("state") if asked.get("state") in acts.STATES else ""
        self.office = asked.get("office") if asked.get("office") in OFFICES else ""

    @property
    def query(self) -> str:
        """As in an address, ready for a further key."""
        chosen = {
            "place": self.place.code if self.place else "",
            "sector": self.sector.code if self.sector else "",
            "grade": self.grade,
            "state": self.state,
            "office": self.office,
        }
        return "".join(f"{key}={value}&" for key, value in chosen.items() if value)

    def among(self, request: HttpRequest) -> Any:
        """The planned enterprises in reach, by place, sector and grade."""
        found = acts.planned(register_of(request.user), timezone.localdate(), load_plan())
        if self.place:
            found = found.filter(place__path__startswith=self.place.path)
        if self.sector:
            found = found.filter(sector=self.sector)
        return found.filter(score__grade=self.grade) if self.grade else found

    def due(self, request: HttpRequest) -> Any:
        """Those of ``among`` in the chosen state and of the chosen office, in order."""
        return acts.narrowed(
            self.among(request),
            timezone.localdate(),
            load_plan(),
            state=self.state or "",
            office=self.office or "",
        )


@_office
@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """What is due, narrowed by the filters, fifty a page."""
    choice, today = _Choice(request), timezone.localdate()
    page = Paginator(choice.due(request), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "choice": choice,
        "page": page,
        "rows": list(acts.told(page, today, load_plan())),
        "query": choice.query,
        "states": acts.STATES,
        "offices": OFFICES,
        "grades": GRADES,
        "plan": load_plan(),
        "may_write": request.user.has_perm(acts.RECORD),
    }
    return render(request, "credit/office/supervision.html", context)


@_office
@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """The plan by street, sector and grade, and the frequencies behind it."""
    choice = _Choice(request)
    rows = acts.summary(choice.among(request), timezone.localdate(), load_plan())
    totals = {name: sum(getattr(row, name) for row in rows)
              for name in ("count", "visits", "overdue", "soon")}  # fmt: skip
    context = {"rows": rows, "totals": totals, "plan": load_plan()}
    return render(request, "credit/office/supervision_summary.html", context)


@_office
@require_http_methods(["GET", "HEAD", "POST"])
def visits(request: HttpRequest, pk: int) -> HttpResponse:
    """The visits of one enterprise, and for officers the form for a new one."""
    register = register_of(request.user).select_related("place", "sector", "score")
    found: Enterprise = get_object_or_404(register, pk=pk)
    today = timezone.localdate()
    if request.method == "POST" and not request.user.has_perm(acts.RECORD):
        raise PermissionDenied
    form = VisitForm(request.POST or None, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        try:
            acts.record_visit(found, officer=request.user, today=today, **form.cleaned_data)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已登记。")
            return redirect("credit:supervision_visits", pk)
    done = found.supervision_visits.select_related("officer")
    context = {
        "enterprise": found,
        "form": form,
        "page": Paginator(done, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_write": request.user.has_perm(acts.RECORD),
    }
    status = 422 if form.errors else 200
    return render(request, "credit/office/supervision_visits.html", context, status=status)


@_office
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The list with the same filters as a workbook; every text is a text, never a formula."""
    found = _Choice(request).due(request)[:MOST_EXPORTED]
    content = _workbook(acts.told(found, timezone.localdate(), load_plan()))
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="supervision.xlsx"'
    return answer


def _workbook(rows: Any) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "constant_memory": True, "strings_to_formulas": False}
    )
    sheet = book.add_worksheet("监督检查")
    sheet.set_column(0, 1, 28)
    sheet.set_column(2, 9, 14)
    for number, row in enumerate([COLUMNS, *map(_cells, rows)]):
        for column, text in enumerate(row):
            sheet.write_string(number, column, printable(str(safe(text))))
    book.close()
    return out.getvalue()


def _cells(due: acts.Due) -> tuple[str, ...]:
    firm: Any = due.enterprise
    last = due.last.isoformat() if due.last else "没有"
    return (
        firm.name, firm.number, firm.place.name, firm.sector.name, firm.score.grade,
        str(due.cell.per_year), due.cell.office, last, due.due_on.isoformat(),
        acts.STATES.get(due.state, "未到期"),
    )  # fmt: skip
