"""What a package says of itself, and who reads that: one reader for each file that can be its manifest.

To add a kind, write a module with a ``Reader``, name it in ``unpacking.READERS`` and the kind in ``NAMES``.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from courses.packages.archive import Archive
from courses.packages.problems import PackageError, shown


@dataclass(frozen=True, slots=True)
class Item:
    """One part that can be opened. ``launch``: a file of the package; ``parameters``: what follows it.

    ``tracked``: whether it speaks to the platform (a SCO, an assignable unit); ``data``: what the manifest
    wants it to be told, by name, e.g. ``launch_data``, ``mastery``.
    """

    identifier: str
    title: str
    launch: str
    parameters: str = ""
    tracked: bool = True
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """``kind``: see ``Reader.kinds``; ``notes``: in Chinese, what of it the platform does not do."""

    kind: str
    title: str
    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """``read`` gets the manifest's bytes and the archive, and raises PackageError with all it found."""

    file: str
    kinds: frozenset[str]
    read: Callable[[bytes, Archive], Manifest]


def manifest_of(archive: Archive, readers: Collection[Reader], kinds: Collection[str]) -> Manifest:
    """The one manifest of ``archive``, of one of ``kinds``. Raises PackageError: none, two, another kind."""
    wanted = [reader for reader in readers if reader.kinds & set(kinds)]
    reader, path = _the_one(archive, readers, wanted)
    found = reader.read(archive.read(path, archive.rules.manifest_bytes), archive)
    problems = []
    if found.kind not in kinds:
        allowed = "、".join(NAMES[kind] for kind in NAMES if kind in kinds)
        problems.append(f"这是 {NAMES[found.kind]} 包，这里只收 {allowed}")
    if len(found.items) > archive.rules.items:
        problems.append(
            f"包里有 {len(found.items)} 节，最多 {archive.rules.items} 节，请拆成几个包"
        )
    if problems:
        raise PackageError(problems)
    return found


def _the_one(
    archive: Archive, readers: Collection[Reader], wanted: Collection[Reader]
) -> tuple[Reader, str]:
    """The manifest in the outermost folder, and its reader. None of the same name lies deeper, none beside it."""
    names = {reader.file.casefold(): reader for reader in readers}
    found = [path for path in archive if path.rpartition("/")[2].casefold() in names]
    outer = [path for path in found if "/" not in path]
    same = {path.casefold() for path in outer}
    if outer:  # a further one of another kind deeper inside is content
        found = [path for path in found if path.rpartition("/")[2].casefold() in same]
    if len(found) > 1:
        told = "、".join(shown(path) for path in found[:5])
        raise PackageError([f"包里有 {len(found)} 个清单文件（{told}），只能有一个，请重新导出"])
    expected = "、".join(dict.fromkeys(reader.file for reader in wanted))
    if found and not outer:
        folder = found[0].rpartition("/")[0]
        raise PackageError(
            [f"清单文件在文件夹“{shown(folder)}”里，请进入这个文件夹，选中里面所有文件再打包"]
        )
    if not found:
        raise PackageError([f"包里没有清单文件（{expected}），请在制作工具里选择导出为课程包"])
    reader = names[outer[0].casefold()]
    if reader not in wanted:
        raise PackageError([f"清单文件是 {reader.file}，这里要的是 {expected}"])
    return reader, outer[0]


NAMES: Final[dict[str, str]] = {
    "scorm12": "SCORM 1.2",
    "scorm2004": "SCORM 2004",
    "h5p": "H5P",
    "cmi5": "cmi5",
}
