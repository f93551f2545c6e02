"""A lesson shows every kind of block, and its media lead to our own origin."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.test import Client
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

from courses.models import CoursePage, LessonPage


@pytest.fixture
def lesson(course: CoursePage) -> LessonPage:
    """One with everything in it."""
    drawn = BytesIO()
    Picture.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    image = get_image_model().objects.create(
        title="三步法", file=ImageFile(drawn, name="steps.png")
    )
    image.decorative, image.contextual_alt_text = False, "先通风，再检测，后作业"
    media = get_media_model().objects
    film = media.create(title="通风", type="video", file=ContentFile(b"x", "film.mp4"), duration=3)
    voice = media.create(
        title="口诀", type="audio", file=ContentFile(b"x", "voice.mp3"), duration=3
    )
    sheet = get_document_model().objects.create(
        title="作业票", file=ContentFile(b"x", "permit.pdf")
    )
    page = LessonPage(
        title="全部内容",
        slug="all",
        body=[
            ("heading", "怎么做"),
            ("text", "<p>听<b>班长</b>的</p>"),
            ("image", image),
            ("video", {"media": film, "caption": "通风演示", "transcript": "<p>打开风机</p>"}),
            ("audio", {"media": voice, "caption": "口诀", "transcript": ""}),
            ("document", sheet),
            ("warning", "不要盲目施救"),
            ("checklist", ["带检测仪", "有人看护"]),
        ],
    )
    course.add_child(instance=page)
    return page


# Wagtail leaves the temporary file of a fresh rendition to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_every_block_is_shown(client: Client, lesson: LessonPage):
    page = client.get(lesson.get_url()).content.decode()
    for shown in (
        "<h2>怎么做</h2>",
        "<b>班长</b>",
        'alt="先通风，再检测，后作业"',
        '<source src="/media/media/film',
        "打开风机",
        '<source src="/media/media/voice',
        "下载：作业票",
        "不要盲目施救",
        "<li>有人看护</li>",
    ):
        assert shown in page, shown


def test_a_draft_lesson_is_in_no_list(client: Client, course: CoursePage, lesson: LessonPage):
    lesson.unpublish()
    assert client.get(f"{course.get_url()}all/").status_code == 404
    assert "全部内容" not in client.get(course.get_url()).content.decode()
