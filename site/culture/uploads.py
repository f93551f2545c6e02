"""An upload is what its bytes are: a program renamed to .pdf is refused, with what was expected.

A picture comes in without what the camera wrote into it: where it was taken, by which phone.
"""

from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
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
# An office file is a zip with a list of contents and a folder of its own (ECMA-376).
FOLDERS: Final = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_KEPT: Final = ("icc_profile", "transparency")


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
    if fits and extension in FOLDERS:
        fits = _is_office(file, FOLDERS[extension])
    if not fits:
        raise forms.ValidationError(f"文件内容不是 .{extension} 格式，请用原来的程序另存后再上传")
    return file


def _is_office(file: UploadedFile, folder: str) -> bool:
    try:
        with ZipFile(file) as parts:
            names = parts.namelist()
    except BadZipFile:
        return False
    finally:
        file.seek(0)
    return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)


def without_metadata(file: Any) -> Any:
    """``file``, a picture that Wagtail has checked, turned upright and without EXIF, XMP or comments.

    A picture that carries none of these is answered as it came. Raises what Pillow raises for a broken one.
    """
    file.seek(0)
    image = Image.open(file)
    upright = image.getexif().get(0x0112, 1) == 1
    told = {"exif", "xmp", "comment", "photoshop", "XML:com.adobe.xmp", *getattr(image, "text", {})}
    if upright and not told & set(image.info):
        file.seek(0)
        return file
    plain = image if upright else ImageOps.exif_transpose(image)
    plain.info = {name: image.info[name] for name in _KEPT if name in image.info}
    # Phones write MPO: a JPEG with further pictures behind it, which nobody sees.
    kind = "JPEG" if image.format == "MPO" else image.format
    options: dict[str, Any] = {"quality": 92}
    if image.format == "JPEG" and upright:
        options["quality"] = "keep"
    elif kind != "JPEG" and getattr(image, "n_frames", 1) > 1:
        options["save_all"] = True
    out = BytesIO()
    plain.save(out, kind, exif=b"", **options)
    return ContentFile(out.getvalue(), name=file.name)


class _ByContent:
    """Adds the check to a form with a ``file``."""

    cleaned_data: dict[str, Any]
    add_error: Any

    def clean_file(self) -> Any:
        """Check a new upload; a file that stays was checked when it came.

        The refused file stays in the form, which would else be told that it has no extension either.
        """
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            try:
                check_content(file)
            except forms.ValidationError as fault:
                self.add_error("file", fault)
        return file


class DocumentForm(_ByContent, BaseDocumentForm):  # type: ignore[misc]
    """``WAGTAILDOCS_DOCUMENT_FORM_BASE``."""


class MediaForm(_ByContent, BaseMediaForm):  # type: ignore[misc]
    """``WAGTAILMEDIA["MEDIA_FORM_BASE"]``."""


class PictureField(WagtailImageField):  # type: ignore[misc]
    """A picture as Wagtail checks it, and nothing that its camera wrote besides."""

    def to_python(self, data: Any) -> Any:
        """Raises ValidationError for a broken picture too, where Wagtail would answer with a 500."""
        try:
            file = super().to_python(data)
            return without_metadata(file) if file else file
        except (OSError, SyntaxError, ValueError) as fault:  # what Pillow raises
            raise forms.ValidationError("图片打不开，请用看图程序另存后再上传") from fault


class ImageForm(BaseImageForm):  # type: ignore[misc]
    """``WAGTAILIMAGES_IMAGE_FORM_BASE``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if stock := self.fields.get("file"):  # some of Wagtail's forms change the words alone
            self.fields["file"] = PictureField(
                label=stock.label,
                required=stock.required,
                widget=stock.widget,
                max_length=stock.max_length,
            )
