"""培训统计: the training report on a page and as a workbook, and the figures of the plan that it is held against."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.acts import plans
from courses.acts import report as reports
from courses.acts.exams import RefusedError
from courses.acts.report_export import workbook
from courses.acts.reporting import BY, Asked
from courses.models import PlanFigure
from courses.rules.reports import NAMES, Indicator, amount, figures
from courses.views.report_charts import chart
from credit.models import Jurisdiction, Sector

PAGE_SIZE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
View = Callable[..., HttpResponseBase]


def reader(view: View) -> View:
    """Only for those who may read the report."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not plans.may_read(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(never_cache(guarded))


class Narrow(forms.Form):
    """By what, which year, where. What cannot be read is left out: the page shows the whole."""

    by = forms.ChoiceField(label="按什么统计", choices=list(BY.items()), required=False)
    year = forms.TypedChoiceField(label="年份", coerce=int, required=False)
    place = forms.TypedChoiceField(label="属地", coerce=int, required=False, empty_value=None)
    sector = forms.TypedChoiceField(label="行业领域", coerce=int, required=False, empty_value=None)

    def __init__(self, said: Any, *, places: Mapping[int, Jurisdiction], year: int) -> None:
        super().__init__(said)
        years = range(year, year - amount("years_back") - 1, -1)
        sectors = Sector.objects.order_by("name").values_list("pk", "name")
        self._choose("year", [(one, f"{one}年") for one in years])
        self._choose("place", [("", "全部"), *((one.pk, one.name) for one in places.values())])
        self._choose("sector", [("", "全部"), *sectors])
        for one in self.fields.values():
            one.widget.attrs["class"] = "form-select"
        self.is_valid()

    def _choose(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices


def _made(request: HttpRequest) -> tuple[reports.Report, Narrow, dict[int, Jurisdiction]]:
    today = timezone.localdate()
    places = {one.pk: one for one in plans.places(request.user)}
    said = request.GET.copy()
    said.setdefault("by", "place")
    said.setdefault("year", str(today.year))
    form = Narrow(said, places=places, year=today.year)
    chosen = form.cleaned_data
    asked = Asked(
        register=plans.register(request.user), places=plans.places(request.user),
        year=chosen.get("year") or today.year, by=chosen.get("by") or "place", today=today,
    )  # fmt: skip
    place = places.get(chosen.get("place") or 0)
    cut = reports.narrowed(asked, place=place, sector=chosen.get("sector"))
    return reports.make(asked, places, cut), form, places


@reader
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """The plan first, then coverage, exams, migrant workers and officials."""
    made, form, _ = _made(request)
    page = Paginator(made.lines, PAGE_SIZE).get_page(request.GET.get("page"))
    chosen = {key: value for key, value in form.cleaned_data.items() if value not in (None, "")}
    context = {
        "report": made,
        "form": form,
        "page": page,
        "cut": BY[made.asked.by],
        "coverage": chart(
            ((one.name, one.coverage.part) for one in page),
            _target(made, Indicator.COVERAGE),
        ),
        "exams": chart(
            ((one.name, one.exams.part) for one in page), _target(made, Indicator.PASSED)
        ),
        "figures": figures().values(),
        "rotation_years": amount("rotation_years"),
        "enters": request.user.has_perm(plans.ENTER),
        "query": f"{urlencode(chosen)}&",
    }
    return render(request, "courses/office/reports.html", context)


def _target(made: reports.Report, indicator: Indicator) -> int | None:
    """The target of the widest place: the line in the picture."""
    found = [one for one in made.plan if one.is_target and one.figure.indicator == indicator]
    widest = min(found, key=lambda one: len(one.figure.place.path), default=None)
    return int(widest.figure.amount) if widest else None


@reader
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same as a workbook, all rows."""
    made, _, _ = _made(request)
    answer = HttpResponse(workbook(made), content_type=XLSX)
    name = f"training-report-{made.asked.year}-{made.asked.by}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


class FigureForm(forms.Form):
    """A figure of a plan."""

    place = forms.ModelChoiceField(Jurisdiction.objects.none(), label="属地", empty_label="请选择")
    year = forms.IntegerField(label="年份", min_value=2000, max_value=2100)
    indicator = forms.ChoiceField(
        label="指标", choices=[(one.value, name) for one, name in NAMES.items()]
    )
    kind = forms.ChoiceField(label="性质", choices=PlanFigure.Kind.choices)
    amount = forms.DecimalField(
        label="数值（百分比或人数）", min_value=0, max_digits=11, decimal_places=2
    )
    source = forms.CharField(label="来源（文件名、文号、条款）", max_length=200)
    reason = forms.CharField(label="更改原因（改已有的指标时填）", max_length=200, required=False)

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        field.queryset = places
        for one in self.fields.values():
            select = isinstance(one, forms.ChoiceField)
            one.widget.attrs["class"] = "form-select" if select else "form-control"


@reader
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Every word on the plan's figures, the newest first, and a form for one more."""
    places = plans.places(request.user)
    enters = request.user.has_perm(plans.ENTER)
    if request.method == "POST" and not enters:
        raise PermissionDenied
    first = {"year": timezone.localdate().year}
    form = FigureForm(request.POST or None, places=places, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            plans.enter(**form.cleaned_data, by=request.user)
            messages.success(request, "已登记。")
            return redirect("courses:plan")
        except RefusedError as refusal:
            form.add_error(None, refusal.ruling.reason)
    rows = PlanFigure.objects.filter(place__in=places).select_related("place", "by").order_by("-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form if enters else None, "page": page, "query": ""}
    return render(request, "courses/office/plan.html", context)
