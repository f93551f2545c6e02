"""What is uploaded is told by its bytes."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents import get_document_model
from wagtailmedia.models import get_media_model

from culture.uploads import check_content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7"), ("a.XLSX", b"PK\x03\x04..."), ("a.mp4", b"\0\0\0\x20ftypisom"), ("a.mp3", b"ID3\x04"),
        ("a.wav", b"RIFF...."), ("a.txt", "安全".encode()), ("a.csv", b"a,b"), ("a.webm", b"\x1a\x45\xdf\xa3"),
    ],
)  # fmt: skip
def test_honest_files_pass_and_are_left_at_their_beginning(name: str, content: bytes):
    assert check_content(SimpleUploadedFile(name, content)).read() == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"MZ\x90\0"), ("a.docx", b"%PDF-1.7"), ("a.mp4", b"<html>"), ("a.txt", b"MZ\0\0"), ("a.exe", b"MZ"),
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
        client.post("/admin/documents/add/", {"title": "规定", "file": file})
        assert get_document_model().objects.count() == kept


def test_the_admin_refuses_a_page_called_film(client: Client, db: None, as_staff: Any):
    as_staff(client, get_user_model().objects.create_superuser("13800000000", "long-enough-9"))
    for content, kept in ((b"<html>", 0), (b"\0\0\0\x20ftypisom", 1)):
        file = SimpleUploadedFile("film.mp4", content)
        client.post("/admin/media/video/add/", {"title": "通风", "file": file, "duration": "1"})
        assert get_media_model().objects.count() == kept
