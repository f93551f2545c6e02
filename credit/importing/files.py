"""A file's bytes as a table of raw cells. What it is, is told by its bytes, never by its name.

Reads XLSX, XLS and CSV (UTF-8, UTF-8 with BOM, GB18030, UTF-16 with BOM). Anything else, and anything that
could harm (a bomb, an encrypted book), is a FileError whose message says what to do.
"""

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 200
MOST_UNPACKED: Final = 600 * 1024 * 1024
MOST_RATIO: Final = 150  # a real workbook packs to a tenth or a twentieth
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KNOWN: Final = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"MZ", "程序"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
)
_SAVE_AS: Final = "请用 Excel 或 WPS 打开后另存为 .xlsx 或 CSV（UTF-8）"
_FORMULA: Final = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d+)"[^>]*>\s*<(?:\w+:)?f[\s/>]'
)
_SHEET: Final = re.compile(rb'<(?:\w+:)?sheet\b[^>]*?\b(?:\w+:)id="([^"]+)"')
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")

Place = tuple[int, int]  # row and column, both from 1 as Excel shows them


class FileError(ValueError):
    """A file that cannot be read as a table; the message is for its owner."""


@dataclass(frozen=True, slots=True)
class Table:
    """``rows[i]`` is row i + 1 of the sheet, as long as its own cells; ``None`` is an empty cell."""

    rows: list[list[Any]]
    sheet: str = ""
    merged: frozenset[Place] = frozenset()
    formulas: frozenset[Place] = frozenset()
    notices: tuple[str, ...] = ()
    sha256: str = field(default="", compare=False)


def read_table(content: bytes) -> Table:
    """The first sheet that holds anything. Raises FileError."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise FileError("文件是空的，请选择有内容的表格")
    for magic, what in _KNOWN:
        if content.startswith(magic):
            raise FileError(f"这是{what}，不是表格。{_SAVE_AS}")
    if content.startswith(_ZIP):
        table = _read_xlsx(content)
    elif content.startswith(_OLE):
        table = _read_xls(content)
    else:
        table = _read_csv(content)
    _check_size(table.rows)
    if not any(any(cell is not None for cell in row) for row in table.rows):
        raise FileError("表格里没有内容")
    return Table(
        table.rows, table.sheet, table.merged, table.formulas, table.notices,
        hashlib.sha256(content).hexdigest(),
    )  # fmt: skip


def _check_size(rows: list[list[Any]]) -> None:
    if len(rows) > MOST_ROWS:
        raise FileError(f"共{len(rows)}行，一次最多{MOST_ROWS}行，请分成几个文件")
    widest = max((len(row) for row in rows), default=0)
    if widest > MOST_COLUMNS:
        raise FileError(f"共{widest}列，最多{MOST_COLUMNS}列，请删去多余的列")


# -- Workbooks ---------------------------------------------------------------------------------------


def _read_xlsx(content: bytes) -> Table:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bomb(archive)
            if "xl/workbook.xml" not in archive.namelist():
                raise FileError(f"这是改了名的压缩包或其他文件，不是 Excel 工作簿。{_SAVE_AS}")
            table, position = _read_book(content)
            return Table(
                table.rows,
                table.sheet,
                table.merged,
                _formulas(archive, position),
                table.notices,
            )
    except (zipfile.BadZipFile, EOFError, KeyError, NotImplementedError) as fault:
        raise FileError(f"工作簿已损坏，打不开。{_SAVE_AS}") from fault
    except RuntimeError as fault:  # zipfile's word for an encrypted entry
        raise FileError("工作簿设有密码，请取消密码后再上传") from fault


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    unpacked = sum(entry.file_size for entry in archive.infolist())
    packed = sum(entry.compress_size for entry in archive.infolist()) or 1
    swollen = unpacked > 20 * 1024 * 1024 and unpacked / packed > MOST_RATIO
    if unpacked > MOST_UNPACKED or swollen:
        raise FileError("工作簿解压后过大，疑似异常文件，请另存后再上传")


def _read_xls(content: bytes) -> Table:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileError("工作簿设有密码，请取消密码后再上传")
    return _read_book(content)[0]


def _read_book(content: bytes) -> tuple[Table, int]:
    """The first sheet with content and its position in the book."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        filled = []
        for position, name in enumerate(book.sheet_names):
            sheet = book.get_sheet_by_index(position)
            if sheet.height > MOST_ROWS:
                raise FileError(f"工作表“{name}”超过{MOST_ROWS}行，请分成几个文件")
            if sheet.height:
                filled.append((position, name, sheet))
        if not filled:
            raise FileError("表格里没有内容")
        position, name, sheet = filled[0]
        rows = _trimmed([_blank_to_none(row) for row in sheet.to_python(skip_empty_area=False)])
        merged = frozenset(_covered(sheet.merged_cell_ranges or []))
    except CalamineError as fault:
        advice = "工作簿设有密码" if "password" in str(fault).lower() else "工作簿已损坏，打不开"
        raise FileError(f"{advice}。{_SAVE_AS}") from fault
    notices: tuple[str, ...] = ()
    if len(filled) > 1:
        others = "、".join(other for _, other, _ in filled[1:])
        notices = (f"只读取第一个工作表“{name}”，没有读取：{others}",)
    return Table(rows, name, merged, notices=notices), position


def _blank_to_none(row: Iterable[Any]) -> list[Any]:
    return [None if cell == "" else cell for cell in row]


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Without empty rows at the end."""
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    return rows


def _covered(ranges: Iterable[tuple[Place, Place]]) -> Iterable[Place]:
    """Every cell of merged ranges; calamine counts from 0."""
    for (top, left), (bottom, right) in ranges:
        bottom, right = min(bottom, top + 5000), min(right, left + MOST_COLUMNS)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                yield row + 1, column + 1


def _formulas(archive: zipfile.ZipFile, position: int) -> frozenset[Place]:
    """Cells of the sheet at ``position`` that hold a formula: its value may be out of date."""
    relations = {}
    for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        found = dict(re.findall(rb'\b(Id|Target)="([^"]*)"', tag))
        relations[found.get(b"Id", b"")] = found.get(b"Target", b"").decode()
    sheets = _SHEET.findall(archive.read("xl/workbook.xml"))
    if position >= len(sheets):
        return frozenset()
    target = relations.get(sheets[position], "")
    path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return frozenset(
        (int(row), _column_number(column.decode()))
        for column, row in _FORMULA.findall(archive.read(path))
    )


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


# -- CSV ---------------------------------------------------------------------------------------------


def _read_csv(content: bytes) -> Table:
    written = _decoded(content)
    if written.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<table", "<?xml")):
        raise FileError(f"这是网页或 XML 文件，不是表格。{_SAVE_AS}")
    head = written[:4096].splitlines()[0] if written[:4096].splitlines() else ""
    delimiter = max(",\t;", key=head.count)
    try:
        reader = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter, strict=False)
        rows = [_blank_to_none(row) for row in reader]
    except csv.Error as fault:
        raise FileError(f"CSV 无法读取（引号不成对或单元格过长）。{_SAVE_AS}") from fault
    return Table(_trimmed(rows))


def _decoded(content: bytes) -> str:
    """The text. A UTF-8 file with a damaged cell keeps U+FFFD there, so that the cell can be named."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    marked = content.startswith(b"\xef\xbb\xbf")
    body = content[3:] if marked else content
    if b"\0" in body[:4096]:
        raise FileError(f"这不是文本表格。{_SAVE_AS}")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        first_line = body.split(b"\n", 1)[0]
        if marked or _is_chinese_utf8(first_line):
            return body.decode("utf-8", errors="replace")
    try:
        return body.decode("gb18030")
    except UnicodeDecodeError as fault:
        line = body[: fault.start].count(b"\n") + 1
        raise FileError(
            f"第{line}行的文字编码无法识别，请把文件另存为 CSV（UTF-8）后再上传"
        ) from fault


def _is_chinese_utf8(line: bytes) -> bool:
    try:
        return any("\u4e00" <= character <= "\u9fff" for character in line.decode("utf-8"))
    except UnicodeDecodeError:
        return False
