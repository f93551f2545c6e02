"""The officers' pages of the gap finder and of responsible persons."""

import io
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client

from credit.models import Accident, Enterprise, Jurisdiction, ResponsiblePerson, Sector
from tests.credit.acts.test_scores import make
from tests.credit.casework import hide_accident

THEN = time_machine.travel("2026-11-02 09:00:00+08:00", tick=False)
GAPS = "/credit/office/gaps/"


@pytest.fixture
def desk(client: Client, opener: Any, as_staff: Any) -> Client:
    as_staff(client, opener)
    return client


def text(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@THEN
def test_a_gap_is_shown_with_its_ground_record_and_advice(
    desk: Client, enterprise: Enterprise, concealed: Accident
):
    page = text(desk, GAPS)
    for shown in (
        enterprise.name,
        "瞒报、谎报生产安全事故",
        "SG-1 瞒报的坠落事故",
        "立案</button>",
    ):
        assert shown in page
    assert f"/credit/office/records/accident/{concealed.pk}/" in page
    assert "没有这样的差异" in text(desk, GAPS, side="unfounded")


@THEN
def test_filters_narrow_and_unknown_words_do_not(
    desk: Client, enterprise: Enterprise, concealed: Accident
):
    Enterprise.objects.update(unit_kind="testing")
    for query, found in (
        ({"place": "990001001", "ground": "concealment", "kind": "testing"}, True),
        ({"ground": "major_accident"}, False),
        ({"kind": "producer"}, False),
        ({"side": "x", "place": "\x00", "kind": "x", "ground": "x"}, True),
    ):
        assert (enterprise.name in text(desk, GAPS, **query)) is found


@THEN
def test_another_street_sees_nothing_and_the_public_no_page(
    client: Client, enterprise: Enterprise, concealed: Accident, stranger: Any, as_staff: Any
):
    assert client.get(GAPS).status_code == 302
    as_staff(client, stranger)
    assert enterprise.name not in text(client, GAPS)
    assert enterprise.name.encode() not in client.get(f"{GAPS}table.xlsx").content


@THEN
def test_the_table_runs_no_formula(desk: Client, enterprise: Enterprise):
    Enterprise.objects.update(name='=HYPERLINK("http://x")')
    hide_accident(enterprise, title="+1")
    answer = desk.get(f"{GAPS}table.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    head, line = list(sheet.iter_rows())
    assert [head[2].value, line[2].value, line[2].data_type] == [
        "企业名称", '=HYPERLINK("http://x")', "s",
    ]  # fmt: skip
    assert line[9].value == "SG-1 +1"


@THEN
@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_page_asks_the_same_number_of_queries(
    desk: Client, street: Jurisdiction, sector: Sector, count: int, django_assert_num_queries: Any
):
    for firm in make(street, sector, count):
        hide_accident(firm, f"SG-{firm.pk}")
    text(desk, GAPS)
    with django_assert_num_queries(18):  # who it is, places, sectors, the gaps, head and foot
        assert f"名单差异（{count}）" in text(desk, GAPS)


@THEN
def test_a_person_is_written_down_corrected_and_withdrawn(desk: Client, concealed: Accident):
    address = f"/credit/office/records/accident/{concealed.pk}/persons/"
    said = {
        "name": "王小明",
        "number": "11010519491231002X",
        "role": "principal",
        "finding": "瞒报",
    }
    assert desk.post(address, {**said, "number": "1" * 18}).status_code == 422
    assert desk.post(address, said).status_code == 302
    person = ResponsiblePerson.objects.get()
    page = text(desk, address)
    assert "110*************2X" in page
    assert "11010519491231002X" not in page
    assert desk.post(address, {**said, "role": "direct", "of": person.pk}).status_code == 302
    [now] = ResponsiblePerson.objects.current()
    assert desk.post(f"{address}{now.pk}/withdraw/", {"reason": "查错了人"}).status_code == 302
    assert "还没有登记" in text(desk, address)


@THEN
@pytest.mark.parametrize("of", ["x", "999999", "9" * 30])
def test_a_person_of_another_record_is_no_person_of_this(
    desk: Client, concealed: Accident, of: str
):
    address = f"/credit/office/records/accident/{concealed.pk}/persons/"
    said = {"name": "王", "role": "direct", "finding": "瞒报", "of": of}
    assert desk.post(address, said).status_code == 404
