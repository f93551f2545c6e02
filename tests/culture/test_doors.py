"""Pages with a door (a password, a login): no list, feed or menu of the public tells what is behind it."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from courses.models import CourseIndexPage, CoursePage
from culture.models import CasePage, HomePage, LawPage
from culture.templatetags.culture_tags import MENU_KEY
from tests.culture.kit import column, first_page, news

LISTS = ["/", "/news/", "/law/", "/case/", "/courses/", "/feed/", "/sitemap.xml"]


@pytest.fixture
def home(db: None) -> HomePage:
    return first_page()


def close(page: Page, **fields: Any) -> None:
    PageViewRestriction.objects.create(page=page, **{"restriction_type": "login", **fields})


def hidden_pages(home: HomePage) -> list[Page]:
    """One page of each kind that lists show."""
    text = {"title": "机密内容", "slug": "secret", "summary": "机密摘要"}
    article = news(column(home))
    article.title, article.summary, article.slug = text["title"], text["summary"], text["slug"]
    article.save()
    law = LawPage(**text, issuer="应急管理部", body=[])
    column(home, "law").add_child(instance=law)
    case = CasePage(**text, accident_kind="坍塌", direct_cause="机密", lessons="机密", body=[])
    column(home, "case").add_child(instance=case)
    catalogue = CourseIndexPage(title="学安全", slug="courses")
    home.add_child(instance=catalogue)
    course = CoursePage(**text, required_minutes=1)
    catalogue.add_child(instance=course)
    return [article, law, case, course]


@pytest.mark.parametrize("restriction", ["login", "password"])
def test_no_list_shows_a_closed_page(client: Client, home: HomePage, restriction: str):
    pages = hidden_pages(home)
    shown = {address: "secret" in client.get(address).content.decode() for address in LISTS}
    assert shown == dict.fromkeys(LISTS, True)
    for page in pages:
        close(page, restriction_type=restriction, password="word")
    shown = {address: "secret" in client.get(address).content.decode() for address in LISTS}
    assert shown == dict.fromkeys(LISTS, False)


def test_a_closed_column_hides_its_articles_elsewhere_and_lists_them_inside(
    client: Client, home: HomePage, django_user_model: Any
):
    article = news(column(home))
    close(article.get_parent())
    for address in ("/", "/feed/"):
        assert article.title not in client.get(address).content.decode()
    assert client.get("/news/").status_code == 302
    client.force_login(django_user_model.objects.create_user("13800000000", "long-enough-9"))
    assert article.title in client.get("/news/").content.decode()


def test_a_closed_column_leaves_the_menu_at_once(client: Client, home: HomePage):
    cache.delete(MENU_KEY)
    parent = column(home)
    assert ">安全新闻</a>" in client.get("/credit/").content.decode()
    close(parent)
    assert ">安全新闻</a>" not in client.get("/credit/").content.decode()
    PageViewRestriction.objects.all().delete()
    assert ">安全新闻</a>" in client.get("/credit/").content.decode()


def test_the_door_asks_for_the_password_in_plain_words(client: Client, home: HomePage):
    article = news(column(home))
    close(article, restriction_type="password", password="word")
    page = client.get(article.get_url())
    assert "请输入发布单位告诉您的密码" in page.content.decode()
    assert article.summary not in page.content.decode()
    assert article.title not in page.content.decode()
    form = page.context["form"]
    address, sent = page.context["action_url"], {"return_url": form["return_url"].value()}
    again = client.post(address, {**sent, "password": "wrong"}).content.decode()
    assert "密码不对，请再输一次。" in again
    shown = client.post(address, {**sent, "password": "word"}, follow=True).content.decode()
    assert article.summary in shown
