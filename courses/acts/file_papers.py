"""A training file as PDF (PDF/A-2a and PDF/UA-1: tagged tables) and as a workbook of text cells: nothing ever runs."""

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from django.conf import settings

from courses.acts.file_sections import Document, Section, moment
from credit.importing import cells
from credit.printing import ACCESSIBLE, compile_pdf

TEMPLATE: Final = Path(__file__).resolve().parent.parent / "typst" / "file.typ"
_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_LONGEST: Final = 32_000  # characters of a cell
_MOST_NAME: Final = 31  # characters of a sheet's name
_UNFIT: Final = str.maketrans("", "", "[]:*?/\\'")


def as_pdf(file: Document, *, now: datetime, photo: str = "") -> bytes:
    """The PDF. ``photo`` is an SVG that holds the holder's picture, "" for none."""
    day = now.date()
    texts = {
        "title": file.title,
        "subject": file.subject,
        "issuer": f"{settings.WAGTAIL_SITE_NAME} · 安全生产培训平台",
        "day": [day.year, day.month, day.day],
        "at": moment(now),
        "about": file.about,
        "sections": [_printed(one) for one in file.sections],
        "photo": bool(photo),
    }
    return compile_pdf(TEMPLATE, texts, standards=ACCESSIBLE, photo=photo)


def _printed(one: Section) -> dict[str, Any]:
    rows = [[_words(value) for value in row] for row in one.rows]
    return {
        "title": one.title,
        "head": one.head,
        "rows": rows,
        "widths": one.widths,
        "note": one.note,
    }


def as_workbook(file: Document) -> bytes:
    """One sheet for what it is about, and one for each table."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    formats = (
        book.add_format({"bold": True, "bg_color": "#e3efef", "text_wrap": True}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    about = Section("概况", ("项目", "内容"), [("档案", file.title), *file.about], (1, 3))
    for one in (about, *file.sections):
        _sheet(book, one, formats)
    book.close()
    return out.getvalue()


def _sheet(book: Any, one: Section, formats: tuple[Any, Any]) -> None:
    sheet = book.add_worksheet(one.title.translate(_UNFIT)[:_MOST_NAME])
    bold, plain = formats
    for line, row in enumerate([one.head, *one.rows]):
        for place, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(line, place, value, plain)
            else:
                words = cells.safe(cells.printable(_words(value)[:_LONGEST]))
                sheet.write_string(line, place, words, plain if line else bold)
    if one.note:
        sheet.write_string(len(one.rows) + 2, 0, cells.safe(one.note), plain)
    for place, width in enumerate(one.widths):
        sheet.set_column(place, place, max(8, width * 11))
    sheet.freeze_panes(1, 0)


def _words(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
