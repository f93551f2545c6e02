"""Publication and repair under both regimes."""

from datetime import date

import pytest

from credit.rules.repair import (
    Severity,
    Window,
    may_repair,
    public_until,
    still_published,
    window,
)
from credit.rules.ruling import Ruling

NEW = "国办发〔2025〕22号；信用修复管理办法（2026-04-01起）"
OLD = "国家发展改革委令第58号"
DECIDED = date(2026, 1, 31)
TODAY = date(2026, 4, 1)
MINOR, ORDINARY, SERIOUS = Severity


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        (MINOR, Window(DECIDED, date(2026, 4, 30), False, NEW, False)),
        (ORDINARY, Window(date(2026, 4, 30), date(2027, 1, 31), True, NEW, False)),
        (SERIOUS, Window(date(2027, 1, 31), date(2029, 1, 31), True, NEW, False)),
    ],
)
def test_the_new_regime_grades_the_terms(severity, expected):
    assert window(DECIDED, severity, TODAY) == expected


def test_the_old_regime_answers_until_the_day_before_and_is_marked_unchecked():
    eve = date(2026, 3, 31)
    assert window(DECIDED, ORDINARY, eve) == Window(
        date(2027, 1, 31), date(2029, 1, 31), True, OLD, False
    )
    assert window(DECIDED, ORDINARY, eve, safety=False).repair_from == date(2026, 4, 30)


@pytest.mark.parametrize(
    ("today", "performed", "ruling"),
    [
        (date(2026, 4, 29), True, Ruling(False, "未满最短公示期，2026年4月30日起可申请", NEW)),
        (
            date(2026, 4, 30),
            False,
            Ruling(False, "行政处罚义务尚未履行完毕或违法行为尚未纠正", NEW),
        ),
        (date(2026, 4, 30), True, Ruling(True, "已满最短公示期且义务已履行，可申请信用修复", NEW)),
        (
            date(2027, 1, 31),
            True,
            Ruling(False, "公示期已于2027年1月31日届满，自动停止公示，无需申请", NEW),
        ),
    ],
)
def test_repair_waits_for_the_shortest_term_and_the_duties(today, performed, ruling):
    assert may_repair(DECIDED, ORDINARY, today, duties_performed=performed) == ruling


def test_publication_stops_with_repair_or_with_the_term():
    assert still_published(DECIDED, ORDINARY, TODAY) == Ruling(True, "公示至2027年1月31日", NEW)
    assert still_published(DECIDED, MINOR, TODAY) == Ruling(False, "轻微处罚一般不公示", NEW)
    assert still_published(DECIDED, ORDINARY, date(2027, 1, 31)) == Ruling(
        False, "公示期已于2027年1月31日届满", NEW
    )
    assert still_published(DECIDED, ORDINARY, TODAY, repaired_on=TODAY) == Ruling(
        False, "2026年4月1日已信用修复", NEW
    )


@pytest.mark.parametrize(
    ("kind", "given", "last"),
    [
        ("violation.warning", None, date(2026, 4, 29)),
        ("violation.fine", None, date(2027, 1, 30)),
        ("violation.fine", date(2027, 1, 31), date(2027, 1, 30)),
        ("violation.large_fine", date(2029, 1, 29), date(2029, 1, 29)),
        ("violation.licence_revoked", None, date(2029, 1, 30)),
    ],
)
def test_credit_repair_measures_publication_ends_with_the_longest_term(kind, given, last):
    assert public_until(DECIDED, kind, given) == last
