"""The supervision plan at the office, and that no public address tells the grade of anybody."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from python_calamine import CalamineWorkbook

from credit.acts import scores, supervision
from credit.acts.casework import RefusedError
from credit.models import AuditEntry, Enterprise, Jurisdiction, Sector, SupervisionVisit
from credit.models.locked import LockedError
from credit.rules.supervision import load_plan
from tests.credit.acts.test_scores import make, penalise
from tests.credit.officers import officer

NOW = time_machine.travel("2026-11-23 09:00:00+08:00", tick=False)
TODAY = date(2026, 11, 23)
HOME = "/credit/office/supervision/"
PAGES = [HOME, f"{HOME}summary/", f"{HOME}export.xlsx"]


@pytest.fixture
def inspector(district: Jurisdiction) -> Any:
    return officer("13800000003", district, "open_case", "record_visit")


@pytest.fixture
def graded(enterprise: Enterprise) -> Enterprise:
    """C in a sector of high risk: four times a year; registered long ago."""
    Enterprise.objects.update(created_at="2025-05-01T00:00Z")
    scores.refresh(as_of=TODAY)
    return Enterprise.objects.select_related("score", "sector").get()


def visit(enterprise: Enterprise, person: Any, on: date, result: str = "clean") -> Any:
    return supervision.record_visit(
        enterprise, officer=person, on=on, result=result, note="", today=TODAY
    )


def due(enterprise: Enterprise, today: date = TODAY) -> list[tuple[Any, ...]]:
    found = supervision.planned(Enterprise.objects.all(), today, load_plan())
    rows = supervision.told(found.select_related("score", "sector"), today, load_plan())
    return [(row.last, row.due_on, row.state) for row in rows]


# -- What is due ----------------------------------------------------------------------------------------


@NOW
def test_without_a_visit_the_count_begins_with_the_plan(graded: Enterprise, inspector: Any):
    assert due(graded) == [(None, date(2026, 4, 1), "overdue")]
    visit(graded, inspector, date(2026, 9, 23))
    assert due(graded) == [(date(2026, 9, 23), date(2026, 12, 23), "soon")]
    visit(graded, inspector, date(2026, 11, 1))
    assert due(graded) == [(date(2026, 11, 1), date(2027, 2, 1), "")]
    visit(graded, inspector, date(2026, 11, 23), "absent")  # met nobody: no inspection
    assert due(graded) == [(date(2026, 11, 1), date(2027, 2, 1), "")]


@NOW
def test_the_database_finds_exactly_what_is_told(
    graded: Enterprise, street: Jurisdiction, sector: Sector, inspector: Any
):
    calm = Sector.objects.create(code="shops", name="商贸")
    firms = [*make(street, sector, 5), graded]
    Enterprise.objects.filter(pk__in=[f.pk for f in firms[:2]]).update(sector=calm)
    Enterprise.objects.filter(pk=firms[3].pk).update(standardisation_level=1)
    scores.refresh(as_of=TODAY)
    days = [date(2026, 8, 22), date(2026, 8, 23), date(2026, 9, 23), date(2025, 11, 22)]
    for firm, day in zip(firms, days, strict=False):
        visit(firm, inspector, day)
    plan = load_plan()
    base = supervision.planned(Enterprise.objects.all(), TODAY, plan)
    told = list(supervision.told(supervision.narrowed(base, TODAY, plan), TODAY, plan))
    assert {row.state for row in told} >= {"overdue", "soon", ""}
    for state in ("overdue", "soon"):
        found = supervision.narrowed(base, TODAY, plan, state=state)
        assert {f.pk for f in found} == {r.enterprise.pk for r in told if r.state == state}
    for office in ("district", "street"):
        found = supervision.narrowed(base, TODAY, plan, office=office)
        assert {f.pk for f in found} == {r.enterprise.pk for r in told if r.cell.by == office}
    rows = supervision.summary(base, TODAY, plan)
    assert sum(row.count for row in rows) == len(told) == 6
    assert sum(row.visits for row in rows) == sum(row.cell.per_year for row in told)
    assert sum(row.overdue for row in rows) == sum(row.state == "overdue" for row in told)
    assert sum(row.soon for row in rows) == sum(row.state == "soon" for row in told)


# -- A visit --------------------------------------------------------------------------------------------


@NOW
def test_a_visit_is_recorded_with_its_grade_and_in_the_log(
    client: Client, graded: Enterprise, inspector: Any, as_staff: Any
):
    as_staff(client, inspector)
    said = {"on": "2026-11-20", "result": "ordered", "note": "=1+1 气体报警器失效"}
    assert client.post(f"{HOME}{graded.pk}/", said).status_code == 302
    found = SupervisionVisit.objects.get()
    assert (found.visited_on, found.result, found.grade, found.plan) == (
        date(2026, 11, 20), "ordered", "C", "supervision-2026@1",
    )  # fmt: skip
    assert AuditEntry.objects.latest("number").verb == "supervision.visit"
    again = client.post(f"{HOME}{graded.pk}/", said)
    assert again.status_code == 422
    assert "您这一天已经登记过对这家企业的检查" in again.content.decode()
    tomorrow = client.post(f"{HOME}{graded.pk}/", said | {"on": "2026-11-24"})
    assert "检查日期不能晚于今天" in tomorrow.content.decode()
    assert client.post(f"{HOME}{graded.pk}/", said | {"result": "x"}).status_code == 422
    assert client.post(f"{HOME}{graded.pk}/", said | {"note": "\x00"}).status_code == 422
    assert SupervisionVisit.objects.count() == 1


@NOW
def test_who_may_not_record_is_refused(graded: Enterprise, opener: Any, stranger: Any):
    with pytest.raises(RefusedError, match="没有登记监督检查的权限"):
        visit(graded, opener, TODAY)
    far = officer("13800000004", Jurisdiction.objects.get(code="990001101"), "record_visit")
    with pytest.raises(RefusedError, match="不在您的属地"):
        visit(graded, far, TODAY)


@NOW
def test_a_visit_stays_as_it_was_written(graded: Enterprise, inspector: Any):
    done = visit(graded, inspector, TODAY)
    for change in (done.save, done.delete, SupervisionVisit.objects.all().delete):
        with pytest.raises(LockedError):
            change()
    for statement in (
        "UPDATE credit_supervisionvisit SET result = 'clean'",
        "DELETE FROM credit_supervisionvisit",
    ):
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


# -- Who reads it ---------------------------------------------------------------------------------------


@NOW
@pytest.mark.parametrize("page", PAGES)
def test_only_the_office_reads_the_plan_and_only_its_places(
    client: Client, graded: Enterprise, inspector: Any, stranger: Any, as_staff: Any, page: str
):
    assert client.get(page).url.startswith("/accounts/login/?next=")
    client.force_login(officer("13800000005", None))
    assert client.get(page).status_code == 403
    as_staff(client, inspector)
    assert client.get(page).status_code == 200
    as_staff(client, stranger)
    assert graded.name not in client.get(HOME).content.decode()
    assert client.get(f"{HOME}{graded.pk}/").status_code == 404
    assert "0 家企业" in client.get(f"{HOME}summary/").content.decode()


@NOW
def test_filters_that_make_no_sense_are_no_filters(
    client: Client, graded: Enterprise, inspector: Any, as_staff: Any
):
    as_staff(client, inspector)
    odd = {"state": "x", "grade": "E", "place": "\x00", "sector": "'", "office": "y", "page": "-1"}
    assert graded.name in client.get(HOME, odd).content.decode()
    near = {"state": "overdue", "grade": "C", "place": "990001", "sector": "chemicals"}
    assert graded.name in client.get(HOME, near | {"office": "district"}).content.decode()
    assert graded.name not in client.get(HOME, {"office": "street"}).content.decode()


@NOW
def test_no_public_address_tells_a_grade(client: Client, graded: Enterprise):
    """Not in a list, not in the search, not in the API, not in what one enterprise's page tells."""
    pages = ["/credit/", "/credit/?q=云溪", "/credit/black/", "/credit/red/", "/api/v1/credit/enterprises?q=云溪",
             "/api/v1/credit/lists/black", "/api/v1/credit/lists/red",
             f"/credit/enterprises/{graded.number}/"]  # fmt: skip
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        text = answer.content.decode()
        assert "C级" not in text, page
        assert "C 级" not in text, page
        assert "grade" not in text, page


@NOW
def test_the_workbook_holds_texts_not_formulas(
    client: Client, graded: Enterprise, inspector: Any, as_staff: Any
):
    Enterprise.objects.filter(pk=graded.pk).update(name="=HYPERLINK(1)")
    as_staff(client, inspector)
    answer = client.get(f"{HOME}export.xlsx")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[1] == [
        "'=HYPERLINK(1)", graded.number, "河滨街道", "危险化学品", "C", "4", "区局", "没有",
        "2026-04-01", "已逾期",
    ]  # fmt: skip


@NOW
@pytest.mark.parametrize("count", [1, 3, 30])
@pytest.mark.parametrize("page", [HOME, f"{HOME}summary/"])
def test_the_pages_ask_the_same_number_of_queries(
    client: Client,
    street: Jurisdiction,
    sector: Sector,
    inspector: Any,
    as_staff: Any,
    page: str,
    count: int,
    django_assert_num_queries: Any,
):
    for firm in make(street, sector, count):
        penalise(firm, f"罚{firm.pk}")
    scores.refresh(as_of=TODAY)
    as_staff(client, inspector)
    # Session, person, second factor, permissions of person and groups, places, sectors, postings; count and rows.
    with django_assert_num_queries(10 if page == HOME else 9):
        client.get(page)
