"""Editors read Chinese: no text of Wagtail's pages is left in English, and ours fit where they stand."""

import json
import re
import runpy
from pathlib import Path
from typing import Any

import polib
import pytest
from django.test import Client
from wagtail.models import Page

from accounts.models import User

SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "deploy" / "translate.py"))
PLACES = re.compile(r"%\(\w+\)[sd]|%s|\{\w+\}|</?\w+")


def ours(domain: str) -> Any:
    return polib.pofile(str(SCRIPT["OURS"] / f"{domain}.po"))


@pytest.mark.parametrize("domain", SCRIPT["DOMAINS"])
def test_every_text_that_the_packages_leave_in_english_has_its_chinese(domain: str):
    known = {(entry.msgctxt, entry.msgid) for entry in ours(domain) if entry.translated()}
    assert [
        gap.msgid for gap in SCRIPT["gaps"](domain) if (gap.msgctxt, gap.msgid) not in known
    ] == []


@pytest.mark.parametrize("domain", SCRIPT["DOMAINS"])
def test_a_translation_keeps_every_tag_and_names_no_unknown_value(domain: str):
    for entry in ours(domain):
        chinese = entry.msgstr or entry.msgstr_plural[0]
        there = set(PLACES.findall(entry.msgid + (entry.msgid_plural or "")))
        assert set(PLACES.findall(chinese)) <= there, entry.msgid
        tags = [place for place in PLACES.findall(entry.msgid) if place.startswith("<")]
        if not entry.msgid_plural and "w-whats-new" not in entry.msgid:
            assert set(tags) - {"<br"} <= set(PLACES.findall(chinese)), entry.msgid


@pytest.mark.parametrize("domain", SCRIPT["DOMAINS"])
def test_the_compiled_catalogue_is_the_written_one(domain: str):
    compiled = polib.mofile(str(SCRIPT["OURS"] / f"{domain}.mo"))
    written = {entry.msgid: entry.msgstr or entry.msgstr_plural for entry in ours(domain)}
    assert {entry.msgid: entry.msgstr or entry.msgstr_plural for entry in compiled} == written


@pytest.fixture
def chief(client: Client, as_staff: Any, db: None) -> User:
    person = User.objects.create_superuser("13900000001", "long-enough-9", real_name="王小明")
    as_staff(client, person)
    return person


def test_the_editors_pages_wear_our_face_and_speak_chinese(client: Client, chief: User):
    page = client.get("/admin/").content.decode()
    assert "- 安信内容管理</title>" in page
    assert '<span class="anxin-mark" role="img" aria-label="安信">安</span>' in page
    assert "anxin/admin.css" in page
    assert "搜索所有页面……" in page
    assert json.dumps("王小明")[1:-1] in page  # in the side bar, and no phone
    assert "13900000001" not in page
    assert not re.search(r"guide\.wagtail\.org|docs\.wagtail\.org", page)


def test_a_refused_page_says_so_in_chinese(client: Client, chief: User):
    home = Page.objects.get(slug="home")
    answer = client.post(f"/admin/pages/add/culture/columnpage/{home.pk}/", {"title": ""})
    assert "填写有错误，页面没有创建" in answer.content.decode()


def test_scripts_of_the_editor_read_chinese_too(client: Client, chief: User):
    catalogue = client.get("/admin/jsi18n/").content.decode()
    assert json.dumps("插入内容块") in catalogue
