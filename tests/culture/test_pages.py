"""The public's pages: what they show, how many queries they ask, and that nothing foreign is loaded."""

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.files.images import ImageFile
from django.test import Client
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import Site

from culture.models import CasePage, ColumnPage, HomePage, LawPage, NewsPage, SiteOwner
from culture.templatetags.culture_tags import MENU_KEY, OWNER_KEY
from tests.culture.kit import column, first_page, member, news

DAY = date(2026, 11, 1)


@pytest.fixture
def home(db: None) -> HomePage:
    return first_page()


def test_a_fresh_database_answers_with_the_first_page(client: Client, home: HomePage):
    page = client.get("/").content.decode()
    assert "安全看得见，信用查得到" in page
    assert 'action="/credit/"' in page


def test_an_article_stands_in_its_column_with_its_way_back(client: Client, home: HomePage):
    article = news(column(home))
    page = client.get(article.get_url()).content.decode()
    assert '<li class="breadcrumb-item active" aria-current="page">有限空间专项检查1</li>' in page
    assert re.findall(r'itemprop="name">(.*?)<', page) == ["首页", "安全新闻"]
    assert "不要盲目施救" in page


def test_a_law_and_a_case_show_their_facts(client: Client, home: HomePage):
    law = LawPage(
        title="示例办法", slug="law", summary="要点", issuer="应急管理部", number="第11号",
        effective_on=date(2023, 10, 1), body=[],
    )  # fmt: skip
    column(home, "law").add_child(instance=law)
    case = CasePage(
        title="污水井事故", slug="case", summary="三人死亡", accident_kind="中毒和窒息", deaths=3,
        direct_cause="盲目施救", lessons="先通风\n再检测", articles="第十三号令", fictional=True, body=[],
    )  # fmt: skip
    column(home, "case").add_child(instance=case)
    assert "2023年10月1日" in client.get(law.get_url()).content.decode()
    page = client.get(case.get_url()).content.decode()
    assert "<li>先通风</li><li>再检测</li>" in page
    assert "虚构案例" in page


@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_column_asks_the_same_queries_however_long_it_is(
    client: Client, home: HomePage, count: int, django_assert_num_queries: Any
):
    parent = column(home)
    for number in range(count):
        news(parent, number)
    client.get(parent.get_url())
    with django_assert_num_queries(10):
        client.get(parent.get_url())


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_first_page_asks_the_same_queries_however_much_there_is(
    client: Client, home: HomePage, count: int, django_assert_num_queries: Any
):
    parent = column(home)
    for number in range(count):
        news(parent, number)
    client.get("/")
    with django_assert_num_queries(11):
        client.get("/")


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_feed_holds_the_newest_and_asks_four_queries(
    client: Client, home: HomePage, count: int, django_assert_num_queries: Any
):
    parent = column(home)
    for number in range(count):
        news(parent, number)
    client.get("/feed/")
    with django_assert_num_queries(4):
        feed = client.get("/feed/").content.decode()
    titles = re.findall(r"<entry><title>(.*?)</title>", feed)
    assert re.findall(r"<published>2026-11-01T(.*?)</published>", feed)[-1:] == (
        ["00:00:00+08:00"] if count <= 20 else []
    )
    newest = [f"有限空间专项检查{number}" for number in reversed(range(count))]
    assert titles == newest[:20]


def test_the_map_of_the_site_names_pages_and_services(client: Client, home: HomePage):
    article = news(column(home))
    text = client.get("/sitemap.xml").content.decode()
    assert article.get_url() in text
    assert "/credit/black/" in text


def test_robots_keep_out_of_personal_pages(client: Client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /learn/\n" in text
    assert "Disallow: /certificates/\nAllow: /certificates/$\n" in text
    assert "Sitemap: http://localhost:8000/sitemap.xml" in text


def test_a_draft_is_not_public(client: Client, home: HomePage):
    article = news(column(home), live=False)
    assert client.get(f"/news/{article.slug}/").status_code == 404


def test_the_menu_follows_a_publication(client: Client, home: HomePage):
    cache.delete(MENU_KEY)
    assert ">安全新闻</a>" not in client.get("/credit/").content.decode()
    column(home).save_revision().publish()
    assert ">安全新闻</a>" in client.get("/credit/").content.decode()


@pytest.mark.parametrize("target", ["/credit/", "//evil.example/", "https://evil.example/"])
def test_large_letters_are_remembered_and_lead_nowhere_else(
    client: Client, home: HomePage, target: str
):
    answer = client.post("/text-size/", {"next": target})
    assert answer["Location"] == ("/credit/" if target == "/credit/" else "/")
    assert '<html lang="zh-Hans" class="large">' in client.get("/").content.decode()
    client.post("/text-size/", {"next": "/"})
    assert 'class="large"' not in client.get("/").content.decode()


# -- Nothing foreign ---------------------------------------------------------------------------------------

FOREIGN = re.compile(
    r"""<(?:script|link|img|iframe|video|audio|source)\b[^>]*?(?:src|href)=["'](https?:)?//[^"']*"""
)


def foreign(page: str) -> list[str]:
    own = ("//localhost", "http://localhost")
    found = [match.group(0) for match in FOREIGN.finditer(page)]
    return [tag for tag in found if not any(host in tag for host in own)]


def test_public_pages_load_nothing_foreign(client: Client, home: HomePage):
    article = news(column(home))
    for address in (
        "/",
        "/news/",
        article.get_url(),
        "/credit/",
        "/accounts/login/",
        "/api/v1/docs",
    ):
        assert foreign(client.get(address).content.decode()) == [], address


def test_admin_pages_load_nothing_foreign(client: Client, home: HomePage, as_staff: Any):
    article = news(column(home))
    as_staff(client, get_user_model().objects.create_superuser("13800000000", "long-enough-9"))
    for address in (
        "/admin/",
        f"/admin/pages/{home.pk}/",
        f"/admin/pages/{article.pk}/edit/",
        "/django-admin/",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert foreign(answer.content.decode()) == [], address


def test_a_page_says_what_it_is(client: Client, home: HomePage):
    article = news(column(home))
    head = client.get(article.get_url()).content.decode().partition("</head>")[0]
    address = f"http://localhost:8000{article.get_url()}"
    assert f'<link rel="canonical" href="{address}">' in head
    assert head.count('<meta name="description" content="先通风、再检测、后作业">') == 1
    assert '<meta property="og:title" content="有限空间专项检查1">' in head
    assert '<meta property="og:type" content="article">' in head
    assert f'<meta property="og:url" content="{address}">' in head
    assert 'rel="canonical"' not in client.get("/search/?q=安全").content.decode()


def test_the_first_pages_title_says_what_the_site_is(client: Client, home: HomePage):
    head = client.get("/").content.decode().partition("</head>")[0]
    assert "<title>查企业安全信用，学安全知识 · 安信" in head
    assert '<meta name="description" content="查企业的安全信用' in head


@pytest.mark.parametrize(
    ("path", "file"),
    [("/favicon.ico", "favicon.ico"), ("/apple-touch-icon.png", "touch-icon.png")],
)
def test_icons_are_where_browsers_look(client: Client, path: str, file: str):
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/static/anxin/{file}")
    assert finders.find(f"anxin/{file}")


# -- Columns and kinds ------------------------------------------------------------------------------------


def test_a_column_takes_articles_of_its_kind_only(home: HomePage):
    parent = column(home)
    assert [model.can_create_at(parent) for model in (NewsPage, LawPage, CasePage)] == [
        True, False, False,
    ]  # fmt: skip
    article = news(parent)
    assert article.can_move_to(column(home, "law")) is False


def test_a_column_with_articles_keeps_its_kind(home: HomePage):
    parent = column(home)
    form_class = ColumnPage.get_edit_handler().get_form_class()
    sent = {"title": "安全新闻", "slug": "news", "kind": "case"}
    sent |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    assert form_class(sent, instance=parent, for_user=None).is_valid()
    news(parent)
    parent = ColumnPage.objects.get(pk=parent.pk)
    form = form_class(sent, instance=parent, for_user=None)
    assert form.errors == {"kind": ["栏目里已经有内容，不能改类别。请另建一个栏目"]}
    assert form_class(sent | {"kind": "news"}, instance=parent, for_user=None).is_valid()


def test_an_editor_finds_the_way_to_the_form_on_the_page(
    client: Client, home: HomePage, as_staff: Any
):
    parent = column(home)
    article = news(parent)
    addresses = ("/", parent.get_url(), article.get_url())
    bar = [b"<wagtail-userbar>" in client.get(address).content for address in addresses]
    assert bar == [False, False, False]
    as_staff(client, member("13800000001", "editor"))
    pages = [client.get(address) for address in addresses]
    assert [b"<wagtail-userbar>" in page.content for page in pages] == [True, True, True]
    inline = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son\w+=")
    assert [inline.findall(page.content.decode()) for page in pages] == [[], [], []]


# -- The look of every page ---------------------------------------------------------------------------------


def test_the_menu_marks_where_the_reader_is(client: Client, home: HomePage):
    cache.delete(MENU_KEY)
    parent = column(home)
    article = news(parent)
    for address, mark in ((parent.get_url(), "page"), (article.get_url(), "true")):
        page = client.get(address).content.decode()
        assert f'<a href="/news/" aria-current="{mark}">安全新闻</a>' in page
        assert '<a href="/credit/">查信用</a>' in page
    assert (
        '<a href="/credit/" aria-current="page">查信用</a>'
        in client.get("/credit/").content.decode()
    )


@pytest.mark.parametrize(
    ("address", "way"),
    [
        ("/credit/", ["首页"]),
        ("/credit/black/", ["首页", "信用查询"]),
        ("/search/", ["首页"]),
        ("/certificates/", ["首页"]),
        ("/indicators/", ["首页"]),
    ],
)
def test_every_page_has_the_same_way_back(
    client: Client, home: HomePage, address: str, way: list[str]
):
    page = client.get(address).content.decode()
    assert re.findall(r'itemprop="name">(.*?)<', page) == way
    assert page.count('aria-label="位置"') == 1


def test_a_law_in_a_list_says_where_it_stands_and_whose_day_it_shows(
    client: Client, home: HomePage
):
    parent = column(home, "law")
    for slug, status in (("old", "repealed"), ("changed", "amended")):
        parent.add_child(
            instance=LawPage(
                title=slug, slug=slug, summary="要点", issuer="应急管理部", status=status,
                date=DAY, body=[],
            )
        )  # fmt: skip
    page = " ".join(client.get(parent.get_url()).content.decode().split())
    assert re.findall(r'class="state state-(\w+)">(.*?)<', page) == [
        ("amended", "现行有效（经修改）"),
        ("repealed", "已废止"),
    ]
    assert page.count('整理于 <time datetime="2026-11-01">') == 2
    assert '<h2 class="entry-title">' in page  # below the column's h1, no level is left out
    law = client.get("/law/old/").content.decode()
    assert '整理于 <time datetime="2026-11-01">' in law


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Wagtail's own file
@pytest.mark.parametrize("count", [1, 3, 30])
def test_pictures_in_a_list_cost_two_queries_however_many(
    client: Client, home: HomePage, count: int, django_assert_num_queries: Any
):
    parent = column(home)
    drawing = ImageFile(BytesIO(png()), name="drawing.png")
    cover = get_image_model().objects.create(title="示意图", file=drawing)
    for number in range(count):
        news(parent, number, cover=cover)
    page = client.get(parent.get_url()).content.decode()
    assert page.count('class="entry-picture"') == min(count, 12)
    with django_assert_num_queries(12):  # 10 without pictures, the pictures, their small copies
        client.get(parent.get_url())


def png() -> bytes:
    """A drawing of one colour."""
    file = BytesIO()
    Image.new("RGB", (600, 400), "#14606a").save(file, "PNG")
    return file.getvalue()


def test_the_foot_names_the_owner_and_nothing_that_is_empty(client: Client, home: HomePage):
    cache.delete(OWNER_KEY)
    assert "主办单位" not in client.get("/credit/").content.decode()
    owner = SiteOwner(site=Site.objects.get(is_default_site=True), organiser="云溪区应急管理局")
    owner.save()
    page = client.get("/credit/").content.decode()
    assert "<li>主办单位：云溪区应急管理局</li>" in page
    assert "地址：" not in page
    owner.organiser, owner.icp = "", "备案1号"
    owner.save()
    page = client.get("/credit/").content.decode()
    assert "<li>备案1号</li>" in page
    assert "主办单位" not in page


def test_the_first_page_leads_to_the_whole_of_each_column(client: Client, home: HomePage):
    for kind in ("news", "law", "case"):
        column(home, kind)
    page = client.get("/").content.decode()
    assert re.findall(r'<a href="(.*?)">查看全部', page) == ["/case/", "/news/", "/law/"]
