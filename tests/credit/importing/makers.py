"""Files as people send them, made for tests."""

import csv
import io
from typing import Any

import openpyxl
import xlwt

HEADINGS = [
    "企业名称", "统一社会信用代码", "决定书文号", "违法行为", "处罚类别", "罚款（元）", "处罚决定日期", "处罚机关",
]  # fmt: skip
CODE = "91110000600037341L"
ROW = [
    "云溪长青化工有限公司（虚构）", CODE, "云应急罚〔2026〕1号", "未培训上岗", "罚款", 20000, "2026-03-12", "区应急局",
]  # fmt: skip


def xlsx(rows: list[list[Any]], merge: str = "", title: str = "表") -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows: list[list[Any]]) -> bytes:
    """A workbook of the old kind."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(line, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(rows: list[list[Any]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """A CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def changed(**cells: Any) -> list[Any]:
    """The good row with other cells, named by heading."""
    return [cells.get(heading, value) for heading, value in zip(HEADINGS, ROW, strict=True)]
