"""Films: two qualities, subtitles, chapters; and a first viewing that the ledger's time bounds."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction
from wagtailmedia.models import get_media_model

from courses.acts import study
from courses.acts.enrolment import enrol
from courses.blocks import VideoBlock
from courses.models import ActivityEvent, CoursePage, LessonPage, LessonProgress
from courses.models.activities import open_in
from courses.rules.vtt import Cue, chapter_faults, cues, seconds_of, written
from courses.rules.watching import believed, is_whole

VTT = "WEBVTT\n\n1\n00:01.000 --> 00:04.000 align:left\n<b>先通风</b>\n再检测\n\n00:05.000 --> 01:00:06.500\n1 < 2\n"


def film(name: str, duration: float = 100) -> Any:
    made = get_media_model().objects
    return made.create(
        title=name, type="video", file=ContentFile(b"x", f"{name}.mp4"), duration=duration
    )


@pytest.fixture
def lesson(course: CoursePage) -> LessonPage:
    value = {
        "media": film("clear"), "low": film("low"), "caption": "通风", "transcript": "", "subtitles": VTT,
        "chapters": [{"at": "0:00", "title": "开头"}, {"at": "1:30", "title": "检测"}], "hold": True,
    }  # fmt: skip
    page = LessonPage(title="视频课", slug="film", min_minutes=1, body=[("video", value)])
    course.add_child(instance=page)
    return LessonPage.objects.get(pk=page.pk)


@pytest.fixture
def enrolment(course: CoursePage, lesson: LessonPage, learner: Any) -> Any:
    return enrol(course, person=learner)


def say(client: Client, lesson: LessonPage, furthest: Any) -> Any:
    address = reverse("courses:watched", args=[lesson.pk, lesson.body[0].id])
    return client.post(address, {"furthest": furthest}, content_type="application/json")


def credit(enrolment: Any, lesson: LessonPage, seconds: int) -> None:
    LessonProgress.objects.update_or_create(
        enrolment=enrolment, lesson=lesson, defaults={"credited_ms": seconds * 1000}
    )


def test_what_the_page_shows(client: Client, lesson: LessonPage, enrolment: Any) -> None:
    page = client.get(lesson.get_url()).content.decode()
    assert page.index("/low") < page.index("/clear")
    assert 'size="360"' in page
    assert 'data-chapter="90"' in page
    assert "data-hold" not in page  # nobody is held who is not enrolled
    client.force_login(enrolment.person)
    page = client.get(lesson.get_url()).content.decode()
    assert 'data-furthest="0" data-speed="1.25"' in page
    assert "anxin/video.js" in page


def test_subtitles_are_plain_words(client: Client, lesson: LessonPage) -> None:
    address = reverse("courses:subtitles", args=[lesson.pk, lesson.body[0].id])
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer.content.decode() == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n先通风\n再检测\n\n"
        "00:00:05.000 --> 01:00:06.500\n1 &lt; 2\n"
    )
    assert client.get(reverse("courses:subtitles", args=[lesson.pk, uuid4()])).status_code == 404
    PageViewRestriction.objects.create(page=lesson, restriction_type="login")
    assert client.get(address).status_code == 404
    lesson.unpublish()
    assert client.get(address).status_code == 404


def test_no_more_is_believed_than_the_ledger_has(
    client: Client, lesson: LessonPage, enrolment: Any
) -> None:
    client.force_login(enrolment.person)
    assert say(client, lesson, 100).json() == {"furthest": 30.0, "done": False}
    credit(enrolment, lesson, 40)
    assert say(client, lesson, 100).json() == {"furthest": 80.0, "done": False}
    assert say(client, lesson, 10).json() == {"furthest": 80.0, "done": False}
    assert open_in(enrolment, lesson) == ["通风"]
    credit(enrolment, lesson, 60)
    with pytest.raises(study.NotYetError, match="还没有做完：“通风”"):
        study.finish(enrolment, lesson, tab=uuid4())
    assert say(client, lesson, 97).json() == {"furthest": 97, "done": True}
    assert say(client, lesson, 100).json()["done"] is True
    said = [(event.said["furthest"], event.done) for event in ActivityEvent.objects.all()]
    assert said == [(30.0, False), (80.0, False), (97, True)]
    assert "data-hold" not in client.get(lesson.get_url()).content.decode()
    assert study.finish(enrolment, lesson, tab=uuid4()).finished_at


@pytest.mark.parametrize("furthest", ["x", None, -1, True, 10**7, []])
def test_what_is_no_place(
    client: Client, lesson: LessonPage, enrolment: Any, furthest: Any
) -> None:
    client.force_login(enrolment.person)
    assert say(client, lesson, furthest).status_code == 400


def test_others_say_nothing(client: Client, lesson: LessonPage, learner: Any) -> None:
    assert say(client, lesson, 1).status_code == 401
    client.force_login(learner)
    assert say(client, lesson, 1).status_code == 404


def test_a_film_that_asks_for_nothing(course: CoursePage, learner: Any) -> None:
    page = LessonPage(title="随便看", slug="free", body=[("video", {"media": film("free")})])
    course.add_child(instance=page)
    lesson = LessonPage.objects.get(pk=page.pk)
    assert open_in(enrol(course, person=learner), lesson) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "字幕的第一行应是 WEBVTT"),
        ("WEBVTT\n\n", "字幕里没有一句话"),
        ("WEBVTT\n\n1 --> 2\nx", "字幕第 3 行的时间写法不对"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nx", "字幕第 3 行的时间前后颠倒"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\nx", "字幕第 3 行的时间后面没有文字"),
        ("WEBVTT" + "x" * 200_001, "字幕太长"),
    ],
)
def test_subtitles_that_cannot_be_read(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        cues(text)


def test_subtitles_come_back_as_they_were() -> None:
    found = cues("\ufeff" + VTT.replace("\n", "\r\n"))
    assert found[1] == Cue(5000, 3_606_500, "1 < 2")
    assert cues(written(found[:1])) == found[:1]


def test_chapters() -> None:
    assert seconds_of("1:02:03") == 3723
    assert chapter_faults(["0:00", "1:30"]) == []
    assert chapter_faults(["1:30", "0:10", "x"]) == [
        "章节时间“0:10”要比前一章晚",
        "时间“x”应写成 分:秒，如 1:30",
    ]


@pytest.mark.django_db
def test_the_authors_slips_are_told() -> None:
    block = VideoBlock()
    value = block.to_python(
        {"media": film("x").pk, "subtitles": "x", "chapters": [{"at": "9", "title": "x"}]}
    )
    with pytest.raises(ValidationError) as fault:
        block.clean(value)
    assert set(fault.value.block_errors) == {"subtitles", "chapters"}  # type: ignore[attr-defined]


def test_the_bound() -> None:
    assert believed(500, before=0, credited_ms=100_000, speed=1.25) == 155
    assert believed(5, before=9, credited_ms=0, speed=1.25) == 9
    assert [is_whole(95, 100), is_whole(94, 100), is_whole(1, 0)] == [True, False, False]
