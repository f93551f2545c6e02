"""The bureau's calendar of holidays: change a day, take in a year. Each change is logged with its reason."""

from datetime import date
from typing import Any, Final

from django.db import transaction

from credit.acts import audit
from credit.acts.casework import RefusedError, refuse
from credit.acts.casework import calendar as casework_calendar
from credit.models import ListCase, WorkdayException
from credit.models.rulesets import timeline
from credit.rules.cases import State, hearing_due
from credit.rules.holidays import LONGEST_NOTE, Problem, day_problem, differences, read_holidays
from credit.rules.terms import printed
from credit.rules.workdays import Exceptions, is_working_day

EDIT: Final = "credit.edit_calendar"
ARTICLE: Final = "全国年节及纪念日放假办法；国务院办公厅节假日安排通知"
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100

__all__ = ["EDIT", "FIRST_YEAR", "LAST_YEAR", "RefusedError", "import_year", "set_day"]


@transaction.atomic
def set_day(
    day: date, *, officer: Any, is_working: bool | None, note: str = "", reason: str
) -> None:
    """Make a day a holiday, a worked day, or (None) an ordinary one again. Raises RefusedError."""
    _may(officer, reason)
    if is_working is not None and (problem := day_problem(day, is_working)):
        raise refuse(problem, ARTICLE)
    if not FIRST_YEAR <= day.year <= LAST_YEAR or len(note) > LONGEST_NOTE:
        raise refuse(f"日期应在{FIRST_YEAR}至{LAST_YEAR}年，说明最多{LONGEST_NOTE}个字", ARTICLE)
    standing = WorkdayException.objects.select_for_update().filter(day=day)
    before = standing.values_list("is_working", flat=True).first()
    _shortens_nothing(*({} if said is None else {day: said} for said in (before, is_working)))
    if is_working is None:
        standing.delete()
    else:
        WorkdayException.objects.update_or_create(
            day=day, defaults={"is_working": is_working, "note": note.strip()}
        )
    row = WorkdayException(day=day)
    audit.log(
        "calendar.set",
        by=officer,
        subject=row,
        before=before,
        after=is_working,
        reason=reason.strip(),
    )


@transaction.atomic
def import_year(
    year: int, text: str, *, officer: Any, reason: str
) -> tuple[list[str], list[Problem]]:
    """Put a year's list in the place of what stands for it; what changed, or every problem and no change."""
    _may(officer, reason)
    days, problems = read_holidays(text, year)
    if problems:
        return [], problems
    standing = WorkdayException.objects.select_for_update().filter(day__year=year)
    known = dict(standing.values_list("day", "is_working"))
    changed = differences(known, days)
    _shortens_nothing(known, {one.day: one.is_working for one in days})
    standing.delete()
    WorkdayException.objects.bulk_create(
        [WorkdayException(day=one.day, is_working=one.is_working, note=one.note) for one in days]
    )
    audit.log(
        "calendar.import", by=officer, subject=WorkdayException(day=days[0].day), year=year,
        changed=changed, reason=reason.strip(),
    )  # fmt: skip
    return changed, []


def _shortens_nothing(before: Exceptions, after: Exceptions) -> None:
    """No day becomes a worked one within a term that a party was told. Raises RefusedError."""
    changed = before.keys() | after.keys()
    now_worked = {
        day for day in changed if is_working_day(day, after) > is_working_day(day, before)
    }
    if not now_worked:
        return
    holidays, rules = casework_calendar(), timeline()
    told = ListCase.objects.filter(state=State.NOTICE_SENT, notice_served_on__lt=max(now_worked))
    running = [
        served
        for served in set(told.values_list("notice_served_on", flat=True))
        if served
        and any(served < day <= hearing_due(served, holidays, rules).day for day in now_worked)
    ]
    if running:
        told_on = printed(min(running))
        words = (
            f"{told_on}告知的案件还在陈述申辩期限内，休息日改为上班会缩短期限，请等期限届满后再改"
        )
        raise refuse(words, ARTICLE)


def _may(officer: Any, reason: str) -> None:
    if not officer.has_perm(EDIT):
        raise refuse("您没有修改节假日安排的权限", ARTICLE)
    if not reason.strip():
        raise refuse("请写明依据，例如：国务院办公厅通知的文号", ARTICLE)
