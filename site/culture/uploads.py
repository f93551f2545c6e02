"""An upload is what its bytes are: a program renamed to .pdf is refused, with what was expected."""

from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from wagtail.documents.forms import BaseDocumentForm
from wagtailmedia.forms import BaseMediaForm

_OFFICE: Final = ((0, b"PK\x03\x04"),)
_MPEG4: Final = ((4, b"ftyp"),)
# Where a file's mark stands and what it is, by extension; any one suffices.
MARKS: Final[dict[str, tuple[tuple[int, bytes], ...]]] = {
    "pdf": ((0, b"%PDF-"),),
    "docx": _OFFICE,
    "xlsx": _OFFICE,
    "pptx": _OFFICE,
    "mp4": _MPEG4,
    "m4a": _MPEG4,
    "webm": ((0, b"\x1a\x45\xdf\xa3"),),
    "mp3": ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2")),
    "ogg": ((0, b"OggS"),),
    "wav": ((0, b"RIFF"),),
}
TEXT: Final = frozenset({"txt", "csv"})


def check_content(file: UploadedFile) -> UploadedFile:
    """``file``, if its first bytes are those of its extension. Raises ValidationError."""
    extension = (file.name or "").rpartition(".")[2].lower()
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    marks = MARKS.get(extension)
    if marks is not None:
        fits = any(head[place : place + len(mark)] == mark for place, mark in marks)
    else:
        fits = extension in TEXT and b"\0" not in head
    if not fits:
        raise forms.ValidationError(f"文件内容不是 .{extension} 格式，请用原来的程序另存后再上传")
    return file


class _ByContent:
    """Adds the check to a form with a ``file``."""

    cleaned_data: dict[str, Any]

    def clean_file(self) -> Any:
        """Check a new upload; a file that stays was checked when it came."""
        file = self.cleaned_data["file"]
        return check_content(file) if isinstance(file, UploadedFile) else file


class DocumentForm(_ByContent, BaseDocumentForm):  # type: ignore[misc]
    """``WAGTAILDOCS_DOCUMENT_FORM_BASE``."""


class MediaForm(_ByContent, BaseMediaForm):  # type: ignore[misc]
    """``WAGTAILMEDIA["MEDIA_FORM_BASE"]``."""
