"""One door for every format: what a file is, is told by its content; a zip may hold a table with its pictures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from courses.exchange import aiken, excel, gift, gift_out, moodle, moodle_out, qti, qti_out, word
from courses.exchange.archive import ZIP, Archive, decoded
from courses.exchange.batch import MOST_ITEMS, Batch, UnreadableError, Written
from courses.rules.items import Item
from courses.rules.pictures import LARGEST

LARGEST_FILE: Final = 50 * 1024 * 1024  # bytes
_OLD_BOOK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES: Final = (".png", ".jpg", ".jpeg", ".webp", ".gif")
_TABLES: Final = (".xlsx", ".xls", ".csv", ".docx", ".txt", ".gift", ".xml")


@dataclass(frozen=True, slots=True)
class Format:
    """A format as the office chooses it for an export."""

    code: str
    name: str
    write: Callable[[Sequence[Item], Mapping[str, bytes], str], Written]


def _qti(code: str) -> Callable[[Sequence[Item], Mapping[str, bytes], str], Written]:
    return lambda items, media, name: qti_out.write(items, media, name, code)


FORMATS: Final = {
    one.code: one
    for one in (
        Format("xlsx", "Excel 表格（全部题型；有图片时是压缩包）", excel.write),
        Format("docx", "Word 表格（全部题型，图片在表格里）", word.write),
        Format("moodle", "Moodle XML（全部题型，图片在文件里）", moodle_out.write),
        Format("qti21", "QTI 2.1 题库包（全部题型）", _qti("qti21")),
        Format("qti22", "QTI 2.2 题库包（全部题型）", _qti("qti22")),
        Format("qti3", "QTI 3 题库包（全部题型）", _qti("qti3")),
        Format(
            "gift",
            "GIFT 文本（没有排序、找隐患、案例、多空填空和图片）",
            lambda i, m, n: gift_out.write(i, n),
        ),
        Format(
            "aiken", "Aiken 文本（只有单选题，不带解析和难度）", lambda i, m, n: aiken.write(i, n)
        ),
    )
}


def read_file(content: bytes, batch: Batch) -> Batch:
    """Every question and every problem of a file in any of our formats. Raises UnreadableError."""
    if not content.strip():
        raise UnreadableError("文件是空的，请选择有内容的文件")
    if len(content) > LARGEST_FILE:
        raise UnreadableError(f"文件超过 {LARGEST_FILE // 1024 // 1024} MB，请分成几个文件")
    found = _read(content, batch)
    if not found.total and not found.problems:
        raise UnreadableError("文件里没有找到试题，请核对格式，或者用我们的模板")
    if found.total > MOST_ITEMS:
        raise UnreadableError(f"一次最多 {MOST_ITEMS} 道题，现有 {found.total} 道，请分成几个文件")
    return found


def _read(content: bytes, batch: Batch) -> Batch:
    if content.startswith(ZIP):
        return _zip(content, batch)
    if content.startswith(_OLD_BOOK):
        return excel.read(content, batch, files={})
    text = decoded(content)
    head = text.lstrip("\ufeff \t\r\n")[:2000]
    if head.startswith("<"):
        return moodle.read(content, batch) if "<quiz" in head else qti.read(content, batch)
    if _is_table(text):
        return excel.read(content, batch, files={})
    return gift.read(text, batch) if _is_gift(text) else aiken.read(text, batch)


def _zip(content: bytes, batch: Batch) -> Batch:
    archive = Archive(content)
    names = set(archive.entries)
    if "word/document.xml" in names:
        return word.read(content, batch)
    if "xl/workbook.xml" in names:
        return excel.read(content, batch, files={})
    if any(name.rpartition("/")[2] == qti.MANIFEST for name in names):
        return qti.read(content, batch)
    tables = archive.ending(*_TABLES)
    if len(tables) != 1:
        raise UnreadableError(
            f"压缩包里应有一个题目文件（{'、'.join(_TABLES)}）和图片，现有 {len(tables)} 个题目文件"
        )
    inner = archive.read(tables[0], LARGEST_FILE)
    if inner.startswith(ZIP) and "xl/workbook.xml" not in Archive(inner).entries:
        return _read(inner, batch)
    if not inner.startswith((ZIP, _OLD_BOOK)) and not _is_table(decoded(inner)):
        return _read(inner, batch)
    pictures = {name.rpartition("/")[2]: name for name in archive.ending(*_IMAGES)}
    files = {short: archive.read(name, LARGEST + 1) for short, name in pictures.items()}
    return excel.read(inner, batch, files=files)


def _is_table(text: str) -> bool:
    """A CSV: headings of ours in one of its first lines, with something between them."""
    lines = text.splitlines()[:20]
    return any(
        "题型" in line and "答案" in line and any(c in line for c in ",\t;") for line in lines
    )


def _is_gift(text: str) -> bool:
    """Braces are GIFT's; a text with neither braces nor ANSWER is told as GIFT too."""
    return "{" in text or "ANSWER" not in text.upper()
