"""一人一档: complete, for the right people only, as page, tagged PDF and workbook, in a constant number of queries."""

import io
import re
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from courses.acts import certificates, file_papers, file_sections, person_files, proofs
from courses.models import Certificate
from credit.models import AuditEntry, Employment, Enterprise, Jurisdiction, Sector
from tests.courses.exam_kit import NOON, enrol, make_course, make_learner
from tests.courses.file_kit import TODAY, a_worker, an_inspector, corrected, passed_exam
from tests.courses.roster_kit import a_manager, id_number
from tests.courses.test_certificates import needs_poppler, text_of

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def noon() -> Any:
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        yield


@pytest.fixture
def worker(enterprise: Enterprise) -> Any:
    person = a_worker(enterprise)
    person.id_number = id_number()
    person.save()
    return person


@pytest.fixture
def held(worker: Any) -> Certificate:
    return passed_exam(worker)


@pytest.fixture
def boss(enterprise: Enterprise) -> Any:
    return a_manager(enterprise)


def sections(document: file_sections.Document) -> dict[str, list[tuple[Any, ...]]]:
    return {one.title: one.rows for one in document.sections}


def test_the_file_holds_everything(worker: Any, held: Certificate, boss: Any):
    corrected(held.enrolment)
    work = Employment.objects.get()
    code = work.obligations.order_by("pk").first().requirement  # type: ignore[union-attr]
    told = proofs.tell(
        work, requirement=code, done_on=date(2026, 11, 10), hours=8, paper="厂级教育卡001",
        by=boss, today=TODAY,
    )  # fmt: skip
    proofs.take_back(told, by=boss, today=TODAY)
    file = person_files.read(worker, today=TODAY)
    found = sections(file_sections.document_of(file))
    assert found["任职"] == [
        ("云溪长青化工有限公司（虚构）", "其他从业人员", "甲班", "", date(2026, 11, 1), "")
    ]
    assert found["课程和学时"] == [
        ("有限空间作业安全", 1, "2026-11-25 12:00", "没有学完", "1.2", "")
    ]
    course, lesson, first, last, days, entries, *minutes = found["学时从哪里来"][0]
    assert (course, lesson, days, entries) == ("有限空间作业安全", "第一课", 1, 2)
    assert (first, last) == ("2026-11-24 12:00", "2026-11-25 12:00")
    assert minutes == [60.0, 0.0, -4.0]
    assert found["学时更正"] == [
        ("有限空间作业安全", "第一课", -4, "中途离开", "王编辑 2026-11-25 12:00", "不用复核")
    ]
    assert found["考试"] == [
        ("有限空间作业安全结业考试", 1, "2026-11-24 12:00", "2026-11-24 12:30", "本人交卷", 100, 80, "合格",
         "exams-2026@4")
    ]  # fmt: skip
    assert found["证书"] == [
        (held.printed_number, "有限空间作业安全", "从业人员", date(2026, 11, 24), date(2027, 11, 23), "有效", "")
    ]  # fmt: skip
    assert len(found["培训要求（按期）"]) == work.obligations.count() > 0
    assert [row[:3] for row in found["单位登记的线下培训和证件"]] == [
        ("厂级教育卡001", date(2026, 11, 10), 8)
    ]
    assert found["单位登记的线下培训和证件"][0][5].startswith("已撤回")
    assert len(found["试卷"]) == 5
    exam, number, kind, stem, given, right, earned, most = found["试卷"][0]
    assert (exam, number, kind, earned, most) == (
        "有限空间作业安全结业考试 第1次",
        1,
        "单选题",
        20,
        20,
    )
    assert "A. " in stem
    assert given == right != ""


def test_a_revoked_certificate_says_when_and_why(worker: Any, held: Certificate):
    certificates.revoke(held, officer=worker, reason="替考", today=TODAY)
    file = person_files.read(worker, today=TODAY)
    assert sections(file_sections.document_of(file))["证书"][0][-2:] == (
        "已撤销",
        "2026-11-25 替考",
    )


def test_time_studied_offline_is_told_apart(worker: Any):
    from uuid import uuid4

    from courses.models import StudyEvent

    enrolment = enrol(worker, make_course(), studied=False)
    lesson = enrolment.course.lessons().get()
    StudyEvent.objects.create(
        person=worker, enrolment=enrolment, lesson=lesson, tab=uuid4(), kind="beat", at=NOON,
        received_at=NOON + timedelta(hours=3), credited_ms=120_000,
    )  # fmt: skip
    (taken,) = person_files.read(worker, today=TODAY).rounds
    assert [(one.online, one.late, one.fixed, one.days) for one in taken.lessons] == [
        (120_000, 120_000, 0, 1)
    ]


def test_the_manager_sees_only_the_part_of_this_employment(
    client: Client, enterprise: Enterprise, worker: Any, held: Certificate, boss: Any
):
    early = passed_exam(make_learner("路人", 5), "别人的课")
    before = enrol(worker, make_course("以前学的课"))
    type(before).objects.filter(pk=before.pk).update(enrolled_at=NOON - timedelta(days=90))
    other = Enterprise.objects.create(
        name="以前的单位",
        uscc="91320382MA1UUP3668",
        place=enterprise.place,
        sector=enterprise.sector,
    )
    Employment.objects.create(
        person=worker, enterprise=other, position="worker", began_on=date(2025, 1, 1),
        ended_on=date(2026, 10, 31),
    )  # fmt: skip
    work = Employment.objects.get(enterprise=enterprise)
    client.force_login(boss)
    page = client.get(reverse("enterprise:file", args=[enterprise.pk, work.pk])).content.decode()
    assert "有限空间作业安全" in page
    assert worker.masked_id_number in page
    for hidden in ("以前学的课", "以前的单位", early.number, worker.phone, worker.id_number):
        assert hidden not in page
    whole = person_files.read(worker, today=TODAY)
    assert {one.enrolment.course.title for one in whole.rounds} == {
        "有限空间作业安全",
        "以前学的课",
    }


def test_a_manager_of_elsewhere_or_of_before_sees_nothing(
    client: Client,
    enterprise: Enterprise,
    worker: Any,
    boss: Any,
    street: Jurisdiction,
    sector: Sector,
):
    work = Employment.objects.get()
    address = reverse("enterprise:file", args=[enterprise.pk, work.pk])
    other = Enterprise.objects.create(
        name="邻居", uscc="91320382MA1UUP3668", place=street, sector=sector
    )
    stranger = a_manager(other, number=91)
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    assert client.get(reverse("enterprise:file", args=[other.pk, work.pk])).status_code == 404
    client.force_login(boss)
    assert client.get(address).status_code == 200
    Employment.objects.update(ended_on=date(2026, 11, 20))
    assert client.get(address).status_code == 404
    assert client.get(f"{address}file.pdf").status_code == 404


def test_the_office_sees_its_places_and_takes_are_logged(
    client: Client, as_staff: Any, worker: Any, held: Certificate, district: Jurisdiction
):
    address = reverse("courses:learner_file", args=[worker.pk])
    client.force_login(make_learner("路人", 5))
    assert client.get(address).status_code == 403
    elsewhere = Jurisdiction.objects.create(code="990002", name="东山区", kind="district")
    as_staff(client, an_inspector(elsewhere))
    assert client.get(address).status_code == 404
    inspector = as_staff(client, an_inspector(district, "13900000079"))
    assert client.get(address).status_code == 200
    assert client.get(f"{address}file.xlsx").status_code == 200
    entry = AuditEntry.objects.latest("number")
    assert (entry.verb, entry.actor) == ("trainingfile.take", inspector)


def test_the_own_file_takes_the_same_queries_for_one_course_and_for_ten(
    client: Client, worker: Any, held: Certificate, django_assert_num_queries: Any
):
    client.force_login(worker)
    client.get("/learn/file/")
    with django_assert_num_queries(13):
        assert client.get("/learn/file/").status_code == 200
    for serial in range(9):
        passed_exam(worker, f"课程{serial}")
    with django_assert_num_queries(13):
        page = client.get("/learn/file/").content.decode()
    assert "证书（10）" in page


def test_the_workbook_has_a_sheet_for_each_part_and_no_formula(client: Client, worker: Any):
    worker.real_name = "=1+1"
    worker.save()
    passed_exam(worker, "=cmd|课")
    client.force_login(worker)
    answer = client.get("/learn/file/file.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == [
        "概况", "任职", "课程和学时", "学时从哪里来", "学时更正", "考试", "证书", "培训要求（按期）",
        "单位登记的线下培训和证件", "现场检查", "试卷",
    ]  # fmt: skip
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert book["课程和学时"]["A2"].value == "'=cmd|课"
    assert client.get("/learn/file/file.exe").status_code == 404


@needs_poppler
def test_the_pdf_is_tagged_archival_and_accessible(client: Client, worker: Any, held: Certificate):
    client.force_login(worker)
    answer = client.get("/learn/file/file.pdf")
    assert answer["Content-Type"] == "application/pdf"
    marks = rb"pdfaid:part>\d|pdfaid:conformance>\w|pdfuaid:part>\d"
    assert set(re.findall(marks, answer.content)) == {
        b"pdfaid:part>2", b"pdfaid:conformance>A", b"pdfuaid:part>1",
    }  # fmt: skip
    for part in (
        b"/StructTreeRoot",
        b"/Lang",
        b"/MarkInfo",
        "安全培训档案（一人一档）：王大力".encode(),
    ):
        assert part in answer.content
    words = text_of(answer.content).replace("\n", "")
    assert held.printed_number in words


def test_long_papers_are_left_to_the_workbook(worker: Any, held: Certificate):
    (taken,) = person_files.read(worker, today=TODAY).rounds
    part = file_sections.papers(taken.attempts, who=False, most=4)
    assert (part.rows, part.note) == ([], "试卷一共 5 行，太长，没有印在这里，请看 Excel 档案。")
    document = file_sections.Document("档案", "王大力", [], [part])
    assert file_papers.as_pdf(document, now=NOON).startswith(b"%PDF")
