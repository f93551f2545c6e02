"""Reads h5p.json and checks that what it needs came with it. Source: H5P specification, h5p.json 1.0.

A package without its libraries cannot be played: the platform fetches nothing from elsewhere.
"""

import json
import re
from typing import Any, Final

from courses.packages.archive import Archive
from courses.packages.manifests import Item, Manifest, Reader
from courses.packages.problems import PackageError, shown

FILE: Final = "h5p.json"
CONTENT: Final = "content/content.json"
_MACHINE: Final = re.compile(r"[\w0-9\-.]{1,255}", re.ASCII)


def read(content: bytes, archive: Archive) -> Manifest:
    """The manifest. Raises PackageError with all that is wrong."""
    told = _object(content, FILE)
    problems = []
    title, main = told.get("title"), told.get("mainLibrary")
    if not isinstance(title, str) or not title.strip():
        problems.append(f"{FILE} 没有写标题（title）")
    if not isinstance(main, str) or not _MACHINE.fullmatch(main):
        problems.append(f"{FILE} 没有写主程序（mainLibrary）")
    if CONTENT not in archive:
        problems.append(f"包里没有 {CONTENT}")
    else:
        try:
            _object(archive.read(CONTENT, archive.rules.manifest_bytes), CONTENT)
        except PackageError as fault:
            problems += fault.problems
    problems += _missing(told.get("preloadedDependencies"), archive)
    if problems:
        raise PackageError(problems)
    return Manifest("h5p", str(title).strip()[:200], (Item("h5p", str(title)[:200], FILE),))


def _missing(needed: Any, archive: Archive) -> list[str]:
    """The libraries that are needed and not in the package."""
    if not isinstance(needed, list) or not needed:
        return [f"{FILE} 没有写需要的程序库（preloadedDependencies）"]
    problems = []
    for one in needed[:500]:
        try:
            name = f"{one['machineName']}-{int(one['majorVersion'])}.{int(one['minorVersion'])}"
        except (KeyError, TypeError, ValueError):
            problems.append(f"{FILE} 里有一个程序库写得不对")
            continue
        if f"{name}/library.json" not in archive:
            problems.append(f"包里没有程序库 {shown(name)}，请在编辑器里导出带程序库的 .h5p")
    return problems


def _object(content: bytes, what: str) -> dict[str, Any]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as fault:
        raise PackageError([f"{what} 不是正确的 JSON，请重新导出"]) from fault
    if not isinstance(told, dict):
        raise PackageError([f"{what} 不是一个 JSON 对象，请重新导出"])
    return told


READER: Final = Reader(FILE, frozenset({"h5p"}), read)
