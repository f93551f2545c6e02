"""What is uploaded is told by its bytes."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

from culture.uploads import check_content


def zipped(*names: str) -> bytes:
    """A zip that holds empty files of these names."""
    out = BytesIO()
    with ZipFile(out, "w") as parts:
        for name in names:
            parts.writestr(name, "")
    return out.getvalue()


XLSX = zipped("[Content_Types].xml", "xl/workbook.xml")


def photo(kind: str = "JPEG", *, turned: bool = False, size: tuple[int, int] = (40, 20)) -> bytes:
    """A picture as a phone makes it: with its place, its phone and a comment."""
    exif = Image.Exif()
    exif[0x0110] = "Phone 9"
    exif[0x8825] = {1: "N", 2: (35.0, 1.0, 2.0)}
    if turned:
        exif[0x0112] = 6
    out = BytesIO()
    Image.new("RGB", size, "green").save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7"), ("a.XLSX", XLSX), ("a.mp4", b"\0\0\0\x20ftypisom"), ("a.mp3", b"ID3\x04"),
        ("a.wav", b"RIFF...."), ("a.txt", "安全".encode()), ("a.csv", b"a,b"), ("a.webm", b"\x1a\x45\xdf\xa3"),
    ],
)  # fmt: skip
def test_honest_files_pass_and_are_left_at_their_beginning(name: str, content: bytes):
    assert check_content(SimpleUploadedFile(name, content)).read() == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"MZ\x90\0"), ("a.docx", b"%PDF-1.7"), ("a.mp4", b"<html>"), ("a.txt", b"MZ\0\0"), ("a.exe", b"MZ"),
        ("a.docx", zipped("virus.exe")), ("a.docx", XLSX), ("a.xlsx", b"PK\x03\x04..."),
        ("a.svg", b"<svg onload='x()'/>"), ("noextension", b"x"), ("a.pdf", b""),
    ],
)  # fmt: skip
def test_disguised_files_are_refused(name: str, content: bytes):
    with pytest.raises(ValidationError, match="文件内容不是"):
        check_content(SimpleUploadedFile(name, content))


def test_the_admin_refuses_a_program_called_pdf(client: Client, db: None, as_staff: Any):
    as_staff(client, get_user_model().objects.create_superuser("13800000000", "long-enough-9"))
    for content, kept in ((b"MZ\x90\0", 0), (b"%PDF-1.7 plain", 1)):
        file = SimpleUploadedFile("rules.pdf", content)
        answer = client.post("/admin/documents/add/", {"title": "规定", "file": file})
        assert get_document_model().objects.count() == kept
        if not kept:
            advice = "文件内容不是 .pdf 格式，请用原来的程序另存后再上传"
            assert answer.context["form"].errors == {"file": [advice]}


def test_the_admin_refuses_a_page_called_film(client: Client, db: None, as_staff: Any):
    as_staff(client, get_user_model().objects.create_superuser("13800000000", "long-enough-9"))
    for content, kept in ((b"<html>", 0), (b"\0\0\0\x20ftypisom", 1)):
        file = SimpleUploadedFile("film.mp4", content)
        client.post("/admin/media/video/add/", {"title": "通风", "file": file, "duration": "1"})
        assert get_media_model().objects.count() == kept


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(("turned", "size"), [(False, (40, 20)), (True, (20, 40))])
def test_a_picture_is_kept_upright_and_without_its_place(
    client: Client, db: None, as_staff: Any, kind: str, turned: bool, size: tuple[int, int]
):
    as_staff(client, get_user_model().objects.create_superuser("13800000000", "long-enough-9"))
    file = SimpleUploadedFile(f"yard.{kind.lower()}", photo(kind, turned=turned))
    client.post("/admin/images/add/", {"title": "厂区", "file": file})
    kept = get_image_model().objects.get()
    with kept.file.open() as stored:
        image = Image.open(stored)
        assert (image.format, image.size, dict(image.getexif())) == (kind, size, {})
    assert (kept.width, kept.height) == size
    assert b"Phone 9" not in kept.file.open().read()
    kept.file.close()


def test_a_picture_without_metadata_is_kept_as_it_came(client: Client, db: None, as_staff: Any):
    as_staff(client, get_user_model().objects.create_superuser("13800000000", "long-enough-9"))
    out = BytesIO()
    Image.new("RGB", (40, 20), "green").save(out, "JPEG")
    file = SimpleUploadedFile("yard.jpg", out.getvalue())
    client.post("/admin/images/add/", {"title": "厂区", "file": file})
    with get_image_model().objects.get().file.open() as stored:
        assert stored.read() == out.getvalue()


def test_a_broken_picture_is_refused(client: Client, db: None, as_staff: Any):
    as_staff(client, get_user_model().objects.create_superuser("13800000000", "long-enough-9"))
    file = SimpleUploadedFile("yard.jpg", photo(turned=True, size=(900, 900))[:-4000])
    answer = client.post("/admin/images/add/", {"title": "厂区", "file": file})
    assert answer.context["form"].errors == {"file": ["图片打不开，请用看图程序另存后再上传"]}
