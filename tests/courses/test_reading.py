"""A lesson in simple words, in another language, read out; hours count on the same lesson whatever is read."""

import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.test.utils.form_data import streamfield
from wagtailmedia.models import get_media_model

from courses.models import CoursePage, Enrolment, LessonPage
from courses.models.progress import lesson_context
from tests.courses.test_office import lesson_form
from tests.courses.test_office import superuser as superuser  # a fixture

SIMPLE = {
    "language": "simple", "title": "先通风", "body": [("text", "<p>不通风，不下井。</p>")], "sound": None,
    "by": "王编辑写，赵复核",
}  # fmt: skip
ENGLISH = {
    "language": "en", "title": "Air first", "body": [("warning", "No air, no entry")], "sound": None,
    "by": "Li Ming",
}  # fmt: skip


@pytest.fixture
def lesson(course: CoursePage) -> LessonPage:
    """With simple words, English, and two recordings."""
    page: LessonPage = course.lessons()[1]
    voice = get_media_model().objects.create(
        title="口诀", type="audio", file=ContentFile(b"x", "voice.mp3"), duration=3
    )
    page.readings = [("reading", {**SIMPLE, "sound": voice}), ("reading", ENGLISH)]
    page.spoken = [
        ("spoken", {"speech": "普通话", "media": voice}),
        ("spoken", {"speech": "四川话", "media": voice}),
    ]
    page.save_revision().publish()
    return LessonPage.objects.get(pk=page.pk)


def shown(client: Client, lesson: LessonPage, way: str = "") -> str:
    answer = client.get(lesson.get_url(), {"as": way} if way else {})
    assert answer.status_code == 200
    main = re.search(r"<main.*</main>", answer.content.decode(), re.S)
    assert main
    return main.group()


def test_a_lesson_without_more_has_no_switch(client: Client, course: CoursePage):
    page = shown(client, course.lessons()[0])
    assert "换一种读法" not in page
    assert "先通风，再检测" in page
    assert 'data-listen="lesson-words"' in page


def test_the_reader_switches_to_simple_words_and_to_english(client: Client, lesson: LessonPage):
    page = shown(client, lesson)
    assert re.findall(r'href="\?(?:as=)?([\w-]*)"[^>]*>([^<]+)', page) == [
        ("", "标准版"), ("simple", "简明版"), ("en", "English"),
    ]  # fmt: skip
    assert "先通风，再检测" in page
    simple = shown(client, lesson, "simple")
    assert '<h1 lang="zh-Hans" dir="ltr">先通风</h1>' in simple
    assert "不通风，不下井" in simple
    assert "先通风，再检测" not in simple
    assert "王编辑写，赵复核" in simple
    english = shown(client, lesson, "en")
    assert '<div id="lesson-words" lang="en" dir="ltr">' in english
    assert "No air, no entry" in english
    assert 'data-lang="en"' in english


def test_a_way_that_is_not_there_is_the_lesson_itself(client: Client, lesson: LessonPage):
    for way in ("vi", "x", "\x00", "<script>"):
        page = shown(client, lesson, way)
        assert "先通风，再检测" in page
        assert "<script>" not in page


def test_the_neighbours_are_read_the_same_way(client: Client, lesson: LessonPage):
    assert 'lesson-3/?as=simple"' in shown(client, lesson, "simple")
    assert 'lesson-3/"' in shown(client, lesson)


def test_recordings_are_named_by_their_speech(client: Client, lesson: LessonPage):
    page = shown(client, lesson)
    assert re.findall(r"<figcaption>([^<]*)<", page) == ["录音：普通话", "录音：四川话"]
    simple = shown(client, lesson, "simple")
    assert re.findall(r"<figcaption>([^<]*)<", simple) == ["录音"]
    assert "<audio" not in shown(client, lesson, "en")


def test_hours_count_on_the_same_lesson_in_every_reading(
    client: Client, lesson: LessonPage, enrolment: Enrolment
):
    client.force_login(enrolment.person)
    for way in ("", "simple", "en"):
        page = shown(client, lesson, way)
        assert f'data-lesson="{reverse("courses:report", args=[lesson.pk])}"' in page


def test_the_same_language_twice_is_told_to_the_editor(superuser: Client, lesson: LessonPage):
    body = streamfield([("warning", "Air")])
    one = {"language": "en", "title": "A", "body": body, "sound": "", "by": "Li"}
    address = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    for readings, status in (([one, one], 200), ([one], 302)):
        rows = streamfield([("reading", row) for row in readings])
        answer = superuser.post(address, lesson_form(slug=lesson.slug, readings=rows))
        assert answer.status_code == status
        errors = answer.context["form"].errors if status == 200 else {}
        assert list(errors) == (["readings"] if status == 200 else [])


def test_a_lesson_of_before_has_neither(client: Client, course: CoursePage):
    lesson = course.lessons()[0]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE courses_lessonpage SET readings = NULL, spoken = NULL")
    assert "先通风，再检测" in shown(client, lesson)


@pytest.mark.parametrize("many", [1, 30])
def test_what_a_lesson_asks_of_the_database_does_not_grow(
    client: Client, lesson: LessonPage, enrolment: Enrolment, many: int,
    django_assert_num_queries: Any,
):  # fmt: skip
    course = CoursePage.objects.get(pk=enrolment.course_id)
    for number in range(many):
        course.add_child(instance=LessonPage(title=f"补{number}", slug=f"more-{number}", body=[]))
        course = CoursePage.objects.get(pk=course.pk)
    lesson.readings = [("reading", SIMPLE), ("reading", ENGLISH)]
    lesson.save_revision().publish()
    lesson = LessonPage.objects.get(pk=lesson.pk)
    request = RequestFactory().get("/", {"as": "simple"})
    request.user = enrolment.person
    # round with course and version, lessons, progress: the rest is Wagtail's way to a page
    with django_assert_num_queries(3):
        lesson_context(lesson, enrolment.person)
    client.force_login(enrolment.person)
    client.get(lesson.get_url())
    with django_assert_num_queries(17):
        client.get(lesson.get_url(), {"as": "simple"})


def test_the_scripts_of_a_lesson_are_small(
    client: Client, lesson: LessonPage, enrolment: Enrolment
):
    client.force_login(enrolment.person)
    page = client.get(lesson.get_url()).content.decode()
    names = re.findall(r'<script src="/static/([^"]+)"', page)
    assert names == ["anxin/aloud.js", "anxin/lesson.js"]  # no film, no player
    sizes = [Path(str(finders.find(name))).stat().st_size for name in names]
    assert sum(sizes) <= 20_000
    player = Path(str(finders.find("vendor/plyr/plyr.min.js"))).read_bytes()
    assert len(brotli.compress(player)) + sum(sizes) <= 50_000  # as it is sent, with a film
