"""Every public answer keeps the house's manners: headers, language, error pages."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client, RequestFactory
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from config import views


@pytest.mark.parametrize("path", ["/admin/login/", "/django-admin/login/"])
def test_other_login_pages_lead_to_the_one_door(client: Client, path: str, db: None):
    answer = client.get(path, {"next": "/admin/pages/"})
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=%2Fadmin%2Fpages%2F")


def test_the_way_to_login_leads_to_no_foreign_host(client: Client, db: None):
    answer = client.get("/admin/login/", {"next": "https://evil.example/"})
    assert answer.url == "/accounts/login/?next=%2Fadmin%2F"


def test_wagtails_bare_login_page_leads_to_the_one_door(client: Client, db: None):
    answer = client.get("/_util/login/")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=%2F")
    assert client.get("/_util/login/?next=/news/").url == "/accounts/login/?next=%2Fnews%2F"


def test_a_step_that_was_opened_instead_of_sent_gets_a_page_of_the_house(
    client: Client, django_user_model: Any, db: None
):
    client.force_login(django_user_model.objects.create_user("13800000001"))
    answer = client.get("/learn/courses/1/enrol/")
    page = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "请回到上一页，刷新后再做一次" in page
    assert "我的学习" in page
    assert "信用工作台" not in page


def test_a_form_without_its_mark_says_what_to_do(db: None):
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "1"})
    page = answer.content.decode()
    assert (answer.status_code, "刷新那一页" in page, "DEBUG" in page) == (403, True, False)
    assert '<main id="main"' in page


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/accounts/login/", False),
        ("/accounts/me/", False),
        ("/learn/", False),
        ("/credit/office/", False),
        ("/admin/", False),
        ("/credit/", True),
    ],
)
def test_private_pages_are_kept_by_no_cache(client: Client, db: None, path: str, kept: bool):
    said = client.get(path).headers.get("Cache-Control", "")
    assert ("no-store" in said and "private" in said) is not kept


def test_no_page_may_use_camera_microphone_or_place(client: Client, db: None):
    policy = client.get("/credit/").headers["Permissions-Policy"]
    assert policy.startswith("camera=(), display-capture=(), fullscreen=(self), geolocation=(), ")


@pytest.mark.parametrize("prefix", ["", "/anxin"])
def test_under_a_prefix_the_policies_are_the_same(client: Client, db: None, prefix: str):
    editor = client.get("/admin/", SCRIPT_NAME=prefix)
    assert "'unsafe-inline'" in editor.headers["Content-Security-Policy"]
    assert "no-store" in editor.headers["Cache-Control"]


def test_an_unknown_page_is_a_chinese_404_with_a_strict_policy(client: Client, db: None):
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"] + ";"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_foreign_host_is_refused_with_the_same_policy(client: Client):
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_an_english_browser_reads_chinese_until_it_chooses(client: Client, db: None):
    answer = client.get("/credit/", headers={"accept-language": "en"})
    assert answer.headers["Content-Language"] == "zh-hans"
    client.cookies["django_language"] = "en"
    assert client.get("/credit/").headers["Content-Language"] == "en"


def test_the_500_page_needs_no_database(rf: RequestFactory):
    answer = views.server_error(rf.get("/"))
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "12350" in page
    assert '<link rel="stylesheet" href="/static/anxin/anxin.css">' in page
    assert '<a class="btn btn-primary" href="/">回到首页</a>' in page


@pytest.fixture
def secret(db: None, settings: Any) -> Any:
    """A document in a collection that only a group may see."""
    collection = Collection.get_first_root_node().add_child(name="内部")
    rule = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type="groups"
    )
    rule.groups.add(Group.objects.get(name="auditor"))
    document = get_document_model()(title="名单", collection=collection)
    document.file.save("list.csv", ContentFile(b"a,b"))
    document.save()
    return document


@pytest.mark.parametrize("way", ["documents/", "./documents/", "x/../documents/", "Documents/"])
def test_a_restricted_document_has_no_second_way_in(client: Client, secret: Any, way: str):
    assert Path(secret.file.path).exists()
    assert client.get(f"/media/{way}list.csv").status_code == 404


def test_a_document_is_served_to_whom_it_is_for(
    client: Client, secret: Any, django_user_model: Any
):
    assert client.get(secret.url).url.startswith("/accounts/login/?next=/documents/")
    person = django_user_model.objects.create_user("13800000000")
    client.force_login(person)
    assert client.get(secret.url).status_code == 302
    person.groups.add(Group.objects.get(name="auditor"))
    answer = client.get(secret.url)
    assert b"".join(answer.streaming_content) == b"a,b"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"


@pytest.fixture
def film(settings: Any) -> str:
    """An upload of ten bytes."""
    folder = Path(settings.MEDIA_ROOT) / "media"
    folder.mkdir(parents=True)
    (folder / "film.mp4").write_bytes(b"0123456789")
    return "/media/media/film.mp4"


@pytest.mark.parametrize(
    ("asked", "status", "part", "told"),
    [
        ("", 200, b"0123456789", None),
        ("bytes=0-", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=4-6", 206, b"456", "bytes 4-6/10"),
        ("bytes=4-99", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=1-2,4-5", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_a_player_gets_the_part_it_asks_for(
    client: Client, film: str, asked: str, status: int, part: bytes, told: str | None
):
    answer = client.get(film, headers={"range": asked} if asked else {})
    assert (answer.status_code, b"".join(answer.streaming_content)) == (status, part)
    assert answer.headers.get("Content-Range") == told
    assert answer.headers["Content-Length"] == str(len(part))
    assert "sandbox" in answer.headers["Content-Security-Policy"]
