"""The office writes questions of every kind, sees them as the learner does, and is told every fault."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from courses.acts import statistics
from courses.models import Citation, Question, QuestionBank, QuestionPicture
from courses.rules.texts import text_of
from credit.models import Sector
from tests.courses.exam_kit import NOON, exam_of_every_kind, make_course
from tests.courses.item_kit import SOUND, png
from tests.courses.test_questions import question_form
from tests.courses.test_statistics import four_attempts_of

ADD = "/admin/snippets/courses/question/add/"


pytestmark = pytest.mark.usefixtures("private_files")


@pytest.fixture
def bank(db: None) -> QuestionBank:
    return QuestionBank.objects.create(course=make_course(), name="题库")


def form_of(bank: QuestionBank, kind: str, **changes: Any) -> dict[str, Any]:
    item = SOUND[kind]
    facts: dict[str, Any] = {"kind": kind, "stem": item.stem, "body_text": text_of(item)}
    if item.picture:
        facts |= {"upload": SimpleUploadedFile("x.exe", png(400, 300)), "picture_alt": "工地一角"}
    return question_form(bank, **{**facts, **changes})


WITHOUT_OPTIONS = ["fill", "numeric", "ordering", "matching", "hotspot", "short", "case"]


@pytest.mark.parametrize("kind", WITHOUT_OPTIONS)
def test_a_question_of_each_kind_is_written_and_changed(
    office: Client,
    bank: QuestionBank,
    kind: str,
):
    assert office.post(ADD, form_of(bank, kind, level=2)).status_code == 302
    question = Question.objects.get()
    assert (question.item().body, question.level) == (SOUND[kind].body, 2)
    edit = reverse("wagtailsnippets_courses_question:edit", args=[question.pk])
    page = office.get(edit).content.decode()
    assert text_of(SOUND[kind]).splitlines()[0].split("|")[0] in page
    again = form_of(bank, kind, stem=SOUND[kind].stem + "！")
    again.pop("upload", None)  # the picture stays
    assert office.post(edit, again).status_code == 302
    newest = Question.objects.current().get()
    assert (newest.version, newest.item().body) == (2, SOUND[kind].body)
    assert newest.picture == question.picture


@pytest.mark.parametrize(
    ("kind", "changes", "fault"),
    [
        ("fill", {"body_text": "通风"}, "题干里有 2 个空"),
        ("numeric", {"body_text": "十"}, "计算题的答案请写数字"),
        ("case", {"body_text": "乱写"}, "第1小题请以题型开头"),
        ("hotspot", {"upload": SimpleUploadedFile("x.png", b"MZ")}, "不是图片或者已损坏"),
        ("hotspot", {"picture_alt": ""}, "图片要写说明"),
        ("hotspot", {"body_text": "矩形 1 1 2 2 小"}, "的范围太小"),
        ("short", {"body_text": ""}, "简答题要写参考答案"),
    ],
)
def test_the_office_is_told_what_is_wrong(
    office: Client,
    bank: QuestionBank,
    kind: str,
    changes: dict[str, Any],
    fault: str,
):
    answer = office.post(ADD, form_of(bank, kind, **changes))
    assert answer.status_code == 200
    assert fault in answer.content.decode()
    assert Question.objects.count() == 0


def test_a_picture_is_kept_once_and_may_be_taken_off(office: Client, bank: QuestionBank):
    for _ in range(2):
        office.post(
            ADD,
            form_of(bank, "short", upload=SimpleUploadedFile("a", png(50, 50)), picture_alt="图"),
        )
    assert (QuestionPicture.objects.count(), Question.objects.count()) == (1, 2)
    edit = reverse("wagtailsnippets_courses_question:edit", args=[Question.objects.latest("pk").pk])
    office.post(edit, form_of(bank, "short", drop_picture="on"))
    assert Question.objects.latest("pk").picture is None


def test_a_question_bears_its_sector_and_level(office: Client, bank: QuestionBank):
    sector = Sector.objects.create(code="mine", name="矿山")
    office.post(
        ADD, form_of(bank, "short", sector=sector.pk, level=3, basis="安全生产法 第二十八条")
    )
    item = Question.objects.get().item()
    assert (item.sector, item.level, item.basis) == ("mine", 3, "安全生产法 第二十八条")


@pytest.mark.parametrize("kind", SOUND)
def test_the_preview_shows_what_the_learner_sees(office: Client, kind: str):
    exam_of_every_kind(make_course())
    question = Question.objects.get(kind=kind)
    page = office.get(f"/learn/office/questions/{question.pk}/").content.decode()
    assert "学员看到的" in page
    assert page.count(question.stem.split("____")[0]) >= 2
    assert "答案：" in page


def test_the_preview_is_for_those_who_keep_the_bank(client: Client, bank: QuestionBank):
    assert client.get("/learn/office/questions/1/").status_code == 302


def test_the_list_shows_how_questions_did(office: Client):
    four_attempts_of(make_course())
    statistics.count_questions(now=NOON)
    page = office.get("/admin/snippets/courses/question/").content.decode()
    for words in ("得分率", "区分度", "0.75（4人次）", "-0.77 / -0.50", "看题"):
        assert words in page


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_asks_the_same_however_long(
    office: Client,
    bank: QuestionBank,
    count: int,
    django_assert_max_num_queries: Any,
):
    Question.objects.bulk_create(
        Question(bank=bank, kind="short", stem=f"第{n}问", body={"answer": "答"})
        for n in range(count)
    )
    office.get("/admin/snippets/courses/question/")
    with django_assert_max_num_queries(20):
        assert office.get("/admin/snippets/courses/question/").status_code == 200


def test_questions_are_found_by_the_article_that_they_rest_on(office: Client, bank: QuestionBank):
    for stem, basis in (
        ("甲问", "《安全生产法》第二十八条；消防法第16条"),
        ("乙问", "安全生产法第97条"),
        ("丙问", "消防法第28条"),
    ):
        office.post(ADD, form_of(bank, "short", stem=stem, basis=basis))
    office.get("/admin/snippets/courses/question/")  # with the words that they were kept
    cited = Citation.objects.order_by("pk").values_list("law", "article")
    assert list(cited) == [("安全生产法", 28), ("消防法", 16), ("安全生产法", 97), ("消防法", 28)]
    for query, stems in (
        ("law=安全生产", {"甲问", "乙问"}),
        ("article=28", {"甲问", "丙问"}),
        ("law=安全生产法&article=28", {"甲问"}),
        ("law=消防法&article=97", set()),
    ):
        page = office.get(f"/admin/snippets/courses/question/?{query}").content.decode()
        assert {stem for stem in ("甲问", "乙问", "丙问") if stem in page} == stems
