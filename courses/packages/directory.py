"""The end of a zip, read before anything else: how many entries it claims, and how large their list is.

Python's ``zipfile`` makes an object of every entry that the list has. A list of millions is refused unread.
"""

import struct
from typing import IO, Final

from courses.packages.problems import PackageError
from courses.rules.packages import Limits

_END: Final = struct.Struct("<4s4H2LH")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_COMMENT: Final = 1 << 16
_AN_ENTRY: Final = (
    46 + 255 + 512
)  # bytes: header, path, further fields of an entry; more is nonsense
DAMAGED: Final = "压缩包已损坏，请重新导出、重新打包后再上传"


def check_directory(file: IO[bytes], size: int, rules: Limits) -> None:
    """Raises PackageError where the list of entries is missing, or longer than ``rules`` allow."""
    start = max(size - _COMMENT - _END.size, 0)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise PackageError([DAMAGED])
    _, disk, _, here, entries, length, _, _ = _END.unpack_from(tail, at)
    if wide := _wide(file, start + at):
        here, entries, length = wide
    if disk not in (0, 0xFFFF):
        raise PackageError(["不收分卷压缩包，请打成一个 zip"])
    if max(here, entries) > rules.entries or length > rules.entries * _AN_ENTRY:
        many = max(here, entries, length // _AN_ENTRY)
        raise PackageError([f"压缩包里有 {many} 个文件，最多 {rules.entries} 个，请减少文件"])


def _wide(file: IO[bytes], end: int) -> tuple[int, int, int] | None:
    """The same figures of a zip64, at the place where ``zipfile`` looks for them."""
    place = end - 20 - _END64.size
    if place < 0:
        return None
    file.seek(place)
    found = file.read(_END64.size + 20)
    if found[:4] != b"PK\x06\x06" or found[_END64.size :][:4] != b"PK\x06\x07":
        return None
    _, _, _, _, _, _, here, entries, length, _ = _END64.unpack_from(found)
    return here, entries, length
