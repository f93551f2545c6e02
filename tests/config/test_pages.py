"""Every public answer keeps the house's manners: headers, language, error pages."""

import pytest
from django.test import Client, RequestFactory

from config import views


@pytest.mark.parametrize("path", ["/admin/login/", "/django-admin/login/"])
def test_other_login_pages_lead_to_the_one_door(client: Client, path: str, db: None):
    answer = client.get(path, {"next": "/admin/pages/"})
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=%2Fadmin%2Fpages%2F")


def test_the_way_to_login_leads_to_no_foreign_host(client: Client, db: None):
    answer = client.get("/admin/login/", {"next": "https://evil.example/"})
    assert answer.url == "/accounts/login/?next=%2Fadmin%2F"


def test_an_unknown_page_is_a_chinese_404_with_a_strict_policy(client: Client, db: None):
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"] + ";"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_english_browser_reads_chinese_until_it_chooses(client: Client, db: None):
    answer = client.get("/credit/", headers={"accept-language": "en"})
    assert answer.headers["Content-Language"] == "zh-hans"
    client.cookies["django_language"] = "en"
    assert client.get("/credit/").headers["Content-Language"] == "en"


def test_the_500_page_needs_no_database(rf: RequestFactory):
    answer = views.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "12350" in answer.content.decode()
