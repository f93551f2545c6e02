"""Evidence comes in by its bytes, never by its name."""

import pytest

from credit.rules.files import LARGEST, kind_of_file, plain_name
from tests.credit.party import DOCX, JPEG, PDF, PNG, WEBP, XLSX, packed


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, "pdf"), (JPEG, "jpg"), (PNG, "png"), (WEBP, "webp"), (DOCX, "docx"), (XLSX, "xlsx")],
)
def test_what_a_file_is_its_bytes_say(content, kind):
    found = kind_of_file(content)
    assert (found.kind, found.ruling.allowed) == (kind, True)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "文件是空的，请重新选择"),
        (b"MZ\x90\x00", "只收 PDF、照片（JPG、PNG、WEBP）、Word（docx）和 Excel（xlsx）文件"),
        (b"<svg xmlns='x'/>", "只收 PDF、照片（JPG、PNG、WEBP）、Word（docx）和 Excel（xlsx）文件"),
        (b"<!doctype html>", "只收 PDF、照片（JPG、PNG、WEBP）、Word（docx）和 Excel（xlsx）文件"),
        (b"\n%PDF-1.7", "只收 PDF、照片（JPG、PNG、WEBP）、Word（docx）和 Excel（xlsx）文件"),
        (packed("a.exe"), "压缩包不收，请上传里面的文件"),
        (packed("word/document.xml"), "压缩包不收，请上传里面的文件"),
        (
            packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "带宏的文件不收，请另存为 PDF 再上传",
        ),
        (DOCX[:40], "文件已损坏，请用原来的程序另存后再上传"),
        (PDF.ljust(LARGEST + 1), "文件超过 10 MB，请压缩或分成几个文件"),
    ],
)
def test_everything_else_is_refused_with_what_to_do(content, reason):
    found = kind_of_file(content)
    assert (found.kind, found.ruling.allowed, found.ruling.reason) == ("", False, reason)


def test_the_largest_file_still_comes_in():
    assert kind_of_file(PDF.ljust(LARGEST)).kind == "pdf"


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("证明.pdf", "pdf", "证明.pdf"),
        ("C:\\我的\\照片.JPEG", "jpg", "照片.jpg"),
        ("../../etc/passwd", "png", "passwd.png"),
        ("发票.exe", "pdf", "发票.exe.pdf"),
        ("a\x00\r\nb\u202efdp.pdf", "pdf", "abfdp.pdf"),
        ("", "docx", "材料.docx"),
        ("长" * 300, "xlsx", "长" * 115 + ".xlsx"),
    ],
)
def test_a_name_is_only_a_name(name, kind, kept):
    assert plain_name(name, kind) == kept
