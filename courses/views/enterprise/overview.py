"""One enterprise's training on a page: coverage by team and requirement, assigned courses, people, export."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.acts import assigning, coverage
from courses.acts.managing import RefusedError
from courses.acts.roster_export import workbook
from courses.models import CoursePage
from courses.views.enterprise.gate import manager, reader
from credit.acts.reach import register_of
from credit.models import Employment, Enterprise
from credit.models.managers import managed_by

PAGE_SIZE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@never_cache
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """A manager's enterprises, straight to the one where there is one; for officers those of their places."""
    today = timezone.localdate()
    firms = list(managed_by(request.user, today).select_related("place"))
    register = register_of(request.user)
    if len(firms) == 1 and register.query.is_empty():
        return redirect("enterprise:overview", firms[0].pk)
    rows = coverage.of_register(register, today)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "courses/enterprise/choose.html", {"firms": firms, "page": page})


@reader
@never_cache
@require_safe
def overview(request: HttpRequest, firm: Enterprise, *, acts: bool) -> HttpResponse:
    """Coverage first, then what was assigned."""
    today = timezone.localdate()
    teams = coverage.by_team(firm, today)
    context = {
        "firm": firm, "acts": acts, "teams": teams, "total": coverage.total(teams),
        "asked": coverage.by_requirement(firm, today),
        "staff": coverage.staff(firm, today).count(),
        "assigned": assigning.assigned(firm, today),
    }  # fmt: skip
    return render(request, "courses/enterprise/overview.html", context)


@reader
@never_cache
@require_safe
def people(request: HttpRequest, firm: Enterprise, *, acts: bool) -> HttpResponse:
    """Who works here, the late first; narrowed by team and name."""
    today = timezone.localdate()
    rows = coverage.people(firm, today)
    team, words = request.GET.get("team"), request.GET.get("words", "").strip()[:60]
    if team is not None and team != "*":
        rows = rows.filter(team=team[:60]) if team else rows.filter(team__isnull=True)
    if words:
        rows = rows.filter(person__real_name__icontains=words.replace("\x00", ""))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "firm": firm, "acts": acts, "page": page, "team": "*" if team is None else team,
        "words": words, "teams": teams_of(firm),
        "query": f"{urlencode({'team': '*' if team is None else team, 'words': words})}&",
    }  # fmt: skip
    return render(request, "courses/enterprise/people.html", context)


def teams_of(firm: Enterprise) -> list[str]:
    """The names of its teams."""
    rows = coverage.staff(firm, timezone.localdate()).exclude(team=None)
    names = rows.order_by("team").values_list("team", flat=True).distinct()
    return [name for name in names if name]


@reader
@never_cache
@require_safe
def export(request: HttpRequest, firm: Enterprise, *, acts: bool) -> HttpResponse:
    """Everything as a workbook."""
    today = timezone.localdate()
    answer = HttpResponse(workbook(firm, today), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="training-{firm.pk}-{today}.xlsx"'
    return answer


class AssignForm(forms.Form):
    """Which course, for whom, until when."""

    course = forms.ModelChoiceField(CoursePage.objects.none(), label="课程", empty_label="请选择")
    position = forms.ChoiceField(
        label="岗位", choices=[("", "所有岗位"), *Employment.Position.choices], required=False
    )
    team = forms.ChoiceField(label="班组", required=False)
    until = forms.DateField(label="学完期限", widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, teams: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["course"]
        field.queryset = CoursePage.objects.live().filter(view_restrictions=None).order_by("path")
        chosen: Any = self.fields["team"]
        chosen.choices = [("", "所有班组"), *((name, name) for name in teams)]
        for one in self.fields.values():
            select = isinstance(one, forms.ChoiceField)
            one.widget.attrs["class"] = "form-select" if select else "form-control"


@manager
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, firm: Enterprise) -> HttpResponse:
    """Assign a course to a team, a post, or everybody."""
    today = timezone.localdate()
    form = AssignForm(request.POST or None, teams=teams_of(firm))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        rows = coverage.staff(firm, today)
        rows = rows.filter(position=said["position"]) if said["position"] else rows
        rows = rows.filter(team=said["team"]) if said["team"] else rows
        try:
            count = assigning.assign(
                said["course"], rows, enterprise=firm, until=said["until"], by=request.user,
                today=today,
            )  # fmt: skip
            messages.success(request, f"已安排 {count} 人学习，并通知了他们。")
            return redirect("enterprise:overview", firm.pk)
        except RefusedError as refusal:
            form.add_error(None, refusal.ruling.reason)
    return render(request, "courses/enterprise/assign.html", {"firm": firm, "form": form})


@manager
@require_POST
def remind(request: HttpRequest, firm: Enterprise) -> HttpResponse:
    """One click: everybody who is behind hears of it, once a day."""
    count = assigning.remind(firm, by=request.user, today=timezone.localdate())
    words = f"已提醒 {count} 人。" if count else "没有要提醒的人；今天提醒过的不再提醒。"
    messages.success(request, words)
    return redirect("enterprise:overview", firm.pk)
