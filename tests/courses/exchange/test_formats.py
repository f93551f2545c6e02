"""What a file is, is told by its content; every format is read by the one door."""

import pytest

from courses.exchange.archive import zipped
from courses.exchange.batch import UnreadableError
from courses.exchange.formats import FORMATS, read_file
from courses.rules.items import Item
from tests.courses.exchange_kit import batch, media_of, told
from tests.courses.item_kit import PICTURE_BYTES, SOUND

WHOLE = list(SOUND.values())
CSV = "题型,题干,A,B,答案\n单选题,先做什么？,通风,下井,A\n"


def written(code: str, items: list[Item] = WHOLE) -> bytes:
    return FORMATS[code].write(items, media_of(items), "题库").content


@pytest.mark.parametrize("code", ["xlsx", "docx", "moodle", "qti21", "qti22", "qti3"])
def test_every_kind_comes_back_from_what_was_written(code: str):
    found = read_file(written(code), batch())
    assert told(found) == []
    assert (found.items, found.media) == (WHOLE, media_of(WHOLE))


@pytest.mark.parametrize(("code", "count"), [("gift", 6), ("aiken", 1)])
def test_texts_are_told_apart(code: str, count: int):
    found = read_file(written(code), batch())
    assert (told(found), len(found.items)) == ([], count)


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_and_a_gift_of_any_encoding(code: str):
    assert read_file(CSV.encode(code), batch()).items[0].stem == "先做什么？"
    assert read_file("先做什么？{T}".encode(code), batch()).items[0].stem == "先做什么？"


def test_a_zip_may_hold_any_of_them():
    rows = CSV.replace(",答案", ",答案,图片,图片说明").replace("下井,A", "下井,A,a.png,一口井")
    files = {"表/题.csv": rows.encode(), "图/a.png": PICTURE_BYTES, "__MACOSX/x.csv": b"x"}
    assert media_of(read_file(zipped(files), batch()).items)
    for name, content in (
        ("q.txt", "问{T}".encode()),
        ("q.xml", written("moodle")),
        ("q.docx", written("docx")),
    ):
        assert told(read_file(zipped({name: content}), batch())) == []


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "文件是空的"),
        (b"\x89PNG\r\n\x1a\n\0\0", "这不是文本文件"),
        (zipped({"a.png": PICTURE_BYTES}), "压缩包里应有一个题目文件"),
        (zipped({"a.csv": b"", "b.csv": b""}), "现有 2 个题目文件"),
        (b"<html></html>", "这个文件不是一道试题"),
        (b"<quiz/>", "文件里没有找到试题"),
        (b"PK\x03\x04xxxx", "压缩包已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "工作簿"),
        (b"\x81\xff\xff", "文字编码认不出来"),
        ("题型,答案\n单选题,A\n".encode(), "没有找到表头"),
    ],
)
def test_what_is_none_of_them_is_told(content: bytes, advice: str):
    assert advice in said_of(content)


def said_of(content: bytes) -> str:
    """What a file's owner is told."""
    try:
        found = read_file(content, batch())
    except UnreadableError as fault:
        return str(fault)
    return "；".join(words for _, _, words in told(found))
