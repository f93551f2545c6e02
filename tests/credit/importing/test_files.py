"""A file is what its bytes are; what is no table is refused in words."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt
from django.core.files.base import File
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import PatternFill

from credit.importing import files
from credit.importing.files import read_table
from credit.importing.tables import FileError
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
        ("CF_XDR_MC,CF_WSH\n雲溪長青化工有限公司,審（2026）1號\n".encode("big5"), "繁体编码"),
        (b"," * 300, "有301列，最多200列"),
    ],
)
def test_what_is_no_table_is_refused_with_the_remedy(content: bytes, advice: str):
    with pytest.raises(FileError, match=advice):
        read_table(content)


def test_a_utf8_file_with_one_broken_cell_keeps_the_place_of_the_damage():
    content = text(PLAIN).replace("区应急局".encode(), b"\xe5\x8c")
    assert "\ufffd" in read_table(content).rows[1][7]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("shift", range(4))
def test_characters_that_lie_across_two_reads_stay_whole(encoding: str, shift: int):
    """Of two, three and four bytes: the reader takes some thousand bytes at a time, and cuts through them."""
    rows = [["x" * shift, "企业"], *(["企𬍛é镕" * 30, str(number)] for number in range(3000))]
    rows[0][0] += "名称"
    assert read_table(text(rows, encoding)).rows == rows


def test_a_line_in_no_encoding_is_named_however_late():
    content = text([["企业名称", "负责人"], *[["甲厂", "乙"]] * 2000], "gb18030")
    with pytest.raises(FileError, match="第2002行的文字编码无法识别"):
        read_table(content + b"\xff\xff,x\r\n")


@pytest.mark.parametrize("make", [text, xlsx])
def test_an_open_file_is_read_as_its_bytes_are_and_stays_open(
    make: Callable[..., bytes], tmp_path: Path
):
    """Line ends of every kind; Django's own files know more of them than CSV does."""
    content = make([HEADINGS, ["一\r二", "三\n四", "五\r\n六"], ["七"]])
    path = tmp_path / "x"
    path.write_bytes(content)
    with path.open("rb") as plain:
        for file in (plain, File(plain)):
            assert read_table(file) == read_table(content)
            assert read_table(file).sha256 == hashlib.sha256(content).hexdigest()


def test_empty_lines_count_between_rows_and_not_at_the_end():
    content = b"a,b\n\n,,\nc,d\n" + b",\n\n" * 3
    assert read_table(content).rows == [["a", "b"], [], [], ["c", "d"]]


def test_a_csv_may_have_more_lines_than_a_workbook_may_have_rows(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "MOST_LINES", 5)
    assert len(read_table(b"a,b\n" * 5).rows) == 5
    for more in (b"a,b\n", b"\n"):
        with pytest.raises(FileError, match="超过5行，请分成几个文件"):
            read_table(b"a,b\n" * 5 + more)


def test_a_large_workbook_is_sent_as_csv(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "MOST_BOOK", 1000)
    with pytest.raises(FileError, match="最多0 MB，请另存为 CSV"):
        read_table(xlsx(ROWS))
    assert len(read_table(text([ROW] * 100)).rows) == 100


def test_rare_names_in_gb18030_are_not_taken_for_big5():
    rows = [["企业名称", "负责人"], ["云溪㛃堃厂", "镕喆"], ["云溪䶮彧厂", "𬍛"]]
    assert read_table(text(rows, "gb18030")).rows == rows


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


def test_formulas_of_an_old_workbook_are_known_too():
    cells = [HEADINGS, ["甲", xlwt.Formula("1+1")], [xlwt.Formula('IF(1;"是";"否")')]]
    assert read_table(xls(cells)).formulas == frozenset({(2, 2), (3, 1)})


@pytest.mark.parametrize("place", ["XFD1048576", "GJK150000", "GS1", "A200001"])
def test_one_stray_cell_far_away_is_named_and_costs_no_memory(place: str):
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    book.active[place] = "x"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(FileError, match=f"单元格 {place} 超出了范围.*按 Ctrl\\+G，输入 {place}"):
        read_table(out.getvalue())


def test_a_far_cell_that_only_has_a_colour_is_no_content():
    book = openpyxl.Workbook()
    book.active.append(["甲"])
    book.active["XFD1048576"].fill = PatternFill("solid", fgColor="FFFF00")
    out = io.BytesIO()
    book.save(out)
    assert read_table(out.getvalue()).rows == [["甲"]]


def test_a_workbook_that_asks_for_all_memory_is_refused_in_words():
    """The book says that its only cell lies in row 65,536 of 40 sheets: 20 GB for the reader."""
    book = xlwt.Workbook()
    for number in range(40):
        sheet = book.add_sheet(str(number))
        sheet.write(0, 0, "x")
        sheet.write(65_535, 255, "x")
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(FileError, match="工作簿太大或已损坏，读不了。请把有内容的区域复制"):
        read_table(out.getvalue())


def test_a_reader_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "MOST_SECONDS", 0)
    with pytest.raises(FileError, match="工作簿读了0秒还没读完"):
        read_table(xlsx(ROWS))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.98])
@pytest.mark.parametrize("make", [xlsx, xls])
def test_a_workbook_cut_short_is_a_table_or_a_file_error(make: Callable[..., bytes], share: float):
    content = make([HEADINGS, *[ROW] * 200])
    refuse_or_read(content[: int(len(content) * share)])


REAL = (xlsx([HEADINGS, *[ROW] * 30]), xls([HEADINGS, *[ROW] * 30]))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(REAL),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=12),
)
def test_a_real_workbook_with_damaged_bytes_is_a_table_or_a_file_error(
    content: bytes, damage: list[tuple[float, int]]
):
    mutated = bytearray(content)
    for where, byte in damage:
        mutated[int(where * len(mutated))] = byte
    refuse_or_read(bytes(mutated))


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_file_error(content: bytes):
    for head in (b"", b"\xff\xfe", b"\xef\xbb\xbf"):
        refuse_or_read(head + content)


@settings(max_examples=10, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_that_begin_as_a_workbook_are_a_file_error(content: bytes):
    for head in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        refuse_or_read(head + content)


def refuse_or_read(content: bytes) -> None:
    """A table or words; any other exception fails the test."""
    try:
        read_table(content)
    except FileError as fault:
        assert str(fault)  # noqa: PT017
