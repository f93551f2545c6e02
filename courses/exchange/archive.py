"""Zip files from outside: small enough, no bomb, no path that leads out; nothing is ever unpacked to disk."""

import contextlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final
from xml.etree.ElementTree import Element  # the type alone: defusedxml reads

from defusedxml import ElementTree as Safe
from defusedxml.common import DefusedXmlException

from courses.exchange.batch import UnreadableError

ZIP: Final = b"PK\x03\x04"
MOST_ENTRIES: Final = 6000
MOST_UNPACKED: Final = 200 * 1024 * 1024  # bytes, all entries
LARGEST_XML: Final = 40 * 1024 * 1024
DEEPEST: Final = 200
_DAMAGED: Final = "压缩包已损坏或设有密码，请重新打包后再上传"


class Archive:
    """The entries of a zip by their names. Raises UnreadableError for what could harm."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as fault:
            raise UnreadableError(_DAMAGED) from fault
        if len(entries) > MOST_ENTRIES:
            raise UnreadableError(f"压缩包里文件太多，最多 {MOST_ENTRIES} 个")
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise UnreadableError(f"压缩包解开后超过 {MOST_UNPACKED // 1024 // 1024} MB")
        self.entries = {_name(entry): entry for entry in entries if _wanted(entry)}

    def read(self, name: str, most: int = LARGEST_XML) -> bytes:
        """The bytes of one entry. Raises UnreadableError; KeyError for a name that is not there."""
        entry = self.entries[name]
        try:
            with self._zip.open(entry) as file:
                content = file.read(most + 1)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as fault:
            raise UnreadableError(_DAMAGED) from fault
        except zipfile.zlib.error as fault:  # type: ignore[attr-defined]
            raise UnreadableError(_DAMAGED) from fault
        if len(content) > most:
            raise UnreadableError(f"压缩包里的 {name[-60:]} 太大")
        return content

    def beside(self, name: str, href: str) -> str:
        """The entry that ``href`` means in the file ``name``; "" if there is none."""
        parts: list[str] = []
        for part in (PurePosixPath(name).parent / href.split("#")[0].split("?")[0]).parts:
            if part == "..":
                parts = parts[:-1]
            elif part != ".":
                parts.append(part)
        found = "/".join(parts)
        return found if found in self.entries else ""

    def ending(self, *endings: str) -> list[str]:
        """Names that end so, in the archive's order."""
        return [name for name in self.entries if name.lower().endswith(endings)]


def _name(entry: zipfile.ZipInfo) -> str:
    """The name; one written without the UTF-8 mark by a Chinese Windows is GBK."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        with contextlib.suppress(UnicodeEncodeError, UnicodeDecodeError):
            name = name.encode("cp437").decode("gbk")
    return name.replace("\\", "/").lstrip("/")


def _wanted(entry: zipfile.ZipInfo) -> bool:
    """Not the shadow files of macOS."""
    return not entry.filename.startswith("__MACOSX/") and ".DS_Store" not in entry.filename


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of ``files``, the same for the same content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def parsed(content: bytes, what: str) -> Element:
    """XML without entities, DTD or outside references. Raises UnreadableError naming line and column."""
    try:
        root: Element = Safe.fromstring(content, forbid_dtd=True)
    except DefusedXmlException as fault:
        raise UnreadableError(f"{what}里有 DTD 或实体声明，为安全不读，请去掉后再上传") from fault
    except Safe.ParseError as fault:
        row, column = fault.position
        raise UnreadableError(
            f"{what}第{row}行第{column + 1}列不是正确的 XML，请检查标签是否成对"
        ) from fault
    except (LookupError, ValueError, RecursionError) as fault:
        raise UnreadableError(f"{what}的文字编码认不出来，请存为 UTF-8") from fault
    if _depth(root) > DEEPEST:
        raise UnreadableError(f"{what}的标签套得太深")
    return root


def _depth(root: Element) -> int:
    deepest, level = 1, [root]
    while level and deepest <= DEEPEST:
        level = [child for element in level for child in element]
        deepest += bool(level)
    return deepest


def decoded(content: bytes) -> str:
    """Text in UTF-8 (with or without its mark), UTF-16 with its mark, or GB18030. Raises UnreadableError."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\0" in content[:4096]:
        raise UnreadableError("这不是文本文件")
    for code in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(code)
        except UnicodeDecodeError:
            continue
    raise UnreadableError("文字编码认不出来，请把文件存为 UTF-8 后再上传")
