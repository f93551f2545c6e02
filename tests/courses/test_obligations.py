"""What an employment owes is computed at once for many, met by what was learned, and kept cycle by cycle."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from courses.acts import certificates, obligations
from courses.acts.enrolment import enrol
from courses.models import CoursePage, Obligation, OutsideProof
from courses.rules.cycles import State
from credit.models import Enterprise, Sector
from tests.courses.obligation_kit import TODAY, a_person, at_work, counts, won

LEVELS = ["worker-plant-high", "worker-workshop-high", "worker-team-high"]
HOUR = 45  # minutes of one 学时


def owed(**where: Any) -> list[tuple[str, int, date, date | None]]:
    """Requirement, cycle, due day, met on."""
    rows = Obligation.objects.filter(**where).order_by("requirement", "cycle")
    return list(rows.values_list("requirement", "cycle", "due_on", "met_on"))


def test_a_new_worker_of_a_high_risk_sector_owes_three_levels_and_the_year(
    enterprise: Enterprise, learner: Any
):
    at_work(enterprise, learner, began_on=date(2026, 12, 31))
    assert obligations.refresh([enterprise.pk], today=TODAY) == 4
    assert owed() == [
        ("worker-plant-high", 1, date(2026, 12, 31), None),
        ("worker-team-high", 1, date(2026, 12, 31), None),
        ("worker-workshop-high", 1, date(2026, 12, 31), None),
        ("worker-yearly-high", 1, date(2027, 12, 31), None),
    ]
    one = Obligation.objects.get(requirement="worker-plant-high")
    assert (one.hours, one.article[:22], one.rules) == (
        24,
        "生产经营单位安全培训规定（3号令，80号令修",
        "training-2026",
    )
    assert one.explanation.startswith("高危行业新来的人最容易出事")
    assert one.explanation.endswith("法规要求在2026年12月31日上岗前完成。")


def test_running_again_changes_nothing(enterprise: Enterprise, learner: Any):
    at_work(enterprise, learner)
    obligations.refresh([enterprise.pk], today=TODAY)
    before = list(Obligation.objects.order_by("pk").values())
    assert obligations.refresh([enterprise.pk], today=TODAY + timedelta(days=9)) == 0
    assert list(Obligation.objects.order_by("pk").values()) == before


def test_hours_add_up_and_the_certificate_that_reaches_them_meets_it(
    enterprise: Enterprise, learner: Any, course: CoursePage
):
    at_work(enterprise, learner)
    counts(course, "worker-plant-high")
    won(course, learner, on=date(2026, 11, 10), minutes=23 * HOUR)
    obligations.refresh([enterprise.pk], today=TODAY)
    plant = Obligation.objects.get(requirement="worker-plant-high")
    assert (plant.minutes, plant.met_on) == (23 * HOUR, None)
    last = won(course, learner, on=date(2026, 11, 20), minutes=HOUR, taken=2)
    obligations.refresh_people([learner.pk], today=TODAY)
    plant.refresh_from_db()
    assert (plant.minutes, plant.met_on, plant.certificate) == (24 * HOUR, last.issued_on, last)


def test_a_course_without_exam_counts_when_it_is_finished(
    enterprise: Enterprise, learner: Any, course: CoursePage
):
    at_work(enterprise, learner)
    counts(course, "worker-team-high")
    course.required_minutes = 24 * HOUR
    course.save()
    enrolment: Any = enrol(course, person=learner)
    enrolment.finished_at = "2026-11-21T23:30:00+08:00"
    enrolment.save()
    obligations.refresh([enterprise.pk], today=TODAY)
    team = Obligation.objects.get(requirement="worker-team-high")
    assert (team.met_on, team.enrolment) == (date(2026, 11, 21), enrolment)


def test_the_next_year_is_a_row_of_its_own_and_the_earlier_one_stays(
    enterprise: Enterprise, learner: Any, course: CoursePage
):
    at_work(enterprise, learner, position="principal", began_on=date(2024, 3, 1))
    counts(course, "manager-yearly-high")
    obligations.refresh([enterprise.pk], today=date(2026, 3, 2))
    won(course, learner, on=date(2026, 5, 20), minutes=16 * HOUR)
    obligations.refresh([enterprise.pk], today=date(2026, 5, 20))
    won(course, learner, on=date(2027, 4, 1), minutes=16 * HOUR, taken=2)
    obligations.refresh([enterprise.pk], today=date(2027, 4, 1))
    assert owed(requirement="manager-yearly-high") == [
        ("manager-yearly-high", 1, date(2027, 3, 1), date(2026, 5, 20)),
        ("manager-yearly-high", 2, date(2027, 5, 20), date(2027, 4, 1)),
        ("manager-yearly-high", 3, date(2028, 4, 1), None),
    ]


def test_a_special_operator_shows_the_states_certificate_and_is_asked_for_the_review(
    enterprise: Enterprise, learner: Any
):
    work = at_work(enterprise, learner, position="special_operator", trades="welding")
    OutsideProof.objects.create(
        employment=work, requirement="operator-certificate.welding", done_on=date(2025, 1, 10),
        paper="特种作业操作证 T990001", by=learner,
    )  # fmt: skip
    obligations.refresh([enterprise.pk], today=TODAY)
    assert owed(step="certificate") == [
        ("operator-certificate.welding", 1, date(2026, 12, 25), date(2025, 1, 10)),
        ("operator-certificate.welding", 2, date(2028, 1, 10) - timedelta(days=60), None),
    ]


def test_a_course_never_stands_for_the_states_certificate(
    enterprise: Enterprise, learner: Any, course: CoursePage
):
    at_work(enterprise, learner, position="special_operator", trades="welding")
    counts(course, "operator-certificate.welding", "operator-certificate")
    won(course, learner, on=date(2026, 11, 10), minutes=500)
    obligations.refresh([enterprise.pk], today=TODAY)
    assert Obligation.objects.get(step="certificate").met_on is None


def test_a_revoked_certificate_opens_a_cycle_and_rewrites_none(
    enterprise: Enterprise, learner: Any, course: CoursePage
):
    at_work(enterprise, learner)
    counts(course, "worker-plant-high")
    held = won(course, learner, on=date(2026, 11, 10), minutes=24 * HOUR)
    obligations.refresh([enterprise.pk], today=TODAY)
    certificates.revoke(held, officer=learner, reason="替考", today=TODAY)
    obligations.refresh([enterprise.pk], today=TODAY)
    assert owed(requirement="worker-plant-high") == [
        ("worker-plant-high", 1, date(2026, 12, 25), date(2026, 11, 10)),
        ("worker-plant-high", 2, date(2026, 12, 25), None),
    ]
    assert "2026年11月25日撤销了" in Obligation.objects.get(cycle=2).explanation


def test_who_leaves_owes_nothing_more_and_what_was_met_stays(
    enterprise: Enterprise, learner: Any, course: CoursePage
):
    work = at_work(enterprise, learner)
    counts(course, "worker-plant-high")
    won(course, learner, on=date(2026, 11, 10), minutes=24 * HOUR)
    obligations.refresh([enterprise.pk], today=TODAY)
    work.ended_on = TODAY
    work.save()
    obligations.refresh([enterprise.pk], today=TODAY + timedelta(days=1))
    rows = Obligation.objects.order_by("pk").values_list("requirement", "met_on", "closed_on")
    assert list(rows) == [
        ("worker-plant-high", date(2026, 11, 10), None),
        *((code, None, TODAY) for code in [*LEVELS[1:], "worker-yearly-high"]),
    ]


def test_another_sector_asks_for_its_own_and_drops_the_rest(enterprise: Enterprise, learner: Any):
    at_work(enterprise, learner)
    obligations.refresh([enterprise.pk], today=TODAY)
    enterprise.sector = Sector.objects.create(code="trade", name="商贸服务")
    enterprise.save()
    obligations.refresh([enterprise.pk], today=TODAY)
    still = Obligation.objects.open().values_list("requirement", flat=True)
    assert list(still) == ["worker-initial"]


@pytest.mark.parametrize("people", [1, 3, 30])
def test_the_count_of_statements_does_not_grow(
    enterprise: Enterprise, course: CoursePage, people: int
):
    enterprise.sector = Sector.objects.create(code="trade", name="商贸服务")  # asks for one thing
    enterprise.save()
    counts(course, "worker-initial")
    for number in range(people):
        person = a_person(number)
        at_work(enterprise, person)
        won(course, person, on=date(2026, 11, 10), minutes=24 * HOUR)
    with CaptureQueriesContext(
        connection,
    ) as first:
        obligations.refresh([enterprise.pk], today=TODAY)
    assert (len(first), Obligation.objects.count()) == (12, people)


def refused(statement: str) -> str:
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    return str(caught.value)


def test_the_database_keeps_what_it_says_and_every_earlier_cycle(
    enterprise: Enterprise, learner: Any, course: CoursePage
):
    at_work(enterprise, learner, position="principal", began_on=date(2024, 3, 1))
    counts(course, "manager-yearly-high", "manager-initial-high")
    won(course, learner, on=date(2026, 5, 20), minutes=48 * HOUR)
    obligations.refresh([enterprise.pk], today=TODAY)
    of_first = "WHERE cycle = 1 AND step = 'yearly'"
    for statement, words in (
        ("DELETE FROM courses_obligation", "an obligation is never deleted"),
        ("UPDATE courses_obligation SET due_on = '2030-01-01'", "is never edited"),
        (
            f"UPDATE courses_obligation SET minutes = 0 {of_first}",  # noqa: S608
            "earlier cycle is never touched",
        ),
        (
            "UPDATE courses_obligation SET met_on = NULL WHERE cycle = 1 AND step = 'initial'",
            "stays met",
        ),
    ):
        assert words in refused(statement)


def test_the_register_is_cut_by_employments_not_by_enterprises(
    enterprise: Enterprise, learner: Any, monkeypatch: pytest.MonkeyPatch
):
    other = Enterprise.objects.create(
        name="乙厂（虚构）", legacy_number="1", place=enterprise.place, sector=enterprise.sector
    )
    at_work(enterprise, learner)
    at_work(other, learner)
    at_work(other, a_person(2))
    assert list(obligations.ranges()) == [(enterprise.pk, other.pk)]
    monkeypatch.setattr(obligations, "PARTITION", 2)
    assert list(obligations.ranges()) == [(enterprise.pk, enterprise.pk), (other.pk, other.pk)]


def test_states_have_a_name_each():
    from courses.rules.cycles import NAMES

    assert set(NAMES) == set(State)
