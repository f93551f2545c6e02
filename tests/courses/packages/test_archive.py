"""Hostile zips, each a real one: all are refused in Chinese, and nothing of them is left anywhere."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages

from courses.packages.archive import Archive
from courses.packages.problems import PackageError
from courses.packages.unpacking import FOLDER, folder_of, forget, unpack
from courses.rules.packages import clashes, joined, limits, path_fault
from tests.courses.package_kit import (
    crowded,
    linked,
    manifest,
    patched,
    repeated,
    scorm,
    zipped,
)

SCORM = ("scorm12", "scorm2004")
RULES = limits()


def told(file: Any, rules: Any = None) -> list[str]:
    """The problems of a package; nothing of it is left."""
    with pytest.raises(PackageError) as fault:
        unpack(file, SCORM, rules=rules)
    assert left() == []
    return fault.value.problems


def left() -> list[str]:
    """What lies in private storage."""
    there = Path(storages["private"].path(FOLDER))
    return sorted(path.name for path in there.iterdir()) if there.exists() else []


def test_a_good_one_lies_in_private_storage_under_a_random_key(settings: Any) -> None:
    first = unpack(zipped(scorm(more={"图/一.svg": "<svg/>", "__MACOSX/x": ""})), SCORM)
    second = unpack(zipped(scorm()), SCORM)
    assert (first.kind, first.title, first.launch) == ("scorm12", "进有限空间之前", "index.html")
    assert first.entries == ("imsmanifest.xml", "index.html", "图/一.svg")
    assert len(first.key) == 32
    assert left() == sorted([first.key, second.key])
    folder = folder_of(first.key)
    assert (folder / "图/一.svg").read_text() == "<svg/>"
    assert first.size == sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    assert not folder.is_relative_to(settings.MEDIA_ROOT)
    assert folder.stat().st_mode & 0o077 == 0
    forget(first.key)
    assert left() == [second.key]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("../evil.html", "用“..”指到包外面去了"),
        ("a/../../evil.html", "用“..”指到包外面去了"),
        ("..\\evil.html", "用“..”指到包外面去了"),
        ("/etc/evil", "是绝对路径"),
        ("\\\\server\\evil", "是绝对路径"),
        ("C:\\evil.html", "带有盘符"),
        ("c:evil.html", "带有盘符"),
        ("a//b.html", "路径写法不对"),
        ("a/./b.html", "路径写法不对"),
        ("a /b.html", "路径写法不对"),
        ("x.html:stream", "路径写法不对"),
        ("a\u202egpj.html", "控制字符"),
        ("a\nb.html", "控制字符"),
        ("x" * 241, "路径太长，最多 240 字节"),
        ("/".join("abcdefghijklm"), "文件夹套得太深，最多 12 层"),
    ],
)
def test_a_path_that_leads_elsewhere(name: str, fault: str) -> None:
    problems = told(zipped(scorm(more={name: "x"})))
    assert len(problems) == 1
    assert fault in problems[0]


def test_a_name_with_a_nul_is_judged_whole() -> None:
    file = zipped(scorm(more={"a.html_.exe": "x"}))
    content = file.getvalue().replace(b"a.html_.exe", b"a.html\0.exe")
    assert told(io.BytesIO(content)) == ["a.html□.exe：文件名里有看不见的控制字符，请改名"]


def test_links_and_devices() -> None:
    assert told(linked()) == ["link.html 是链接，不是文件，请换成真正的文件"]
    pipe = zipfile.ZipInfo("pipe")
    pipe.external_attr = 0o010644 << 16
    assert told(zipped({**scorm(), pipe: ""})) == ["pipe 不是普通文件，请去掉"]  # type: ignore[dict-item]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_clash() -> None:
    assert told(repeated("index.html", "again")) == [
        "index.html 和 index.html 重名（大小写不同也算），请改掉一个"
    ]
    assert told(zipped(scorm(more={"Index.HTML": "x"}))) == [
        "index.html 和 Index.HTML 重名（大小写不同也算），请改掉一个"
    ]
    assert told(zipped(scorm(more={"index.html/x": "x"}))) == [
        "index.html 又是文件又是文件夹，请改名"
    ]
    assert clashes(["e\u0301.html", "é.html", "straße", "STRASSE"]) == [
        ("e\u0301.html", "é.html"),
        ("straße", "STRASSE"),
    ]


def test_a_hundred_thousand_files_are_not_even_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    many = crowded(100_000)
    monkeypatch.setattr(zipfile, "ZipFile", None)  # it would make an object of each
    assert told(many) == ["压缩包里有 100002 个文件，最多 5000 个，请减少文件"]


def test_a_list_that_claims_to_be_short_is_counted() -> None:
    some = crowded(30)
    content = bytearray(some.getvalue())
    end = content.rfind(b"PK\x05\x06")
    content[end + 8 : end + 12] = b"\x01\x00\x01\x00"
    assert told(io.BytesIO(bytes(content)), replace(RULES, entries=20)) == [
        "压缩包里有 32 个文件，最多 20 个，请减少文件"
    ]


def test_a_thousand_to_one() -> None:
    problems = told(zipped(scorm(more={"bomb.txt": bytes(50_000_000)})))
    assert problems == [
        "bomb.txt 的压缩比超过 100 倍，像是压缩炸弹，不解开",
        "整个压缩包 的压缩比超过 50 倍，像是压缩炸弹，不解开",
    ]


def test_a_bomb_that_hides_its_size_is_cut_off_while_it_unpacks() -> None:
    small = patched(zipped(scorm(more={"bomb.txt": bytes(50_000_000)})), "bomb.txt", 24, "<L", 100)
    assert told(small) == ["bomb.txt 读不出来：压缩包已损坏，请重新导出、重新打包后再上传"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"entry_ratio": 20}, "bomb.txt 的压缩比超过 20 倍"),
        ({"whole_ratio": 20}, "整个压缩包 的压缩比超过 20 倍"),
        ({"entry_bytes": 3 << 20}, "bomb.txt 超过 3 MB"),
        ({"unpacked_bytes": 3 << 20}, "压缩包解开后超过 3 MB"),
    ],
)
def test_bytes_are_counted_as_they_come(change: dict[str, int], fault: str) -> None:
    trusting = replace(RULES, entry_ratio=10_000, whole_ratio=10_000)
    archive = Archive(zipped(scorm(more={"bomb.txt": bytes(50_000_000)})), trusting)
    archive.rules = replace(trusting, **change)
    came: list[bytes] = []
    with pytest.raises(PackageError, match=fault):
        came.extend(archive.chunks("bomb.txt"))
    assert sum(map(len, came)) < 4 << 20


def test_files_that_share_their_bytes() -> None:
    file = zipped(scorm(more={"a.bin": "x" * 100}))
    assert told(patched(file, "a.bin", 20, "<L", 100_000)) == [
        "压缩包里的文件互相重叠：压缩包已损坏，请重新导出、重新打包后再上传"
    ]


def test_encrypted_and_strange_ways_of_packing() -> None:
    assert told(patched(zipped(scorm()), "index.html", 8, "<H", 1)) == [
        "index.html 设有密码，请去掉密码后重新打包"
    ]
    odd = zipfile.ZipInfo("odd.txt")
    odd.compress_type = zipfile.ZIP_LZMA
    assert told(zipped({**scorm(), odd: "x"})) == [  # type: ignore[dict-item]
        "odd.txt 的压缩方式不支持，请用普通 zip 方式打包"
    ]


def test_what_is_no_zip() -> None:
    not_one = "这不是 zip 压缩包，请上传从制作工具导出的 .zip 或 .h5p 文件"
    broken = "压缩包已损坏，请重新导出、重新打包后再上传"
    assert told(io.BytesIO(b"%PDF-1.7")) == [not_one]
    assert told(io.BytesIO(b"")) == [not_one]
    assert told(io.BytesIO(b"MZ" + zipped(scorm()).getvalue())) == [not_one]
    assert told(io.BytesIO(zipped(scorm()).getvalue()[:300])) == [broken]
    assert told(zipped(scorm()), replace(RULES, archive_bytes=100)) == [
        "压缩包超过 0 MB，请压缩里面的视频和图片"
    ]


def test_everything_is_told_at_once() -> None:
    file = linked()
    with zipfile.ZipFile(file, "a") as archive:
        for name in ("../up.html", "/abs.html", "INDEX.html"):
            archive.writestr(name, "x")
    assert told(file) == [
        "link.html 是链接，不是文件，请换成真正的文件",
        "../up.html：用“..”指到包外面去了，请去掉",
        "/abs.html：是绝对路径，请用相对路径打包",
        "index.html 和 INDEX.html 重名（大小写不同也算），请改掉一个",
    ]


def test_a_long_list_of_problems_is_cut() -> None:
    problems = told(zipped(scorm(more={f"../{number}": "" for number in range(50)})))
    assert len(problems) == 31
    assert problems[-1] == "还有 20 处同类问题没有列出"


def test_nothing_is_left_when_the_disk_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Archive, name: str) -> Any:
        yield b"half"
        raise OSError("no space left on device")

    monkeypatch.setattr(Archive, "chunks", full)
    with pytest.raises(OSError, match="no space"):
        unpack(zipped(scorm()), SCORM)
    assert left() == []


def test_names_of_a_chinese_windows() -> None:
    file = zipped(scorm(more={"\u00c9\u00cf\u00cb\u00f8.html": "x"}))
    raw = file.getvalue().replace("\u00c9\u00cf\u00cb\u00f8.html".encode(), b"ABCDEFGH.html")
    content = bytearray(raw.replace(b"ABCDEFGH.html", b"0000" + "上锁".encode("gbk") + b".html"))
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.rfind(mark)
        content[at + place : at + place + 2] = b"\0\0"
    assert "0000上锁.html" in unpack(io.BytesIO(bytes(content)), SCORM).entries


def test_the_rules_of_paths() -> None:
    assert path_fault("图/一.png", RULES) == ""
    assert path_fault("a/", RULES) == ""
    assert joined("a/b", "../c.html") == "a/c.html"
    assert joined("", "../c.html") == ""
    assert joined("a/", "./c.html") == "a/c.html"


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            {"index.html": "x"},
            "包里没有清单文件（imsmanifest.xml），请在制作工具里选择导出为课程包",
        ),
        (
            {"课/imsmanifest.xml": manifest(), "课/index.html": "x"},
            "清单文件在文件夹“课”里，请进入这个文件夹，选中里面所有文件再打包",
        ),
        (
            scorm(more={"sub/imsmanifest.xml": manifest()}),
            "包里有 2 个清单文件（imsmanifest.xml、sub/imsmanifest.xml），只能有一个，请重新导出",
        ),
        (
            scorm(more={"h5p.json": "{}"}),
            "包里有 2 个清单文件（imsmanifest.xml、h5p.json），只能有一个，请重新导出",
        ),
        ({"h5p.json": "{}"}, "清单文件是 h5p.json，这里要的是 imsmanifest.xml"),
    ],
)
def test_not_one_manifest(files: dict[str, str], problem: str) -> None:
    assert told(zipped(files)) == [problem]
