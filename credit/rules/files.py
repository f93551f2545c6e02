"""Which evidence files come in: known by their bytes, never by their names; nothing that can run.

Source: 行政处罚法 第四十六条 (电子数据、书证 are kept as they came); the bureau's list of formats.
"""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from credit.rules.ruling import Ruling

LARGEST: Final = 10 * 1024 * 1024
MOST: Final = 5  # in one sending
ARTICLE: Final = "证据材料格式（局规则集）"
_MOST_PARTS: Final = 2000
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
TYPES: Final = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
}
ACCEPT: Final = ".pdf,.jpg,.jpeg,.png,.webp,.docx,.xlsx"
_PARTS: Final = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is (a key of TYPES, "" when it is refused), and the ruling."""

    kind: str
    ruling: Ruling


def kind_of_file(content: bytes) -> Kind:
    """What the bytes are. A document with macros, or a zip with too many parts, is refused."""
    if not content:
        return _refused("文件是空的，请重新选择")
    if len(content) > LARGEST:
        return _refused(f"文件超过 {LARGEST // 1024 // 1024} MB，请压缩或分成几个文件")
    if found := _by_mark(content):
        return Kind(found, Ruling(True, f"{found} 文件", ARTICLE))
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return _refused("只收 PDF、照片（JPG、PNG、WEBP）、Word（docx）和 Excel（xlsx）文件")


def _by_mark(content: bytes) -> str:
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    return "webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""


def _office(content: bytes) -> Kind:
    try:
        with ZipFile(BytesIO(content)) as parts:
            names = parts.namelist()
    except (BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        return _refused("文件已损坏，请用原来的程序另存后再上传")
    if len(names) > _MOST_PARTS or any(name.endswith("vbaProject.bin") for name in names):
        return _refused("带宏的文件不收，请另存为 PDF 再上传")
    for kind, part in _PARTS.items():
        if "[Content_Types].xml" in names and part in names:
            return Kind(kind, Ruling(True, f"{kind} 文件", ARTICLE))
    return _refused("压缩包不收，请上传里面的文件")


def _refused(reason: str) -> Kind:
    return Kind("", Ruling(False, reason, ARTICLE))


def plain_name(name: str, kind: str) -> str:
    """The sender's name of a file without folders or control characters, ending as its bytes ask.

    At most 120 characters. 照片.jpg.exe that is a PNG becomes 照片.jpg.exe.png.
    """
    base = re.split(r"[/\\]", name)[-1]
    base = re.sub(
        r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\"<>|*?:;]", "", base
    ).strip(". ")
    same = {"jpg": (".jpg", ".jpeg")}.get(kind, (f".{kind}",))
    stem = base or "材料"
    if stem.lower().endswith(same):
        stem = stem[: stem.rindex(".")]
    return f"{stem[: 119 - len(kind)]}.{kind}"
