"""Tables that go out as CSV or XLSX: whatever a cell says, no program runs it as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from credit.importing.cells import printable, safe

Answer = TypeVar("Answer", bound=HttpResponseBase)
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_workbook(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A workbook of text cells, which are never run."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "in_memory": True})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
        sheet.set_column(column, column, max(12, len(heading) * 2 + 2))
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write_string(line, column, printable(str(value))[:32_000])
    book.close()
    return _named(HttpResponse(out.getvalue(), content_type=XLSX), f"{name}.xlsx")


class _Echo:
    def write(self, line: str) -> str:
        return line


def as_csv(
    name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A CSV, sent line by line, that spreadsheet programs read as UTF-8."""
    writer = csv.writer(_Echo())

    def lines() -> Iterable[str]:
        yield "\ufeff"
        yield writer.writerow(headings)
        for row in rows:
            yield writer.writerow([safe(value) for value in row])

    return _named(
        StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8"), f"{name}.csv"
    )


def _named(answer: Answer, file_name: str) -> Answer:
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file_name)}"
    return answer
