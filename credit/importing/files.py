"""A file as a table of raw cells. What it is, is told by its bytes, never by its name.

Reads XLSX and XLS (in a process of its own, see ``books``) and CSV (UTF-8, UTF-8 with BOM, GB18030, UTF-16
with BOM). Anything else, and anything that could harm (a bomb, an encrypted book), is a FileError whose
message says what to do.
"""

import csv
import hashlib
import io
import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, Final

from credit.importing.spool import Spool
from credit.importing.tables import (
    DAMAGED,
    MOST_BOOK,
    MOST_LINES,
    SAVE_AS,
    FileError,
    Table,
    blank_to_none,
    check_size,
)

MOST_SECONDS: Final = 600  # by the clock; the child itself stops after two minutes of work
_BLANK: Final = b"\0 \t\r\n\xef\xbb\xbf"
_SAMPLE: Final = 200_000  # characters
_ROOT: Final = Path(__file__).resolve().parents[2]
_BOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")  # zip; OLE
_KNOWN: Final = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"MZ", "程序"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
)
LEAST_USUAL: Final = 0.75  # of a text's Chinese characters are in GB 2312, even with rare names
_PUNCTUATION: Final = frozenset("（），。；：、“”‘’《》〔〕【】—…·％￥　")
_COPY: Final = (
    "请把有内容的区域复制到一个新工作簿（选择性粘贴为数值），另存为 .xlsx 或 CSV 后再上传"
)
_log = logging.getLogger(__name__)


def read_table(content: bytes | IO[bytes]) -> Table:
    """The first sheet that holds anything. Raises FileError. A large CSV should come as an open file."""
    file: IO[bytes] = io.BytesIO(content) if isinstance(content, bytes) else content
    if not any(line.strip(_BLANK) for line in _lines(file)):
        raise FileError("文件是空的，请选择有内容的表格")
    begin = next(_lines(file))
    for magic, what in _KNOWN:
        if begin.startswith(magic):
            raise FileError(f"这是{what}，不是表格。{SAVE_AS}")
    table = _read_apart(file) if begin.startswith(_BOOKS) else _read_csv(file)
    if not any(any(cell is not None for cell in row) for row in table.rows):
        raise FileError("表格里没有内容")
    file.seek(0)
    return replace(table, sha256=hashlib.file_digest(file, "sha256").hexdigest())  # type: ignore[arg-type]


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """From the beginning. By newlines alone: Django's files, asked for lines, cut at carriage returns too."""
    file.seek(0)
    return iter(file.readline, b"")


# -- Workbooks ---------------------------------------------------------------------------------------


def _read_apart(file: IO[bytes]) -> Table:
    """A workbook, read by a child with limits of memory and time; whatever befalls it is a FileError."""
    file.seek(0, os.SEEK_END)
    if file.tell() > MOST_BOOK:
        size, most = file.tell() // 1024**2, MOST_BOOK // 1024**2
        advice = "请另存为 CSV（UTF-8）后再上传，或分成几个文件"
        raise FileError(f"工作簿有{size} MB，最多{most} MB，{advice}")
    file.seek(0)
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    try:
        child = subprocess.run(  # our own module
            [sys.executable, "-m", "credit.importing.books"],
            input=file.read(), capture_output=True, timeout=MOST_SECONDS, cwd=_ROOT, env=kept,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as fault:
        raise FileError(f"工作簿读了{MOST_SECONDS}秒还没读完。{_COPY}") from fault
    if child.returncode:
        _log.warning("workbook reader died (%s): %s", child.returncode, child.stderr[-2000:])
        out_of_memory = child.returncode < 0 or b"MemoryError" in child.stderr
        raise FileError(f"工作簿太大或已损坏，读不了。{_COPY}" if out_of_memory else DAMAGED)
    what, answer = pickle.loads(child.stdout)  # noqa: S301  # written by our own child
    if what == "fault":
        raise FileError(answer)
    table: Table = answer
    check_size(len(table.rows), max((len(row) for row in table.rows), default=0))
    return table


# -- CSV ---------------------------------------------------------------------------------------------


def _read_csv(file: IO[bytes]) -> Table:
    """Line by line, so that the text is never in memory as a whole."""
    encoding = _encoding(file)
    file.seek(0)
    lines = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    try:
        return _read_lines(lines)
    finally:
        lines.detach()  # the file stays open: it is its owner's


def _read_lines(lines: io.TextIOWrapper) -> Table:
    head = lines.read(4096)
    if head.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<table", "<?xml")):
        raise FileError(f"这是网页或 XML 文件，不是表格。{SAVE_AS}")
    first = next(iter(head.splitlines()), "")
    delimiter = max(",\t;", key=first.count)
    lines.seek(0)
    rows: Spool[list[Any]] = Spool()
    blank = 0  # rows waiting: left out if nothing follows them, as programs write thousands of them
    try:
        for row in csv.reader(lines, delimiter=delimiter, strict=False):
            cells = blank_to_none(row)
            check_size(len(rows) + blank + 1, len(row), MOST_LINES)
            if all(cell is None for cell in cells):
                blank += 1
                continue
            rows.extend([] for _ in range(blank))
            blank = 0
            rows.append(cells)
    except csv.Error as fault:
        raise FileError(f"CSV 无法读取（引号不成对或单元格过长）。{SAVE_AS}") from fault
    return Table(rows)


def _encoding(file: IO[bytes]) -> str:
    """How the text is written. A UTF-8 file with a damaged cell is read with U+FFFD there, to name the cell."""
    file.seek(0)
    begin = file.read(4096)
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    marked = begin.startswith(b"\xef\xbb\xbf")
    if b"\0" in begin:
        raise FileError(f"这不是文本表格。{SAVE_AS}")
    if marked or _is_chinese_utf8(next(_lines(file))) or not _foreign_line(file, "utf-8"):
        return "utf-8-sig"
    if line := _foreign_line(file, "gb18030"):
        raise FileError(f"第{line}行的文字编码无法识别，请把文件另存为 CSV（UTF-8）后再上传")
    if not _foreign_line(file, "big5hkscs") and _looks_foreign(file):
        raise FileError("文件是繁体编码（Big5），读出来会是乱码，请另存为 CSV（UTF-8）后再上传")
    return "gb18030"


def _foreign_line(file: IO[bytes], encoding: str) -> int:
    """The first line that is not written in ``encoding``, 0 if every one is.

    Line by line, to hold one at a time: in none of our encodings is a newline a part of another character.
    """
    for number, line in enumerate(_lines(file), start=1):
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            return number
    return 0


def _is_chinese_utf8(line: bytes) -> bool:
    try:
        return any("\u4e00" <= character <= "\u9fff" for character in line.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _looks_foreign(file: IO[bytes]) -> bool:
    """Big5 is nearly always valid GB18030 as well, but its characters come out as rare ones."""
    file.seek(0)
    written = file.read(4 * _SAMPLE).decode("gb18030", errors="ignore")[:_SAMPLE]
    foreign = [character for character in written if character > "\x7f"]
    common = "".join(foreign).encode("gb2312", errors="ignore").decode("gb2312")
    usual = sum("\u4e00" <= c <= "\u9fff" or c in _PUNCTUATION for c in common)
    return len(foreign) >= 8 and usual < len(foreign) * LEAST_USUAL
