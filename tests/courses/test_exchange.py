"""Files of questions and the bank: all or nothing, every problem at once, and the same questions back."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from courses.acts import exchange
from courses.exchange.excel import template
from courses.exchange.formats import FORMATS
from courses.models import Citation, Question, QuestionBank, QuestionPicture
from courses.rules.items import Item
from credit.models import Sector
from tests.courses.exam_kit import exam_of_every_kind, make_course, make_learner
from tests.courses.exchange_kit import media_of
from tests.courses.item_kit import SOUND

pytestmark = pytest.mark.usefixtures("private_files")
BROKEN = "第一问{=对 ~错}\n\n第二问{=对 ~错\n\n第三问{~甲 ~乙}\n".encode()


@pytest.fixture
def bank(db: None) -> QuestionBank:
    return QuestionBank.objects.create(course=make_course(), name="收题")


def items_of(bank: QuestionBank) -> list[Item]:
    return [question.item() for question in bank.questions.whole().order_by("pk")]


@pytest.mark.parametrize("code", ["xlsx", "docx", "moodle", "qti21", "qti22", "qti3"])
def test_a_bank_goes_out_and_comes_in_as_it_was(bank: QuestionBank, code: str):
    exam_of_every_kind(make_course("出题"))
    source = QuestionBank.objects.get(name="各种题型")
    sector = Sector.objects.create(code="mine", name="矿山")
    source.questions.update(sector=sector, level=3, topic="通风", basis="安全生产法 第二十八条")
    written = exchange.send_out(source, code)
    count = exchange.bring_in(written.content, bank=bank, by=None)
    assert (count, written.left_out) == (10, [])
    assert items_of(bank) == items_of(source)
    assert QuestionPicture.objects.count() == 1
    assert Citation.objects.filter(question__bank=bank, law="安全生产法", article=28).count() == 10


def test_a_broken_gift_writes_nothing_and_names_every_fault(bank: QuestionBank):
    with pytest.raises(exchange.ProblemsError) as caught:
        exchange.bring_in(BROKEN, bank=bank, by=None)
    assert [(fault.where, fault.advice[:8]) for fault in caught.value.problems] == [
        ("第2题（第3行）", "大括号没有关上："),
        ("第3题（第5行）", "没有正确答案：正"),
    ]
    assert Question.objects.count() == 0


def test_a_question_that_the_bank_has_is_told(bank: QuestionBank):
    exchange.bring_in("问{T}".encode(), bank=bank, by=None)
    looked = exchange.look_into("新问{T}\n\n问{F}".encode(), bank=bank)
    assert [(fault.where, fault.advice) for fault in looked.problems] == [
        ("第2题（第3行）", exchange.ALREADY)
    ]
    assert not looked.ready


def test_an_import_is_noted_with_who_did_it(bank: QuestionBank):
    officer = make_learner("编辑", 7)
    exchange.bring_in("问{T}".encode(), bank=bank, by=officer)
    entry = ModelLogEntry.objects.get()
    assert (entry.user, entry.data) == (officer, {"imported": 1})


@pytest.mark.parametrize("count", [10, 400])
def test_an_import_asks_the_same_however_long(bank: QuestionBank, count: int):
    text = "\n\n".join(f"第{n}问{{=对 ~错}}" for n in range(count))
    ContentType.objects.get_for_model(QuestionBank)
    with CaptureQueriesContext(connection) as queries:
        exchange.bring_in(text.encode(), bank=bank, by=None)
    inserts = [row for row in queries if "INSERT" in row["sql"]]
    others = [
        row for row in queries if "INSERT" not in row["sql"] and "SAVEPOINT" not in row["sql"]
    ]
    assert len(others) == 5  # the bank, its stems, sectors twice, and the log's content type
    assert len(inserts) <= 1 + 2 + count // 20  # SQLite takes 999 values in a statement


# -- The page ------------------------------------------------------------------------------------------

PAGE = "/learn/office/questions/"


def send(client: Client, bank: QuestionBank, content: bytes, do: str = "take") -> Any:
    file = SimpleUploadedFile("题.bin", content)
    return client.post(PAGE, {"bank": bank.pk, "file": file, "do": do}, follow=True)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_office_looks_first_and_takes_then(office: Client, bank: QuestionBank):
    looked = send(office, bank, template(), "look")
    assert looked.status_code == 200
    assert "文件没有错误，共 9 道题" in text_of(looked)
    assert "单选题 1 道" in text_of(looked)
    assert Question.objects.count() == 0
    assert "已导入 9 道题到“收题”" in text_of(send(office, bank, template()))
    assert Question.objects.count() == 9


def test_the_office_sees_every_problem_and_nothing_is_written(office: Client, bank: QuestionBank):
    answer = send(office, bank, BROKEN)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "没有导入，有 2 处错误" in page
    assert "第2题（第3行）" in page
    assert "第3题（第5行）" in page
    assert Question.objects.count() == 0


@pytest.mark.parametrize("content", [b"", b"\0\1\2", b"PK\x03\x04"])
def test_a_file_that_is_none_is_one_problem(office: Client, bank: QuestionBank, content: bytes):
    answer = send(office, bank, content)
    assert (answer.status_code, Question.objects.count()) == (422, 0)
    assert "有 1 处错误" in text_of(answer)


def test_a_form_without_a_bank_is_told(office: Client, bank: QuestionBank):
    assert office.post(PAGE, {"bank": "x"}).status_code == 422


@pytest.mark.parametrize("code", FORMATS)
def test_a_bank_is_downloaded_in_every_format(office: Client, bank: QuestionBank, code: str):
    found = [SOUND["single"], SOUND["hotspot"]]
    content = FORMATS["moodle"].write(found, media_of(found), "x").content
    exchange.bring_in(content, bank=bank, by=None)
    address = f"{PAGE}download/?bank={bank.pk}&format={code}"
    answer = office.get(address)
    if code in ("gift", "aiken"):
        assert "有 1 道题导不出" in text_of(answer)
        answer = office.get(f"{address}&anyway=1")
    assert answer["Content-Disposition"].startswith(
        "attachment; filename*=UTF-8''%E6%94%B6%E9%A2%98."
    )
    assert exchange.look_into(answer.content, bank=bank).problems[-1].advice == exchange.ALREADY


@pytest.mark.parametrize(
    "query", ["", "bank=1&format=x", "bank=x&format=gift", "bank=999&format=gift"]
)
def test_a_download_that_is_none_is_not_found(office: Client, query: str):
    assert office.get(f"{PAGE}download/?{query}").status_code == 404


def test_the_template_is_a_workbook(office: Client):
    assert office.get(f"{PAGE}template/").content.startswith(b"PK")


@pytest.mark.parametrize("tail", ["", "template/", "download/?bank=1&format=gift"])
def test_the_desk_is_for_those_who_keep_the_bank(client: Client, db: None, tail: str):
    assert client.get(PAGE + tail).status_code == 302
    client.force_login(make_learner())
    assert client.get(PAGE + tail).status_code in (302, 403)


# -- The command ---------------------------------------------------------------------------------------


def test_the_command_takes_a_file_whole(bank: QuestionBank, tmp_path: Path):
    file, said = tmp_path / "q.txt", StringIO()
    file.write_text("问{T}", "utf-8")
    call_command("import_questions", str(bank.pk), str(file), "--check", stdout=said)
    assert Question.objects.count() == 0
    call_command("import_questions", str(bank.pk), str(file), stdout=said)
    assert said.getvalue().splitlines() == [
        "没有错误，共 1 道题；没有导入",
        "已导入 1 道题到“收题”",
    ]


def test_the_command_names_every_problem(bank: QuestionBank, tmp_path: Path):
    file, said = tmp_path / "q.txt", StringIO()
    file.write_bytes(BROKEN)
    for more in ([], ["--check"]):
        with pytest.raises(CommandError, match="有 2 处错误，一道题也没有导入"):
            call_command("import_questions", str(bank.pk), str(file), *more, stderr=said)
    assert said.getvalue().count("第2题（第3行）：大括号没有关上") == 2
    for name, key in ((tmp_path / "none", bank.pk), (file, 999)):
        with pytest.raises(CommandError, match=r"打不开|没有编号"):
            call_command("import_questions", str(key), str(name))
