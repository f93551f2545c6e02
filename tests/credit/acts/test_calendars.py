"""The calendar of holidays: by those with the permission, with a reason, logged."""

import json
from datetime import date
from typing import Any

import pytest

from credit.acts import calendars
from credit.acts.casework import RefusedError, calendar
from credit.models import AuditEntry, Jurisdiction, WorkdayException
from credit.rules.holidays import Problem
from credit.rules.workdays import has_calendar
from tests.credit.officers import officer
from tests.credit.rules.test_holidays import GOOD

pytestmark = pytest.mark.django_db
DAY = date(2027, 5, 1)


@pytest.fixture
def keeper(district: Jurisdiction) -> Any:
    return officer("13800000021", district, "edit_calendar")


def test_a_day_is_set_changed_and_made_ordinary_again(keeper: Any) -> None:
    calendars.set_day(DAY, officer=keeper, is_working=False, note="劳动节", reason="通知1号")
    calendars.set_day(DAY, officer=keeper, is_working=True, note="", reason="通知2号")
    calendars.set_day(DAY, officer=keeper, is_working=None, reason="通知3号")
    assert DAY not in calendar()
    said = [json.loads(entry.said) for entry in AuditEntry.objects.order_by("number")]
    assert said == [
        {"before": None, "after": False, "reason": "通知1号"},
        {"before": False, "after": True, "reason": "通知2号"},
        {"before": True, "after": None, "reason": "通知3号"},
    ]


@pytest.mark.parametrize(
    ("day", "said", "reason"),
    [
        (DAY, {"is_working": False, "reason": " "}, "请写明依据"),
        (date(2027, 5, 4), {"is_working": True, "reason": "x"}, "本来就上班"),
        (date(1999, 1, 1), {"is_working": False, "reason": "x"}, "日期应在2000至2100年"),
        (DAY, {"is_working": False, "reason": "x", "note": "长" * 61}, "说明最多60个字"),
    ],
)
def test_what_makes_no_sense_is_refused(
    keeper: Any, day: date, said: dict[str, Any], reason: str
) -> None:
    with pytest.raises(RefusedError, match=reason):
        calendars.set_day(day, officer=keeper, **said)
    assert not WorkdayException.objects.filter(day=day).exists()


def test_without_the_permission_nobody_changes_it(opener: Any) -> None:
    with pytest.raises(RefusedError, match="没有修改节假日安排的权限"):
        calendars.set_day(DAY, officer=opener, is_working=False, reason="x")
    with pytest.raises(RefusedError, match="没有修改节假日安排的权限"):
        calendars.import_year(2027, GOOD, officer=opener, reason="x")


def test_a_year_comes_in_whole_in_the_place_of_what_stood(keeper: Any) -> None:
    calendars.set_day(DAY, officer=keeper, is_working=False, reason="估计")
    assert not has_calendar(2027, calendar())  # one day is no calendar
    changed, problems = calendars.import_year(2027, GOOD, officer=keeper, reason="国办发明电")
    assert (len(changed), problems) == (9, [])
    assert "2027-05-01：放假 → 照常" in changed
    assert WorkdayException.objects.filter(day__year=2027).count() == 8
    assert WorkdayException.objects.filter(day__year=2026).exists()
    assert has_calendar(2027, calendar())
    assert calendars.import_year(2027, GOOD, officer=keeper, reason="再一次") == ([], [])
    logged = AuditEntry.objects.filter(verb="calendar.import").order_by("number")
    assert [len(json.loads(entry.said)["changed"]) for entry in logged] == [9, 0]


def test_with_one_problem_nothing_changes(keeper: Any) -> None:
    _, problems = calendars.import_year(2027, f"{GOOD}乱写", officer=keeper, reason="x")
    assert problems == [Problem(6, "乱写", "看不懂，请写成：2027-10-01,放假,国庆节")]
    assert not WorkdayException.objects.filter(day__year=2027).exists()
    assert AuditEntry.objects.count() == 0
