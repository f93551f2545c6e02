"""A portrait is made anew without what was hidden in it; a seal keeps its transparency; all else is refused."""

from io import BytesIO

import pytest
from PIL import Image

from courses.rules.pictures import PictureError
from courses.rules.portraits import as_svg, portrait, seal
from tests.courses.picture_kit import phone_photo, photo_bytes, seal_bytes


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_one_inch_of_jpeg(kind: str):
    with Image.open(BytesIO(portrait(photo_bytes(kind=kind)))) as image:
        assert (image.format, image.size, image.mode) == ("JPEG", (295, 413), "RGB")


def test_nothing_hidden_comes_along():
    made = portrait(phone_photo())
    assert b"SecretPhone" not in made
    with Image.open(BytesIO(made)) as image:
        assert dict(image.getexif()) == {}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"MZ\x90\x00", "不是图片或者已损坏"),
        (photo_bytes(kind="GIF"), "照片只收 JPG、PNG、WEBP"),
        (photo_bytes((200, 300)), "照片太小，短边至少 295 像素"),
        (photo_bytes()[:4000], "照片已损坏|不是图片或者已损坏"),
    ],
)
def test_what_is_no_photo_is_refused(content: bytes, words: str):
    with pytest.raises(PictureError, match=words):
        portrait(content)


def test_a_seal_keeps_its_transparency():
    content, width, height = seal(seal_bytes())
    with Image.open(BytesIO(content)) as image:
        assert (image.format, image.mode, width, height) == ("PNG", "RGBA", 400, 400)
        assert image.getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (photo_bytes(), "印章只收 PNG 图片"),
        (seal_bytes(size=100), "印章图片每边 200 到 1200 像素"),
        (seal_bytes(size=1300), "印章图片每边 200 到 1200 像素"),
        (photo_bytes((400, 400), "PNG"), "背景要透明"),
    ],
)
def test_what_is_no_seal_is_refused(content: bytes, words: str):
    with pytest.raises(PictureError, match=words):
        seal(content)


def test_a_picture_for_a_paper_needs_no_file():
    drawn = as_svg(b"abc", "png", 3, 4)
    assert 'width="3" height="4" href="data:image/png;base64,YWJj"' in drawn
