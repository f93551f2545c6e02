"""The calendar of holidays at a glance: a year, its exceptions, and the forms that change it."""

from calendar import Calendar
from collections.abc import Mapping
from datetime import date
from typing import Any

from chinese_calendar import Holiday
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from credit.acts import calendars as acts
from credit.acts.casework import RefusedError
from credit.acts.casework import calendar as exceptions
from credit.models import WorkdayException
from credit.rules.workdays import has_calendar
from credit.views.case_forms import DayInput, StepForm
from credit.views.cases import office

# The calendar that is delivered has English names.
HOLIDAYS = {each.value: each.chinese for each in Holiday}
STATES = [("off", "放假"), ("on", "上班（调休）"), ("plain", "照常（去掉例外）")]
WORKED = {"off": False, "on": True, "plain": None}


class DayForm(StepForm):
    """One exceptional day."""

    day = forms.DateField(label="日期", widget=DayInput)
    state = forms.ChoiceField(label="这一天", choices=STATES)
    note = forms.CharField(label="说明，例如：国庆节", max_length=60, required=False)
    reason = forms.CharField(label="依据（通知的文号）", max_length=200)


class YearForm(StepForm):
    """A year's list, pasted or as a CSV file."""

    text = forms.CharField(
        label="粘贴全年安排，一行一天或者一段", required=False, widget=forms.Textarea
    )
    file = forms.FileField(label="或者选择 CSV 文件", required=False, allow_empty_file=True)
    reason = forms.CharField(label="依据（通知的文号）", max_length=200)

    def clean(self) -> dict[str, Any]:
        """The text, from the file where there is one; UTF-8 or GB 18030."""
        cleaned: dict[str, Any] = super().clean() or {}
        if file := cleaned.get("file"):
            cleaned["text"] = _decoded(file.read(100_001))
        if not (cleaned.get("text") or "").strip():
            raise forms.ValidationError("请粘贴全年安排，或者选择文件")
        return cleaned


def _decoded(content: bytes) -> str:
    if len(content) > 100_000:
        raise forms.ValidationError("文件太大，一年的安排只有几十行")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise forms.ValidationError("文件不是 CSV 文本，请另存为 CSV（UTF-8）再选")


@office
@require_safe
def calendar(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """A year at a glance."""
    return _show(request, year or timezone.localdate().year)


def _show(request: HttpRequest, year: int, status: int = 200, **more: Any) -> HttpResponse:
    if not acts.FIRST_YEAR <= year <= acts.LAST_YEAR:
        raise Http404
    known, today = exceptions(), timezone.localdate()
    may_edit = request.user.has_perm(acts.EDIT)
    context = {
        "year": year,
        "months": [(month, _weeks(year, month, known, today)) for month in range(1, 13)],
        "listed": [
            (row, HOLIDAYS.get(row.note, row.note))
            for row in WorkdayException.objects.filter(day__year=year)
        ],
        "official": has_calendar(year, known),
        "years": range(max(today.year - 2, acts.FIRST_YEAR), today.year + 3),
        "may_edit": may_edit,
        "day_form": DayForm(today=today, initial=_asked(request)),
        "year_form": YearForm(today=today),
        **more,
    }
    return render(request, "credit/office/calendar.html", context, status=status)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The day that was tapped in the grid."""
    try:
        return {"day": date.fromisoformat(request.GET.get("day", ""))}
    except ValueError:
        return {}


def _weeks(year: int, month: int, known: Mapping[date, bool], today: date) -> list[list[Any]]:
    """The weeks of a month from Monday; a day outside it is None, else (day, class, word, is today)."""
    return [
        [_cell(day, known, today) if day.month == month else None for day in week]
        for week in Calendar().monthdatescalendar(year, month)
    ]


def _cell(day: date, known: Mapping[date, bool], today: date) -> tuple[date, str, str, bool]:
    state = known.get(day)
    if state is None:
        return day, "day-weekend" if day.weekday() > 4 else "", "", day == today
    return (day, "day-on", "班", day == today) if state else (day, "day-off", "休", day == today)


@office
@require_POST
def set_day(request: HttpRequest, year: int) -> HttpResponse:
    """Change one day."""
    form = DayForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        return _show(request, year, 422, day_form=form)
    said = form.cleaned_data
    try:
        acts.set_day(
            said["day"], officer=request.user, is_working=WORKED[said["state"]],
            note=said["note"], reason=said["reason"],
        )  # fmt: skip
    except RefusedError as refused:
        return _show(request, year, 422, day_form=form, refusal=refused.printed)
    messages.success(request, "已修改。没有办结的期限已按新的安排计算，已经办结的不变。")
    return redirect("credit:calendar_year", said["day"].year)


@office
@require_POST
def import_year(request: HttpRequest, year: int) -> HttpResponse:
    """Take in a year's list; every problem at once, or the whole year."""
    form = YearForm(request.POST, request.FILES, today=timezone.localdate())
    if not acts.FIRST_YEAR <= year <= acts.LAST_YEAR:
        raise Http404
    if not form.is_valid():
        return _show(request, year, 422, year_form=form)
    said = form.cleaned_data
    try:
        changed, problems = acts.import_year(
            year, said["text"], officer=request.user, reason=said["reason"]
        )
    except RefusedError as refused:
        return _show(request, year, 422, year_form=form, refusal=refused.printed)
    if problems:
        return _show(request, year, 422, year_form=form, problems=problems)
    messages.success(request, f"已导入{year}年的安排，有{len(changed)}天与原来不同。")
    return redirect("credit:calendar_year", year)
