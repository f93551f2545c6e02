"""What a course package may be: its limits as figures, and which paths lie inside it and nowhere else.

Source: platform rules, figures in rulesets/packages-2026.toml. Pure: nothing here opens a file.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).resolve().parent.parent / "rulesets" / "packages-2026.toml"
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_DRIVE: Final = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, numbers of files and layers; ratios say how many times larger a file may become."""

    archive_bytes: int
    unpacked_bytes: int
    entries: int
    entry_bytes: int
    entry_ratio: int
    whole_ratio: int
    ratio_from: int
    path_bytes: int
    path_depth: int
    manifest_bytes: int
    manifest_depth: int
    items: int

    def inflated(self, size: int, packed: int, ratio: int) -> bool:
        """Whether ``size`` bytes out of ``packed`` are too many; small files may be as empty as they like."""
        return size > self.ratio_from and size > ratio * max(packed, 1)


@cache
def limits() -> Limits:
    """The limits in force."""
    rows = tomllib.loads(FILE.read_text())["limit"]
    return Limits(**{row["code"]: row["amount"] for row in rows})


def plain(name: str) -> str:
    """A path as Windows or others wrote it, with slashes."""
    return name.replace("\\", "/")


def path_fault(name: str, rules: Limits) -> str:
    """Why ``name`` (a path with slashes) may not lie in a package, in Chinese; empty where it may."""
    parts = name.removesuffix("/").split("/")
    fault = ""
    if not name or _CONTROL.search(name):
        fault = "文件名里有看不见的控制字符，请改名"
    elif name.startswith("/"):
        fault = "是绝对路径，请用相对路径打包"
    elif _DRIVE.match(name):
        fault = "带有盘符，请用相对路径打包"
    elif ".." in parts:
        fault = "用“..”指到包外面去了，请去掉"
    elif ":" in name or any(not part.strip(". ") or part[-1] in ". " for part in parts):
        fault = "路径写法不对（空的一层、冒号，或者以点、空格结尾），请改名"
    elif len(name.encode(errors="replace")) > rules.path_bytes:
        fault = f"路径太长，最多 {rules.path_bytes} 字节，请把文件名改短"
    elif len(parts) > rules.path_depth:
        fault = f"文件夹套得太深，最多 {rules.path_depth} 层"
    return fault


def folded(name: str) -> str:
    """What two paths have in common that some file systems take for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def clashes(files: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of paths that are one and the same, differ in case alone, or of which one lies inside the other."""
    first: dict[str, str] = {}
    found = []
    for name in files:
        if (key := folded(name)) in first:
            found.append((first[key], name))
        else:
            first[key] = name
    for key, name in first.items():
        parts = key.split("/")
        for end in range(1, len(parts)):
            if (above := first.get("/".join(parts[:end]))) is not None:
                found.append((above, name))
                break
    return found


def joined(base: str, href: str) -> str:
    """``href`` seen from the folder ``base``, as a path inside the package; "" where it leads out of it."""
    parts: list[str] = []
    for part in [*base.split("/"), *href.split("/")]:
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
