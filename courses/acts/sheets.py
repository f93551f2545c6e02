"""Rows into a sheet of a workbook. Text cells and numbers only, so that nothing is ever run."""

from collections.abc import Iterable
from typing import Any, Final

from credit.importing import cells

OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def write_sheet(book: Any, name: str, bold: Any, rows: Iterable[tuple[Any, ...]]) -> None:
    """The first row is the heading; what would be a formula becomes text."""
    sheet = book.add_worksheet(name)
    for line, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(line, place, value)
            else:
                words = cells.safe(cells.printable(str(value)[:32_000]))
                sheet.write_string(line, place, words, bold if line == 0 else None)
    sheet.set_column(0, 11, 18)
    sheet.freeze_panes(1, 0)
