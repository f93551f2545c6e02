"""Workbooks that go out: a file with its bad cells marked, and empty templates with an explanation.

Text is written as text cells, which no program runs, and as it was: the marked workbook is mended and sent again.
"""

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter

from credit.importing import cells
from credit.importing.columns import COLUMNS
from credit.importing.tables import GUIDE_SHEET, PROBLEM_SHEET, Table
from credit.models import ImportBatch

WHOLE_UP_TO: Final = (
    20_000  # rows; of a larger file only the bad rows go out, to be mended and sent again
)
OFFERED_ROWS: Final = 5000  # rows of a template that offer a list of choices
_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_LABELS: Final = {**dict(ImportBatch.Kind.choices), "enterprises": "企业登记"}


def marked_workbook(table: Table, problems: Iterable[Mapping[str, Any]]) -> bytes:
    """``table`` as XLSX, each bad cell red with the remedy as its comment, and a sheet of all problems."""
    by_row: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    listed = list(problems)
    for problem in listed:
        by_row[problem["row"]].append(problem)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    red = book.add_format({"bg_color": "#f8d7da", "font_color": "#8a1c13", "bold": True})
    sheet = book.add_worksheet("标出问题")
    _list_problems(book, listed)
    whole = len(table.rows) <= WHOLE_UP_TO
    line = 0
    for number, row in enumerate(table.rows, start=1):
        if not whole and number > 10 and number not in by_row:
            continue
        faults = {problem["position"]: problem["advice"] for problem in by_row.get(number, ())}
        width = max([len(row), *faults]) if faults else len(row)
        for column in range(1, width + 1):
            value = row[column - 1] if column <= len(row) else None
            advice = faults.get(column) or (faults.get(0) if column == 1 else None)
            _write(sheet, line, column - 1, value, red if advice else None)
            if advice:
                sheet.write_comment(line, column - 1, advice, {"x_scale": 2})
        line += 1
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _list_problems(book: Any, problems: list[Mapping[str, Any]]) -> None:
    sheet = book.add_worksheet(PROBLEM_SHEET)
    bold = book.add_format({"bold": True})
    for column, title in enumerate(("行", "列", "原值", "怎么改")):
        sheet.write_string(0, column, title, bold)
    for line, problem in enumerate(problems, start=1):
        for column, key in enumerate(("row", "column", "value", "advice")):
            _write(sheet, line, column, problem[key] or None, None)
    sheet.set_column(1, 2, 24)
    sheet.set_column(3, 3, 70)


def _write(sheet: Any, line: int, column: int, value: Any, style: Any) -> None:
    """A cell in its own type; what a workbook cannot hold is written as text."""
    if value is None:
        sheet.write_blank(line, column, None, style)
    elif isinstance(value, bool):
        sheet.write_boolean(line, column, value, style)
    elif isinstance(value, (int, float)) and abs(value) < 1e15 and value == value:
        sheet.write_number(line, column, value, style)
    elif isinstance(value, (date, datetime)):
        sheet.write_string(line, column, value.isoformat()[:10], style)
    else:
        sheet.write_string(line, column, cells.printable(str(value))[:32_000], style)


def template_workbook(kind: str) -> bytes:
    """An empty template of ``kind`` with one example row, and a sheet that explains each column.

    Raises KeyError for an unknown kind.
    """
    columns = COLUMNS[kind]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    must = book.add_format({"bold": True, "bg_color": "#fbe9c6"})
    may = book.add_format({"bold": True, "bg_color": "#e3efef"})
    sheet = book.add_worksheet(_LABELS[kind])
    explained = book.add_worksheet(GUIDE_SHEET)
    for place, title in enumerate(("列名", "必填", "示例", "说明", "也认这些表头")):
        explained.write_string(0, place, title, may)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.heading, must if column.required else may)
        sheet.set_column(place, place, max(12, len(column.heading) * 2 + 2))
        if column.choices:
            offered = {"validate": "list", "source": list(column.choices)}
            sheet.data_validation(1, place, OFFERED_ROWS, place, offered)
        line = (
            column.heading,
            "必填" if column.required else "",
            column.example,
            "；".join(filter(None, [column.hint, *column.choices])),
            "、".join(column.others),
        )
        for cell, value in enumerate(line):
            _write(explained, place + 1, cell, value if value != "" else None, None)
    explained.set_column(0, 4, 26)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
