"""When training is due, and again. Sources: 3号令 (80号令修正) 第九条、第十三条; 30号令 第二十一条."""

from datetime import date, timedelta

import pytest

from courses.rules.cycles import Cycle, State, first_cycle, next_cycle, reached, reminder, standing
from courses.rules.requirements import Requirement, rows

NOW = date(2026, 5, 20)
ROWS = {row.code: row for row in rows()}


def asked(code: str) -> Requirement:
    return ROWS[code]


def test_a_principal_has_six_months_from_taking_up_the_post():
    began = date(2026, 3, 10)
    cycle = first_cycle(asked("manager-initial"), began_on=began, known_on=began)
    assert (cycle.number, cycle.from_on, cycle.due_on) == (1, date(2023, 3, 10), date(2026, 9, 10))
    assert cycle.explanation.endswith("法规要求在2026年9月10日前完成。")


def test_a_worker_learns_before_the_work_begins():
    cycle = first_cycle(asked("worker-plant"), began_on=date(2026, 6, 1), known_on=date(2026, 4, 1))
    assert cycle.due_on == date(2026, 6, 1)


def test_who_is_entered_late_has_thirty_days_to_bring_the_proof():
    cycle = first_cycle(
        asked("worker-plant"), began_on=date(2019, 6, 1), known_on=date(2026, 11, 1)
    )
    assert cycle.due_on == date(2026, 12, 1)
    assert cycle.explanation.endswith(
        "法规要求在2019年6月1日上岗前完成；您是2026年11月1日登记的，请在2026年12月1日前补齐。"
    )


def test_a_yearly_duty_begins_with_the_next_anniversary():
    cycle = first_cycle(
        asked("manager-yearly"), began_on=date(2019, 6, 1), known_on=date(2026, 11, 1)
    )
    assert (cycle.from_on, cycle.due_on) == (date(2026, 6, 1), date(2027, 6, 1))


def test_the_next_year_is_counted_from_the_day_it_was_met():
    assert next_cycle(asked("manager-yearly"), number=1, met_on=date(2026, 5, 20), known_on=NOW) == Cycle(
        2, date(2026, 5, 21), date(2027, 5, 20),
        asked("manager-yearly").why + "上一次是2026年5月20日完成的，这一次要在2027年5月20日前完成。",
    )  # fmt: skip


def test_a_special_operator_asks_for_the_review_sixty_days_before_three_years_end():
    cycle = next_cycle(
        asked("operator-certificate"), number=1, met_on=date(2024, 2, 29), known_on=NOW
    )
    assert cycle is not None
    assert cycle.due_on == date(2027, 2, 28) - timedelta(days=60)


def test_what_is_asked_once_has_no_second_cycle_unless_its_certificate_was_revoked():
    once = asked("worker-plant")
    assert next_cycle(once, number=1, met_on=date(2026, 5, 20), known_on=NOW) is None
    again = next_cycle(
        once, number=1, met_on=date(2026, 5, 20), known_on=NOW, revoked_on=date(2026, 8, 1)
    )
    assert again is not None
    assert (again.number, again.from_on, again.due_on) == (2, date(2026, 8, 1), date(2026, 8, 31))


def test_a_review_that_was_missed_before_anybody_told_us_leaves_thirty_days():
    late = next_cycle(
        asked("operator-certificate"), number=1, met_on=date(2022, 3, 1), known_on=date(2026, 11, 1)
    )
    assert late is not None
    assert late.due_on == date(2026, 12, 1)
    assert late.explanation.endswith(
        "这一次要在2024年12月31日前完成；我们2026年11月1日才知道，请在2026年12月1日前补齐。"
    )


@pytest.mark.parametrize(
    ("needed", "minutes", "result"),
    [
        (90, [], (0, None)),
        (90, [45, 44], (89, None)),
        (90, [45, 44, 1, 500], (90, 2)),
        (0, [0], (0, 0)),
        (0, [], (0, None)),
    ],
)
def test_what_was_learned_first_meets_it(needed, minutes, result):
    assert reached(needed, minutes) == result


DUE = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("today", "met_on", "closed_on", "state"),
    [
        (date(2026, 9, 30), None, None, State.OPEN),
        (date(2026, 10, 1), None, None, State.SOON),
        (DUE, None, None, State.SOON),
        (date(2026, 12, 1), None, None, State.OVERDUE),
        (date(2026, 12, 1), DUE, None, State.MET),
        (date(2026, 12, 9), date(2026, 12, 1), None, State.MET_LATE),
        (date(2026, 12, 9), None, date(2026, 11, 1), State.CLOSED),
    ],
)
def test_how_it_stands(today, met_on, closed_on, state):
    assert standing(due_on=DUE, met_on=met_on, closed_on=closed_on, today=today) is state


@pytest.mark.parametrize(
    ("left", "mark"),
    [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)],
)
def test_reminders_at_60_30_and_7_days(left, mark):
    assert reminder(DUE, DUE - timedelta(days=left)) == mark
