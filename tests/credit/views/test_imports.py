"""The officers' page for files."""

import io
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from credit.acts import intake
from credit.models import Enterprise, ImportBatch, Jurisdiction, Violation
from credit.tasks import import_file
from tests.credit.importing.makers import HEADINGS, ROW, changed, xlsx
from tests.credit.officers import officer


@pytest.fixture
def clerk(client: Client, district: Jurisdiction, as_staff: Any) -> Any:
    return as_staff(client, officer("13800000001", district, "import_records"))


def upload(client: Client, content: bytes, name: str = "处罚.xlsx") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post("/credit/office/imports/", {"kind": "violations", "file": file})


def test_an_upload_waits_for_the_worker_and_then_shows_its_result(
    client: Client, clerk: Any, enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
):
    sent: list[int] = []
    monkeypatch.setattr(import_file, "delay_on_commit", sent.append)
    content = xlsx([HEADINGS, ROW, changed(处罚决定日期="昨天")])
    address = upload(client, content)["Location"]
    waiting = client.get(address).content.decode()
    assert 'http-equiv="refresh"' in waiting
    import_file(sent[0])
    page = client.get(address).content.decode()
    assert "正确的行已记录，有 1 行没有记录" in page
    assert "不是日期" in page
    assert client.get(f"{address}marked/").content.startswith(b"PK")


def test_an_import_that_stopped_can_be_sent_again(
    client: Client, clerk: Any, enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
):
    sent: list[int] = []
    monkeypatch.setattr(import_file, "delay_on_commit", sent.append)
    address = upload(client, xlsx([HEADINGS, ROW]))["Location"]
    assert f'action="{address}resume/"' in client.get(address).content.decode()
    client.post(f"{address}resume/")
    assert len(sent) == 2
    for batch in sent:
        import_file(batch)
    assert ImportBatch.objects.get().rows_new == 1
    client.post(f"{address}resume/")
    assert len(sent) == 2


def test_a_file_without_a_column_shows_what_is_missing(
    client: Client, clerk: Any, enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
):
    sent: list[int] = []
    monkeypatch.setattr(import_file, "delay_on_commit", sent.append)
    address = upload(client, xlsx([HEADINGS[:-1], ROW[:-1]]))["Location"]
    import_file(sent[0])
    page = client.get(address).content.decode()
    assert "没有导入任何一行" in page
    assert "缺少“处罚机关”列" in page
    assert 'http-equiv="refresh"' not in page


def test_an_import_that_breaks_says_what_to_do(
    client: Client, clerk: Any, enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
):
    batch = intake.open_batch(b"x", kind="violations", file_name="x", by=clerk)
    monkeypatch.setattr(intake, "read_rows", None)
    import_file(batch.pk)
    page = client.get(f"/credit/office/imports/{batch.pk}/").content.decode()
    assert f"请把“导入批次 {batch.pk}”告诉管理员" in page
    assert 'http-equiv="refresh"' not in page


def test_an_import_that_hangs_can_be_given_up(client: Client, clerk: Any, enterprise: Enterprise):
    batch = intake.open_batch(xlsx([HEADINGS, ROW]), kind="violations", file_name="x", by=clerk)
    address = f"/credit/office/imports/{batch.pk}/"
    assert f'action="{address}stop/"' in client.get(address).content.decode()
    page = client.post(f"{address}stop/", follow=True).content.decode()
    assert "停止了这次导入；已记录的行保留" in page
    import_file(batch.pk)
    assert ImportBatch.objects.get().state == "refused"


def test_a_file_too_large_or_empty_is_refused_in_words(client: Client, clerk: Any, settings: Any):
    settings.IMPORT_MAX_BYTES = 10
    assert "请分成几个文件" in upload(client, b"x" * 11).content.decode()
    assert "文件是空的" in upload(client, b"").content.decode()
    assert ImportBatch.objects.count() == 0


@pytest.mark.parametrize("kind", ["enterprises", "violations", "accidents"])
def test_templates_can_be_fetched_and_are_understood(client: Client, clerk: Any, kind: str):
    content = client.get(f"/credit/office/imports/templates/{kind}/").content
    reading = intake.read(content, kind=kind, today=clerk.date_joined.date())
    assert [problem.advice for problem in reading.problems] == ["表头下面没有数据"]


def test_a_template_offers_what_may_be_chosen_and_brings_no_notice(client: Client, clerk: Any):
    content = client.get("/credit/office/imports/templates/violations/").content
    sheet, guide = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    offered = [rule.formula1 for rule in sheet.data_validations.dataValidation]
    assert offered == [f'"{",".join(Violation.Ground.labels)}"']
    assert Violation.Ground.REFUSES_PENALTY.label in str(list(guide.values))
    reading = intake.read(content, kind="violations", today=clerk.date_joined.date())
    assert reading.notices == []


def test_without_the_right_the_door_is_shut(client: Client, district: Jurisdiction, as_staff: Any):
    assert client.get("/credit/office/imports/").status_code == 302
    as_staff(client, officer("13800000002", district, "open_case"))
    assert client.get("/credit/office/imports/").status_code == 403


def test_another_officers_import_is_not_found(
    client: Client, clerk: Any, district: Jurisdiction, enterprise: Enterprise
):
    other = officer("13800000003", district, "import_records")
    batch = intake.open_batch(b"x", kind="violations", file_name="x", by=other)
    assert client.get(f"/credit/office/imports/{batch.pk}/").status_code == 404
    assert client.get(f"/credit/office/imports/{batch.pk}/marked/").status_code == 404


def test_an_auditor_reads_every_import_and_starts_none(
    client: Client, district: Jurisdiction, as_staff: Any
):
    other = officer("13800000003", district, "import_records")
    batch = intake.open_batch(xlsx([HEADINGS]), kind="violations", file_name="甲.xlsx", by=other)
    address = f"/credit/office/imports/{batch.pk}/"
    as_staff(client, officer("13800000004", None, "view_importbatch"))
    history = client.get("/credit/office/imports/").content.decode()
    assert ("甲.xlsx" in history, "上传并导入" in history) == (True, False)
    page = client.get(address).content.decode()
    assert ("甲.xlsx" in page, "停止这次导入" in page) == (True, False)
    assert client.get(f"{address}marked/").status_code == 200
    assert upload(client, xlsx([HEADINGS, ROW])).status_code == 403
    assert client.post(f"{address}stop/").status_code == 403
    assert client.post(f"{address}resume/").status_code == 403


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_history_asks_the_same_queries(
    client: Client, clerk: Any, count: int, django_assert_num_queries: Any
):
    ImportBatch.objects.bulk_create(
        ImportBatch(kind="violations", file_name=f"{n}.xlsx", sha256="0", by=clerk)
        for n in range(count)
    )
    client.get("/credit/office/imports/")
    with django_assert_num_queries(8):
        client.get("/credit/office/imports/")


def test_an_auditor_reads_every_import_and_sends_none(
    client: Client,
    clerk: Any,
    as_staff: Any,
    django_user_model: Any,
    monkeypatch: pytest.MonkeyPatch,
):
    sent: list[int] = []
    monkeypatch.setattr(import_file, "delay_on_commit", sent.append)
    content = xlsx([HEADINGS, ROW])
    upload(client, content)
    batch = ImportBatch.objects.get()
    auditor = django_user_model.objects.create_user("13800000007")
    auditor.groups.add(Group.objects.get(name="auditor"))
    as_staff(client, auditor)
    history = client.get("/credit/office/imports/").content.decode()
    assert (f"/credit/office/imports/{batch.pk}/" in history, "上传并导入" in history) == (
        True,
        False,
    )
    assert client.get(f"/credit/office/imports/{batch.pk}/").status_code == 200
    assert upload(client, content).status_code == 403
    assert client.post(f"/credit/office/imports/{batch.pk}/resume/").status_code == 403
    assert sent == [batch.pk]
