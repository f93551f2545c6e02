"""A file is what its bytes are; what is no table is refused in words."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.importing.files import FileError, read_table
from tests.credit.importing.makers import HEADINGS, ROW, text, xls, xlsx

ROWS = [HEADINGS, ROW]
PLAIN = [HEADINGS, [str(cell) for cell in ROW]]


@pytest.mark.parametrize("make", [xlsx, xls])
def test_workbooks_old_and_new(make):
    assert [[str(c) for c in row] for row in read_table(make(PLAIN)).rows] == PLAIN


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_every_usual_encoding(encoding: str, delimiter: str):
    assert read_table(text(PLAIN, encoding, delimiter)).rows == PLAIN


def packed(name: str = "readme.txt", content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "文件是空的"),
        (b"\xef\xbb\xbf\r\n  ", "文件是空的"),
        (packed(), "改了名的压缩包"),
        (packed("xl/workbook.xml", b"\0" * 50_000_000), "解压后过大"),
        (b"PK\x03\x04garbage", "已损坏"),
        (xlsx(ROWS)[:2000], "已损坏"),
        (b"%PDF-1.7", "PDF 文件"),
        (b"\x89PNG\r\n", "图片"),
        (b"MZ\x90", "程序"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"<html><table>", "网页"),
        (b"a,b\n\x00\x01\x02", "不是文本表格"),
        (b"a,b\n" + b"\xff\xff\xff", "编码无法识别"),
        (xlsx([]), "没有内容"),
    ],
)
def test_what_is_no_table_is_refused_with_the_remedy(content: bytes, advice: str):
    with pytest.raises(FileError, match=advice):
        read_table(content)


def test_a_utf8_file_with_one_broken_cell_keeps_the_place_of_the_damage():
    content = text(PLAIN).replace("区应急局".encode(), b"\xe5\x8c")
    assert "\ufffd" in read_table(content).rows[1][7]


def test_formulas_and_merged_cells_are_known_by_their_place():
    table = read_table(xlsx([HEADINGS, ROW, ["=A2"]], merge="C2:C3"))
    assert table.formulas == frozenset({(3, 1)})
    assert table.merged == frozenset({(2, 3), (3, 3)})


def test_the_first_filled_sheet_is_read_and_the_others_are_named():
    book = openpyxl.Workbook()
    for name in ("处罚", "去年"):
        sheet = book.create_sheet(name)
        sheet.append(["x"])
    out = io.BytesIO()
    book.save(out)
    table = read_table(out.getvalue())
    assert (table.sheet, table.notices) == ("处罚", ("只读取第一个工作表“处罚”，没有读取：去年",))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_file_error(content: bytes):
    for head in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe"):
        try:
            read_table(head + content)
        except FileError as fault:
            assert str(fault)  # noqa: PT017
