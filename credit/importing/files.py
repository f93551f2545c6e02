"""A file's bytes as a table of raw cells. What it is, is told by its bytes, never by its name.

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
from dataclasses import replace
from pathlib import Path
from typing import Final

from credit.importing.tables import (
    DAMAGED,
    SAVE_AS,
    FileError,
    Table,
    blank_to_none,
    check_size,
    trimmed,
)

MOST_SECONDS: Final = 600  # by the clock; the child itself stops after two minutes of work
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


def read_table(content: bytes) -> Table:
    """The first sheet that holds anything. Raises FileError."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise FileError("文件是空的，请选择有内容的表格")
    for magic, what in _KNOWN:
        if content.startswith(magic):
            raise FileError(f"这是{what}，不是表格。{SAVE_AS}")
    table = _read_apart(content) if content.startswith(_BOOKS) else _read_csv(content)
    check_size(len(table.rows), max((len(row) for row in table.rows), default=0))
    if not any(any(cell is not None for cell in row) for row in table.rows):
        raise FileError("表格里没有内容")
    return replace(table, sha256=hashlib.sha256(content).hexdigest())


# -- Workbooks ---------------------------------------------------------------------------------------


def _read_apart(content: bytes) -> Table:
    """A workbook, read by a child with limits of memory and time; whatever befalls it is a FileError."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    try:
        child = subprocess.run(  # our own module
            [sys.executable, "-m", "credit.importing.books"],
            input=content, capture_output=True, timeout=MOST_SECONDS, cwd=_ROOT, env=kept,
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
    return table


# -- CSV ---------------------------------------------------------------------------------------------


def _read_csv(content: bytes) -> Table:
    written = _decoded(content)
    if written.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<table", "<?xml")):
        raise FileError(f"这是网页或 XML 文件，不是表格。{SAVE_AS}")
    head = written[:4096].splitlines()[0] if written[:4096].splitlines() else ""
    delimiter = max(",\t;", key=head.count)
    try:
        reader = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter, strict=False)
        rows = []
        for row in reader:
            rows.append(blank_to_none(row))
            check_size(len(rows), len(row))
    except csv.Error as fault:
        raise FileError(f"CSV 无法读取（引号不成对或单元格过长）。{SAVE_AS}") from fault
    return Table(trimmed(rows))


def _decoded(content: bytes) -> str:
    """The text. A UTF-8 file with a damaged cell keeps U+FFFD there, so that the cell can be named."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    marked = content.startswith(b"\xef\xbb\xbf")
    body = content[3:] if marked else content
    if b"\0" in body[:4096]:
        raise FileError(f"这不是文本表格。{SAVE_AS}")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        first_line = body.split(b"\n", 1)[0]
        if marked or _is_chinese_utf8(first_line):
            return body.decode("utf-8", errors="replace")
    try:
        written = body.decode("gb18030")
        if _is_big5(body, written):
            raise FileError("文件是繁体编码（Big5），读出来会是乱码，请另存为 CSV（UTF-8）后再上传")
        return written
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


def _is_big5(body: bytes, as_gb18030: str) -> bool:
    """Big5 is nearly always valid GB18030 as well, but its characters come out as rare ones."""
    try:
        body.decode("big5hkscs")
    except UnicodeDecodeError:
        return False
    foreign = [character for character in as_gb18030[:200_000] if character > "\x7f"]
    common = "".join(foreign).encode("gb2312", errors="ignore").decode("gb2312")
    usual = sum("\u4e00" <= c <= "\u9fff" or c in _PUNCTUATION for c in common)
    return len(foreign) >= 8 and usual < len(foreign) * LEAST_USUAL
