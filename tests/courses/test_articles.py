"""A law changes: everything that cites it waits for a named person, and nothing follows by itself."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from courses.acts import articles
from courses.acts.exams import RefusedError
from courses.acts.questions import add_question
from courses.models import (
    ArticleChange,
    Certificate,
    CourseIndexPage,
    CoursePage,
    Exam,
    LessonPage,
    Question,
    QuestionBank,
    Recheck,
)
from courses.rules.items import Item
from credit.models import AuditEntry
from tests.courses.obligation_kit import won
from tests.courses.report_kit import an_official
from tests.courses.test_catalogue import a_course

TODAY = date(2026, 11, 25)
LAW = "生产经营单位安全培训规定"


@pytest.fixture
def officer(db: None) -> Any:
    return an_official(1)


@pytest.fixture
def editor(db: None) -> Any:
    return an_official(2, role="editor")


def ask(bank: QuestionBank, stem: str, basis: str, **said: Any) -> Question:
    item = Item(
        kind="single",
        stem=stem,
        options=("对", "错", "都行"),
        right=frozenset({0}),
        basis=basis,
        **said,
    )
    return add_question(bank, item)


@pytest.fixture
def bank(course: CoursePage) -> QuestionBank:
    """Five questions, three of which rest on the article."""
    found = QuestionBank.objects.create(course=course, name="题库")
    ask(found, "一", f"《{LAW}》第十三条")
    ask(found, "二", f"《中华人民共和国{LAW}》第13条、第十四条")
    ask(found, "三", f"《{LAW}》")  # the law as a whole
    ask(found, "四", f"《{LAW}》第十四条")
    ask(found, "五", f"《{LAW}》第十三条", active=False)
    return found


def tell(by: Any, **said: Any) -> ArticleChange:
    usual = {
        "law": f"《{LAW}》", "article": 13, "changed_on": date(2026, 12, 1), "paper": "应急管理部令第99号",
        "note": "学时改了", "by": by, "today": TODAY,
    }  # fmt: skip
    return articles.tell(**{**usual, **said})


def found(change: ArticleChange, kind: str) -> list[str]:
    return list(change.rechecks.filter(kind=kind).values_list("title", flat=True))


def test_what_cites_the_article_waits(
    course: CoursePage, catalogue: CourseIndexPage, bank: QuestionBank, officer: Any, learner: Any
):
    exam = Exam.objects.create(course=course, title="考试")
    Exam.objects.create(course=a_course(catalogue, "别的课", 1), title="别的考试")
    first, second, draft = course.lessons()
    first.body = [("text", f"<p>按<b>《{LAW}》</b>第十三条，上岗前学满24学时。</p>")]
    second.body = [("text", f"<p>《{LAW}》第十四条</p>"), ("warning", "别的")]
    draft.body = first.body
    for lesson in (first, second, draft):
        lesson.save()
    draft.unpublish()
    certificate = won(course, learner, on=date(2026, 11, 1), minutes=3)
    change = tell(officer)
    assert (str(change), change.law) == (f"《{LAW}》第13条", LAW)
    assert found(change, "lesson") == ["第1课"]
    assert found(change, "question") == ["一", "二", "三"]
    assert list(change.rechecks.filter(kind="exam").values_list("target", "why")) == [
        (exam.pk, "题库里有 3 道题依据这一条")
    ]
    assert LAW in certificate.article
    assert list(change.rechecks.filter(kind="certificate").values_list("target", "why")) == [
        (course.pk, "有效证书 1 张，证书上的依据是这部法规")
    ]
    # Nothing follows by itself.
    assert Question.objects.filter(active=True).count() == 4
    assert Certificate.objects.get().standing(TODAY)[1]
    assert LessonPage.objects.get(pk=first.pk).live


def test_the_whole_law_and_another_law(bank: QuestionBank, officer: Any):
    assert found(tell(officer, article=0), "question") == ["一", "二", "三", "四"]
    assert not tell(officer, law="消防法").rechecks.exists()


def test_certificates_that_are_worth_nothing_wait_for_nobody(
    course: CoursePage, officer: Any, learner: Any
):
    won(course, learner, on=date(2024, 11, 1), minutes=3)
    assert found(tell(officer), "certificate") == []


def test_each_is_cleared_by_a_named_person_with_a_note(
    bank: QuestionBank, officer: Any, editor: Any
):
    one = tell(officer).rechecks.filter(kind="question").first()
    assert one is not None
    for outcome, note in (("", "看过"), ("right", " "), ("deleted", "看过")):
        with pytest.raises(RefusedError, match="请选结论"):
            articles.clear(one, outcome=outcome, note=note, by=editor)
    answer = articles.clear(one, outcome="changed", note="已换新题", by=editor)
    assert (answer.by, answer.note) == (editor, "已换新题")
    assert one not in Recheck.objects.open()
    with pytest.raises(RefusedError, match="已经有人复核过了"):
        articles.clear(one, outcome="right", note="再看", by=officer)
    verbs = AuditEntry.objects.order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["law.change", "law.clear"]


def test_who_may_tell_and_who_may_clear(bank: QuestionBank, officer: Any, editor: Any):
    with pytest.raises(RefusedError, match="没有登记法条变更的权限"):
        tell(editor)
    one = tell(officer).rechecks.first()
    with pytest.raises(RefusedError, match="没有复核的权限"):
        articles.clear(one, outcome="right", note="看过", by=an_official(3, role="auditor"))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"law": "《》"}, "请写明法规名称"),
        ({"paper": " "}, "请写明文件"),
        ({"note": ""}, "请写明文件"),
    ],
)
def test_what_is_missing_is_told(officer: Any, said: Any, words: str):
    with pytest.raises(RefusedError, match=words):
        tell(officer, **said)


def test_the_same_change_is_told_once(officer: Any):
    tell(officer)
    with pytest.raises(RefusedError, match="已经登记过了"):
        tell(officer, law=f"中华人民共和国{LAW}")


@pytest.mark.parametrize("table", ["articlechange", "recheck", "recheckanswer"])
@pytest.mark.parametrize("verb", ["DELETE FROM courses_{}", "UPDATE courses_{} SET id = id"])
def test_the_database_keeps_what_was_told(
    bank: QuestionBank, officer: Any, editor: Any, table: str, verb: str
):
    one = tell(officer).rechecks.first()
    articles.clear(one, outcome="right", note="看过", by=editor)
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(verb.format(table))


# -- The pages ---------------------------------------------------------------------------------------------


def test_an_officer_tells_and_an_editor_clears(
    client: Client, as_staff: Any, bank: QuestionBank, officer: Any, editor: Any
):
    as_staff(client, officer)
    said = {
        "law": LAW, "article": 13, "changed_on": "2026-12-01", "paper": "令第99号", "note": "学时改了",
    }  # fmt: skip
    page = client.post(reverse("courses:article_changes"), said, follow=True).content.decode()
    assert "已登记，找到 3 项要复核。" in page
    assert "依据写的是：《" in page
    assert "已经登记过了" in client.post(reverse("courses:article_changes"), said).content.decode()
    one = Recheck.objects.filter(kind="question").first()
    assert one is not None
    as_staff(client, editor)
    page = client.get(reverse("courses:article_change", args=[one.change_id])).content.decode()
    assert reverse("wagtailsnippets_courses_question:edit", args=[one.target]) in page
    address = reverse("courses:recheck", args=[one.pk])
    page = client.post(address, {"outcome": "right", "note": "=看过"}, follow=True).content.decode()
    assert "已复核：一" in page
    assert "还有 <strong>2</strong> 项待复核" in page
    assert "请选结论" in client.post(address, {}, follow=True).content.decode()
    shown = client.get(
        reverse("courses:article_change", args=[one.change_id]), {"state": "open", "kind": "x"}
    )
    assert "=看过" not in shown.content.decode()
    assert client.post(reverse("courses:article_changes"), said).status_code == 403


@pytest.mark.parametrize("role", ["learner", "decision_officer", "legal_officer"])
def test_others_find_no_door(
    client: Client, as_staff: Any, bank: QuestionBank, officer: Any, role: str
):
    one = tell(officer).rechecks.first()
    as_staff(client, an_official(5, role=role))
    assert client.get(reverse("courses:article_changes")).status_code == 403
    assert client.get(reverse("courses:article_change", args=[one.change_id])).status_code == 403
    assert client.post(reverse("courses:recheck", args=[one.pk])).status_code == 403


@pytest.mark.parametrize("many", [1, 3, 30])
def test_the_pages_ask_the_same_queries(
    client: Client, as_staff: Any, course: CoursePage, officer: Any, editor: Any, many: int,
    django_assert_num_queries: Any,
):  # fmt: skip
    found = QuestionBank.objects.create(course=course, name="题库")
    for number in range(many):
        ask(found, f"第{number}问", f"《{LAW}》第十三条")
    change = tell(officer)
    for one in change.rechecks.all()[: many // 2]:
        articles.clear(one, outcome="right", note="看过", by=editor)
    as_staff(client, officer)
    address = reverse("courses:article_change", args=[change.pk])
    client.get(address)
    with django_assert_num_queries(9):
        client.get(address)
    with django_assert_num_queries(8):
        client.get(reverse("courses:article_changes"))
