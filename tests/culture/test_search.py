"""The public searches the whole site, on SQLite and on PostgreSQL alike."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from modelsearch.query import And, Not, Or, Phrase, PlainText
from wagtail.models import Page, PageViewRestriction

from config.tasks import run_django_task
from courses.models import CoursePage, LessonPage
from credit.models import Enterprise, Jurisdiction, Sector
from culture.models import CasePage, LawPage, NewsPage
from tests.culture.search_kit import article, column

FOUND = [
    "危险化学品",
    "有限空间",
    "事故",
    "化学",
    "GB 30871",
    "gb30871",
    "ＧＢ　３０８７１",
    "险",
    "品",
    "作业 通风",
    "危险' & !'",
]
ODD = [
    '"',
    '""',
    "*",
    "%_",
    "AND OR NOT",
    "\x00",
    "NEAR(",
    "a:b",
    "'",
    "\\",
    "-",
    "^",
    "(",
    "{title}",
]


def titles(words: Any, model: Any = Page) -> list[str]:
    return [page.title for page in model.objects.live().search(words)]


@pytest.fixture
def news(db: None) -> NewsPage:
    return article(column(), "五月检查通报")


@pytest.mark.parametrize("words", FOUND)
def test_words_inside_a_sentence_are_found(news: NewsPage, words: str):
    assert titles(words) == ["五月检查通报"]


@pytest.mark.parametrize("words", ["烟花", "化学工程", "GB 18218", "先作业", "危险烟花", "鼠"])
def test_words_that_are_not_there_find_nothing(news: NewsPage, words: str):
    assert titles(words) == []


@pytest.mark.parametrize("words", ODD)
def test_signs_alone_find_nothing_and_break_nothing(client: Client, news: NewsPage, words: str):
    assert titles(words) == []
    answer = client.get("/search/", {"q": words})
    assert answer.status_code == 200


def test_five_hundred_characters_are_cut_to_a_hundred(client: Client, news: NewsPage):
    answer = client.get("/search/", {"q": "安全" * 250})
    assert answer.status_code == 200
    assert answer.context["words"] == "安全" * 50


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (And([PlainText("事故"), PlainText("通风")]), ["甲", "乙"]),
        (And([PlainText("事故"), Not(PlainText("矿山"))]), ["甲"]),
        (Or([PlainText("矿山"), PlainText('"')]), ["乙"]),
        (Not(PlainText("矿山")), ["甲"]),
        (PlainText("矿山 火灾", operator="or"), ["乙"]),
        (Phrase("矿山通风"), ["乙"]),
    ],
)
def test_questions_can_be_combined(db: None, query: Any, expected: list[str]):
    parent = column()
    article(parent, "甲", text="<p>事故之后先通风</p>")
    article(parent, "乙", text="<p>矿山事故，矿山通风</p>")
    assert sorted(titles(query, NewsPage), key="甲乙".index) == expected


def test_title_comes_first_then_the_newest(db: None):
    parent = column()
    for title in ("消防事故", "第二条", "第三条"):
        article(parent, title)
    assert titles("事故") == ["消防事故", "第三条", "第二条"]


def test_the_best_title_comes_first_then_the_kind_then_the_newest(client: Client, db: None):
    from wagtail.search import index

    catalogue = column("课程", "courses")
    course = CoursePage(title="有限空间作业", slug="confined", summary="进得去", required_minutes=3)
    catalogue.add_child(instance=course)
    lesson = LessonPage(title="什么是有限空间", slug="what", body=[])
    course.add_child(instance=lesson)
    parent = column("有限空间专栏")  # a list is no answer
    article(parent, "旧闻", date=date(2026, 1, 1))
    article(parent, "新闻", date=date(2026, 6, 1))
    article(parent, "检查有限空间")
    article(parent, "案例", kind=CasePage)
    article(parent, "法规", kind=LawPage)
    article(parent, "有限空间", kind=LawPage)
    for page in (course, lesson, parent):
        index.insert_or_update_object(page)
    results = client.get("/search/", {"q": "有限空间"}).context["results"]
    plain = [re.sub("<.*?>", "", result.title) for result in results]
    assert plain == [
        "有限空间", "有限空间作业", "检查有限空间", "什么是有限空间", "法规", "案例", "新闻", "旧闻",
    ]  # fmt: skip


def test_a_case_is_found_by_its_kind_and_its_law(client: Client, db: None):
    article(
        column(), "掉进池子", kind=CasePage, text="<p>下池救人</p>", articles="工贸企业规定\n13号令"
    )
    assert titles("13号令") == titles("事故案例") == ["掉进池子"]
    [result] = client.get("/search/", {"q": "13号令"}).context["results"]
    assert result.snippet.endswith("先检测 工贸企业规定；<mark>13</mark><mark>号令</mark>")


def test_editors_can_complete_an_unfinished_title(news: NewsPage):
    found = [list(Page.objects.autocomplete(words)) for words in ("五月检", "五", '"', "通报")]
    assert [[page.title for page in pages] for pages in found] == [
        ["五月检查通报"], ["五月检查通报"], [], ["五月检查通报"],
    ]  # fmt: skip


def test_search_can_be_limited_to_the_title(news: NewsPage):
    found = [Page.objects.search(words, fields=["title"]).count() for words in ("检查", "事故")]
    assert found == [1, 0]


def test_a_saved_page_is_found_by_its_new_words_only(
    news: NewsPage, django_capture_on_commit_callbacks: Any
):
    news.body = [("text", "<p>烟花爆竹</p>")]
    with django_capture_on_commit_callbacks() as queued:
        news.save()
    assert queued  # the index runs in Celery, once the page is committed
    run_django_task(
        "modelsearch.tasks.insert_or_update_object_task", ["culture", "newspage", str(news.pk)], {}
    )
    assert (titles("烟花"), titles("事故")) == (["五月检查通报"], [])


def test_a_deleted_page_leaves_the_index(news: NewsPage):
    news.delete()
    assert titles("事故") == []


def test_the_whole_index_can_be_built_again(news: NewsPage):
    from django.core.management import call_command

    call_command("update_index", verbosity=0)
    assert titles("有限空间") == ["五月检查通报"]


def test_a_result_shows_title_snippet_column_and_date(client: Client, news: NewsPage):
    answer = client.get("/search/", {"q": "有限空间"})
    [result] = answer.context["results"]
    assert result._asdict() == {
        "title": "五月检查通报",
        "url": news.get_url(),
        "snippet": "摘要 危险化学品事故多发。进入<mark>有限空间</mark>作业前，先通风，再检测。依据GB 30871。",
        "column": "新闻通知",
        "date": date(2026, 5, 1),
    }
    assert "找到 1 个页面" in answer.content.decode()


def test_markup_in_a_page_stays_text(client: Client, db: None):
    article(column(), "<b>事故</b>", text="<p>&lt;script&gt;事故&lt;/script&gt;</p>")
    page = client.get("/search/", {"q": "事故"}).content.decode()
    assert "&lt;b&gt;<mark>事故</mark>&lt;/b&gt;" in page
    assert "<script>" not in page


def test_kinds_are_counted_and_one_can_be_chosen(client: Client, db: None):
    parent = column()
    article(parent, "新闻", kind=NewsPage)
    article(parent, "法规", kind=LawPage)
    article(parent, "案例", kind=CasePage)
    answer = client.get("/search/", {"q": "危险化学品", "kind": "law"})
    counts = [(facet.name, facet.number) for facet in answer.context["facets"]]
    assert counts == [("新闻", 1), ("法规", 1), ("案例", 1), ("课程", 0)]
    assert [result.title for result in answer.context["results"]] == ["法规"]
    assert answer.context["page"].paginator.count == 1


def test_courses_and_lessons_are_found_with_their_place(client: Client, db: None):
    from wagtail.search import index

    course = CoursePage(title="有限空间", slug="confined", summary="进得去", required_minutes=3)
    column("安全课程", "courses").add_child(instance=course)
    lesson = LessonPage(title="通风", slug="air", body=[("text", "<p>硫化氢有毒</p>")])
    course.add_child(instance=lesson)
    index.insert_or_update_object(lesson)
    [result] = client.get("/search/", {"q": "硫化氢", "kind": "course"}).context["results"]
    assert (result.title, result.column) == ("通风", "安全课程 › 有限空间")


def test_drafts_and_private_pages_are_not_found(client: Client, db: None):
    parent = column()
    article(parent, "草稿", live=False)
    private = article(parent, "内部")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    assert client.get("/search/", {"q": "事故"}).context["results"] == []


def test_the_first_three_enterprises_are_shown(
    client: Client, street: Jurisdiction, sector: Sector
):
    for number in range(4):
        facts = {"legacy_number": str(number), "place": street, "sector": sector}
        Enterprise.objects.create(name=f"长青{number}", **facts)
    answer = client.get("/search/", {"q": "长青"})
    assert len(answer.context["enterprises"]) == 3
    assert 'href="/credit/?q=%E9%95%BF%E9%9D%92"' in answer.content.decode()


def test_nothing_found_gives_advice(client: Client, db: None):
    page = client.get("/search/", {"q": "恐龙", "kind": "law"}).content.decode()
    assert "没有找到页面。可以这样再试：" in page
    assert "在全部页面里找" in page


def test_without_words_there_is_only_the_form(client: Client, db: None):
    answer = client.get("/search/")
    assert "results" not in answer.context
    assert answer.status_code == 200


@pytest.mark.parametrize("number", ["2", "99", "x", "-1"])
def test_any_page_number_is_answered(client: Client, db: None, number: str):
    parent = column()
    for place in range(11):
        article(parent, f"第{place}条")
    answer = client.get("/search/", {"q": "事故", "page": number})
    assert answer.context["page"].number in (1, 2)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_search_asks_as_often_however_many_are_found(
    client: Client, db: None, count: int, django_assert_num_queries: Any
):
    parent = column()
    for place in range(count):
        article(parent, f"第{place}条")
    client.get(
        "/search/", {"q": "事故"}
    )  # the menu, the sites and the content types are kept afterwards
    with django_assert_num_queries(7):
        client.get("/search/", {"q": "事故"})


def test_pictures_in_articles_cost_no_query_each(
    client: Client, db: None, django_assert_num_queries: Any
):
    from wagtail.images.models import Image
    from wagtail.images.tests.utils import get_test_image_file
    from wagtail.search import index

    picture = Image.objects.create(title="通风", file=get_test_image_file())
    parent = column()
    for place in range(3):
        page = article(parent, f"第{place}条")
        value = {"image": picture.pk, "alt_text": "风机", "decorative": False}
        page.body = json.dumps([{"type": "image", "value": value}, *page.body.get_prep_value()])
        page.save()
        index.insert_or_update_object(page)
    client.get("/search/", {"q": "事故"})
    with django_assert_num_queries(7):
        answer = client.get("/search/", {"q": "事故"})
    assert len(answer.context["results"]) == 3
