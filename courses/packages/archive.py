"""A zip from outside, by its content: every entry judged before one is opened, every byte counted as it comes.

The sizes that the zip claims are a first look. What is written is counted anew.
"""

import contextlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Final

from courses.packages.directory import DAMAGED, check_directory
from courses.packages.problems import PackageError, shown
from courses.rules.packages import Limits, clashes, limits, path_fault, plain

ZIP: Final = b"PK\x03\x04"
CHUNK: Final = 1 << 16
_UTF8: Final = 0x800
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FAULTS: Final = (
    zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError, ValueError,
)  # fmt: skip
MB: Final = 1 << 20


class Archive:
    """The files of a zip by their paths. Raises PackageError with all that is wrong with the list of them."""

    def __init__(self, file: IO[bytes], rules: Limits | None = None) -> None:
        self.rules = rules or limits()
        file.seek(0, 2)
        self.size = file.tell()
        self._check_outside(file)
        try:
            self._zip = zipfile.ZipFile(file)
            entries = self._zip.infolist()
        except _FAULTS as fault:
            raise PackageError([DAMAGED]) from fault
        self._check(entries)
        self._written = 0
        self._entries = {_name(entry): entry for entry in entries if _wanted(entry)}

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def read(self, name: str, most: int) -> bytes:
        """The bytes of one file, at most ``most``. Raises PackageError; KeyError for one that is not there."""
        content = b""
        for chunk in self._stream(name):
            content += chunk
            if len(content) > most:
                raise PackageError([f"{shown(name)} 超过 {most // 1024} KB，请检查导出设置"])
        return content

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of one file as they come, counted with those of all files before. Raises PackageError."""
        packed = self._entries[name].compress_size
        size = 0
        for chunk in self._stream(name):
            size += len(chunk)
            self._written += len(chunk)
            self._check_counted(name, size, packed)
            yield chunk

    def _check_counted(self, name: str, size: int, packed: int) -> None:
        rules = self.rules
        if size > rules.entry_bytes:
            raise PackageError([_too_large(name, rules)])
        if self._written > rules.unpacked_bytes:
            raise PackageError([_too_large("", rules)])
        if rules.inflated(size, packed, rules.entry_ratio):
            raise PackageError([_bomb(name, rules.entry_ratio)])
        if rules.inflated(self._written, self.size, rules.whole_ratio):
            raise PackageError([_bomb("", rules.whole_ratio)])

    def _stream(self, name: str) -> Iterator[bytes]:
        entry = self._entries[name]
        try:
            with self._zip.open(entry) as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except _FAULTS as fault:
            if isinstance(fault, PackageError):
                raise
            raise PackageError([f"{shown(name)} 读不出来：{DAMAGED}"]) from fault

    def _check_outside(self, file: IO[bytes]) -> None:
        file.seek(0)
        if file.read(4) != ZIP:
            raise PackageError(["这不是 zip 压缩包，请上传从制作工具导出的 .zip 或 .h5p 文件"])
        if self.size > self.rules.archive_bytes:
            raise PackageError(
                [f"压缩包超过 {self.rules.archive_bytes // MB} MB，请压缩里面的视频和图片"]
            )
        check_directory(file, self.size, self.rules)

    def _check(self, entries: list[zipfile.ZipInfo]) -> None:
        rules = self.rules
        problems = [fault for entry in entries for fault in _faults(entry, rules)]
        if len(entries) > rules.entries:
            problems.append(
                f"压缩包里有 {len(entries)} 个文件，最多 {rules.entries} 个，请减少文件"
            )
        files = [_name(entry) for entry in entries if not entry.is_dir() and _wanted(entry)]
        problems += [
            f"{shown(first)} 和 {shown(second)} 重名（大小写不同也算），请改掉一个"
            if first.count("/") == second.count("/")
            else f"{shown(first)} 又是文件又是文件夹，请改名"
            for first, second in clashes(files)
        ]
        total = sum(entry.file_size for entry in entries)
        if total > rules.unpacked_bytes:
            problems.append(_too_large("", rules))
        if sum(entry.compress_size for entry in entries) > self.size:
            problems.append(f"压缩包里的文件互相重叠：{DAMAGED}")
        elif rules.inflated(total, self.size, rules.whole_ratio):
            problems.append(_bomb("", rules.whole_ratio))
        if problems:
            raise PackageError(problems)


def _faults(entry: zipfile.ZipInfo, rules: Limits) -> Iterator[str]:
    """Everything wrong with one entry, as the list describes it."""
    name = _name(entry)
    if fault := path_fault(name, rules):
        yield f"{shown(name)}：{fault}"
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        yield f"{shown(name)} 是链接，不是文件，请换成真正的文件"
    elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        yield f"{shown(name)} 不是普通文件，请去掉"
    if entry.flag_bits & _ENCRYPTED:
        yield f"{shown(name)} 设有密码，请去掉密码后重新打包"
    if entry.compress_type not in _METHODS:
        yield f"{shown(name)} 的压缩方式不支持，请用普通 zip 方式打包"
    if entry.file_size > rules.entry_bytes:
        yield _too_large(name, rules)
    if rules.inflated(entry.file_size, entry.compress_size, rules.entry_ratio):
        yield _bomb(name, rules.entry_ratio)


def _too_large(name: str, rules: Limits) -> str:
    if name:
        return f"{shown(name)} 超过 {rules.entry_bytes // MB} MB，请压缩后再打包"
    return f"压缩包解开后超过 {rules.unpacked_bytes // MB} MB，请压缩里面的视频和图片"


def _bomb(name: str, ratio: int) -> str:
    whom = shown(name) if name else "整个压缩包"
    return f"{whom} 的压缩比超过 {ratio} 倍，像是压缩炸弹，不解开"


def _name(entry: zipfile.ZipInfo) -> str:
    """The path as it was written, past any NUL; one without the UTF-8 mark by a Chinese Windows is GBK."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8:
        with contextlib.suppress(UnicodeEncodeError, UnicodeDecodeError):
            name = name.encode("cp437").decode("gbk")
    return plain(name)


def _wanted(entry: zipfile.ZipInfo) -> bool:
    """Not a folder, nor the shadow files of macOS and Windows."""
    name = _name(entry)
    last = name.rpartition("/")[2]
    return (
        not entry.is_dir()
        and not name.startswith("__MACOSX/")
        and last not in (".DS_Store", "Thumbs.db")
    )
