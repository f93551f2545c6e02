"""What a file becomes: a table of raw cells, or a FileError whose message says what to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

MOST_ROWS: Final = 200_000  # of a workbook, which a process of its own reads as a whole
MOST_LINES: Final = 1_000_000  # of a CSV, which is read line by line
MOST_BOOK: Final = 50 * 1024 * 1024  # bytes of a workbook
MOST_COLUMNS: Final = 200
SAVE_AS: Final = "请用 Excel 或 WPS 打开后另存为 .xlsx 或 CSV（UTF-8）"
DAMAGED: Final = f"工作簿已损坏，打不开。{SAVE_AS}"
LOCKED: Final = "工作簿设有密码，请取消密码后再上传"
GUIDE_SHEET: Final = "填写说明"  # the second sheet of our own templates
PROBLEM_SHEET: Final = "问题清单"  # the second sheet of our own marked workbooks

Place = tuple[int, int]  # row and column, both from 1 as Excel shows them


class FileError(ValueError):
    """A file that cannot be read as a table; the message is for its owner."""


@dataclass(frozen=True, slots=True)
class Table:
    """``rows[i]`` is row i + 1 of the sheet, as long as its own cells; ``None`` is an empty cell."""

    rows: Sequence[list[Any]]
    sheet: str = ""
    merged: frozenset[Place] = frozenset()
    formulas: frozenset[Place] = frozenset()
    notices: tuple[str, ...] = ()
    sha256: str = field(default="", compare=False)


def blank_to_none(row: Iterable[Any]) -> list[Any]:
    """A row whose empty cells are None."""
    return [None if cell == "" else cell for cell in row]


def trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Without empty rows at the end."""
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    return rows


def check_size(rows: int, columns: int, most: int = MOST_ROWS) -> None:
    """Raise FileError for more than one import may hold."""
    if rows > most:
        raise FileError(f"超过{most}行，请分成几个文件")
    if columns > MOST_COLUMNS:
        raise FileError(f"有{columns}列，最多{MOST_COLUMNS}列，请删去多余的列")
