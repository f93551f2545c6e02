"""Excel workbooks, old and new, as tables. Runs as a process of its own: ``python -m credit.importing.books``.

A few bytes can make a workbook ask for all memory (one cell at XFD1048576), and damage makes the reader
panic. So ``credit.importing.files`` starts this module apart, and its death costs nobody else anything.
It imports no Django: it starts in a twentieth of a second. Bytes come on stdin, the answer goes to stdout.
"""

import io
import pickle
import re
import resource
import struct
import sys
import zipfile
from collections.abc import Iterable, Iterator
from typing import Final

import olefile
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from credit.importing.tables import (
    DAMAGED,
    GUIDE_SHEET,
    LOCKED,
    MOST_COLUMNS,
    MOST_ROWS,
    PROBLEM_SHEET,
    SAVE_AS,
    FileError,
    Place,
    Table,
    blank_to_none,
    check_size,
    trimmed,
)

ZIP: Final = b"PK\x03\x04"
MOST_MEMORY: Final = 1536 * 1024 * 1024  # bytes of address space
MOST_CPU_SECONDS: Final = 120
MOST_CELLS: Final = 10_000_000  # in the rectangle from A1 to the last cell
MOST_UNPACKED: Final = 600 * 1024 * 1024
MOST_RATIO: Final = 150  # a real workbook packs to a tenth or a twentieth
_PIECE: Final = 1024 * 1024
_OVERLAP: Final = 4096  # longer than any opening tag of a cell
_CELL: Final = rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d+)"[^>]*(?<!/)>\s*'
_FORMULA: Final = re.compile(_CELL + rb"<(?:\w+:)?f[\s/>]")
# Only cells beyond every limit: three letters, GS and later, or row 200,000 and later.
_FAR: Final = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{3}|[H-Z][A-Z]|G[S-Z]|[A-Z]{1,2}(?=[2-9]\d{5}"|\d{7}"))(\d+)"'
    rb"[^>]*(?<!/)>\s*<(?:\w+:)?(?:v|is|f)[\s/>]"
)
_SHEET: Final = re.compile(rb'<(?:\w+:)?sheet\b[^>]*?\b(?:\w+:)id="([^"]+)"')
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_BOF, _EOF, _BOUNDSHEET, _BIFF_FORMULA = 0x0809, 0x000A, 0x0085, 0x0006


def main() -> None:
    """Answer with ("table", Table) or ("fault", message), pickled; anything else dies with a trace."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        answer: tuple[str, Table | str] = ("table", read_book(content))
    except FileError as fault:
        answer = ("fault", str(fault))
    pickle.dump(answer, sys.stdout.buffer)


def read_book(content: bytes) -> Table:
    """The first sheet with content. Raises FileError; may exhaust memory or panic: call it apart."""
    try:
        return _read_xlsx(content) if content.startswith(ZIP) else _read_xls(content)
    except CalamineError as fault:
        locked = "password" in str(fault).lower()
        raise FileError(LOCKED if locked else DAMAGED) from fault


def _read_xlsx(content: bytes) -> Table:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bomb(archive)
            if "xl/workbook.xml" not in archive.namelist():
                raise FileError(f"这是改了名的压缩包或其他文件，不是 Excel 工作簿。{SAVE_AS}")
            paths = _sheet_paths(archive)
            for path in paths:
                _refuse_far_cells(archive, path)
            table, position = _read_first(content)
            formulas = _formulas(archive, paths[position]) if position < len(paths) else ()
            return Table(table.rows, table.sheet, table.merged, frozenset(formulas), table.notices)
    except (zipfile.BadZipFile, EOFError, KeyError, NotImplementedError) as fault:
        raise FileError(DAMAGED) from fault
    except RuntimeError as fault:  # zipfile's word for an encrypted entry
        raise FileError(LOCKED) from fault


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    unpacked = sum(entry.file_size for entry in archive.infolist())
    packed = sum(entry.compress_size for entry in archive.infolist()) or 1
    swollen = unpacked > 20 * 1024 * 1024 and unpacked / packed > MOST_RATIO
    if unpacked > MOST_UNPACKED or swollen:
        raise FileError("工作簿解压后过大，疑似异常文件，请另存后再上传")


def _read_xls(content: bytes) -> Table:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileError(LOCKED)
    table, position = _read_first(content)
    formulas = frozenset(_xls_formulas(content, position))
    return Table(table.rows, table.sheet, table.merged, formulas, table.notices)


def _read_first(content: bytes) -> tuple[Table, int]:
    """The first sheet with content and its position in the book."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    filled: list[tuple[int, str, CalamineSheet]] = []
    for position, name in enumerate(book.sheet_names):
        sheet = book.get_sheet_by_index(position)
        if sheet.height:
            filled.append((position, name, sheet))
    if not filled:
        raise FileError("表格里没有内容")
    position, name, sheet = filled[0]
    _check_extent(*(sheet.end or (0, 0)))
    rows = trimmed([blank_to_none(row) for row in sheet.to_python(skip_empty_area=False)])
    merged = frozenset(_covered(sheet.merged_cell_ranges or []))
    others = "、".join(
        other for _, other, _ in filled[1:] if other not in (GUIDE_SHEET, PROBLEM_SHEET)
    )
    notices = (f"只读取第一个工作表“{name}”，没有读取：{others}",) if others else ()
    return Table(rows, name, merged, notices=notices), position


def _check_extent(last_row: int, last_column: int) -> None:
    """Both from 0. An old workbook is told only here, a new one was searched for far cells before."""
    check_size(last_row + 1, last_column + 1)
    if (last_row + 1) * (last_column + 1) > MOST_CELLS:
        advice = "请删去表格下方和右侧多余的内容，或分成几个文件"
        raise FileError(f"表格太大：{last_row + 1}行、{last_column + 1}列。{advice}")


def _covered(ranges: Iterable[tuple[Place, Place]]) -> Iterable[Place]:
    """Every cell of merged ranges; calamine counts from 0."""
    for (top, left), (bottom, right) in ranges:
        bottom, right = min(bottom, top + 5000), min(right, left + MOST_COLUMNS)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                yield row + 1, column + 1


# -- The XML of a new workbook -------------------------------------------------------------------------


def _sheet_paths(archive: zipfile.ZipFile) -> list[str]:
    """Where each sheet lies in the archive, in the order of the book; "" for one that is not there."""
    relations = {}
    for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        found = dict(re.findall(rb'\b(Id|Target)="([^"]*)"', tag))
        target = found.get(b"Target", b"").decode(errors="replace")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        relations[found.get(b"Id", b"")] = path if path in archive.namelist() else ""
    return [relations.get(key, "") for key in _SHEET.findall(archive.read("xl/workbook.xml"))]


def _matches(
    archive: zipfile.ZipFile, path: str, pattern: re.Pattern[bytes]
) -> Iterator[tuple[str, int]]:
    """Letters and row of every cell of a sheet that ``pattern`` names, piece by piece."""
    if not path:
        return
    with archive.open(path) as sheet:
        tail = b""
        while piece := sheet.read(_PIECE):
            for letters, row in pattern.findall(tail + piece):
                yield letters.decode(), int(row)
            tail = (tail + piece)[-_OVERLAP:]


def _refuse_far_cells(archive: zipfile.ZipFile, path: str) -> None:
    """One stray cell at the sheet's edge makes the reader ask for memory for everything before it."""
    for letters, row in _matches(archive, path, _FAR):
        if row > MOST_ROWS or _column_number(letters) > MOST_COLUMNS:
            raise FileError(
                f"单元格 {letters}{row} 超出了范围：一次最多{MOST_ROWS}行、{MOST_COLUMNS}列。"
                f"如果是误填：按 Ctrl+G，输入 {letters}{row} 找到它，删除它所在的行和列，保存后再上传；"
                "如果数据确实这么多：请分成几个文件"
            )


def _formulas(archive: zipfile.ZipFile, path: str) -> Iterator[Place]:
    """Cells that hold a formula: its value may be out of date."""
    for letters, row in _matches(archive, path, _FORMULA):
        yield row, _column_number(letters)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


# -- The records of an old workbook --------------------------------------------------------------------


def _xls_formulas(content: bytes, position: int) -> Iterator[Place]:
    """Cells with a formula in the sheet at ``position``. Source: [MS-XLS] 2.4.127 (Formula), 2.4.28 (BoundSheet8)."""
    with olefile.OleFileIO(io.BytesIO(content)) as ole:
        stream = ole.openstream("Workbook" if ole.exists("Workbook") else "Book").read()
    begins = [
        struct.unpack_from("<I", body)[0]
        for kind, body in _records(stream, 0)
        if kind == _BOUNDSHEET
    ]
    for kind, body in _records(stream, begins[position]):
        if kind == _BIFF_FORMULA:
            row, column = struct.unpack_from("<HH", body)
            yield row + 1, column + 1


def _records(stream: bytes, begin: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, from its beginning to its end; charts within it are passed over."""
    place, depth = begin, 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 1:
            yield kind, stream[place + 4 : place + 4 + length]
        if depth <= 0:
            return
        place += 4 + length


if __name__ == "__main__":
    main()
