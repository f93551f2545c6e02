"""The enterprise's side for tests: a manager of an enterprise, files of each kind."""

from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile, ZipInfo

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile

from credit.models import Enterprise, EnterpriseManager

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
PNG = b"\x89PNG\r\n\x1a\n\x00"
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 "


def packed(*names: str) -> bytes:
    """A zip with parts of these names."""
    out = BytesIO()
    with ZipFile(out, "w") as parts:
        for name in names:
            # A day of its own: with the clock in it, two collections would name a test differently.
            parts.writestr(ZipInfo(name, (2026, 1, 1, 0, 0, 0)), "x")
    return out.getvalue()


DOCX = packed("[Content_Types].xml", "word/document.xml")
XLSX = packed("[Content_Types].xml", "xl/workbook.xml")


def paper(name: str = "证明.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """An upload."""
    return SimpleUploadedFile(name, content)


def person(phone: str = "13900000001", name: str = "钱小满") -> Any:
    """Somebody with an account and no role."""
    return get_user_model().objects.create_user(
        phone, "long-enough-9", phone_verified=True, real_name=name
    )


def appointed(enterprise: Enterprise, by: Any, phone: str = "13900000001") -> Any:
    """A manager of the enterprise, since the beginning of 2025."""
    who = person(phone)
    EnterpriseManager.objects.create(
        person=who, enterprise=enterprise, paper="授权委托书1号", from_day=date(2025, 1, 1),
        appointed_by=by,
    )  # fmt: skip
    return who
