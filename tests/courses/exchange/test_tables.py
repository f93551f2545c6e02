"""Excel and Word tables: all kinds come back as they were, pictures too; every problem of a table at once."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.exchange import excel, word
from courses.exchange.archive import Archive, zipped
from courses.exchange.batch import UnreadableError
from courses.exchange.sheet import read_rows, rows_of
from courses.rules.items import Item
from tests.courses.exchange_kit import batch, different, media_of, told
from tests.courses.item_kit import PICTURE_BYTES, SOUND, items, steady

several = st.lists(items(), min_size=1, max_size=5).map(different)
WHOLE = [
    replace(item, topic="有限空间", basis="安全生产法 第二十八条", level=2)
    for item in SOUND.values()
]


def pictures(items_: list[Item]) -> dict[str, bytes]:
    return {f"{key[:16]}.png": content for key, content in media_of(items_).items()}


@steady
@given(several)
def test_a_table_keeps_every_kind(found: list[Item]):
    again = read_rows(rows_of(found), batch(), files=pictures(found), embedded={})
    assert told(again) == []
    assert again.items == found


@steady
@given(several)
def test_word_keeps_every_kind_with_its_picture(found: list[Item]):
    written = word.write(found, media_of(found), "题库")
    again = word.read(written.content, batch())
    assert told(again) == []
    assert again.items == found
    assert again.media == media_of(found)


def test_excel_keeps_every_kind_with_its_picture():
    written = excel.write(WHOLE, media_of(WHOLE), "题库")
    assert written.name == "题库.zip"
    archive = Archive(written.content)
    names = list(archive.entries)
    again = excel.read(archive.read(names[0]), batch(), files={names[1]: archive.read(names[1])})
    assert told(again) == []
    assert again.items == WHOLE
    assert again.media == media_of(WHOLE)


def test_excel_writes_no_formula_and_reads_its_own_text_again():
    harmful = ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "'=1", "_x0041_", "一\n二", "<b>&"]
    found = [replace(SOUND["single"], stem=text, options=tuple(harmful)) for text in harmful]
    written = excel.write(found, {}, "题库")
    assert b"<f>" not in Archive(written.content).read("xl/worksheets/sheet1.xml")
    assert excel.read(written.content, batch(), files={}).items == found


def test_the_template_s_examples_are_sound():
    found = excel.read(excel.template(), batch(), files={})
    assert told(found) == []
    assert [item.kind for item in found.items] == [
        "single", "multiple", "true_false", "fill", "numeric", "ordering", "matching", "short", "case",
    ]  # fmt: skip


HEAD = ["题型*", "题目", "选项A", "选项B", "正确答案", "难易度", "行业", "图片", "是否启用"]


def test_headings_of_other_templates_and_rows_above_them():
    rows = [
        ["某某公司题库"],
        [],
        HEAD,
        ["单选", "问", "甲", "乙", "b", "简单", "金属冶炼", "", "否"],
    ]
    item = read_rows(rows, batch(), files={}, embedded={}).items[0]
    assert (item.options, item.right, item.level) == (("甲", "乙"), frozenset({1}), 1)
    assert (item.sector, item.active) == ("metal", False)


def test_every_problem_of_a_table_at_once():
    rows = [
        HEAD,
        ["单选题", "一", "甲", "乙", "A"],
        ["作文题", "二"],
        ["", "三", "甲", "乙", "A"],
        ["单选题", "四", "甲", "乙", "C", "很难", "煤炭", "没有.png", "也许"],
        [],
        ["单选题", "", "甲", "甲", "AB"],
        ["单选题", "一", "甲", "乙", "B"],
        ["小题·单选题", "七", "甲", "乙", "A"],
        ["案例题", "八"],
        ["小题·单选题", "九", "甲", "乙", "X"],
        ["案例题", "十"],
    ]
    found = read_rows(rows, batch(), files={}, embedded={})
    assert [item.stem for item in found.items] == ["一"]
    assert [(where, column, advice[:11]) for where, column, advice in told(found)] == [
        ("第2题（第3行）", "题型", "题型不认识，请写 单选"),
        ("第3题（第4行）", "题型", "没有写题型，请写 单选"),
        ("第4题（第5行）", "答案", "没有选项 C，请核对答"),
        ("第4题（第5行）", "难度", "难度请写 易、中、难 "),
        ("第4题（第5行）", "启用", "启用请写 是 或 否，"),
        ("第4题（第5行）", "行业", "没有这个行业领域，请写"),
        ("第4题（第5行）", "图片", "没有找到这张图片；请把"),
        ("第5题（第7行）", "", "题干是空的，请填写"),
        ("第5题（第7行）", "", "选项“甲”出现了两次，"),
        ("第5题（第7行）", "", "单选题应正好有 1 个"),
        ("第6题（第8行）", "", "与第1题相同，请删除一"),
        ("第7题（第9行）", "题型", "小题前面没有案例题，请"),
        ("第8题（第11行）", "答案", "答案请写选项的字母 A"),
        ("第9题（第12行）", "", "案例题应有 1 到 8"),
    ]


def test_a_picture_that_is_none_is_told():
    rows = [[*HEAD, "图片说明"], ["单选题", "一", "甲", "乙", "A", "", "", "x.png", "", "图"]]
    found = read_rows(rows, batch(), files={"x.png": b"MZ"}, embedded={})
    assert told(found) == [
        ("第1题（第2行）", "图片", "不是图片或者已损坏，只收 PNG、JPG、WEBP、GIF 图片")
    ]


@pytest.mark.parametrize(
    ("files", "advice"),
    [
        ({"x": b""}, "这不是 Word 文件"),
        ({"word/document.xml": b"<w"}, "Word 文件第1行第"),
        ({"word/document.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, "有 DTD 或实体声明"),
        ({"word/document.xml": b"<a/>"}, "Word 文件里没有表格"),
        ({"word/document.xml": b"<a>" * 300 + b"</a>" * 300}, "标签套得太深"),
    ],
)
def test_a_word_file_that_is_none_is_told(files: dict[str, bytes], advice: str):
    with pytest.raises(UnreadableError, match=advice):
        word.read(zipped(files), batch())


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"", zipped({"x": b"x" * 100})[:-30]])
def test_a_damaged_zip_is_told(content: bytes):
    with pytest.raises(UnreadableError, match="压缩包已损坏"):
        Archive(content)


def test_two_pictures_in_a_row_and_merged_cells_are_told():
    written = word.write([SOUND["hotspot"]], media_of(WHOLE), "题库")
    archive = Archive(written.content)
    files = {name: archive.read(name) for name in archive.entries}
    document = files["word/document.xml"].decode()
    drawing = document[document.index("<w:drawing>") : document.index("</w:drawing>") + 12]
    document = document.replace(drawing, drawing * 2).replace(
        "<w:tcPr/>", "<w:tcPr><w:vMerge/></w:tcPr>", 1
    )
    found = word.read(zipped(files | {"word/document.xml": document.encode()}), batch())
    assert [advice for _, _, advice in told(found)] == [
        "有上下合并的单元格，请取消合并，一道题占一行",
        "一道题只收一张图片",
    ]


def test_the_picture_of_the_kit_is_one():
    assert PICTURE_BYTES.startswith(b"\x89PNG")
