"""The training report: what it counts, for whom, against the plan; on a page and in a workbook."""

import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from courses.acts import plans, report, reporting
from courses.acts.exams import RefusedError
from courses.acts.reporting import Asked, Coverage, Exams
from courses.models import CourseIndexPage, CoursePage, PlanFigure
from credit.models import AuditEntry, Employment, Enterprise, Jurisdiction, Sector
from tests.courses.report_kit import (
    TODAY,
    a_firm,
    a_person,
    a_street,
    an_official,
    at_work,
    finished,
    owes,
    sat,
)

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def noon() -> Any:
    with time_machine.travel("2026-11-25T12:00:00+08:00", tick=False):
        yield


@pytest.fixture
def sectors(db: None) -> tuple[Sector, Sector]:
    return (
        Sector.objects.create(code="trade", name="商贸服务"),
        Sector.objects.create(code="chemicals", name="危险化学品", high_risk=True),
    )


@pytest.fixture
def firms(district: Jurisdiction, sectors: tuple[Sector, Sector]) -> list[Enterprise]:
    """Two in one street, one in another."""
    river, hill = a_street(district, 1, "河滨街道"), a_street(district, 2, "山前街道")
    trade, chemicals = sectors
    return [a_firm(river, trade, 1), a_firm(river, chemicals, 2), a_firm(hill, chemicals, 3)]


def asked(by: str = "place", year: int = 2026, firms: Any = None) -> Asked:
    register = Enterprise.objects.all() if firms is None else firms
    return Asked(register, Jurisdiction.objects.all(), year, by, TODAY)


def a_course(catalogue: CourseIndexPage, slug: str, audience: str) -> CoursePage:
    page = CoursePage(title=slug, slug=slug, summary="学", required_minutes=0, audience=audience)
    catalogue.add_child(instance=page)
    return page


def text(answer: Any) -> str:
    main = re.search(r"<main.*</main>", answer.content.decode(), re.S)
    assert main
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main.group()))


# -- What is counted ---------------------------------------------------------------------------------------


def test_coverage_counts_what_came_due_in_the_year(firms: list[Enterprise]):
    one = at_work(firms[0], a_person(1))
    two = at_work(firms[0], a_person(2), ended_on=date(2026, 11, 20))
    owes(one, due=date(2026, 3, 1), met=date(2026, 2, 1), code="a")
    owes(one, due=date(2026, 3, 1), met=date(2026, 4, 1), code="b")
    owes(one, due=date(2026, 11, 24), code="c")
    owes(one, due=date(2026, 12, 31), code="d")
    owes(one, due=date(2027, 1, 1), code="e")
    owes(one, due=date(2025, 12, 31), code="f")
    # Missed before they left, and not yet due when they left.
    owes(two, due=date(2026, 5, 1), closed=date(2026, 11, 20), code="g")
    owes(two, due=date(2026, 12, 1), closed=date(2026, 11, 20), code="h")
    found = reporting.coverage(asked())
    assert found == {firms[0].place_id: Coverage(owed=5, met=2, in_time=1, late=2)}
    assert (found[firms[0].place_id].waiting, found[firms[0].place_id].part) == (1, 40)


def test_coverage_is_cut_by_sector_audience_enterprise_and_year(firms: list[Enterprise]):
    for number, firm in enumerate(firms):
        work = at_work(firm, a_person(number), position="principal" if number == 2 else "worker")
        owes(work, due=date(2026, 3, 1), met=date(2026, 2, 1) if number else None)
        owes(work, due=date(2025, 3, 1), met=date(2025, 2, 1), code="y")
    late, met = Coverage(owed=1, late=1), Coverage(owed=1, met=1, in_time=1)
    both = Coverage(owed=2, met=2, in_time=2)
    trade, chemicals = firms[0].sector_id, firms[1].sector_id
    assert reporting.coverage(asked("sector")) == {trade: late, chemicals: both}
    assert reporting.coverage(asked("firm")) == {
        firms[0].pk: late, firms[1].pk: met, firms[2].pk: met,
    }  # fmt: skip
    assert reporting.coverage(asked("audience")) == {
        "worker": Coverage(owed=2, met=1, in_time=1, late=1), "principal": met,
    }  # fmt: skip
    assert reporting.coverage(asked("year")) == {
        2025: Coverage(owed=3, met=3, in_time=3),
        2026: Coverage(owed=3, met=2, in_time=2, late=1),
    }


def test_an_exam_belongs_to_the_employer_of_its_day(
    firms: list[Enterprise], catalogue: CourseIndexPage
):
    course = a_course(catalogue, "exam", "worker")
    moved = a_person(1)
    at_work(firms[0], moved, began_on=date(2026, 1, 1), ended_on=date(2026, 5, 31))
    at_work(firms[2], moved, began_on=date(2026, 6, 1))
    sat(course, moved, (date(2026, 5, 31), False), (date(2026, 6, 2), True))
    both = a_person(2)  # two posts at once: the later one counts, and only it
    at_work(firms[0], both, began_on=date(2026, 1, 1))
    at_work(firms[1], both, began_on=date(2026, 2, 1))
    sat(course, both, (date(2026, 7, 1), True))
    sat(course, a_person(3), (date(2026, 7, 1), True))  # works nowhere
    assert reporting.exams(asked("firm")) == {
        firms[0].pk: Exams(sat=1, passes=0, first=1, at_once=0),
        firms[1].pk: Exams(sat=1, passes=1, first=1, at_once=1),
        firms[2].pk: Exams(sat=1, passes=1, first=0, at_once=0),
    }
    assert reporting.exams(asked("audience")) == {
        "worker": Exams(sat=2, passes=2, first=2, at_once=1)
    }
    assert reporting.exams(asked("year")) == {2026: Exams(sat=2, passes=2, first=2, at_once=1)}
    assert reporting.exams(asked("place", 2025)) == {}


def test_an_attempt_that_waits_for_its_marker_is_not_counted(
    firms: list[Enterprise], catalogue: CourseIndexPage
):
    person = a_person(1)
    at_work(firms[0], person)
    sat(a_course(catalogue, "exam", "worker"), person, (date(2026, 11, 20), None))
    assert reporting.exams(asked()) == {}


def test_a_migrant_worker_counts_once_a_year(firms: list[Enterprise], catalogue: CourseIndexPage):
    one, two = a_course(catalogue, "one", "migrant"), a_course(catalogue, "two", "migrant")
    other = a_course(catalogue, "other", "worker")
    person, friend = a_person(1), a_person(2)
    at_work(firms[0], person, began_on=date(2025, 1, 1))
    at_work(firms[2], friend, began_on=date(2025, 1, 1))
    finished(one, person, on=date(2026, 2, 1))
    finished(two, person, on=date(2026, 3, 1))
    finished(other, friend, on=date(2026, 3, 1))
    finished(two, friend, on=date(2025, 12, 31))
    assert reporting.migrants(asked()) == {firms[0].place_id: 1}
    assert reporting.migrants(asked("year")) == {2025: 1, 2026: 1}


def test_rotation_looks_back_three_years_from_the_day_of_the_report(
    firms: list[Enterprise], catalogue: CourseIndexPage, district: Jurisdiction
):
    course = a_course(catalogue, "officials", "official")
    street = firms[0].place
    fresh, stale, none = (an_official(n, street) for n in (1, 2, 3))
    finished(course, fresh, on=date(2023, 11, 26))
    finished(course, stale, on=date(2023, 11, 25))
    gone = an_official(4, street)
    gone.is_active = False
    gone.save()
    both = an_official(5, street, district)
    found = reporting.rotation(asked())
    assert found[street.pk].people == {fresh.pk, stale.pk, none.pk, both.pk}
    assert (found[street.pk].trained, found[street.pk].part) == ({fresh.pk}, 25)
    before = reporting.rotation(asked(year=2023))  # as of the last day of 2023
    assert before[street.pk].trained == {fresh.pk, stale.pk}
    made = report.make(asked(), {one.pk: one for one in Jurisdiction.objects.all()})
    assert (len(made.rotation.people), made.rotation.part) == (4, 25)


# -- Against the plan --------------------------------------------------------------------------------------


def entered(place: Jurisdiction, by: Any, indicator: str, amount: str, **said: Any) -> PlanFigure:
    usual = {"year": 2026, "kind": "target", "source": "区规划四（十）", "reason": ""}
    return plans.enter(
        place, indicator=indicator, amount=Decimal(amount), by=by, **{**usual, **said}
    )


def test_a_plan_is_held_against_its_place_and_all_below(
    firms: list[Enterprise], district: Jurisdiction, catalogue: CourseIndexPage
):
    boss = an_official(1, district)
    for number, firm in enumerate(firms):
        work = at_work(firm, a_person(number), began_on=date(2026, 1, 1))
        owes(work, due=date(2026, 3, 1), met=date(2026, 2, 1) if number else None)
    sat(a_course(catalogue, "exam", "worker"), firms[0].employments.get().person,
        (date(2026, 4, 1), True))  # fmt: skip
    finished(a_course(catalogue, "m", "migrant"), firms[2].employments.get().person,
             on=date(2026, 5, 1))  # fmt: skip
    river = firms[0].place
    entered(district, boss, "coverage", "90")
    entered(river, boss, "coverage", "50")
    entered(district, boss, "pass_rate", "95")
    entered(district, boss, "migrants", "10000", kind="past")
    entered(district, boss, "migrants", "3")
    entered(river, boss, "rotation", "100")
    made = report.make(asked(), {one.pk: one for one in Jurisdiction.objects.all()})
    told = [
        (one.figure.place.name, one.figure.indicator, one.figure.kind, one.actual, one.reached)
        for one in made.plan
    ]
    assert told == [
        ("云溪区", "coverage", "target", 66, False),
        ("云溪区", "migrants", "past", 1, False),
        ("云溪区", "migrants", "target", 1, False),
        ("云溪区", "pass_rate", "target", 100, True),
        ("河滨街道", "coverage", "target", 50, True),
        ("河滨街道", "rotation", "target", None, None),
    ]
    assert made.plan[2].missing == 2


def test_a_changed_figure_is_a_new_row_with_its_reason(district: Jurisdiction):
    boss = an_official(1, district)
    first = entered(district, boss, "coverage", "90")
    with pytest.raises(RefusedError, match="要改请写明原因"):
        entered(district, boss, "coverage", "95")
    second = entered(district, boss, "coverage", "95", reason="区里调整")
    assert list(PlanFigure.objects.current()) == [second]
    assert str(first) == "2026 培训完成率 90 %"
    verbs = AuditEntry.objects.order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["training.plan"] * 2


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"indicator": "coverage", "amount": "101"}, "百分比请填 0 到 100"),
        ({"indicator": "coverage", "amount": "90", "source": " "}, "请写明来源"),
    ],
)
def test_what_cannot_be_a_figure_is_refused(district: Jurisdiction, said: Any, words: str):
    with pytest.raises(RefusedError, match=words):
        entered(district, an_official(1, district), **said)


def test_nobody_enters_a_figure_for_another_place(firms: list[Enterprise], district: Jurisdiction):
    here = an_official(1, firms[0].place)
    with pytest.raises(RefusedError, match="不在您的辖区"):
        entered(firms[2].place, here, "coverage", "90")
    with pytest.raises(RefusedError, match="没有登记计划指标的权限"):
        entered(district, an_official(2, district, role="decision_officer"), "coverage", "90")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE courses_planfigure SET amount = 1",
        "DELETE FROM courses_planfigure",
    ],
)
def test_the_database_keeps_every_figure(district: Jurisdiction, sql: str):
    from django.db import connection

    entered(district, an_official(1, district), "coverage", "90")
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(sql)


# -- The pages ---------------------------------------------------------------------------------------------

ADDRESS = "/learn/office/reports/"


@pytest.fixture
def seen(client: Client, as_staff: Any) -> Any:
    """The main words of an address as somebody sees it."""

    def see(person: Any, **said: Any) -> str:
        as_staff(client, person)
        return text(client.get(ADDRESS, said))

    return see


def test_an_officer_reads_the_own_places_only(
    firms: list[Enterprise], district: Jurisdiction, seen: Any
):
    for number, firm in enumerate(firms):
        owes(at_work(firm, a_person(number)), due=date(2026, 3, 1))
    other = Jurisdiction.objects.create(code="990002", name="别的区", kind="district")
    whole, part = seen(an_official(1, district)), seen(an_official(2, firms[2].place))
    nobody = seen(an_official(3, other))
    assert "应完成 3 项，已完成 0 项（ 0% ），超期 3 项" in whole
    assert "应完成 1 项" in part
    assert "山前街道" in part
    assert "河滨街道" not in part
    assert "应完成 0 项" in nobody
    assert "街道" not in nobody
    assert "云溪" not in nobody
    assert "应完成 3 项" in seen(an_official(4, role="auditor"))


def test_it_is_narrowed_by_place_sector_and_year(
    firms: list[Enterprise], district: Jurisdiction, seen: Any
):
    for number, firm in enumerate(firms):
        owes(at_work(firm, a_person(number)), due=date(2026, 3, 1))
    boss = an_official(1, district)
    assert "应完成 2 项" in seen(boss, place=firms[0].place_id)
    assert "应完成 2 项" in seen(boss, by="firm", sector=firms[1].sector_id)
    assert "应完成 1 项" in seen(boss, place=firms[0].place_id, sector=firms[1].sector_id)
    assert "应完成 0 项" in seen(boss, year=2025)
    assert "应完成 3 项" in seen(boss, by="nonsense", year="x", place="'", sector="-1", page="x")


@pytest.mark.parametrize("role", ["editor", "reviewer", "learner", "legal_officer"])
def test_others_find_no_door(client: Client, as_staff: Any, role: str, db: None):
    as_staff(client, an_official(1, role=role))
    for name in ("reports", "report_export", "plan"):
        assert client.get(reverse(f"courses:{name}")).status_code == 403


def test_a_stranger_is_sent_to_log_in(client: Client, db: None):
    assert client.get(ADDRESS)["Location"].startswith("/accounts/login/")


def test_the_office_has_a_door(client: Client, as_staff: Any, district: Jurisdiction):
    as_staff(client, an_official(1, district))
    assert f'href="{ADDRESS}"' in client.get("/learn/office/").content.decode()
    assert f'href="{ADDRESS}"' in client.get(reverse("credit:desk")).content.decode()


@pytest.mark.parametrize("many", [1, 3, 30])
@pytest.mark.parametrize("by", ["place", "firm"])
def test_the_page_asks_the_same_number_of_queries(
    client: Client, as_staff: Any, district: Jurisdiction, sectors: Any, catalogue: CourseIndexPage,
    django_assert_num_queries: Any, many: int, by: str,
):  # fmt: skip
    boss = an_official(1, district)
    course = a_course(catalogue, "m", "migrant")
    for number in range(many):
        street = a_street(district, number, f"{number}街道")
        person = a_person(number)
        owes(at_work(a_firm(street, sectors[0], number), person), due=date(2026, 3, 1))
        sat(course, person, (date(2026, 11, 20), True))
        an_official(100 + number, street)
        entered(street, boss, "coverage", "90")
    as_staff(client, boss)
    client.get(ADDRESS)
    with django_assert_num_queries(20):
        answer = client.get(ADDRESS, {"by": by})
    assert f"应完成 {many} 项" in text(answer)


def test_the_picture_says_what_the_table_says(
    firms: list[Enterprise], district: Jurisdiction, client: Client, as_staff: Any
):
    boss = an_official(1, district)
    for number, firm in enumerate(firms):
        work = at_work(firm, a_person(number))
        owes(work, due=date(2026, 3, 1), met=date(2026, 2, 1) if number else None)
    entered(district, boss, "coverage", "80")
    as_staff(client, boss)
    page = client.get(ADDRESS).content.decode()
    drawn = re.search(r"<svg class=\"waterfall\".*?</svg>", page, re.S)
    assert drawn
    assert 'role="img"' in drawn.group()
    assert (
        '<desc id="coverage-chart-words">河滨街道50%，山前街道100%。计划80%</desc>' in drawn.group()
    )
    assert drawn.group().count("<rect") == 4
    assert "还差 14" in text(client.get(ADDRESS))


def test_the_workbook_is_the_page_and_nothing_in_it_runs(
    firms: list[Enterprise], district: Jurisdiction, client: Client, as_staff: Any
):
    boss = an_official(1, district)
    Enterprise.objects.filter(pk=firms[0].pk).update(name="=1+1")
    owes(at_work(firms[0], a_person(1)), due=date(2026, 3, 1))
    entered(district, boss, "coverage", "80", source="+规划")
    as_staff(client, boss)
    answer = client.get(reverse("courses:report_export"), {"by": "firm"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["培训完成率", "考试和农民工", "干部轮训", "计划指标"]
    rows = [[cell.value for cell in row] for row in book["培训完成率"]]
    assert rows == [
        ["企业", "应完成项", "已完成项", "其中按期完成", "超期项", "未到期项", "完成率（%）"],
        ["'=1+1", 1, 0, 0, 1, 0, 0],
        ["合计", 1, 0, 0, 1, 0, 0],
    ]
    assert {cell.data_type for row in book["计划指标"] for cell in row} <= {"s", "n"}
    assert book["计划指标"]["H2"].value == "'+规划"
    assert Employment.objects.count() == 1


def test_a_figure_is_entered_on_the_page(client: Client, as_staff: Any, district: Jurisdiction):
    as_staff(client, an_official(1, district))
    said = {
        "place": district.pk, "year": 2026, "indicator": "rotation", "kind": "target",
        "amount": "100", "source": "区规划四（十）",
    }  # fmt: skip
    address = reverse("courses:plan")
    page = client.post(address, said, follow=True)
    assert "2026年 云溪区 干部轮训率：100 %" in text(page)
    assert "要改请写明原因" in text(client.post(address, said))
    as_staff(client, an_official(2, district, role="decision_officer"))
    assert client.post(address, said).status_code == 403
